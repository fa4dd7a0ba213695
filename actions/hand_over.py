"""Handing a wish to a person and taking it back: tickets, claims, a person's words, the way back to the butler."""

from __future__ import annotations

from dataclasses import dataclass

from actions import hand_back, on_call, ticket_clocks
from actions.card import card
from actions.house import House
from actions.in_hand import in_hand, private_to, readable, voice
from actions.incident import note
from actions.say import put
from actions.sent_files import Body, goes, shown_with
from actions.ticket_clocks import record
from domain.conversations import BUTLER, QUEUE, Conversation, Lane, Message, Speaker, human
from domain.desk import load
from domain.errors import NotAllowed, OutOfDate, WrongState
from domain.ids import new_id, new_number
from domain.incidents import Happened
from domain.people import Person
from domain.policy import may_end
from domain.store import Unit
from domain.tickets import HELD, Priority, Ticket, TicketState

__all__ = ["Cause", "claim", "close", "in_hand", "open_ticket", "readable", "reply", "withdraw", "words_for"]


@dataclass(frozen=True)
class Cause:
    """Why a person is asked for. `task` is what was being done, with what has been answered already; `said` the words
    in which a danger was heard."""

    queue: str
    topic: str
    priority: Priority = Priority.NORMAL
    task: dict[str, str] | None = None
    member: Person | None = None
    said: str | None = None


def open_ticket(
    house: House, unit: Unit, conversation: Conversation, actor: Person, cause: Cause, key: str
) -> Ticket:
    """A ticket in the right butler's queue, with a card that tells the whole story.

    While one of the same queue and topic is open, it is that one again, and a graver cause raises it; one that was
    closed not long ago is opened again.
    """
    done = unit.tickets.by_key(key)
    if done is not None:
        return done
    for ticket in unit.tickets.live_of(conversation.id, cause.queue):
        if ticket.topic == cause.topic:
            raise_to(house, unit, ticket, cause.priority, actor)
            return ticket
    again = _closed_before(house, unit, conversation, cause)
    if again is not None:
        open_again(house, unit, conversation, again, actor.id, "asked again")
        return again
    now = house.now()
    member = cause.member or actor
    story = card(
        house,
        unit,
        conversation,
        actor,
        member,
        queue=cause.queue,
        topic=cause.topic,
        task=cause.task or dict(conversation.topics) or None,
    )
    if cause.said:
        story["said"] = cause.said
    ticket = Ticket(
        id=new_id("tk"),
        number=new_number(),
        member_id=member.id,
        conversation_id=conversation.id,
        queue=cause.queue,
        topic=cause.topic,
        priority=cause.priority,
        state=TicketState.OPEN,
        opened_at=now,
        first_reply_due=now,
        key=key,
        opened_by=actor.id,
        waiting_since=now if load().waits(cause.topic) else None,
        card=story,
    )
    ticket_clocks.start(house, ticket)
    unit.tickets.add(ticket)
    unit.flush()
    record(house, unit, ticket, "opened", actor.id, topic=cause.topic)
    if ticket.priority is Priority.URGENT:
        on_call.call(house, unit, ticket, 1)
    _to_queue(unit, conversation)
    unit.flush()
    return ticket


def raise_to(house: House, unit: Unit, ticket: Ticket, priority: Priority, actor: Person | None) -> None:
    """A graver cause raises a ticket: its clocks run by the graver promise from now, and the person on call is called."""
    if not priority.graver_than(ticket.priority):
        return
    ticket.priority, ticket.version = priority, ticket.version + 1
    if ticket.first_reply_at is None:
        ticket_clocks.start(house, ticket)
    record(house, unit, ticket, "raised", actor.id if actor else None, priority=str(priority))
    if priority is Priority.URGENT and ticket.state is TicketState.OPEN:
        on_call.call(house, unit, ticket, ticket.tier)


def open_again(
    house: House, unit: Unit, conversation: Conversation, ticket: Ticket, actor_id: str | None, why: str
) -> None:
    """A closed or resolved ticket is nobody's again, its clocks from now."""
    ticket.go(TicketState.OPEN)
    ticket.owner_id = ticket.closed_at = ticket.resolved_at = None
    ticket.reopened += 1
    ticket.waiting_since = house.now()
    ticket_clocks.start(house, ticket)
    record(house, unit, ticket, "reopened", actor_id, why=why)
    if ticket.priority is Priority.URGENT:
        on_call.call(house, unit, ticket, ticket.tier)
    _to_queue(unit, conversation)
    unit.flush()


def _closed_before(house: House, unit: Unit, conversation: Conversation, cause: Cause) -> Ticket | None:
    """The ticket that this wish is again. What may be another matter (a complaint, a danger) never is."""
    if cause.topic == "complaint" or ":" in cause.topic or not load().waits(cause.topic):
        return None
    since = house.now() - load().reopen
    return unit.tickets.closed_since(conversation.id, cause.queue, cause.topic, since)


def _to_queue(unit: Unit, conversation: Conversation) -> None:
    if conversation.human_id is None:
        unit.conversations.locked(conversation.id).hand_to(QUEUE)


def claim(house: House, unit: Unit, actor: Person, ticket_id: str, version: int | None = None) -> Ticket:
    """Take a ticket: one winner, and from then on only the winner speaks. Raises WrongState for those who lose.

    What is urgent goes before what another butler is at: theirs waits until it is over.
    """
    ticket, conversation = in_hand(unit, actor, ticket_id)
    if ticket.owner_id == actor.id and ticket.state is TicketState.CLAIMED:
        return ticket
    if version is not None and version != ticket.version:
        raise OutOfDate(ticket_id)
    if conversation.human_id not in (None, actor.id):
        _step_aside(house, unit, ticket, conversation, actor)
    if not unit.tickets.claim(ticket.id, actor.id, ticket.version, house.now()):
        raise WrongState("claimed")
    unit.tickets.reread(ticket)
    ticket_clocks.claimed(house, ticket)
    conversation.hand_to(human(actor.id))
    record(house, unit, ticket, "claimed", actor.id)
    note(house, unit, ticket, Happened.CLAIMED, actor.id)
    put(
        unit,
        conversation,
        house.words.say(f"claimed_{voice(actor, ticket)}", name=actor.name),
        key=f"{ticket.id}:claimed:{ticket.version}",
        now=house.now(),
        lane=Lane.HUMAN,
    )
    unit.flush()
    return ticket


def _step_aside(house: House, unit: Unit, ticket: Ticket, conversation: Conversation, actor: Person) -> None:
    """Another person speaks. Raises WrongState unless this is urgent and theirs is not."""
    assert conversation.human_id is not None
    theirs = unit.tickets.held_by(conversation.id, conversation.human_id)
    if ticket.priority is not Priority.URGENT or any(t.priority is Priority.URGENT for t in theirs):
        raise WrongState("another person speaks")
    for other in theirs:
        if other.state is TicketState.CLAIMED:
            other.go(TicketState.WAITING)
            record(house, unit, other, "waiting", actor.id, reason=ticket.number)
    unit.flush()


def reply(
    house: House,
    unit: Unit,
    actor: Person,
    ticket_id: str,
    text: str,
    key: str,
    files: tuple[Body, ...] = (),
) -> Message:
    """A person's words to the member, with files that lie in the house. Only the claimer may speak. Raises NotAllowed for anybody else."""
    ticket, conversation = in_hand(unit, actor, ticket_id)
    if ticket.owner_id != actor.id or ticket.state not in HELD or conversation.human_id != actor.id:
        raise NotAllowed("claim")
    speaker = Speaker(voice(actor, ticket))
    message = put(
        unit,
        conversation,
        text,
        key=f"{ticket.id}:reply:{key}",
        now=house.now(),
        speaker=speaker,
        author_id=actor.id,
        lane=Lane.HUMAN,
        extra={**(private_to(ticket) or {}), **shown_with(files)},
    )
    goes(house, unit, message, files)
    if ticket.state is not TicketState.CLAIMED:
        ticket.go(TicketState.CLAIMED)
    first = ticket.first_reply_at is None
    ticket_clocks.replied(house, ticket)
    record(house, unit, ticket, "first_reply" if first else "reply", actor.id, message=str(message.id))
    unit.flush()
    return message


def close(house: House, unit: Unit, actor: Person, ticket_id: str, outcome: str) -> Ticket:
    """Give the conversation back to the butler with one line of what came of it. A second time changes nothing."""
    ticket, conversation = in_hand(unit, actor, ticket_id)
    if ticket.state is not TicketState.CLOSED:
        may_end(actor, ticket.owner_id)
        hand_back.end(house, unit, ticket, conversation, actor.id, outcome)
    return ticket


def withdraw(house: House, unit: Unit, ticket: Ticket, outcome: str) -> bool:
    """Close a ticket that nobody has claimed yet and that is not needed any more; False where somebody is at it."""
    if ticket.state is not TicketState.OPEN or ticket.topic == "complaint":
        return False
    ticket.go(TicketState.CLOSED)
    ticket.closed_at, ticket.outcome = house.now(), outcome
    record(house, unit, ticket, "closed", None, outcome=outcome)
    unit.flush()
    conversation = unit.conversations.locked(ticket.conversation_id)
    if conversation.human_id is None and not unit.tickets.live_of(conversation.id):
        conversation.hand_to(BUTLER)
    unit.flush()
    return True


def words_for(unit: Unit, conversation: Conversation, version: int | None) -> bool:
    """Whether what the butler prepared may still be said: not once a person has taken over in between."""
    return conversation.human_id is None or version == conversation.version
