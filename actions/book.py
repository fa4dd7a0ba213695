"""Booking: hold a free time while it is read back, confirm it, let it go, move it, drop it.

The hold, the ledger's entry and the words that tell of it are one transaction. Each step carries the key of the
message that asked for it, so that a message worked on twice books once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from actions import visit_words
from actions.family import permit
from actions.house import House
from actions.look_up_benefits import judge_wish
from actions.visits import assign
from domain.benefits import EntryKind, Verdict
from domain.bookings import BOOKED, HOLD_FOR, Booking, BookingEvent, Slot, Status
from domain.catalogue import Service
from domain.clock import local_day
from domain.errors import NotFound, WrongState
from domain.ids import new_id, new_number
from domain.people import Person, Scope
from domain.policy import may_see_booking
from domain.store import Unit


@dataclass(frozen=True)
class Order:
    """Who books what for whom, over which channel, at which free time."""

    actor: Person
    member: Person
    service: Service
    channel: str
    slot: Slot
    self_pay: bool = False


def hold(house: House, unit: Unit, order: Order, key: str) -> tuple[Booking | None, Verdict]:
    """Hold the time and the benefit for five minutes. No booking where no benefit carries it and none was waived.

    Raises Taken where the time is no longer free, Exhausted where the last of the benefit went just now,
    NotAllowed or NotFound where the actor may not book for the member.
    """
    permit(house, unit, order.actor, order.member.id, Scope.BOOK, f"book:{order.service.code}")
    verdict = judge_wish(
        house, unit, order.member, order.service.code, order.channel, local_day(order.slot.begin)
    )
    done = unit.bookings.by_key(key)
    if done is not None:
        return done, verdict
    if verdict.entitlement is None and not order.self_pay:
        return None, verdict
    release_lapsed(house, unit)
    now = house.now()
    item = verdict.entitlement
    booking = Booking(
        id=new_id("bk"),
        number=new_number(),
        member_id=order.member.id,
        booked_by=order.actor.id,
        service=order.service.code,
        channel=order.channel,
        status=Status.HELD,
        begin=order.slot.begin,
        end=order.slot.end,
        key=key,
        created_at=now,
        provider_id=order.slot.provider_id,
        address=order.member.address if order.channel == "home" else None,
        grant_id=item.grant.id if item else None,
        price_cents=item.benefit.copay_cents if item else order.slot.price_cents,
        occupies_member=order.service.occupies,
        hold_until=now + HOLD_FOR,
    )
    booking.place(order.slot)
    unit.bookings.add(booking)
    unit.flush()
    if item is not None:
        unit.benefits.post(
            EntryKind.HOLD,
            item.grant.id,
            1,
            key=f"hold:{booking.id}",
            at=now,
            booking=booking,
            actor_id=order.actor.id,
        )
    return booking, verdict


def confirm(house: House, unit: Unit, actor: Person, booking_id: str) -> Booking:
    """Make a held booking firm. A hold that lapsed is taken again if the time is still free.

    Raises Taken where it is not, NotFound where it is not the actor's to confirm, WrongState where it was dropped.
    """
    booking = _own(house, unit, actor, booking_id, Scope.BOOK, "confirm")
    if booking.status in BOOKED:
        return booking
    if booking.status is Status.LAPSED:
        _take_again(house, unit, actor, booking)
    booking.go(Status.CONFIRMED)
    booking.hold_until = None
    _tell(unit, booking, "confirmed", actor, house.now())
    unit.flush()
    assign(house, unit, booking)
    return booking


def _take_again(house: House, unit: Unit, actor: Person, booking: Booking) -> None:
    now = house.now()
    if booking.grant_id is not None:
        unit.benefits.post(
            EntryKind.HOLD,
            booking.grant_id,
            booking.amount,
            key=f"hold:{booking.id}:{booking.version}",
            at=now,
            booking=booking,
            actor_id=actor.id,
        )
    booking.status = Status.HELD
    booking.hold_until = now + HOLD_FOR
    unit.flush()


def release(house: House, unit: Unit, booking_id: str) -> None:
    """Let a hold go; anything but a hold is left as it is."""
    booking = unit.bookings.locked(booking_id)
    if booking is not None and booking.status is Status.HELD:
        _end(house, unit, booking, Status.CANCELLED, "not_confirmed", booking.booked_by)


def renew(house: House, unit: Unit, booking_id: str) -> None:
    """Any word of the conversation keeps the hold for another five minutes."""
    booking = unit.bookings.locked(booking_id)
    if booking is not None and booking.status is Status.HELD:
        booking.hold_until = house.now() + HOLD_FOR


def release_lapsed(house: House, unit: Unit) -> int:
    """Let go of every hold whose time is over; returns how many."""
    lapsed = unit.bookings.lapsed(house.now())
    for booking in lapsed:
        _end(house, unit, booking, Status.LAPSED, "lapsed", booking.booked_by)
    return len(lapsed)


def cancel(house: House, unit: Unit, actor: Person, booking_id: str, reason: str = "by_member") -> Booking:
    """Drop a booking; what it held of a benefit comes back. A second time changes nothing.

    Raises NotFound, NotAllowed where the consent does not reach it, WrongState where the visit is over.
    """
    booking = _own(house, unit, actor, booking_id, Scope.CANCEL, "cancel")
    if booking.status is Status.CANCELLED:
        return booking
    if booking.begin <= house.now():
        raise WrongState("begun")
    _end(house, unit, booking, Status.CANCELLED, reason, actor.id)
    return booking


def move(house: House, unit: Unit, actor: Person, booking_id: str, slot: Slot) -> Booking:
    """Move a booking to another free time. Raises Taken where that is no longer free; else as `cancel` does."""
    booking = _own(house, unit, actor, booking_id, Scope.BOOK, "move")
    if booking.begin == slot.begin and booking.status in BOOKED:
        return booking
    if booking.begin <= house.now():
        raise WrongState("begun")
    release_lapsed(house, unit)
    before, before_staff = booking.begin, booking.staff_id
    booking.move(slot)
    unit.flush()
    unit.bookings.add(
        BookingEvent(
            booking_id=booking.id,
            kind="moved",
            at=house.now(),
            actor_id=actor.id,
            detail={"from": before.isoformat(), "to": slot.begin.isoformat()},
        )
    )
    if before_staff != slot.staff_id:
        visit_words.tell_carer(house, unit, "visit_gone_carer", booking, before_staff)
    assign(house, unit, booking)
    return booking


def standing(house: House, unit: Unit, actor: Person, member: Person) -> list[Booking]:
    """What is booked for a member, as far as the actor may see it."""
    reach = permit(house, unit, actor, member.id, Scope.SEE_VISITS, "see_bookings")
    found = unit.bookings.standing(member.id, house.now())
    return [booking for booking in found if may_see_booking(reach.basis, private=booking.private)]


def _own(house: House, unit: Unit, actor: Person, booking_id: str, scope: Scope, action: str) -> Booking:
    booking = unit.bookings.locked(booking_id)
    if booking is None:
        raise NotFound(booking_id)
    reach = permit(house, unit, actor, booking.member_id, scope, f"{action}:{booking.service}")
    if not may_see_booking(reach.basis, private=booking.private):
        raise NotFound(booking_id)
    return booking


def _end(house: House, unit: Unit, booking: Booking, status: Status, reason: str, actor_id: str) -> None:
    booking.go(status)
    booking.cancel_reason = reason
    now = house.now()
    if booking.grant_id is not None:
        unit.benefits.post(
            EntryKind.RELEASE,
            booking.grant_id,
            booking.amount,
            key=f"release:{booking.id}:{booking.version}",
            at=now,
            booking=booking,
            actor_id=actor_id,
            reason=reason,
        )
    unit.bookings.add(
        BookingEvent(
            booking_id=booking.id, kind=str(status), at=now, actor_id=actor_id, detail={"reason": reason}
        )
    )
    unit.flush()


def _tell(unit: Unit, booking: Booking, kind: str, actor: Person, now: datetime) -> None:
    unit.bookings.add(BookingEvent(booking_id=booking.id, kind=kind, at=now, actor_id=actor.id, detail={}))
