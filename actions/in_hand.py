"""A ticket in somebody's hand: whether they may read it, locked in one order, and as whom they speak."""

from __future__ import annotations

from domain.conversations import Conversation
from domain.errors import NotFound
from domain.people import Person, Role
from domain.policy import queues_of
from domain.store import Unit
from domain.tickets import Audience, Ticket


def readable(unit: Unit, actor: Person, ticket_id: str) -> Ticket:
    """The ticket, if this person may read it. Raises NotFound where not: it does not exist for them."""
    ticket = unit.tickets.get(ticket_id)
    if ticket is None or ticket.queue not in queues_of(actor):
        raise NotFound(ticket_id)
    return ticket


def in_hand(unit: Unit, actor: Person, ticket_id: str) -> tuple[Ticket, Conversation]:
    """The ticket and its conversation, locked in this order: conversation, ticket. Raises NotFound."""
    conversation = unit.conversations.locked(readable(unit, actor, ticket_id).conversation_id)
    ticket = unit.tickets.locked(ticket_id)
    if ticket is None or ticket.queue not in queues_of(actor):
        raise NotFound(ticket_id)
    return ticket, conversation


def private_to(ticket: Ticket) -> dict[str, object] | None:
    """What marks words of a doctor's ticket: they are not a life butler's to read."""
    return {"audience": Audience.DOCTOR} if ticket.queue == "doctor" else None


def voice(actor: Person, ticket: Ticket) -> str:
    """As whom somebody speaks to the member."""
    return "doctor" if actor.role is Role.DOCTOR else "life" if actor.role is Role.LIFE else ticket.queue
