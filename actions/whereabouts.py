"""Where a booking is, in people's words: the place and how far, the way to join, who comes and whether they came before."""

from __future__ import annotations

from actions.house import House
from actions.looking import home_of
from domain.bookings import Booking
from domain.store import Unit
from domain.travel import kilometres


def where(house: House, unit: Unit, booking: Booking) -> str:
    """The place, the way to join, or who comes."""
    word = house.words.say
    staff = unit.providers.staff(booking.staff_id) if booking.staff_id else None
    who = staff.name if staff else ""
    if booking.channel == "store" and booking.site_id:
        site = unit.providers.site(booking.site_id)
        assert site is not None
        return word(
            "where_store",
            site=site.name,
            address=site.address,
            far=_far(house, unit, booking, (site.lat, site.lon)),
        )
    if booking.channel == "online":
        if booking.join_url:
            return word("where_online_link", staff=who, link=booking.join_url)
        member = unit.people.get(booking.member_id)
        phone = member.phone if member is not None else None
        return word("where_online_call" if phone else "where_online", staff=who, phone=phone)
    address = booking.address or word("no_address")
    if staff is None:
        return word("where_home_nobody_yet", address=address)
    name = "where_home_again" if is_again(unit, booking) else "where_home"
    return word(name, staff=who, address=address)


def is_again(unit: Unit, booking: Booking) -> bool:
    """Whether the same person comes who came the last time for this service."""
    last = unit.bookings.last_carer(booking.member_id, booking.service, booking.begin)
    return last is not None and last == booking.staff_id


def _far(house: House, unit: Unit, booking: Booking, there: tuple[float, float]) -> str:
    """「，离您家大约3公里」, where the home is known to be somewhere."""
    member = unit.people.get(booking.member_id)
    here = home_of(unit, member) if member is not None else None
    if here is None:
        return ""
    distance = kilometres(here, there)
    return house.words.say("far_near") if distance < 1 else house.words.say("far", km=round(distance))
