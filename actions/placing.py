"""Putting a booking on a free time: the way anew from the neighbours as they now stand, the home, the way to join."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from actions.house import House
from actions.looking import USUAL_SPEED, home_of
from domain.bookings import Booking, Slot
from domain.clock import local_day
from domain.errors import Taken
from domain.people import Person
from domain.store import Unit
from domain.travel import Journey, Point
from domain.waiting import JoinCheck

_DAY = timedelta(days=1)
# So long before it begins somebody is asked whether they can take part online.
CHECK_BEFORE = timedelta(minutes=15)


def place(house: House, unit: Unit, booking: Booking, slot: Slot) -> None:
    """Write a slot into a booking. Raises Taken where its person can no longer be there in time or has a full day.

    The person's row is locked, so that nobody else fills their day between this look at it and the commit.
    """
    found = unit.people.at_home(booking.member_id)
    assert found is not None
    member, district = found
    home = home_of(unit, member) if booking.channel == "home" else None
    if slot.staff_id is not None:
        slot = _within_their_day(unit, booking, slot, home, district.speed_kmh if district else USUAL_SPEED)
    link = _link(unit, booking, slot, member)
    # Everything is read by now: a look in between would write half of it, and the guards would see the old time.
    booking.place(slot)
    booking.join_url = link
    if booking.channel == "home":
        booking.address = member.address
        booking.lat, booking.lon = home if home is not None else (None, None)


def _link(unit: Unit, booking: Booking, slot: Slot, member: Person) -> str | None:
    if booking.channel != "online" or member.city_id is None:
        return None
    offering = unit.providers.offering(slot.provider_id, booking.service, booking.channel, member.city_id)
    return offering.link_for(booking.number) if offering is not None else None


def _within_their_day(unit: Unit, booking: Booking, slot: Slot, home: Point | None, speed_kmh: float) -> Slot:
    assert slot.staff_id is not None
    staff = unit.providers.locked_staff(slot.staff_id)
    if staff is None:
        raise Taken("staff")
    stops = unit.bookings.stops([staff.id], slot.begin - _DAY, slot.end + _DAY, booking.id)[staff.id]
    day = local_day(slot.begin)
    if sum(local_day(stop.begin) == day for stop in stops) >= staff.daily_limit:
        raise Taken("staff")
    if home is None:
        return slot
    whole = Journey((staff.lat, staff.lon), home, speed_kmh).around(slot.begin, slot.end, stops)
    if whole is None:
        raise Taken("staff")
    return replace(slot, staff_from=whole[0], staff_until=whole[1])


def plan_check(house: House, unit: Unit, booking: Booking) -> None:
    """Have it asked in time whether the member can take part in what is booked online."""
    if booking.channel != "online":
        return
    due: datetime = booking.begin - CHECK_BEFORE
    check = unit.waiting.check(booking.id)
    if check is None:
        unit.waiting.add(JoinCheck(booking_id=booking.id, due_at=due))
    elif check.due_at != due:
        check.due_at, check.sent_at, check.answer, check.answered_at = due, None, None, None
