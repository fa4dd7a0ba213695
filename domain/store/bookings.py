"""Bookings in the store. That nothing overlaps is the database's own affair (guards.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from domain.bookings import BOOKED, OCCUPYING, Booking, BookingEvent, Status
from domain.store import tables as t
from domain.store.collection import Collection

Period = tuple[datetime, datetime]


class Bookings(Collection):
    """Everything that was ever promised."""

    def get(self, booking_id: str) -> Booking | None:
        return self._session.get(Booking, booking_id)

    def locked(self, booking_id: str) -> Booking | None:
        """The booking as it stands now, kept from others until the transaction ends."""
        found = select(Booking).where(t.bookings.c.id == booking_id).with_for_update()
        return self._session.scalars(found.execution_options(populate_existing=True)).one_or_none()

    def by_key(self, key: str) -> Booking | None:
        """The booking that this message made, if it did so already."""
        return self._session.scalar(select(Booking).where(t.bookings.c.key == key))

    def by_number(self, number: str) -> Booking | None:
        return self._session.scalar(select(Booking).where(t.bookings.c.number == number.upper()))

    def of(
        self, member_id: str, *, since: datetime | None = None, after: str | None = None, limit: int = 50
    ) -> Sequence[Booking]:
        """A member's bookings by time; `since` leaves out what ended before, `after` is the last page's last id."""
        found = select(Booking).where(t.bookings.c.member_id == member_id)
        if since is not None:
            found = found.where(t.bookings.c.end > since)
        if after is not None and (last := self.get(after)) is not None:
            found = found.where(
                (t.bookings.c.begin > last.begin)
                | ((t.bookings.c.begin == last.begin) & (t.bookings.c.id > last.id))
            )
        return self._session.scalars(found.order_by(t.bookings.c.begin, t.bookings.c.id).limit(limit)).all()

    def standing(self, member_id: str, since: datetime) -> Sequence[Booking]:
        """What is booked for a member and has not ended."""
        found = (
            select(Booking)
            .where(
                t.bookings.c.member_id == member_id, t.bookings.c.status.in_(BOOKED), t.bookings.c.end > since
            )
            .order_by(t.bookings.c.begin)
        )
        return self._session.scalars(found).all()

    def held_by(self, actor_id: str) -> Sequence[Booking]:
        """Holds that somebody has open; one conversation has one at most."""
        found = select(Booking).where(t.bookings.c.booked_by == actor_id, t.bookings.c.status == Status.HELD)
        return self._session.scalars(found).all()

    def lapsed(self, moment: datetime, limit: int = 200) -> Sequence[Booking]:
        """Holds whose time is over, kept from others until the transaction ends."""
        found = (
            select(Booking)
            .where(t.bookings.c.status == Status.HELD, t.bookings.c.hold_until <= moment)
            .order_by(t.bookings.c.hold_until)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return self._session.scalars(found).all()

    def next_lapse(self) -> datetime | None:
        """When the next hold is over."""
        found: datetime | None = self._session.scalar(
            select(func.min(t.bookings.c.hold_until)).where(t.bookings.c.status == Status.HELD)
        )
        return found

    def busy_staff(
        self, staff_ids: Sequence[str], begin: datetime, end: datetime, without: str | None = None
    ) -> dict[str, list[Period]]:
        """When each of these is taken within a period, travel included."""
        return self._busy("staff_id", staff_ids, "staff_from", "staff_until", (begin, end), without)

    def busy_rooms(
        self, room_ids: Sequence[str], begin: datetime, end: datetime, without: str | None = None
    ) -> dict[str, list[Period]]:
        """Every booking that stands in each of these rooms within a period."""
        return self._busy("room_id", room_ids, "begin", "end", (begin, end), without)

    def busy_member(
        self, member_id: str, begin: datetime, end: datetime, without: str | None = None
    ) -> list[Period]:
        """When the elder is taken; `without` leaves out the booking that is being moved."""
        found = select(t.bookings.c.begin, t.bookings.c.end).where(
            t.bookings.c.member_id == member_id,
            t.bookings.c.occupies_member,
            t.bookings.c.status.in_(OCCUPYING),
            t.bookings.c.begin < end,
            t.bookings.c.end > begin,
            t.bookings.c.id != (without or ""),
        )
        return [(first, last) for first, last in self._session.execute(found)]

    def _busy(
        self, column: str, ids: Sequence[str], first: str, last: str, within: Period, without: str | None
    ) -> dict[str, list[Period]]:
        c = t.bookings.c
        found = select(c[column], c[first], c[last]).where(
            c[column].in_(ids),
            c.status.in_(OCCUPYING),
            c[first] < within[1],
            c[last] > within[0],
            c.id != (without or ""),
        )
        busy: dict[str, list[Period]] = defaultdict(list)
        for key, since, until in self._session.execute(found):
            busy[key].append((since, until))
        return busy

    def load_of(self, staff_ids: Sequence[str], begin: datetime, end: datetime) -> dict[str, int]:
        """How many bookings each has within a period; work is spread by it."""
        found = (
            select(t.bookings.c.staff_id, func.count())
            .where(
                t.bookings.c.staff_id.in_(staff_ids),
                t.bookings.c.status.in_(OCCUPYING),
                t.bookings.c.begin < end,
                t.bookings.c.end > begin,
            )
            .group_by(t.bookings.c.staff_id)
        )
        return {staff_id: count for staff_id, count in self._session.execute(found).all()}  # noqa: C416  (a Row is no pair to dict)

    def history(self, booking_id: str) -> Sequence[BookingEvent]:
        found = (
            select(BookingEvent)
            .where(t.booking_events.c.booking_id == booking_id)
            .order_by(t.booking_events.c.id)
        )
        return self._session.scalars(found).all()
