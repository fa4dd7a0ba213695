"""What staff read and do: tickets of their queues, a member's bookings and entitlements."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from actions import hand_over
from actions.look_up_benefits import entitlements_of
from bot.api import shapes
from bot.api.access import Ports, Staff
from bot.api.mine import subject
from domain.ids import new_id
from domain.policy import queues_of
from domain.tickets import TicketState

router = APIRouter(prefix="/api/v1", tags=["staff"])
Limit = Annotated[int, Query(ge=1, le=200)]


class Words(BaseModel):
    """What a person says to the member. `message_id` makes a repeat harmless."""

    text: str = Field(min_length=1, max_length=4000)
    message_id: str | None = Field(None, min_length=1, max_length=80)


class Outcome(BaseModel):
    """One line of what came of it; the member reads it."""

    outcome: str = Field(min_length=1, max_length=400)


@router.get("/tickets")
def tickets(
    person: Staff, parts: Ports, state: TicketState | None = None, after: str | None = None, limit: Limit = 50
) -> shapes.Page[shapes.TicketOut]:
    """The tickets of one's own queues, newest first."""
    with parts.house.store.read() as unit:
        found = unit.tickets.list(
            queues=queues_of(person), states=[state] if state else None, after=after, limit=limit
        )
        following = found[-1].id if len(found) == limit else None
        return shapes.Page(items=[shapes.ticket(one) for one in found], next=following)


@router.get("/tickets/{ticket_id}")
def ticket(ticket_id: str, person: Staff, parts: Ports) -> shapes.TicketOut:
    """One ticket with its card."""
    with parts.house.store.read() as unit:
        return shapes.ticket(hand_over.readable(unit, person, ticket_id))


@router.get("/tickets/{ticket_id}/messages")
def lines(ticket_id: str, person: Staff, parts: Ports, limit: Limit = 50) -> shapes.Page[dict[str, object]]:
    """The conversation behind a ticket, oldest first."""
    with parts.house.store.read() as unit:
        found = hand_over.readable(unit, person, ticket_id)
        last = unit.conversations.last(found.conversation_id, limit)
        return shapes.Page(
            items=[
                {
                    "id": m.id,
                    "who": str(m.speaker),
                    "text": m.text,
                    "at": m.created_at.isoformat(),
                    "state": str(m.state),
                }
                for m in last
            ]
        )


@router.post("/tickets/{ticket_id}/claim")
def claim(ticket_id: str, person: Staff, parts: Ports) -> shapes.TicketOut:
    """Take a ticket. 409 where somebody else did."""
    with parts.house.store.write() as unit:
        return shapes.ticket(hand_over.claim(parts.house, unit, person, ticket_id))


@router.post("/tickets/{ticket_id}/reply", status_code=201)
def reply(ticket_id: str, body: Words, person: Staff, parts: Ports) -> dict[str, object]:
    """Say something to the member. 403 for anybody but the claimer."""
    with parts.house.store.write() as unit:
        key = body.message_id or new_id("re")
        said = hand_over.reply(parts.house, unit, person, ticket_id, body.text, key)
        return {"id": said.id, "state": str(said.state)}


@router.post("/tickets/{ticket_id}/close")
def close(ticket_id: str, body: Outcome, person: Staff, parts: Ports) -> shapes.TicketOut:
    """Give the conversation back to the butler."""
    with parts.house.store.write() as unit:
        return shapes.ticket(hand_over.close(parts.house, unit, person, ticket_id, body.outcome))


@router.get("/members/{member_id}")
def member(member_id: str, person: Staff, parts: Ports) -> shapes.PersonOut:
    """A member's card."""
    with parts.house.store.read() as unit:
        return shapes.person(unit, subject(unit, person, member_id))


@router.get("/members/{member_id}/entitlements")
def entitlements(member_id: str, person: Staff, parts: Ports) -> shapes.Page[shapes.EntitlementOut]:
    """What a member may use."""
    with parts.house.store.write() as unit:
        one = subject(unit, person, member_id)
        return shapes.Page(
            items=[shapes.entitlement(i, one.id) for i in entitlements_of(parts.house, unit, one)]
        )


@router.get("/members/{member_id}/bookings")
def bookings(
    member_id: str, person: Staff, parts: Ports, after: str | None = None, limit: Limit = 50
) -> shapes.Page[shapes.BookingOut]:
    """A member's bookings."""
    with parts.house.store.read() as unit:
        one = subject(unit, person, member_id)
        found = unit.bookings.of(one.id, after=after, limit=limit)
        following = found[-1].id if len(found) == limit else None
        return shapes.Page(items=[shapes.booking(b) for b in found], next=following)
