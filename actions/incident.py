"""The record of a danger: a line where something happens, and who may read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions.house import House
from domain.incidents import Happened, IncidentLine
from domain.people import Person
from domain.policy import may_read_incident, may_read_words
from domain.store import Unit
from domain.tickets import Audience, Ticket

_DANGERS = ("emergency", "crisis", "fraud")


def is_danger(ticket: Ticket) -> bool:
    """Whether a ticket was opened by a danger."""
    return ticket.topic.partition(":")[0] in _DANGERS


def note(
    house: House, unit: Unit, ticket: Ticket, happened: Happened, who_id: str | None = None, **detail: str
) -> None:
    """A line in the record; of what is no danger there is none."""
    if is_danger(ticket):
        if happened is Happened.OUTCOME and ticket.queue == "doctor":
            detail["audience"] = Audience.DOCTOR
        unit.incidents.add(
            IncidentLine(
                ticket_id=ticket.id,
                person_id=ticket.member_id,
                happened=happened,
                at=house.now(),
                who_id=who_id,
                detail=detail,
            )
        )


def of_person(unit: Unit, actor: Person, person_id: str) -> Sequence[IncidentLine]:
    """Everything on record of somebody's dangers: theirs to have, and the supervisor's. Raises NotFound."""
    may_read_incident(actor, person_id)
    return unit.incidents.of_person(person_id)


def of_ticket(unit: Unit, actor: Person, ticket: Ticket) -> Sequence[IncidentLine]:
    """The record of one danger, for those who may read its ticket. Raises NotFound."""
    may_read_incident(actor, ticket.member_id, ticket.queue)
    return [_readable(ticket, line) for line in unit.incidents.of(ticket.id)]


def _readable(ticket: Ticket, line: IncidentLine) -> IncidentLine:
    """A line as those who work in the ticket's queue read it: what a doctor wrote of the end stays with doctors."""
    return line if may_read_words(ticket.queue, line.detail) else replace(line, detail={})
