"""Reports for supervisors and the operator: whom they are for, the period, and what the lines are called."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from actions.house import House
from domain.errors import RuleBroken
from domain.people import Person
from domain.policy import may_read_reports
from domain.reports import By, Fulfilment, total
from domain.slots import at
from domain.store import Unit

DAYS = timedelta(days=29)
# A report over more than this is several.
LONGEST = timedelta(days=3660)


class BadPeriod(RuleBroken):
    """The period ends before it begins, or is too long."""

    code = "bad_period"


@dataclass(frozen=True)
class Report:
    """The lines with their names, and all of them in one; both days are included."""

    by: By
    first: date
    last: date
    lines: list[Fulfilment]
    total: Fulfilment


def fulfilment(
    house: House,
    unit: Unit,
    reader: Person | None,
    by: By,
    first: date | None = None,
    last: date | None = None,
) -> Report:
    """What came of what was booked, by default within the last thirty days; `reader` None is the operator's shell.

    Raises NotFound for anybody who may not read it, BadPeriod.
    """
    if reader is not None:
        may_read_reports(reader)
    until = last or house.today()
    since = first or until - DAYS
    if since > until or until - since > LONGEST or until >= date.max - DAYS:
        raise BadPeriod("period")
    begin, end = at(since, time(0)), at(until + timedelta(days=1), time(0))
    lines = [_named(house, by, line) for line in unit.reports.fulfilment(by, begin, end, house.now())]
    return Report(by, since, until, lines, total(lines, house.words.say("report_total")))


def _named(house: House, by: By, line: Fulfilment) -> Fulfilment:
    if by is By.SERVICE:
        service = house.catalogue.find(line.key)
        return replace(line, name=service.name if service else line.key)
    return line if line.name else replace(line, name=house.words.say("report_unknown"))
