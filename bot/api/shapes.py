"""The JSON shapes of the API, as DESIGN's contracts name them."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, Field

from actions.end_booking import Ended
from actions.refusals import Explained
from actions.say import Choice
from bot.messages import Reply
from domain.benefits import Entitlement
from domain.bookings import Booking
from domain.clock import SHANGHAI
from domain.judging import Verdict
from domain.measures import shown
from domain.people import Person
from domain.store import Unit

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """A list; `next` is the cursor of the page after it, or null."""

    items: list[T]
    next: str | int | None = None


class MessageIn(BaseModel):
    """Rasa's REST shape. The token says who speaks; `sender` is only echoed. `message_id` makes a repeat harmless."""

    sender: str = Field("", max_length=200)
    message: str = Field(max_length=100_000)
    # It becomes part of a key, of a cry's too, which is tried until it is stored: nothing that no database holds.
    message_id: str | None = Field(None, min_length=1, max_length=80, pattern=r"^[^\x00]+$")


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
    """Amounts are in `unit`, hours and money with their parts; `left` is the whole's, `own_left` the member's own."""

    id: str
    benefit: str
    name: str
    plan: str
    services: list[str]
    channels: list[str]
    cities: list[str] | None
    unit: str
    term: str
    allowed: float | int
    used: float | int
    held: float | int
    left: float | int
    own_left: float | int
    starts_on: date
    earliest_on: date
    expires_on: date
    renews_on: date | None
    shared_with: list[str]
    covered: list[str]
    copay_cents: int
    copay_percent: int
    needs_assessment: bool


class StepOut(BaseModel):
    """What can be done about a refusal: a title, and the wish (an intent with its entities) that it stands for."""

    title: str
    intent: str
    facts: dict[str, str]


class EligibilityOut(BaseModel):
    """Whether a benefit carries a wish. `sentence` is meant for who asks; `code` is null where it does."""

    ok: bool
    code: str | None
    sentence: str | None
    for_elder: str | None
    for_child: str | None
    next: list[StepOut]
    changes_on: date | None
    own_cents: int
    needs_assessment: bool
    entitlement: EntitlementOut | None


class AppointmentOut(BaseModel):
    """What a booking and its visit tell alike: whose, what, when (with Shanghai's offset), where."""

    id: str
    number: str
    member: str
    service: str
    channel: str
    start: datetime
    end: datetime
    staff: str | None
    site: str | None
    address: str | None


class BookingOut(AppointmentOut):
    booked_by: str
    status: str
    entitlement: str | None


class EndedOut(BaseModel):
    """What came of a cancel or a failure: the booking, and what it did to the benefit."""

    booking: BookingOut
    ending: str
    benefit: Literal["taken", "given_back", "made_up", "untouched"]


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
    benefit, balance = item.benefit, item.balance
    return EntitlementOut(
        id=item.grant.id,
        benefit=benefit.code,
        name=benefit.name,
        plan=benefit.plan_id,
        services=benefit.services,
        channels=benefit.channels,
        cities=benefit.cities,
        unit=benefit.unit,
        term=benefit.period,
        allowed=shown(benefit.unit, balance.allowed),
        used=shown(benefit.unit, balance.used),
        held=shown(benefit.unit, balance.held),
        left=shown(benefit.unit, balance.left),
        own_left=shown(benefit.unit, item.own_left),
        starts_on=item.grant.starts_on,
        earliest_on=item.opens_on,
        expires_on=item.expires_on,
        renews_on=item.grant.renews_on,
        shared_with=[person_id for person_id in item.people if person_id != member_id],
        covered=list(item.people),
        copay_cents=benefit.copay_cents,
        copay_percent=benefit.copay_percent,
        needs_assessment=benefit.needs_assessment or benefit.min_ability is not None,
    )


def eligibility(verdict: Verdict, why: Explained | None, member_id: str) -> EligibilityOut:
    """A verdict with its words."""
    item = verdict.entitlement or verdict.about
    shape = entitlement(item, member_id) if item else None
    return EligibilityOut(
        ok=verdict.entitlement is not None,
        code=why.code if why else None,
        sentence=why.sentence if why else None,
        for_elder=why.for_elder if why else None,
        for_child=why.for_child if why else None,
        next=[_step(step) for step in why.steps] if why else [],
        changes_on=verdict.changes_on,
        own_cents=verdict.own_cents,
        needs_assessment=bool(shape and shape.needs_assessment),
        entitlement=shape,
    )


def _step(choice: Choice) -> StepOut:
    intent, brace, facts = choice.action.removeprefix("/").partition("{")
    return StepOut(title=choice.title, intent=intent, facts=json.loads(brace + facts) if brace else {})


def ended(done: Ended) -> EndedOut:
    """An ending as the API tells it."""
    benefit: Literal["taken", "given_back", "made_up", "untouched"] = (
        "taken"
        if done.taken
        else "made_up"
        if done.made_up
        else "given_back"
        if done.given_back
        else "untouched"
    )
    return EndedOut(booking=booking(done.booking), ending=str(done.ending), benefit=benefit)


def booking(one: Booking) -> BookingOut:
    """A booking, its times with Shanghai's offset."""
    return BookingOut(
        id=one.id,
        staff=one.staff_id,
        booked_by=one.booked_by,
        status=one.status,
        entitlement=one.grant_id,
        **appointment(one),
    )


def appointment(one: Booking) -> dict[str, Any]:
    """What of a booking its visit tells too."""
    return {
        "number": one.number,
        "member": one.member_id,
        "service": one.service,
        "channel": one.channel,
        "start": one.begin.astimezone(SHANGHAI),
        "end": one.end.astimezone(SHANGHAI),
        "site": one.site_id,
        "address": one.address,
    }
