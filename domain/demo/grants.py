"""What the demo's enrolments grant on the day of seeding, row by row; later periods are granted when they come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from domain.benefits import WARN_DAYS
from domain.demo.alliance import Row
from domain.demo.members import BORN
from domain.periods import Term, period_of, renewal_of

USED_BY_WANG = {("en-wang-xiulan-anxin", "bath"): 2}


def with_grants(
    rows: Iterable[tuple[str, Row]], day: date, used: Mapping[tuple[str, str], int] = MappingProxyType({})
) -> Iterator[tuple[str, Row]]:
    """The rows, and behind each enrolment its grants, balances and whom they may be used for.

    `used` says what is used already, by enrolment and benefit. A membership that is over has its last grants.
    """
    benefits: dict[str, list[Row]] = {}
    for table, row in rows:
        yield table, row
        if table == "benefits":
            benefits.setdefault(row["plan_id"], []).append(row)
        elif table == "enrolments" and row["starts_on"] <= day:
            moment = min(day, row["ends_before"] - timedelta(days=1))
            # What a family shares is granted when it is first asked for: only then is the family complete.
            for benefit in benefits[row["plan_id"]]:
                if benefit["shared_with"] == "none" and benefit["period"] != "case":
                    yield from granted(row, benefit, moment, used.get((row["id"], benefit["code"]), 0))


def granted(
    enrolment: Row,
    benefit: Row,
    day: date,
    used: int = 0,
    people: tuple[str, ...] = (),
    *,
    entries: bool = True,
) -> Iterator[tuple[str, Row]]:
    """A grant of the period that holds a day, so much of it used; for the holder, or for these people."""
    term = Term(enrolment["starts_on"], enrolment["ends_before"])
    first, end = period_of(benefit["period"], term.starts_on, term.ends_before, day)
    grant_id = f"gr-{enrolment['id'][3:]}-{benefit['code']}-{first:%y%m}"
    ends_before = end + timedelta(days=benefit["grace_days"])
    yield (
        "grants",
        {
            "id": grant_id,
            "benefit_id": benefit["id"],
            "holder_id": enrolment["person_id"],
            "enrolment_id": enrolment["id"],
            "amount": benefit["amount"],
            "starts_on": first,
            "ends_before": ends_before,
            "priority": benefit["priority"],
            "created_at": BORN,
            "renews_on": renewal_of(benefit["period"], term, end),
        },
    )
    warn = None if benefit["period"] == "month" else ends_before - timedelta(days=WARN_DAYS)
    balance = {
        "allowed": benefit["amount"],
        "held": 0,
        "used": used,
        "ends_before": ends_before,
        "warn_on": warn,
    }
    yield "balances", {"grant_id": grant_id, **balance}
    for person_id in people or (enrolment["person_id"],):
        yield "grant_people", {"person_id": person_id, "grant_id": grant_id}
    yield from taken(grant_id, used if entries else 0)


def taken(grant_id: str, used: int, booking_id: str | None = None) -> Iterator[tuple[str, Row]]:
    """The entries of so much used."""
    if not used:
        return
    for kind in ("hold", "commit"):
        yield (
            "entries",
            {
                "grant_id": grant_id,
                "kind": kind,
                "amount": used,
                "key": f"seed:{grant_id}:{booking_id or ''}:{kind}",
                "at": BORN,
                "booking_id": booking_id,
                "actor_id": None,
                "reason": "demo",
            },
        )
