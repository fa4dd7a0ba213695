"""The clocks of a ticket as things happen to it, in the working time of its desk; and the lines of its history."""

from __future__ import annotations

from datetime import datetime

from actions.house import House
from domain.conversations import Conversation, Message
from domain.desk import load
from domain.people import Role
from domain.store import Unit
from domain.tickets import Audience, Clock, Priority, Ticket, TicketEvent, TicketState
from domain.working import WorkingTime
from nlu.zh.signs_of_end import only_thanks

# What a butler wrote in a line of the history. Why a ticket is passed on is meant for the desk that it goes to.
_WRITTEN = frozenset({"reason", "outcome", "why"})


def record(house: House, unit: Unit, ticket: Ticket, kind: str, actor_id: str | None, **detail: str) -> None:
    """A line of a ticket's history; whoever watches the desk sees it at once. What is written at the doctor's desk stays
    there."""
    if ticket.queue == "doctor" and kind != "transferred" and _WRITTEN & detail.keys():
        detail["audience"] = Audience.DOCTOR
    unit.tickets.add(
        TicketEvent(ticket_id=ticket.id, kind=kind, at=house.now(), actor_id=actor_id, detail=detail)
    )
    unit.has_words = True


def time_of(house: House, ticket: Ticket) -> WorkingTime:
    """The working time by which the clocks of a ticket run."""
    return load().time_of(ticket.queue, house.calendar, ticket.priority)


def start(house: House, ticket: Ticket, since: datetime | None = None) -> None:
    """All clocks anew: when it is opened, reopened, transferred or has become graver."""
    desk, now = load(), since or house.now()
    time = time_of(house, ticket)
    ticket.first_reply_due = time.add(now, desk.first_reply[ticket.priority])
    ticket.resolve_due = time.add(now, desk.resolve[ticket.priority])
    ticket.first_reply_at = ticket.next_reply_due = ticket.silent_at = None
    ticket.missed = []
    if ticket.state is TicketState.OPEN and ticket.priority is Priority.URGENT:
        rung = desk.rung_after(ticket.tier)
        ticket.call_at = now + rung.after if rung is not None else None
    else:
        ticket.call_at = None
    ticket.plan()


def claimed(house: House, ticket: Ticket) -> None:
    """Somebody has taken it: from now on their silence counts, where somebody waits in the chat."""
    now = house.now()
    ticket.claimed_at, ticket.call_at = now, None
    if load().waits(ticket.topic) or ticket.waiting_since is not None:
        ticket.silent_at = time_of(house, ticket).add(now, load().silent[ticket.queue])
    elif ticket.first_reply_at is None:
        ticket.first_reply_at = now
    ticket.plan()


def replied(house: House, ticket: Ticket) -> None:
    """The claimer has said something: nobody waits for a word any more."""
    if ticket.first_reply_at is None:
        ticket.first_reply_at = house.now()
    ticket.waiting_since = ticket.next_reply_due = ticket.silent_at = None
    ticket.missed = [name for name in ticket.missed if name != Clock.NEXT_REPLY]
    ticket.plan()


def heard(house: House, unit: Unit, conversation: Conversation, message: Message) -> None:
    """A word of the member while a person speaks: the clock of the next reply, and what waits or was done goes on.

    The clock counts from the first word that nobody has answered: who writes twice is not answered later for it.
    """
    owner = unit.people.get(conversation.human_id) if conversation.human_id else None
    if owner is None:
        return
    held = unit.tickets.held_by(conversation.id, owner.id)
    if owner.role is Role.DOCTOR or any(ticket.queue == "doctor" for ticket in held):
        message.payload = {**message.payload, "audience": Audience.DOCTOR}
    for ticket in held:
        if ticket.state is TicketState.RESOLVED and only_thanks(message.text):
            continue
        if ticket.state is not TicketState.CLAIMED:
            reopened = ticket.state is TicketState.RESOLVED
            ticket.go(TicketState.CLAIMED)
            ticket.reopened += int(reopened)
            record(house, unit, ticket, "reopened" if reopened else "woke", message.author_id)
        waits(house, ticket)
        record(house, unit, ticket, "word", message.author_id, message=str(message.id))


def waits(house: House, ticket: Ticket) -> None:
    """Somebody waits for an answer, from now where nobody did before."""
    if ticket.waiting_since is None:
        now, desk, time = house.now(), load(), time_of(house, ticket)
        ticket.waiting_since = now
        ticket.next_reply_due = time.add(now, desk.next_reply[ticket.priority])
        if ticket.state is TicketState.CLAIMED:
            ticket.silent_at = time.add(now, desk.silent[ticket.queue])
    ticket.plan()
