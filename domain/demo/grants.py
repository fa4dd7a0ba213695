"""What the demo's enrolments grant on the day of seeding, row by row; later periods are granted when they come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from domain.demo.alliance import Row
from domain.demo.members import BORN
from domain.periods import period_of

USED_BY_WANG = 2


def with_grants(rows: Iterable[tuple[str, Row]], day: date) -> Iterator[tuple[str, Row]]:
    """The rows, and behind each enrolment its grants, balances and whom they may be used for."""
    benefits: dict[str, list[Row]] = {}
    for table, row in rows:
        yield table, row
        if table == "benefits":
            benefits.setdefault(row["plan_id"], []).append(row)
        elif table == "enrolments":
            # What a family shares is granted when it is first asked for: only then is the family complete.
            own = [benefit for benefit in benefits[row["plan_id"]] if benefit["shared_with"] == "none"]
            yield from _granted(row, own, day)


def _granted(enrolment: Row, benefits: list[Row], day: date) -> Iterator[tuple[str, Row]]:
    for benefit in benefits:
        first, end = period_of(benefit["period"], enrolment["starts_on"], enrolment["ends_before"], day)
        grant_id = f"gr-{enrolment['id'][3:]}-{benefit['code']}-{first:%y%m}"
        used = USED_BY_WANG if grant_id.startswith("gr-wang-xiulan-anxin-bath") else 0
        yield (
            "grants",
            {
                "id": grant_id,
                "benefit_id": benefit["id"],
                "holder_id": enrolment["person_id"],
                "enrolment_id": enrolment["id"],
                "amount": benefit["amount"],
                "starts_on": first,
                "ends_before": end,
                "priority": benefit["priority"],
                "created_at": BORN,
            },
        )
        yield "balances", {"grant_id": grant_id, "allowed": benefit["amount"], "held": 0, "used": used}
        yield "grant_people", {"person_id": enrolment["person_id"], "grant_id": grant_id}
        for number in range(used):
            for kind in ("hold", "commit"):
                yield (
                    "entries",
                    {
                        "grant_id": grant_id,
                        "kind": kind,
                        "amount": 1,
                        "key": f"seed:{grant_id}:{number}:{kind}",
                        "at": BORN,
                        "booking_id": None,
                        "actor_id": None,
                        "reason": "demo",
                    },
                )
