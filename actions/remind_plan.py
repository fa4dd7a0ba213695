"""Occurrences of reminders that are still to come: planned at moments that each person's quiet windows leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from actions.house import House
from domain.ids import new_id
from domain.quiet import Quiet
from domain.reminders import Instance, Rule, RuleKind
from domain.store import Unit


def keep_rule(
    house: House,
    unit: Unit,
    kind: RuleKind,
    series: str,
    person_id: str,
    detail: Mapping[str, str],
    *,
    by: str | None = None,
    version: int = 1,
) -> Rule:
    """A new rule, stored, so that occurrences can be planned for it. `by`: who made it, where not whom it is about."""
    made = Rule(
        id=new_id("rr"),
        series=series,
        version=version,
        kind=kind,
        person_id=person_id,
        created_at=house.now(),
        created_by=by or person_id,
        detail=dict(detail),
    )
    unit.reminders.add(made)
    unit.flush()
    return made


def plan(
    house: House,
    unit: Unit,
    rule: Rule,
    person_id: str,
    occurrence: str,
    at: datetime,
    useful_until: datetime,
    *,
    urgent: bool = False,
    joins: bool = True,
) -> Instance:
    """One occurrence for one person, at a moment that their quiet windows leave; planned twice, it is there once."""
    there = unit.reminders.occurrence(rule.id, person_id, occurrence)
    if there is not None:
        return there
    made = Instance(
        id=new_id("ri"),
        rule_id=rule.id,
        person_id=person_id,
        occurrence=occurrence,
        planned_at=at,
        useful_until=useful_until,
        due_at=at,
        urgent=urgent,
        joins=joins,
    )
    place(house, unit, made)
    unit.reminders.add(made)
    return made


def plan_all(
    house: House,
    unit: Unit,
    rule: Rule,
    person_id: str,
    occurrences: Iterable[tuple[str, datetime, datetime]],
    *,
    urgent: bool = False,
    joins: bool = True,
) -> None:
    """Occurrences of which it is sure that they are not there yet: name, moment, until when it is of use."""
    quiet = unit.reminders.notices(person_id).quiet(house.calendar)
    made = [
        Instance(
            id=new_id("ri"),
            rule_id=rule.id,
            person_id=person_id,
            occurrence=name,
            planned_at=at,
            useful_until=until,
            due_at=at,
            urgent=urgent,
            joins=joins,
        )
        for name, at, until in occurrences
    ]
    for instance in made:
        if not urgent:
            _place_in(quiet, house, instance)
    unit.reminders.plan(made)


def place(house: House, unit: Unit, instance: Instance) -> None:
    """Set the moment of an occurrence that is still to come, by the windows as they are now."""
    if not instance.urgent:
        _place_in(unit.reminders.notices(instance.person_id).quiet(house.calendar), house, instance)


def _place_in(quiet: Quiet, house: House, instance: Instance) -> None:
    """For what has no hour left it is found out at its own: the wish may have changed by then, and what follows it
    (the next day, the next rung) follows all the same."""
    placed = quiet.place(instance.planned_at, instance.useful_until, house.now())
    instance.due_at = placed.at or instance.planned_at
