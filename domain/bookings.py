"""A booking is not a visit: what was promised, for whom, when, by whom, out of which grant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.errors import WrongState

HOLD_FOR = timedelta(minutes=5)


class Status(StrEnum):
    """The words of DESIGN.md; `lapsed` is a hold that nobody confirmed."""

    HELD = "held"
    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    FAILED = "failed"
    LAPSED = "lapsed"


# These stand on somebody's time; the database keeps them from overlapping (see store/guards.py).
OCCUPYING = (Status.HELD, Status.REQUESTED, Status.CONFIRMED)
# These a person calls "booked".
BOOKED = (Status.REQUESTED, Status.CONFIRMED)

# Why a hold ended that never became a booking.
NEVER_FIRM = "not_confirmed"

_NEXT: dict[Status, tuple[Status, ...]] = {
    Status.HELD: (Status.REQUESTED, Status.CONFIRMED, Status.CANCELLED, Status.LAPSED),
    Status.REQUESTED: (Status.CONFIRMED, Status.CANCELLED, Status.FAILED),
    Status.CONFIRMED: (Status.CONFIRMED, Status.FULFILLED, Status.CANCELLED, Status.NO_SHOW, Status.FAILED),
}


@dataclass(frozen=True)
class Slot:
    """A time that is really free: who or where, from when to when (aware, UTC).

    `staff_from` and `staff_until` take in the travel; they equal `begin` and `end` where nobody travels.
    """

    begin: datetime
    end: datetime
    provider_id: str
    staff_id: str | None = None
    staff_from: datetime | None = None
    staff_until: datetime | None = None
    site_id: str | None = None
    room_id: str | None = None
    price_cents: int = 0


@dataclass(eq=False, kw_only=True)
class Booking:
    """One appointment. `key` is the idempotency key of the message that made it."""

    id: str
    number: str
    member_id: str
    booked_by: str
    service: str
    channel: str
    status: Status
    begin: datetime
    end: datetime
    key: str
    created_at: datetime
    provider_id: str
    staff_id: str | None = None
    staff_from: datetime | None = None
    staff_until: datetime | None = None
    site_id: str | None = None
    room_id: str | None = None
    address: str | None = None
    lat: float | None = None
    lon: float | None = None
    join_url: str | None = None
    grant_id: str | None = None
    amount: int = 1
    price_cents: int = 0
    occupies_member: bool = True
    private: bool = False
    hold_until: datetime | None = None
    cancel_reason: str | None = None
    version: int = 1

    def go(self, status: Status) -> None:
        """Step to the next state. Raises WrongState where the booking has gone past it."""
        if status not in _NEXT.get(self.status, ()):
            raise WrongState(f"{self.status} -> {status}")
        self.status = status
        self.version += 1

    def place(self, slot: Slot) -> None:
        """Write a slot's time, place and person into the booking."""
        self.begin, self.end = slot.begin, slot.end
        self.provider_id, self.staff_id = slot.provider_id, slot.staff_id
        self.staff_from, self.staff_until = slot.staff_from, slot.staff_until
        self.site_id, self.room_id = slot.site_id, slot.room_id

    @property
    def slot(self) -> Slot:
        """The time and place that it stands on."""
        return Slot(
            begin=self.begin,
            end=self.end,
            provider_id=self.provider_id,
            staff_id=self.staff_id,
            staff_from=self.staff_from,
            staff_until=self.staff_until,
            site_id=self.site_id,
            room_id=self.room_id,
        )


@dataclass(eq=False, kw_only=True)
class BookingEvent:
    """A line of a booking's history."""

    booking_id: str
    kind: str
    at: datetime
    actor_id: str
    detail: dict[str, str]
    id: int | None = None
