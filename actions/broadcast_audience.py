"""Whom a broadcast is for, as staff write it: held against what there is, so that a typing error does not reach nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from domain.broadcasts import Audience, BadBroadcast, Condition, checked_ages
from domain.store import Unit

# People that one condition may name.
MOST_NAMED = 500


def checked_audience(unit: Unit, audience: Audience) -> Audience:
    """The audience with cities by id. Raises BadBroadcast for a city, plan, benefit or person that there is not."""
    exclude = audience.exclude
    return Audience(
        include=_checked(unit, audience.include),
        exclude=_checked(unit, exclude) if exclude is not None else None,
    )


def _checked(unit: Unit, condition: Condition) -> Condition:
    checked_ages(condition)
    cities = tuple(_city(unit, named) for named in condition.cities)
    _all_known(condition.plans, set(unit.broadcasts.plan_names()), "plan")
    _all_known(condition.unused, set(unit.broadcasts.benefit_names()), "benefit")
    if len(condition.people) > MOST_NAMED:
        raise BadBroadcast("too_many_people")
    people = []
    for named in condition.people:
        person = unit.people.get(named) or unit.people.by_handle(named)
        if person is None:
            raise BadBroadcast("person")
        people.append(person.id)
    return replace(condition, cities=cities, people=tuple(people))


def _city(unit: Unit, named: str) -> str:
    found = (
        unit.people.city(named) or unit.people.city_named(named) or unit.people.city_named(named.rstrip("市"))
    )
    if found is None:
        raise BadBroadcast("city")
    return found.id


def _all_known(said: Iterable[str], known: set[str], what: str) -> None:
    if not set(said) <= known:
        raise BadBroadcast(what)
