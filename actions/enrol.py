"""Enrolling a member in a plan, and granting what each benefit gives for its periods."""

from __future__ import annotations

from datetime import date

from actions.house import House
from domain.benefits import Benefit, Enrolment, Grant
from domain.ids import new_id
from domain.people import Person
from domain.periods import period_of
from domain.store import Unit

# Whom a family benefit may be used for, by what they are to one another.
_SHARED = {"spouse": ("spouse",), "parents": ("mother", "father", "mother_in_law", "father_in_law")}


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
    _grant(house, unit, person, enrolment, house.today())
    return enrolment


def grant_due(house: House, unit: Unit, person: Person, day: date) -> None:
    """See to it that what this person's plans give for a day (and for today) has been granted."""
    holders = {person.id: person}
    for _, relative in [*unit.people.relatives_of(person.id), *unit.people.elders_of(person.id)]:
        holders[relative.id] = relative
    for holder in holders.values():
        for enrolment, _ in unit.benefits.enrolments(holder.id):
            for moment in {house.today(), day}:
                if enrolment.starts_on <= moment < enrolment.ends_before:
                    _grant(house, unit, holder, enrolment, moment)


def _grant(house: House, unit: Unit, person: Person, enrolment: Enrolment, day: date) -> None:
    benefits = unit.benefits.benefits_of(enrolment.plan_id)
    have = unit.benefits.granted(enrolment.id)
    due = [
        (benefit, period_of(benefit.period, enrolment.starts_on, enrolment.ends_before, day))
        for benefit in benefits
    ]
    made = [
        Grant(
            id=new_id("gr"),
            benefit_id=benefit.id,
            holder_id=person.id,
            enrolment_id=enrolment.id,
            amount=benefit.amount,
            starts_on=first,
            ends_before=end,
            priority=benefit.priority,
            created_at=house.now(),
        )
        for benefit, (first, end) in due
        if (benefit.id, first) not in have
    ]
    if not made:
        return
    by_id = {benefit.id: benefit for benefit in benefits}
    people = {grant.id: _covered(unit, person, by_id[grant.benefit_id]) for grant in made}
    unit.benefits.give(made, people)


def _covered(unit: Unit, holder: Person, benefit: Benefit) -> list[str]:
    """The holder, and those of the family with whom the benefit is shared."""
    covered = {holder.id}
    family = unit.people.elders_of(holder.id)
    wanted: tuple[str, ...] = _SHARED.get(benefit.shared_with, ())
    covered |= {person.id for kinship, person in family if kinship.relation in wanted}
    if benefit.shared_with == "family":
        covered |= {person.id for _, person in family}
        covered |= {person.id for _, person in unit.people.relatives_of(holder.id)}
    return sorted(covered)
