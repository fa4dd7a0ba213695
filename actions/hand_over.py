"""Handing a wish to a person and taking it back: tickets, claims, a person's words, the way back to the butler."""

from __future__ import annotations

from dataclasses import dataclass

from actions.house import House
from actions.say import put
from domain.conversations import BUTLER, QUEUE, Conversation, Lane, Message, Speaker, human
from domain.errors import NotAllowed, NotFound, WrongState
from domain.ids import new_id, new_number
from domain.measures import shown
from domain.people import Person, Role
from domain.policy import queues_of
from domain.store import Unit
from domain.tickets import FIRST_REPLY, Priority, Ticket, TicketEvent, TicketState

# How many of the last lines the card shows.
_LINES = 8


@dataclass(frozen=True)
class Cause:
    """Why a person is asked for. `task` is what was being done, with what has been answered already."""

    queue: str
    topic: str
    priority: Priority = Priority.NORMAL
    task: dict[str, str] | None = None
    member: Person | None = None


def open_ticket(
    house: House, unit: Unit, conversation: Conversation, actor: Person, cause: Cause, key: str
) -> Ticket:
    """A ticket in the right butler's queue, with a card that tells the whole story.

    While one of the same queue and topic is open, it is that one again, and a graver cause raises it.
    """
    done = unit.tickets.by_key(key)
    if done is not None:
        return done
    for ticket in unit.tickets.live_of(conversation.id, cause.queue):
        if ticket.topic == cause.topic:
            return ticket
    now = house.now()
    ticket = Ticket(
        id=new_id("tk"),
        number=new_number(),
        member_id=(cause.member or actor).id,
        conversation_id=conversation.id,
        queue=cause.queue,
        topic=cause.topic,
        priority=cause.priority,
        state=TicketState.OPEN,
        opened_at=now,
        first_reply_due=now + FIRST_REPLY[cause.priority],
        key=key,
        opened_by=actor.id,
        card=card(house, unit, conversation, actor, cause),
    )
    unit.tickets.add(ticket)
    unit.flush()
    _note(house, unit, ticket, "opened", actor.id)
    if conversation.human_id is None:
        unit.conversations.locked(conversation.id).hand_to(QUEUE)
    unit.flush()
    return ticket


def card(
    house: House, unit: Unit, conversation: Conversation, actor: Person, cause: Cause
) -> dict[str, object]:
    """Everything the person who takes over should know, so that the elder never says it twice."""
    member = cause.member or actor
    now = house.now()
    family = [
        {
            "name": relative.name,
            "is": kinship.relation,
            "phone": relative.phone,
            "may": sorted(unit.people.consents(member.id, relative.id, now)),
        }
        for kinship, relative in unit.people.relatives_of(member.id)
    ]
    plans = [
        plan.name
        for enrolment, plan in unit.benefits.enrolments(member.id)
        if enrolment.ends_before > house.today()
    ]
    left = [
        {
            "name": item.benefit.name,
            "left": shown(item.benefit.unit, item.balance.left),
            "unit": item.benefit.unit,
        }
        for item in unit.benefits.entitlements(member.id, house.today())
    ]
    booked = [
        {"number": b.number, "service": b.service, "at": b.begin.isoformat(), "channel": b.channel}
        for b in unit.bookings.standing(member.id, now)
    ]
    lines = [
        {"who": str(m.speaker), "text": m.text, "at": m.created_at.isoformat()}
        for m in unit.conversations.last(conversation.id, _LINES)
    ]
    return {
        "who": _facts(member),
        "asked_by": _facts(actor) if actor.id != member.id else None,
        "family": family,
        "plans": plans,
        "left": left,
        "booked": booked,
        "task": cause.task,
        "why": cause.topic,
        "lines": lines,
    }


def _facts(person: Person) -> dict[str, object]:
    return {
        "id": person.id,
        "name": person.name,
        "called": person.called,
        "phone": person.phone,
        "address": person.address,
        "dialect": person.dialect,
        "notes": person.notes,
    }


def readable(unit: Unit, actor: Person, ticket_id: str) -> Ticket:
    """The ticket, if this person may read it. Raises NotFound where not: it does not exist for them."""
    ticket = unit.tickets.get(ticket_id)
    if ticket is None or ticket.queue not in queues_of(actor):
        raise NotFound(ticket_id)
    return ticket


def claim(house: House, unit: Unit, actor: Person, ticket_id: str) -> Ticket:
    """Take a ticket: one winner, and from then on only the winner speaks. Raises WrongState for those who lose."""
    ticket = readable(unit, actor, ticket_id)
    if ticket.owner_id == actor.id and ticket.state is TicketState.CLAIMED:
        return ticket
    if not unit.tickets.claim(ticket.id, actor.id, ticket.version):
        raise WrongState("claimed")
    unit.tickets.reread(ticket)
    conversation = unit.conversations.locked(ticket.conversation_id)
    if conversation.human_id not in (None, actor.id):
        raise WrongState("another person speaks")
    conversation.hand_to(human(actor.id))
    _note(house, unit, ticket, "claimed", actor.id)
    person = unit.people.get(conversation.person_id)
    if person is not None:
        put(
            unit,
            conversation,
            house.words.say(f"claimed_{_voice(actor, ticket)}", name=actor.name),
            key=f"{ticket.id}:claimed:{ticket.version}",
            now=house.now(),
            lane=Lane.HUMAN,
        )
    unit.flush()
    return ticket


def reply(house: House, unit: Unit, actor: Person, ticket_id: str, text: str, key: str) -> Message:
    """A person's words to the member. Only the claimer may speak. Raises NotAllowed for anybody else."""
    ticket = readable(unit, actor, ticket_id)
    if ticket.owner_id != actor.id or ticket.state not in (TicketState.CLAIMED, TicketState.WAITING):
        raise NotAllowed("claim")
    now = house.now()
    conversation = unit.conversations.locked(ticket.conversation_id)
    message = put(
        unit,
        conversation,
        text,
        key=f"{ticket.id}:reply:{key}",
        now=now,
        speaker=Speaker(_voice(actor, ticket)),
        author_id=actor.id,
        lane=Lane.HUMAN,
    )
    if ticket.first_reply_at is None:
        ticket.first_reply_at = now
        _note(house, unit, ticket, "first_reply", actor.id)
    unit.flush()
    return message


def close(house: House, unit: Unit, actor: Person, ticket_id: str, outcome: str) -> Ticket:
    """Give the conversation back to the butler with one line of what came of it. A second time changes nothing."""
    ticket = readable(unit, actor, ticket_id)
    if ticket.state is TicketState.CLOSED:
        return ticket
    if ticket.owner_id not in (None, actor.id) and actor.role is not Role.SUPERVISOR:
        raise NotAllowed("claim")
    ticket.go(TicketState.CLOSED)
    ticket.closed_at, ticket.outcome = house.now(), outcome
    _note(house, unit, ticket, "closed", actor.id, outcome=outcome)
    unit.flush()
    conversation = unit.conversations.locked(ticket.conversation_id)
    others = unit.tickets.live_of(conversation.id)
    speaking = [other for other in others if other.state is not TicketState.OPEN]
    if not speaking:
        conversation.hand_to(QUEUE if others else BUTLER)
        put(
            unit,
            conversation,
            house.words.say("handed_back", outcome=outcome),
            key=f"{ticket.id}:closed",
            now=house.now(),
            lane=Lane.HUMAN,
        )
    unit.flush()
    return ticket


def withdraw(house: House, unit: Unit, ticket: Ticket, outcome: str) -> bool:
    """Close a ticket that nobody has claimed yet and that is not needed any more; False where somebody is at it."""
    if ticket.state is not TicketState.OPEN:
        return False
    ticket.go(TicketState.CLOSED)
    ticket.closed_at, ticket.outcome = house.now(), outcome
    _note(house, unit, ticket, "closed", None, outcome=outcome)
    unit.flush()
    conversation = unit.conversations.locked(ticket.conversation_id)
    if conversation.human_id is None and not unit.tickets.live_of(conversation.id):
        conversation.hand_to(BUTLER)
    unit.flush()
    return True


def words_for(unit: Unit, conversation: Conversation, version: int | None) -> bool:
    """Whether what the butler prepared may still be said: not once a person has taken over in between."""
    return conversation.human_id is None or version == conversation.version


def _voice(actor: Person, ticket: Ticket) -> str:
    return "doctor" if actor.role is Role.DOCTOR else "life" if actor.role is Role.LIFE else ticket.queue


def _note(house: House, unit: Unit, ticket: Ticket, kind: str, actor_id: str | None, **detail: str) -> None:
    unit.tickets.add(
        TicketEvent(ticket_id=ticket.id, kind=kind, at=house.now(), actor_id=actor_id, detail=detail)
    )
