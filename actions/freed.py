"""A time that becomes free again is told to whoever waits for one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from actions.house import House
from domain.bookings import Booking, Slot
from domain.store import Unit


@dataclass(frozen=True)
class Freed:
    """What was given up: the time with its person or place, the service, and who gave it up."""

    booking_id: str
    member_id: str
    service: str
    channel: str
    slot: Slot


Listener = Callable[[House, Unit, Freed], None]
# Called in the transaction that frees the time, so that an offer and the freed time are stored together or not at all.
LISTENERS: list[Listener] = []


def freed(house: House, unit: Unit, given_up: Freed) -> None:
    """Tell the listeners of a time that is still to come; one that has begun is of use to nobody."""
    if given_up.slot.begin > house.now():
        for listener in LISTENERS:
            listener(house, unit, given_up)


def given_up(booking: Booking) -> Freed:
    """What a booking gives up as it stands now."""
    return Freed(booking.id, booking.member_id, booking.service, booking.channel, booking.slot)
