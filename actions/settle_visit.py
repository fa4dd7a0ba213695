"""What a visit does to its booking and the ledger: verified it commits, not possible it gives back."""

from __future__ import annotations

from actions.house import House
from domain.benefits import EntryKind
from domain.bookings import Booking, BookingEvent, Status
from domain.people import Person
from domain.store import Unit
from domain.visits import Impossible


def commit(house: House, unit: Unit, booking: Booking, key: str, actor_id: str) -> None:
    """A verified visit: the booking is fulfilled, and what it held of a benefit is used. A second time does nothing."""
    if booking.status is Status.FULFILLED:
        return
    booking.go(Status.FULFILLED)
    _post(house, unit, booking, EntryKind.COMMIT, key, actor_id, "visit")
    _note(house, unit, booking, actor_id, "visit")


def give_back(house: House, unit: Unit, booking: Booking, reason: str, actor: Person) -> None:
    """A visit that could not take place: the booking ends, and what it held of a benefit comes back."""
    booking.go(Status.NO_SHOW if reason == Impossible.NOBODY_HOME else Status.FAILED)
    booking.cancel_reason = str(reason)
    _post(house, unit, booking, EntryKind.RELEASE, f"visit:{booking.id}:back", actor.id, str(reason))
    _note(house, unit, booking, actor.id, str(reason))


def _post(
    house: House, unit: Unit, booking: Booking, kind: EntryKind, key: str, actor_id: str, reason: str
) -> None:
    if booking.grant_id is not None:
        unit.benefits.post(
            kind,
            booking.grant_id,
            booking.amount,
            key=f"{key}:{booking.grant_id}",
            at=house.now(),
            booking=booking,
            actor_id=actor_id,
            reason=reason,
        )


def _note(house: House, unit: Unit, booking: Booking, actor_id: str, reason: str) -> None:
    unit.bookings.add(
        BookingEvent(
            booking_id=booking.id,
            kind=str(booking.status),
            at=house.now(),
            actor_id=actor_id,
            detail={"reason": reason},
        )
    )
