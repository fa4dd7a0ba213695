"""Handing back: what came of it is told, whoever was set aside speaks again, the interrupted task goes on."""

from __future__ import annotations

from actions import helped
from actions.house import House
from actions.in_hand import private_to
from actions.incident import note
from actions.say import Choice, put
from actions.ticket_clocks import record
from domain.conversations import BUTLER, OWN, QUEUE, Conversation, Lane, Message, Speaker, State, human
from domain.incidents import Happened
from domain.store import Unit
from domain.tickets import Ticket, TicketState


def end(
    house: House, unit: Unit, ticket: Ticket, conversation: Conversation, actor_id: str | None, outcome: str
) -> None:
    """Close a ticket that is locked: the person is told, and the right one speaks next."""
    told_before = ticket.state is TicketState.RESOLVED
    ticket.go(TicketState.CLOSED)
    ticket.closed_at, ticket.outcome = house.now(), outcome
    ticket.family_at = None
    ticket.plan()
    record(house, unit, ticket, "closed", actor_id, outcome=outcome)
    note(house, unit, ticket, Happened.OUTCOME, actor_id, outcome=outcome)
    unit.flush()
    _complaint_told(house, unit, ticket)
    others = unit.tickets.live_of(conversation.id)
    speaking = [other for other in others if other.state is not TicketState.OPEN]
    if speaking:
        assert speaking[0].owner_id is not None
        conversation.hand_to(human(speaking[0].owner_id))
        if ticket.topic == "complaint" and not told_before:
            _tell(house, unit, ticket, conversation, outcome)
        return
    conversation.hand_to(QUEUE if others else BUTLER)
    unit.flush()
    if not told_before:
        _tell(house, unit, ticket, conversation, outcome)
    helped.ask_later(house, unit, ticket)
    go_on(house, unit, ticket, conversation)
    unit.flush()


def _tell(house: House, unit: Unit, ticket: Ticket, conversation: Conversation, outcome: str) -> None:
    complaint = ticket.topic == "complaint"
    name = "complaint_outcome" if complaint else "handed_back"
    not_done = Choice(house.words.say("button_not_done"), f"not_done:{ticket.id}")
    put(
        unit,
        conversation,
        house.words.say(name, outcome=outcome, number=ticket.number),
        key=f"{ticket.id}:closed:{ticket.version}" if ticket.reopened else f"{ticket.id}:closed",
        now=house.now(),
        choices=(not_done,),
        lane=Lane.HUMAN,
        extra=private_to(ticket),
    )


def _complaint_told(house: House, unit: Unit, ticket: Ticket) -> None:
    complaint = unit.desks.complaint(ticket.id)
    if complaint is not None:
        complaint.told_at, complaint.due_at = complaint.told_at or house.now(), None


def go_on(house: House, unit: Unit, ticket: Ticket, conversation: Conversation) -> None:
    """Where a form was left half-way, Rasa's tracker still has it: a word of our own lets it ask its open question."""
    if not conversation.topics.get("task") or conversation.human_id is not None:
        return
    key = f"{ticket.id}:go_on:{ticket.version}"
    if unit.conversations.by_key(key) is not None:
        return
    unit.conversations.add(
        Message(
            conversation_id=conversation.id,
            direction=OWN,
            speaker=Speaker.AI,
            channel="desk",
            text="",
            key=key,
            state=State.RECEIVED,
            created_at=house.now(),
            owner_version=conversation.version,
            payload={"action": "/repeat", "late": True},
        )
    )
    unit.has_words = unit.has_own_words = True
