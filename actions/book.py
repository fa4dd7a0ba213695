"""Booking: hold a free time while it is read back, confirm it, let it go, move it, drop it.

The hold, the ledger's entry and the words that tell of it are one transaction. Each step carries the key of the
message that asked for it, so that a message worked on twice books once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from actions import needs, visit_words
from actions.end_booking import cancel_booking
from actions.family import permit, permit_item
from actions.freed import freed, given_up
from actions.house import House
from actions.look_up_benefits import judge_wish
from actions.placing import place, plan_check
from actions.settle import hold_again, hold_draws, redraw, release_booking
from actions.visit_assign import assign
from domain.bookings import BOOKED, HOLD_FOR, NEVER_FIRM, Booking, BookingEvent, Slot, Status
from domain.catalogue import Service
from domain.clock import local_day
from domain.errors import NotFound, WrongState
from domain.ids import new_id, new_number
from domain.judging import NotCarried, Verdict
from domain.people import Person, Scope
from domain.policy import may_see_booking
from domain.store import Unit
from domain.visits import BEFORE

log = structlog.get_logger()


@dataclass(frozen=True)
class Order:
    """Who books what for whom, over which channel, at which free time."""

    actor: Person
    member: Person
    service: Service
    channel: str
    slot: Slot
    self_pay: bool = False


def hold(
    house: House, unit: Unit, order: Order, key: str, hold_for: timedelta = HOLD_FOR
) -> tuple[Booking | None, Verdict]:
    """Hold the time and the benefit for five minutes (or longer). No booking where no benefit carries it and none was waived.

    Raises Taken where the time is no longer free, Exhausted where the last of the benefit went just now, NotReady where
    something must be there before, NotAllowed or NotFound where the actor may not book for the member.
    """
    permit(house, unit, order.actor, order.member.id, Scope.BOOK, f"book:{order.service.code}")
    verdict = judge_wish(
        house,
        unit,
        order.member,
        order.service.code,
        order.channel,
        local_day(order.slot.begin),
        price_cents=order.slot.price_cents,
    )
    done = unit.bookings.by_key(key)
    if done is not None:
        return done, verdict
    if verdict.entitlement is None and not order.self_pay:
        return None, verdict
    needs.check(house, unit, order.member, order.service.code, local_day(order.slot.begin))
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
        grant_id=item.grant.id if item else None,
        amount=sum(draw.amount for draw in verdict.draws) or 1,
        price_cents=verdict.own_cents if item else order.slot.price_cents,
        occupies_member=order.service.occupies,
        hold_until=now + hold_for,
    )
    place(house, unit, booking, order.slot)
    unit.bookings.add(booking)
    unit.flush()
    hold_draws(house, unit, booking, verdict.draws, f"hold:{booking.id}", order.actor.id)
    return booking, verdict


def confirm(house: House, unit: Unit, actor: Person, booking_id: str, *, alone: bool = True) -> Booking:
    """Make a held booking firm. A hold that lapsed is taken again if the time is still free. `alone` as in `assign`.

    Raises Taken where it is not, NotFound where it is not the actor's to confirm, WrongState where it was dropped.
    """
    booking = _own(house, unit, actor, booking_id, Scope.BOOK, "confirm")
    if booking.status in BOOKED:
        return booking
    take_again(house, unit, actor, booking)
    booking.go(Status.CONFIRMED)
    booking.hold_until = None
    plan_check(house, unit, booking)
    _tell(unit, booking, "confirmed", actor, house.now())
    unit.flush()
    assign(house, unit, booking, alone=alone, first=True)
    return booking


def take_again(house: House, unit: Unit, actor: Person, booking: Booking) -> None:
    """Hold a time once more that lapsed meanwhile; anything else is left as it is. Raises Taken, WrongState."""
    if booking.status is not Status.LAPSED:
        return
    if booking.begin <= house.now():
        raise WrongState("begun")
    place(house, unit, booking, booking.slot)
    hold_again(house, unit, booking, f"hold:{booking.id}:{booking.version}", actor.id)
    booking.status = Status.HELD
    booking.hold_until = house.now() + HOLD_FOR
    unit.flush()


def release(house: House, unit: Unit, booking_id: str) -> None:
    """Let a hold go; anything but a hold is left as it is."""
    booking = unit.bookings.locked(booking_id)
    if booking is not None and booking.status is Status.HELD:
        _end(house, unit, booking, Status.CANCELLED, NEVER_FIRM, booking.booked_by)


def renew(house: House, unit: Unit, actor_id: str) -> None:
    """Any word of the conversation keeps what its speaker holds for another five minutes."""
    now = house.now()
    unit.bookings.renew(actor_id, now, now + HOLD_FOR)


def release_lapsed(house: House, unit: Unit) -> int:
    """Let go of every hold whose time is over; returns how many. One that cannot be keeps no other."""
    lapsed = [(booking.id, booking) for booking in unit.bookings.lapsed(house.now())]
    for booking_id, booking in lapsed:
        try:
            with unit.attempt():
                lapse(house, unit, booking)
        except Exception as error:
            log.error("hold_not_released", booking=booking_id, error=type(error).__name__, exc_info=error)
    return len(lapsed)


def lapse(house: House, unit: Unit, booking: Booking) -> None:
    """Let go of a hold whose time is over."""
    _end(house, unit, booking, Status.LAPSED, "lapsed", booking.booked_by)


def cancel(house: House, unit: Unit, actor: Person, booking_id: str) -> Booking:
    """Drop a booking, as `end_booking.cancel_booking` does."""
    return cancel_booking(house, unit, actor, booking_id).booking


def move(house: House, unit: Unit, actor: Person, booking_id: str, slot: Slot) -> Booking:
    """Move a booking to another free time.

    On another day the benefit is drawn anew: of that day's period, by its rules. Raises Taken where the time is no
    longer free, NotCarried where the benefit does not carry the new day, NotReady as `hold` does; else as `cancel`.
    """
    booking = _own(house, unit, actor, booking_id, Scope.BOOK, "move")
    if booking.begin == slot.begin and booking.status in BOOKED:
        return booking
    visit = unit.visits.of_booking(booking.id)
    if booking.begin <= house.now() or (visit is not None and visit.state not in BEFORE):
        raise WrongState("begun")
    member = unit.people.get(booking.member_id)
    assert member is not None
    needs.check(house, unit, member, booking.service, local_day(slot.begin))
    return place_anew(house, unit, actor, booking, slot)


class _Undone(Exception):
    """Takes back what was tried."""


def foresee_move(house: House, unit: Unit, actor: Person, booking_id: str, slot: Slot) -> None:
    """Raises what `move` would raise now, and changes nothing: a refusal is told before the question, not after it."""
    try:
        with unit.attempt():
            move(house, unit, actor, booking_id, slot)
            raise _Undone
    except _Undone:
        return


def place_anew(house: House, unit: Unit, actor: Person, booking: Booking, slot: Slot) -> Booking:
    """Put a firm booking that is the actor's to move on another time. Raises Taken, NotCarried."""
    before, before_staff, given = booking.begin, booking.staff_id, given_up(booking)
    place(house, unit, booking, slot)
    booking.go(Status.CONFIRMED)
    unit.flush()
    plan_check(house, unit, booking)
    if booking.grant_id is not None and local_day(before) != local_day(slot.begin):
        _draw_anew(house, unit, actor, booking)
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
    freed(house, unit, given)
    return booking


def _draw_anew(house: House, unit: Unit, actor: Person, booking: Booking) -> None:
    key = f"move:{booking.id}:{booking.version}"
    release_booking(house, unit, booking, key, actor.id, "moved")
    member = unit.people.get(booking.member_id)
    assert member is not None
    verdict = judge_wish(
        house,
        unit,
        member,
        booking.service,
        booking.channel,
        local_day(booking.begin),
        without=booking.id,
    )
    if verdict.entitlement is None:
        raise NotCarried(verdict)
    redraw(house, unit, booking, verdict, f"{key}:again", actor.id)


def standing(house: House, unit: Unit, actor: Person, member: Person) -> list[Booking]:
    """What is booked for a member, as far as the actor may see it."""
    reach = permit(house, unit, actor, member.id, Scope.SEE_VISITS, "see_bookings")
    found = unit.bookings.standing(member.id, house.now())
    return [booking for booking in found if may_see_booking(reach.basis, private=booking.private)]


def _own(house: House, unit: Unit, actor: Person, booking_id: str, scope: Scope, action: str) -> Booking:
    booking = unit.bookings.locked(booking_id)
    if booking is None:
        raise NotFound(booking_id)
    permit_item(
        house,
        unit,
        actor,
        booking.member_id,
        scope,
        f"{action}:{booking.service}",
        item=booking_id,
        private=booking.private,
    )
    return booking


def _end(house: House, unit: Unit, booking: Booking, status: Status, reason: str, actor_id: str) -> None:
    given = given_up(booking)
    booking.go(status)
    booking.cancel_reason = reason
    now = house.now()
    release_booking(house, unit, booking, f"release:{booking.id}:{booking.version}", actor_id, reason)
    unit.bookings.add(
        BookingEvent(
            booking_id=booking.id, kind=str(status), at=now, actor_id=actor_id, detail={"reason": reason}
        )
    )
    unit.flush()
    freed(house, unit, given)


def _tell(unit: Unit, booking: Booking, kind: str, actor: Person, now: datetime) -> None:
    unit.bookings.add(BookingEvent(booking_id=booking.id, kind=kind, at=now, actor_id=actor.id, detail={}))
