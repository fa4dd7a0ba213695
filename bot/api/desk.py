"""What staff read and do: tickets of their queues, a member's bookings and entitlements."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query

from actions import card, complaints, desk_work, hand_over
from actions.look_up_benefits import entitlements_of
from bot.api import desk_shapes, shapes
from bot.api.access import Ports, Staff
from bot.api.desk_shapes import ClaimIn, ComplaintIn, NoteIn, Outcome, ReasonIn, TransferIn, WaitIn, Words
from bot.api.mine import subject
from domain.clock import SHANGHAI
from domain.ids import new_id
from domain.policy import audiences_of, queues_of
from domain.tickets import TicketState

router = APIRouter(prefix="/api/v1", tags=["staff"])
Limit = Annotated[int, Query(ge=1, le=200)]
Page = shapes.Page


def _states(said: str | None) -> list[TicketState] | None:
    """States with commas between them; `live` is what nobody has closed. 422 for what is none."""
    try:
        return [TicketState(each) for each in said.split(",")] if said else None
    except ValueError as error:
        raise HTTPException(422, "state 只能是 open、claimed、waiting、resolved、closed") from error


@router.get("/tickets")
def tickets(
    person: Staff,
    parts: Ports,
    state: str | None = None,
    queue: str | None = None,
    owner: Annotated[str | None, Query(description="me, none, or somebody's id")] = None,
    overdue: bool = False,
    q: Annotated[
        str | None, Query(max_length=80, description="number, name, phone, topic, outcome, notes")
    ] = None,
    member: Annotated[str | None, Query(max_length=40)] = None,
    after: str | None = None,
    limit: Limit = 50,
) -> Page[desk_shapes.TicketOut]:
    """The tickets of one's own queues, newest first; `overdue` leaves those with a clock that is late."""
    with parts.house.store.read() as unit:
        found = unit.tickets.list(
            queues=[each for each in queues_of(person) if queue in (None, each)],
            states=_states(state),
            owner=person.id if owner == "me" else None if owner == "none" else owner,
            unowned=owner == "none",
            overdue_at=parts.house.now() if overdue else None,
            words=q,
            notes_for=audiences_of(person),
            member_id=member,
            after=after,
            limit=limit,
        )
        following = found[-1].id if len(found) == limit else None
        items = [desk_shapes.ticket(parts.house, unit, one) for one in found]
        return Page(items=items, next=following)


@router.get("/tickets/{ticket_id}")
def ticket(ticket_id: str, person: Staff, parts: Ports) -> desk_shapes.TicketOut:
    """One ticket, its card built anew."""
    with parts.house.store.read() as unit:
        found = hand_over.readable(unit, person, ticket_id)
        return desk_shapes.ticket(parts.house, unit, found, card.fresh(parts.house, unit, found))


@router.get("/tickets/{ticket_id}/messages")
def lines(
    ticket_id: str,
    person: Staff,
    parts: Ports,
    after: Annotated[int | None, Query(ge=0)] = None,
    before: Annotated[int | None, Query(ge=1)] = None,
    limit: Limit = 50,
) -> Page[desk_shapes.LineOut]:
    """The conversation behind a ticket, oldest first: the newest lines, those `after` one or `before` one."""
    with parts.house.store.read() as unit:
        found = hand_over.readable(unit, person, ticket_id)
        talk = unit.conversations
        some = (
            talk.both_ways(found.conversation_id, after, limit)
            if after is not None
            else talk.both_ways_before(found.conversation_id, before, limit)
        )
        files = unit.topics.files_of([m.id for m in some if m.id is not None])
        return Page(items=[desk_shapes.line(m, found.queue, files) for m in some])


@router.get("/tickets/{ticket_id}/history")
def history(ticket_id: str, person: Staff, parts: Ports) -> Page[desk_shapes.TicketEventOut]:
    """Who did what and when."""
    with parts.house.store.read() as unit:
        found = hand_over.readable(unit, person, ticket_id)
        return Page(items=[desk_shapes.event(one, found.queue) for one in unit.tickets.history(found.id)])


@router.get("/tickets/{ticket_id}/alerts")
def alerts(ticket_id: str, person: Staff, parts: Ports) -> Page[desk_shapes.AlertOut]:
    """Who was told of a danger, when it was delivered or failed, and who has seen it."""
    with parts.house.store.read() as unit:
        found = hand_over.readable(unit, person, ticket_id)
        return Page(items=[desk_shapes.alert(unit, one) for one in unit.tickets.alerts(found.id)])


@router.get("/tickets/{ticket_id}/notes")
def notes(ticket_id: str, person: Staff, parts: Ports) -> Page[desk_shapes.NoteOut]:
    """The private notes that are for the reader."""
    with parts.house.store.read() as unit:
        found = desk_work.notes(unit, person, ticket_id)
        return Page(items=[desk_shapes.note(unit, one) for one in found])


@router.post("/tickets/{ticket_id}/notes", status_code=201)
def note(ticket_id: str, body: NoteIn, person: Staff, parts: Ports) -> desk_shapes.NoteOut:
    """Write a private note."""
    with parts.house.store.write() as unit:
        made = desk_work.note(parts.house, unit, person, ticket_id, body.text, body.audience, body.message_id)
        return desk_shapes.note(unit, made)


@router.post("/tickets/{ticket_id}/claim")
def claim(ticket_id: str, person: Staff, parts: Ports, body: ClaimIn | None = None) -> desk_shapes.TicketOut:
    """Take a ticket. 409 where somebody else did."""
    with parts.house.store.write() as unit:
        version = body.version if body else None
        found = hand_over.claim(parts.house, unit, person, ticket_id, version)
        return desk_shapes.ticket(parts.house, unit, found)


@router.post("/tickets/{ticket_id}/reply", status_code=201)
def reply(ticket_id: str, body: Words, person: Staff, parts: Ports) -> dict[str, object]:
    """Say something to the member. 403 for anybody but the claimer."""
    with parts.house.store.write() as unit:
        key = body.message_id or new_id("re")
        said = hand_over.reply(parts.house, unit, person, ticket_id, body.text, key)
        return {"id": said.id, "state": str(said.state)}


@router.post("/tickets/{ticket_id}/release")
def release(ticket_id: str, person: Staff, parts: Ports) -> desk_shapes.TicketOut:
    """Give a ticket back to its queue."""
    with parts.house.store.write() as unit:
        found = desk_work.release(parts.house, unit, person, ticket_id)
        return desk_shapes.ticket(parts.house, unit, found)


@router.post("/tickets/{ticket_id}/transfer")
def transfer(ticket_id: str, body: TransferIn, person: Staff, parts: Ports) -> desk_shapes.TicketOut:
    """To the other butler, with a reason."""
    with parts.house.store.write() as unit:
        found = desk_work.transfer(parts.house, unit, person, ticket_id, body.queue, body.reason)
        return desk_shapes.ticket(parts.house, unit, found)


@router.post("/tickets/{ticket_id}/wait")
def wait(ticket_id: str, body: WaitIn, person: Staff, parts: Ports) -> desk_shapes.TicketOut:
    """Put off until a moment or the elder's next word."""
    until = body.until if body.until.tzinfo else body.until.replace(tzinfo=SHANGHAI)
    with parts.house.store.write() as unit:
        found = desk_work.wait(parts.house, unit, person, ticket_id, until, body.reason)
        return desk_shapes.ticket(parts.house, unit, found)


@router.post("/tickets/{ticket_id}/resolve")
def resolve(ticket_id: str, body: Outcome, person: Staff, parts: Ports) -> desk_shapes.TicketOut:
    """Say what came of it and ask whether it is done."""
    with parts.house.store.write() as unit:
        found = desk_work.resolve(parts.house, unit, person, ticket_id, body.outcome)
        return desk_shapes.ticket(parts.house, unit, found)


@router.post("/tickets/{ticket_id}/close")
def close(ticket_id: str, body: Outcome, person: Staff, parts: Ports) -> desk_shapes.TicketOut:
    """Give the conversation back to the butler; the interrupted task goes on."""
    with parts.house.store.write() as unit:
        found = hand_over.close(parts.house, unit, person, ticket_id, body.outcome)
        return desk_shapes.ticket(parts.house, unit, found)


@router.post("/tickets/{ticket_id}/reopen")
def reopen(ticket_id: str, body: ReasonIn, person: Staff, parts: Ports) -> desk_shapes.TicketOut:
    """It was not done after all."""
    with parts.house.store.write() as unit:
        found = desk_work.reopen(parts.house, unit, person, ticket_id, body.reason)
        return desk_shapes.ticket(parts.house, unit, found)


@router.post("/tickets/{ticket_id}/complaint")
def complaint(ticket_id: str, body: ComplaintIn, person: Staff, parts: Ports) -> desk_shapes.ComplaintOut:
    """A step on a complaint's own path."""
    with parts.house.store.write() as unit:
        made = complaints.step(parts.house, unit, person, ticket_id, body.step, body.text, body.kind)
        return desk_shapes.complaint_out(made)


@router.get("/members/{member_id}")
def member(member_id: str, person: Staff, parts: Ports) -> shapes.PersonOut:
    """A member's card."""
    with parts.house.store.read() as unit:
        return shapes.person(unit, subject(unit, person, member_id))


@router.get("/members/{member_id}/entitlements")
def entitlements(member_id: str, person: Staff, parts: Ports) -> Page[shapes.EntitlementOut]:
    """What a member may use."""
    with parts.house.store.write() as unit:
        one = subject(unit, person, member_id)
        return Page(items=[shapes.entitlement(i, one.id) for i in entitlements_of(parts.house, unit, one)])


@router.get("/members/{member_id}/bookings")
def bookings(
    member_id: str, person: Staff, parts: Ports, after: str | None = None, limit: Limit = 50
) -> Page[shapes.BookingOut]:
    """A member's bookings."""
    with parts.house.store.read() as unit:
        one = subject(unit, person, member_id)
        found = unit.bookings.of(one.id, after=after, limit=limit)
        following = found[-1].id if len(found) == limit else None
        return Page(items=[shapes.booking(b) for b in found], next=following)
