"""An audience as SQL: one condition over all members, whatever their number."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, not_, or_, select, true

from domain.broadcasts import Audience, Condition, birthday_before
from domain.people import Role
from domain.slots import at
from domain.store import tables as t
from domain.visits import OVER

_p = t.persons.c


def members(audience: Audience, day: date) -> Select[Any]:
    """The ids of everybody it is for, as things are on a day in Shanghai."""
    return select(_p.id).where(*fits(audience, day))


def fits(audience: Audience, day: date) -> list[ColumnElement[bool]]:
    """What holds for a person of the audience."""
    found = [_p.role == Role.MEMBER, _p.died_on.is_(None), _matches(audience.include, day, otherwise=True)]
    if audience.exclude is not None:
        found.append(not_(_matches(audience.exclude, day, otherwise=False)))
    return found


def _matches(condition: Condition, day: date, *, otherwise: bool) -> ColumnElement[bool]:
    """Named, or all that is said holds; `otherwise` where the condition says nothing at all."""
    ways: list[ColumnElement[bool]] = []
    if condition.people:
        ways.append(_p.id.in_(condition.people))
    if condition.says_something:
        ways.append(and_(*_said(condition, day)))
    if not ways:
        return true() if otherwise else false()
    return or_(*ways)


def _said(condition: Condition, day: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if condition.cities:
        # Who has no city on record is in none; the comparison must not become NULL, or `exclude` would lose them.
        found.append(func.coalesce(_p.city_id, "").in_(condition.cities))
    if condition.min_age is not None:
        found.append(_born(_p.born_on <= birthday_before(day, condition.min_age)))
    if condition.max_age is not None:
        found.append(_born(_p.born_on > birthday_before(day, condition.max_age + 1)))
    if condition.plans:
        found.append(_enrolled(condition.plans, day))
    if condition.unused:
        found.append(_has_left(condition.unused, day))
    found += _visited(condition)
    return found


def _born(known: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(_p.born_on.is_not(None), known)


def _enrolled(plans: tuple[str, ...], day: date) -> ColumnElement[bool]:
    e = t.enrolments.c
    return exists().where(
        e.person_id == _p.id,
        e.starts_on <= day,
        e.ends_before > day,
        e.plan_id == t.plans.c.id,
        t.plans.c.code.in_(plans),
    )


def _has_left(benefits: tuple[str, ...], day: date) -> ColumnElement[bool]:
    g, b = t.grants.c, t.balances.c
    return exists().where(
        t.grant_people.c.person_id == _p.id,
        g.id == t.grant_people.c.grant_id,
        g.starts_on <= day,
        g.ends_before > day,
        b.grant_id == g.id,
        b.allowed > b.used + b.held,
        t.benefits.c.id == g.benefit_id,
        t.benefits.c.code.in_(benefits),
    )


def _visited(condition: Condition) -> list[ColumnElement[bool]]:
    b, v = t.bookings.c, t.visits.c
    ended = func.coalesce(v.ended_at, b.end)
    ever = exists().where(b.member_id == _p.id, v.booking_id == b.id, v.state.in_(OVER))
    ways: list[ColumnElement[bool]] = []
    if condition.visited_before is not None or condition.visited_since is not None:
        last: list[ColumnElement[bool]] = [ever]
        if condition.visited_before is not None:
            last.append(not_(ever.where(ended >= at(condition.visited_before, time(0)))))
        if condition.visited_since is not None:
            last.append(ever.where(ended >= at(condition.visited_since, time(0))))
        ways.append(and_(*last))
    if condition.never_visited:
        ways.append(not_(ever))
    return [or_(*ways)] if ways else []
