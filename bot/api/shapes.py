"""The JSON shapes of the API, as DESIGN's contracts name them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, Field

from bot.messages import Reply
from domain.benefits import Entitlement
from domain.bookings import Booking
from domain.clock import SHANGHAI
from domain.people import Person
from domain.store import Unit
from domain.tickets import Ticket

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """A list; `next` is the cursor of the page after it, or null."""

    items: list[T]
    next: str | int | None = None


class MessageIn(BaseModel):
    """Rasa's REST shape. The token says who speaks; `sender` is only echoed. `message_id` makes a repeat harmless."""

    sender: str = Field("", max_length=200)
    message: str = Field(max_length=100_000)
    message_id: str | None = Field(None, min_length=1, max_length=80)


class ButtonOut(BaseModel):
    title: str
    payload: str


class RestReply(BaseModel):
    recipient_id: str
    text: str
    buttons: list[ButtonOut] = []
    custom: dict[str, Any]


class MessageOut(BaseModel):
    id: int
    text: str
    role: str
    buttons: list[ButtonOut]
    at: str | None


class PersonOut(BaseModel):
    id: str
    handle: str | None
    name: str
    role: str
    phone: str | None
    city: str | None
    address: str | None
    address_as: str | None


class EntitlementOut(BaseModel):
    id: str
    benefit: str
    name: str
    services: list[str]
    channels: list[str]
    unit: str
    allowed: int
    used: int
    held: int
    left: int
    expires_on: date
    shared_with: list[str]


class BookingOut(BaseModel):
    id: str
    number: str
    member: str
    booked_by: str
    service: str
    channel: str
    start: datetime
    end: datetime
    status: str
    staff: str | None
    site: str | None
    address: str | None
    entitlement: str | None


class TicketOut(BaseModel):
    id: str
    number: str
    member: str
    queue: str
    topic: str
    priority: str
    state: str
    owner: str | None
    opened_at: datetime
    first_reply_due: datetime
    card: dict[str, Any]


def rest(reply: Reply, sender: str) -> RestReply:
    """A reply in the shape of Rasa's REST channel."""
    custom: dict[str, Any] = {"role": reply.role}
    known = {"id": reply.id, "at": reply.at, "urgent": reply.urgent or None}
    custom |= {name: value for name, value in known.items() if value is not None}
    return RestReply(recipient_id=sender, text=reply.text, buttons=_buttons(reply), custom=custom)


def message(reply: Reply) -> MessageOut:
    """A reply as it was pushed."""
    assert reply.id is not None
    return MessageOut(id=reply.id, text=reply.text, role=reply.role, buttons=_buttons(reply), at=reply.at)


def _buttons(reply: Reply) -> list[ButtonOut]:
    return [ButtonOut(title=title, payload=payload) for title, payload in reply.buttons]


def person(unit: Unit, one: Person) -> PersonOut:
    """Somebody's own card."""
    city = unit.people.city(one.city_id) if one.city_id else None
    return PersonOut(
        id=one.id,
        handle=one.handle,
        name=one.name,
        role=one.role,
        phone=one.phone,
        city=city.name if city else None,
        address=one.address,
        address_as=one.address_as,
    )


def entitlement(item: Entitlement, member_id: str) -> EntitlementOut:
    """An entitlement; `left = allowed - used - held`."""
    return EntitlementOut(
        id=item.grant.id,
        benefit=item.benefit.code,
        name=item.benefit.name,
        services=item.benefit.services,
        channels=item.benefit.channels,
        unit=item.benefit.unit,
        allowed=item.balance.allowed,
        used=item.balance.used,
        held=item.balance.held,
        left=item.balance.left,
        expires_on=item.expires_on,
        shared_with=[person_id for person_id in item.people if person_id != member_id],
    )


def booking(one: Booking) -> BookingOut:
    """A booking, its times with Shanghai's offset."""
    return BookingOut(
        id=one.id,
        number=one.number,
        member=one.member_id,
        booked_by=one.booked_by,
        service=one.service,
        channel=one.channel,
        start=one.begin.astimezone(SHANGHAI),
        end=one.end.astimezone(SHANGHAI),
        status=one.status,
        staff=one.staff_id,
        site=one.site_id,
        address=one.address,
        entitlement=one.grant_id,
    )


def ticket(one: Ticket) -> TicketOut:
    """A ticket with its card."""
    return TicketOut(
        id=one.id,
        number=one.number,
        member=one.member_id,
        queue=one.queue,
        topic=one.topic,
        priority=one.priority,
        state=one.state,
        owner=one.owner_id,
        opened_at=one.opened_at.astimezone(SHANGHAI),
        first_reply_due=one.first_reply_due.astimezone(SHANGHAI),
        card=one.card,
    )
