"""The report of the desks: opened, first reply, resolution, in time or late, by queue, person and hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from actions.house import House
from actions.report import Report, period
from domain.desk import QUEUES, load
from domain.desk_report import DeskBy, DeskLine, Worked, lines, total
from domain.people import Person
from domain.store import Unit


def desk(
    house: House,
    unit: Unit,
    reader: Person | None,
    by: DeskBy,
    first: date | None = None,
    last: date | None = None,
) -> Report[DeskLine]:
    """How the desks did with what was opened, by default within thirty days; `reader` None is the operator's shell.

    Raises NotFound for anybody who may not read it, BadPeriod.
    """
    since, until, begin, end = period(house, reader, first, last)
    lost = unit.desks.lost_between(begin, end)
    worked = [
        Worked(ticket, ticket.owner_id, helped.rating if helped else None, lost.get(ticket.id, 0))
        for ticket, helped in unit.desks.tickets_between(begin, end)
    ]
    times = {queue: load().time_of(queue, house.calendar) for queue in QUEUES}
    named = [_named(house, unit, by, line) for line in lines(by, worked, times)]
    return Report(by, since, until, named, total(worked, times, house.words.say("report_total")))


def _named(house: House, unit: Unit, by: DeskBy, line: DeskLine) -> DeskLine:
    if by is DeskBy.QUEUE:
        return replace(line, name=house.words.say(f"queue_{line.key}"))
    if by is DeskBy.HOUR:
        return replace(line, name=house.words.say("report_hour", hour=int(line.key)))
    person = unit.people.get(line.key) if line.key else None
    return replace(line, name=person.name if person else house.words.say("report_nobody"))
