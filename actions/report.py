"""Reports for supervisors and the operator: whom they are for, the period, and what the lines are called."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Generic, TypeVar

from actions.house import House
from domain.desk_report import DeskBy, DeskLine
from domain.errors import RuleBroken
from domain.people import Person
from domain.policy import may_read_reports
from domain.reports import By, Fulfilment, Satisfaction, SatisfactionBy, satisfaction_total, total
from domain.slots import at
from domain.store import Unit

DAYS = timedelta(days=29)
# A report over more than this is several.
LONGEST = timedelta(days=3660)


class BadPeriod(RuleBroken):
    """The period ends before it begins, or is too long."""

    code = "bad_period"


Line = TypeVar("Line", Fulfilment, Satisfaction, DeskLine)


@dataclass(frozen=True)
class Report(Generic[Line]):
    """The lines with their names, and all of them in one; both days are included."""

    by: By | SatisfactionBy | DeskBy
    first: date
    last: date
    lines: list[Line]
    total: Line


def fulfilment(
    house: House,
    unit: Unit,
    reader: Person | None,
    by: By,
    first: date | None = None,
    last: date | None = None,
) -> Report[Fulfilment]:
    """What came of what was booked, by default within the last thirty days; `reader` None is the operator's shell.

    Raises NotFound for anybody who may not read it, BadPeriod.
    """
    since, until, begin, end = period(house, reader, first, last)
    lines = [_named(house, by, line) for line in unit.reports.fulfilment(by, begin, end, house.now())]
    return Report(by, since, until, lines, total(lines, house.words.say("report_total")))


def satisfaction(
    house: House,
    unit: Unit,
    reader: Person | None,
    by: SatisfactionBy,
    first: date | None = None,
    last: date | None = None,
) -> Report[Satisfaction]:
    """How what took place was liked, in the same way. Raises NotFound, BadPeriod."""
    since, until, begin, end = period(house, reader, first, last)
    lines = [_named(house, by, line) for line in unit.satisfaction.lines(by, begin, end)]
    recommended = unit.satisfaction.recommended(begin, end)
    whole = satisfaction_total(lines, house.words.say("report_total"), recommended)
    return Report(by, since, until, lines, whole)


def period(
    house: House, reader: Person | None, first: date | None, last: date | None
) -> tuple[date, date, datetime, datetime]:
    """The days, both included, and the moments between which they lie. Raises NotFound, BadPeriod."""
    if reader is not None:
        may_read_reports(reader)
    until = last or house.today()
    since = first or until - DAYS
    if since > until or until - since > LONGEST or until >= date.max - DAYS:
        raise BadPeriod("period")
    return since, until, at(since, time(0)), at(until + timedelta(days=1), time(0))


def _named(house: House, by: By | SatisfactionBy, line: Line) -> Line:
    if by in (By.SERVICE, SatisfactionBy.SERVICE) and line.key:
        service = house.catalogue.find(line.key)
        return replace(line, name=service.name if service else line.key)
    return line if line.name else replace(line, name=house.words.say("report_unknown"))
