"""Enrolling a member in a plan, and granting what each benefit gives for its periods."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from actions.house import House
from domain.benefits import Benefit, Case, Enrolment, EntryKind, Grant
from domain.errors import NotAllowed
from domain.ids import new_id
from domain.people import Person, Role
from domain.periods import period_of, renewal_of
from domain.store import Unit

# Whom a family benefit may be used for, by what they are to one another.
_SHARED = {"spouse": ("spouse",), "parents": ("mother", "father", "mother_in_law", "father_in_law")}
Period = tuple[date, date]


def enrol(
    house: House, unit: Unit, person: Person, plan_code: str, starts_on: date, ends_before: date
) -> Enrolment:
    """Make somebody a member of a plan and grant what it gives today. Raises KeyError for an unknown plan."""
    plan = unit.benefits.plan(plan_code)
    if plan is None:
        raise KeyError(plan_code)
    enrolment = Enrolment(
        id=new_id("en"), person_id=person.id, plan_id=plan.id, starts_on=starts_on, ends_before=ends_before
    )
    unit.benefits.add(enrolment)
    unit.flush()
    _grant(house, unit, [enrolment], house.today())
    return enrolment


def open_case(
    house: House, unit: Unit, actor: Person, person: Person, key: str, note: str | None = None
) -> Case:
    """Begin a case, for which benefits per case are granted. Raises NotAllowed for anybody but a doctor butler."""
    if actor.role not in (Role.DOCTOR, Role.SUPERVISOR):
        raise NotAllowed("doctor")
    case_id = f"ca-{key}"[:40]
    for case in unit.benefits.cases_of(person.id):
        if case.id == case_id:
            return case
    case = Case(id=case_id, person_id=person.id, opened_on=house.today(), opened_by=actor.id, note=note)
    unit.benefits.add(case)
    unit.flush()
    return case


def grant_due(house: House, unit: Unit, person: Person, day: date) -> None:
    """See to it that what this person's plans, and the family's, give for a day and for today has been granted."""
    today = house.today()
    running = [e for e in unit.benefits.family_enrolments(person.id) if e.ends_before > min(today, day)]
    if running:
        _grant(house, unit, running, today, day)


def next_grant(house: House, unit: Unit, grant: Grant) -> Grant | None:
    """The grant of the following period, granted now if it was not yet; None where the membership ends."""
    if grant.renews_on is None:
        return None
    holder = unit.people.get(grant.holder_id)
    assert holder is not None
    grant_due(house, unit, holder, grant.renews_on)
    return unit.benefits.grant_at(grant.enrolment_id, grant.benefit_id, grant.renews_on)


def _grant(house: House, unit: Unit, enrolments: Sequence[Enrolment], *days: date) -> None:
    benefits = unit.benefits.benefits_of(*{e.plan_id for e in enrolments})
    have = unit.benefits.granted([e.id for e in enrolments])
    made: dict[str, tuple[Grant, Benefit]] = {}
    for enrolment in enrolments:
        for benefit in benefits:
            if benefit.plan_id != enrolment.plan_id:
                continue
            for first, end in set(_periods(unit, enrolment, benefit, days)):
                if (enrolment.id, benefit.id, first) not in have:
                    grant = _made(house, unit, enrolment, benefit, (first, end))
                    made[grant.id] = grant, benefit
    if not made:
        return
    unit.benefits.give(made, {g.id: _covered(unit, g.holder_id, benefit) for g, benefit in made.values()})
    for grant, benefit in made.values():
        if benefit.rollover_max:
            _catch_up(house, unit, grant, benefit)


def _periods(unit: Unit, enrolment: Enrolment, benefit: Benefit, days: Sequence[date]) -> Iterator[Period]:
    """The periods of a benefit that hold these days; the first one of a membership that is still to begin."""
    term = enrolment.term
    if benefit.period == "case":
        for case in unit.benefits.cases_of(enrolment.person_id):
            end = min(case.opened_on + timedelta(days=benefit.case_days), term.ends_before)
            if term.holds(case.opened_on) and end > min(days):
                yield case.opened_on, end
        return
    for day in days:
        within = max(day, term.starts_on)
        if term.holds(within):
            yield period_of(benefit.period, term.starts_on, term.ends_before, within)


def _made(house: House, unit: Unit, enrolment: Enrolment, benefit: Benefit, period: Period) -> Grant:
    amount = benefit.amount
    if benefit.period == "lifetime":
        amount = max(0, amount - unit.benefits.used_ever(enrolment.person_id, benefit.id))
    first, end = period
    return Grant(
        id=new_id("gr"),
        benefit_id=benefit.id,
        holder_id=enrolment.person_id,
        enrolment_id=enrolment.id,
        amount=amount,
        starts_on=first,
        ends_before=end + timedelta(days=benefit.grace_days),
        priority=benefit.priority,
        created_at=house.now(),
        renews_on=renewal_of(benefit.period, enrolment.term, end),
    )


def _covered(unit: Unit, holder_id: str, benefit: Benefit) -> list[str]:
    """The holder, and those of the family with whom the benefit is shared."""
    covered = {holder_id}
    if benefit.shared_with == "none":
        return [holder_id]
    family = unit.people.elders_of(holder_id)
    wanted: tuple[str, ...] = _SHARED.get(benefit.shared_with, ())
    covered |= {person.id for kinship, person in family if kinship.relation in wanted}
    if benefit.shared_with == "family":
        covered |= {person.id for _, person in family}
        covered |= {person.id for _, person in unit.people.relatives_of(holder_id)}
    return sorted(covered)


def _catch_up(house: House, unit: Unit, grant: Grant, benefit: Benefit) -> None:
    """A period that was asked for late: what the one before left has rolled over by now."""
    before = unit.benefits.grant_before(grant)
    if before is not None and before.ends_before <= house.today():
        roll_over(house, unit, before, benefit, unit.benefits.balance(before.id).left)


def roll_over(house: House, unit: Unit, grant: Grant, benefit: Benefit, left: int) -> None:
    """Carry what the benefit lets roll over of the rest into the next period; a second time changes nothing."""
    amount = benefit.rolled_over(left)
    following = next_grant(house, unit, grant) if amount > 0 else None
    if following is not None:
        unit.benefits.post(
            EntryKind.ADJUST,
            following.id,
            amount,
            key=f"rollover:{grant.id}",
            at=house.now(),
            reason="rollover",
        )
