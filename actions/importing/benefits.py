"""Plans with their benefits, and who is a member of which: what a membership grants today is granted with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import MISSING, fields
from datetime import date, timedelta
from itertools import count
from typing import Any

from actions.importing.desk import Desk, Row, Values
from domain.benefits import Benefit, EntryKind, Grant, Plan
from domain.ids import new_id
from domain.measures import shown, small
from domain.periods import Term, period_of, renewal_of
from domain.store.spool import Kept

_PLAN = ("late_hours", "late_cancel", "no_show")
# What a plan or a benefit says where the file does not.
_PLAN_SAYS = {each.name: each.default for each in fields(Plan) if each.default is not MISSING}
_BENEFIT_SAYS = {each.name: each.default for each in fields(Benefit) if each.default is not MISSING}
# Amounts that a file writes in the benefit's unit.
_AMOUNTS = ("amount", "amount_each", "rollover_min", "rollover_max")
_BOUNDS = (("min_age", "max_age"), ("min_ability", "max_ability"), ("rollover_min", "rollover_max"))


def plan_keys(values: Values) -> list[str]:
    return [f"benefit:{values.get('plan')}|{values.get('benefit')}"]


def take_plans(desk: Desk, rows: Sequence[Row]) -> None:
    plans = desk.named("plans", "code", {row.values["plan"] for row in rows})
    have = desk.lists("benefits", "plan_id", {plan["id"] for plan in plans.values()})
    known = {(b["plan_id"], b["code"]): b for b in (b for found in have.values() for b in found)}
    for row in rows:
        plan_id = _plan(desk, row, plans.get(row.values["plan"]))
        benefit = known.get((plan_id or "", row.values["benefit"]))
        values = _benefit(desk, row, benefit)
        if plan_id is None or row.bad:
            continue
        values |= {"id": row.id, "plan_id": plan_id}
        desk.settle(row, "benefits", benefit, values)
        said = {name: value for name, value in values.items() if value is not None}
        desk.carried.benefits[plan_id][values["code"]] = (
            {**benefit, **said, "id": benefit["id"]} if benefit else values
        )


def _plan(desk: Desk, row: Row, known: Values | None) -> str | None:
    facts = {"plan_name": row.values["plan_name"], **{name: row.get(name) for name in _PLAN}}

    def make() -> str:
        values = {"name": facts["plan_name"], **{name: facts[name] for name in _PLAN}}
        if known is None:
            values = {
                name: _PLAN_SAYS.get(name) if value is None else value for name, value in values.items()
            }
        return desk.settle(row, "plans", known, {"id": new_id("pl"), "code": row.values["plan"], **values})

    return desk.once(row, "plans", row.values["plan"], facts, make)


def _benefit(desk: Desk, row: Row, known: Values | None) -> Values:
    said = row.values
    if known is not None and (known["unit"], known["period"]) != (said["unit"], said["period"]):
        # What has been granted is counted in it; another way of counting is another benefit.
        desk.bad(row, "unit", "fixed")
    for least, most in _BOUNDS:
        if said.get(least) is not None and said.get(most) is not None and said[least] > said[most]:
            desk.bad(row, least, "order")
    cities = [desk.city(row, "cities", name) for name in said.get("cities", ())]
    copay = said.get("copay")
    values: Values = {
        "code": said["benefit"],
        "name": said["benefit_name"],
        "cities": [city for city in cities if city] or None,
        "copay_cents": None if copay is None else round(copay * 100),
        **{name: said.get(name) for name in _BENEFIT_SAYS.keys() - {"cities", "copay_cents"}},
        **{name: said[name] for name in ("unit", "period", "services", "channels")},
    }
    values |= {
        name: small(said["unit"], said[name]) if said.get(name) is not None else None for name in _AMOUNTS
    }
    if known is None:
        values = {name: _BENEFIT_SAYS.get(name) if value is None else value for name, value in values.items()}
    return values


def grant_keys(values: Values) -> list[str]:
    return [f"membership:{values.get('member')}|{values.get('plan')}|{values.get('starts_on')}"]


def take_grants(desk: Desk, rows: Sequence[Row]) -> None:
    people = desk.people(rows, "member")
    plans = desk.plans(rows)
    benefits = _benefits(desk, plans.values())
    running = desk.lists("enrolments", "person_id", {people.get(row.values["member"]) for row in rows})
    opened = _opened(desk, rows, people, running)
    for row in rows:
        person, plan_id = people.get(row.values["member"]), plans.get(row.values["plan"])
        if person is None:
            desk.bad(row, "member", "member")
        if plan_id is None:
            desk.bad(row, "plan", "plan")
        if row.values["starts_on"] > row.values["ends_on"]:
            desk.bad(row, "ends_on", "order")
        if row.bad or person is None or plan_id is None:
            continue
        wish = _Wish(person, plan_id, benefits[plan_id], row)
        before = [one for one in running.get(person, ()) if one["plan_id"] == plan_id]
        known = _standing(desk, wish, before)
        if known is not None:
            _compare_used(desk, wish, known, opened)
        elif not row.bad:
            earlier = _earlier_rows(desk, wish)
            _enrol(desk, wish, renewed=bool(before) or earlier)


def _benefits(desk: Desk, plan_ids: Iterable[str]) -> dict[str, dict[str, Values]]:
    """Plan id to its benefits by code, as they are once this file has been taken."""
    wanted = set(plan_ids)
    found: dict[str, dict[str, Values]] = {plan_id: {} for plan_id in wanted}
    for plan_id, rows in desk.lists("benefits", "plan_id", wanted).items():
        found[plan_id] = {row["code"]: row for row in rows}
    return {plan_id: known | desk.carried.benefits[plan_id] for plan_id, known in found.items()}


class _Wish:
    """A membership as a row wants it."""

    def __init__(self, person: str, plan_id: str, benefits: dict[str, Values], row: Row) -> None:
        self.person, self.plan_id, self.benefits, self.row = person, plan_id, benefits, row
        self.term = Term(row.values["starts_on"], row.values["ends_on"] + timedelta(days=1))
        self.used: dict[str, float] = dict(row.get("used") or {})

    def meets(self, term: Term) -> bool:
        return term.starts_on < self.term.ends_before and self.term.starts_on < term.ends_before


def _standing(desk: Desk, wish: _Wish, before: Sequence[Values]) -> Values | None:
    """The membership that the row means, if it is there; says so where it is another one, or lies across one."""
    for one in before:
        if one["starts_on"] == wish.term.starts_on:
            if one["ends_before"] == wish.term.ends_before:
                return one
            # What was granted was granted for that term; a renewal is a row of its own.
            desk.bad(wish.row, "ends_on", "membership_fixed")
            return None
        if wish.meets(Term(one["starts_on"], one["ends_before"])):
            desk.bad(wish.row, "starts_on", "membership_across")
            return None
    return None


def _earlier_rows(desk: Desk, wish: _Wish) -> bool:
    """Whether earlier rows of the file make the same member one of the same plan; says so where the terms meet."""
    term = f"{wish.term.starts_on}/{wish.term.ends_before}"
    for number in count():
        kept = Kept(desk.file, wish.row.line, term)
        (before,) = desk.spool.claim([(f"term:{wish.person}|{wish.plan_id}|{number}", kept)])
        if before is None:
            return number > 0
        first, end = map(date.fromisoformat, before.id.split("/"))
        if before.file == desk.file and wish.meets(Term(first, end)):
            desk.bad(wish.row, None, "twice", line=before.line)
            return True
    raise AssertionError("unreachable")


def _opened(
    desk: Desk, rows: Sequence[Row], people: dict[str, str], running: dict[Any, list[Values]]
) -> dict[str, int]:
    """What earlier imports wrote down as used, by the entry's key."""
    keys = [
        _used_key(one["id"], benefit)
        for row in rows
        if row.get("used") and (person := people.get(row.values["member"]))
        for one in running.get(person, ())
        for benefit in row.values["used"]
    ]
    return {row["key"]: row["amount"] for row in desk.unit.imports.rows("entries", "key", keys)}


def _used_key(enrolment_id: str, benefit: str, kind: EntryKind = EntryKind.COMMIT) -> str:
    return f"import:{enrolment_id}:{benefit}:{kind}"


def _compare_used(desk: Desk, wish: _Wish, known: Values, opened: dict[str, int]) -> None:
    """What was used before is an opening entry: once it stands, the ledger goes on from it."""
    for code, amount in wish.used.items():
        benefit = wish.benefits.get(code)
        if benefit is None:
            desk.bad(wish.row, "used", "benefit")
        elif opened.get(_used_key(known["id"], code)) != small(benefit["unit"], amount):
            desk.bad(wish.row, "used", "used_fixed")


def _enrol(desk: Desk, wish: _Wish, *, renewed: bool) -> None:
    row, used = wish.row, dict(wish.used)
    term = {"starts_on": wish.term.starts_on, "ends_before": wish.term.ends_before}
    values = {"id": row.id, "person_id": wish.person, "plan_id": wish.plan_id, **term}
    desk.settle(row, "enrolments", None, values)
    for benefit, period in _granted_now(desk, wish, renewed=renewed):
        amount = small(benefit.unit, used.pop(benefit.code, 0))
        if amount > benefit.amount:
            desk.bad(row, "used", "used_too_much", most=shown(benefit.unit, benefit.amount))
        _grant(desk, wish, benefit, period, amount)
    for code in used:
        desk.bad(row, "used", "used_later" if code in wish.benefits else "benefit")


def _granted_now(desk: Desk, wish: _Wish, *, renewed: bool) -> Iterator[tuple[Benefit, tuple[date, date]]]:
    """The benefits that are granted today with their periods.

    What a family shares is granted when it is first asked for, for only then is the family complete; what is granted
    for a case, with the case; what is granted once in a life, not anew with a renewal, before it is asked what is left.
    """
    today, term = desk.house.today(), wish.term
    if not term.holds(today):
        return
    for values in wish.benefits.values():
        one = Benefit(**values)
        if one.shared_with != "none" or one.period == "case" or (one.period == "lifetime" and renewed):
            continue
        yield one, period_of(one.period, term.starts_on, term.ends_before, today)


def _grant(desk: Desk, wish: _Wish, benefit: Benefit, period: tuple[date, date], used: int) -> None:
    first, end = period
    now = desk.house.now()
    grant = Grant(
        id=new_id("gr"),
        benefit_id=benefit.id,
        holder_id=wish.person,
        enrolment_id=wish.row.id,
        amount=benefit.amount,
        starts_on=first,
        ends_before=end + timedelta(days=benefit.grace_days),
        priority=benefit.priority,
        created_at=now,
        renews_on=renewal_of(benefit.period, wish.term, end),
    )
    desk.put("grants", {each.name: getattr(grant, each.name) for each in fields(Grant)})
    balance = {"allowed": benefit.amount, "held": 0, "used": used, "ends_before": grant.ends_before}
    desk.put("balances", {"grant_id": grant.id, **balance, "warn_on": benefit.warned_on(grant)})
    desk.put("grant_people", {"person_id": wish.person, "grant_id": grant.id})
    for kind in (EntryKind.HOLD, EntryKind.COMMIT) if used else ():
        desk.put(
            "entries",
            {
                "grant_id": grant.id,
                "kind": kind,
                "amount": used,
                "key": _used_key(wish.row.id, benefit.code, kind),
                "at": now,
                "booking_id": None,
                "actor_id": None,
                "reason": "import",
            },
        )
