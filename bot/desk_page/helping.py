"""What only the desk asks for: words with choices, ready answers, booking on the elder's behalf."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, Field

from actions import desk_booking, desk_words, hand_over, ready
from actions.desk_booking import Wish
from bot.api import shapes
from bot.api.access import Ports
from bot.desk_page.access import Here
from bot.desk_page.trail import noted
from domain.bookings import Slot
from domain.clock import SHANGHAI, local
from domain.desk_door import DESK_ROLES
from domain.store import Unit

router = APIRouter(prefix="/desk", include_in_schema=False, dependencies=[Depends(noted)])
_FURTHEST = timedelta(days=365)
Key = Annotated[str, Field(min_length=1, max_length=40)]


class WordsIn(BaseModel):
    text: str = Field(min_length=1, max_length=4000)
    message_id: Key
    choices: list[Annotated[str, Field(max_length=40)]] = Field(default_factory=list, max_length=8)


class TimesIn(BaseModel):
    """A day on which to look; `booking` where one is to be moved, else a service and a channel."""

    day: date
    service: Annotated[str, Field(max_length=40)] = ""
    channel: Annotated[str, Field(max_length=8)] = ""
    booking: Annotated[str, Field(max_length=40)] | None = None


class BookIn(BaseModel):
    """A time of the ones that were offered. `message_id` makes a repeat harmless."""

    begin: datetime
    message_id: Key
    service: Annotated[str, Field(max_length=40)] = ""
    channel: Annotated[str, Field(max_length=8)] = ""
    booking: Annotated[str, Field(max_length=40)] | None = None
    self_pay: bool = False


@router.post("/tickets/{ticket_id}/words", status_code=201)
def words(ticket_id: str, body: WordsIn, found: Here, parts: Ports) -> dict[str, Any]:
    """Say something to the member, with choices to press where there are any. 403 for anybody but the claimer."""
    with parts.house.store.write() as unit:
        said = desk_words.reply(
            parts.house, unit, found.person, ticket_id, body.text, body.message_id, choices=body.choices
        )
        return {"id": said.id}


@router.get("/tickets/{ticket_id}/answers")
def answers(ticket_id: str, found: Here, parts: Ports) -> list[dict[str, Any]]:
    """Ready answers, filled in for this ticket."""
    with parts.house.store.read() as unit:
        filled = ready.answers(parts.house, unit, found.person, ticket_id)
    return [{"code": a.code, "title": a.title, "text": a.text, "blanks": a.blanks} for a in filled]


@router.get("/services")
def services(found: Here, parts: Ports) -> list[dict[str, Any]]:
    """What can be booked, and in which ways."""
    return [
        {"code": s.code, "name": s.name, "channels": list(s.channels)}
        for s in parts.house.catalogue.services.values()
    ]


@router.get("/staff")
def staff(found: Here, parts: Ports) -> dict[str, str]:
    """Those who work at the desk, by their ids: who is meant in a history."""
    with parts.house.store.read() as unit:
        return {person.id: person.name for person in unit.people.with_roles(*DESK_ROLES)}


@router.get("/tickets/{ticket_id}/booked")
def booked(ticket_id: str, found: Here, parts: Ports) -> list[dict[str, Any]]:
    """What stands for the member, and can be moved."""
    with parts.house.store.read() as unit:
        ticket = hand_over.readable(unit, found.person, ticket_id)
        member = unit.people.get(ticket.member_id)
        standing = desk_booking.bookable(parts.house, unit, member) if member else []
    names = parts.house.catalogue
    return [
        {**shapes.booking(b).model_dump(mode="json"), "name": names.service(b.service).name} for b in standing
    ]


@router.post("/tickets/{ticket_id}/times")
def times(ticket_id: str, body: TimesIn, found: Here, parts: Ports) -> dict[str, Any]:
    """Three free times of a day."""
    house = parts.house
    if not house.today() <= body.day <= house.today() + _FURTHEST:
        raise HTTPException(422, "日子要在今天以后的一年里")
    with house.store.write() as unit:
        wish = Wish(body.service, body.channel)
        if body.booking is not None:
            moved = desk_booking.to_move(unit, found.person, ticket_id, body.booking)
            wish = Wish(moved.service, moved.channel)
        offers = desk_booking.offers(
            house, unit, found.person, ticket_id, wish, body.day, without=body.booking
        )
        slots = [
            {"begin": local(s.begin).isoformat(), "who": _who(unit, s), "price_cents": s.price_cents}
            for s in offers.slots
        ]
    return {"times": slots, "refusal": offers.refusal, "own_cents": offers.own_cents}


def _who(unit: Unit, slot: Slot) -> str:
    """Who comes, or where it is."""
    staff = unit.providers.staff(slot.staff_id) if slot.staff_id else None
    site = unit.providers.site(slot.site_id) if slot.site_id else None
    return str(staff.name if staff else site.name if site else "")


@router.post("/tickets/{ticket_id}/bookings", status_code=201)
def book(ticket_id: str, body: BookIn, found: Here, parts: Ports) -> shapes.BookingOut:
    """Book, or move, and tell the elder. 409 where the time has gone; 402 with the sentence where it must be paid for."""
    begin = body.begin if body.begin.tzinfo else body.begin.replace(tzinfo=SHANGHAI)
    try:
        with parts.house.store.write() as unit:
            if body.booking is not None:
                done = desk_booking.move_to(parts.house, unit, found.person, ticket_id, body.booking, begin)
            else:
                wish = Wish(body.service, body.channel)
                done = desk_booking.book(
                    parts.house,
                    unit,
                    found.person,
                    ticket_id,
                    wish,
                    begin,
                    body.message_id,
                    self_pay=body.self_pay,
                )
            return shapes.booking(done)
    except desk_booking.NotCovered as no:
        raise HTTPException(402, no.sentence) from no
