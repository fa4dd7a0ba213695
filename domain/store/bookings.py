"""Bookings in the store. That nothing overlaps is the database's own affair (guards.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as Some
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from domain.bookings import BOOKED, NEVER_FIRM, OCCUPYING, Booking, BookingEvent, Status
from domain.store import tables as t
from domain.store.collection import Collection
from domain.travel import Stop

Period = tuple[datetime, datetime]


class Bookings(Collection):
    """Everything that was ever promised."""

    def get(self, booking_id: str) -> Booking | None:
        return self._session.get(Booking, booking_id)

    def some(self, booking_ids: Some[str]) -> Sequence[Booking]:
        """Those of these ids; whoever keeps them can `get` each without asking the database."""
        return self._session.scalars(select(Booking).where(t.bookings.c.id.in_(booking_ids))).all()

    def locked(self, booking_id: str) -> Booking | None:
        """The booking as it stands now, kept from others until the transaction ends."""
        return self._locked(Booking, t.bookings.c.id, booking_id)

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

    def for_calendar(
        self, member_ids: Sequence[str], since: datetime, limit: int = 1000
    ) -> list[tuple[Booking, datetime]]:
        """What was ever firm of these members and ended after a moment, by time, with when it last changed."""
        b, e = t.bookings.c, t.booking_events.c
        firm = (
            b.status.not_in((Status.HELD, Status.LAPSED)),
            func.coalesce(b.cancel_reason, "") != NEVER_FIRM,
        )
        changed = select(func.max(e.at)).where(e.booking_id == b.id).scalar_subquery()
        found = (
            select(Booking, func.coalesce(changed, b.created_at, type_=b.created_at.type))
            .where(b.member_id.in_(member_ids), b.end > since, *firm)
            .order_by(b.begin, b.id)
            .limit(limit)
        )
        return [(booking, moment) for booking, moment in self._session.execute(found)]

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

    def stops(
        self, staff_ids: Sequence[str], begin: datetime, end: datetime, without: str | None = None
    ) -> dict[str, list[Stop]]:
        """What stands in the days of each of these within a period; `without` leaves out a booking that moves."""
        c = t.bookings.c
        found = select(
            c.staff_id, c.begin, c.end, c.staff_from, c.staff_until, c.lat, c.lon, c.channel
        ).where(
            c.staff_id.in_(staff_ids),
            c.status.in_(OCCUPYING),
            c.begin < end,
            c.staff_until > begin,
            c.id != (without or ""),
        )
        stops: dict[str, list[Stop]] = defaultdict(list)
        for staff_id, first, last, since, until, lat, lon, channel in self._session.execute(found):
            point = (lat, lon) if channel == "home" and lat is not None else None
            stops[staff_id].append(Stop(first, last, since, until, point))
        return stops

    def busy_rooms(
        self, room_ids: Sequence[str], begin: datetime, end: datetime, without: str | None = None
    ) -> dict[str, list[Period]]:
        """Every booking that stands in each of these rooms within a period."""
        c = t.bookings.c
        found = select(c.room_id, c.begin, c.end).where(
            c.room_id.in_(room_ids),
            c.status.in_(OCCUPYING),
            c.begin < end,
            c.end > begin,
            c.id != (without or ""),
        )
        busy: dict[str, list[Period]] = defaultdict(list)
        for key, since, until in self._session.execute(found):
            busy[key].append((since, until))
        return busy

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

    def last_carer(self, member_id: str, service: str, before: datetime) -> str | None:
        """Who came or answered the last time before a moment, for this service."""
        c = t.bookings.c
        found = (
            select(c.staff_id)
            .where(
                c.member_id == member_id,
                c.service == service,
                c.status.in_((*BOOKED, Status.FULFILLED)),
                c.begin < before,
                c.staff_id.is_not(None),
            )
            .order_by(c.begin.desc())
            .limit(1)
        )
        return self._session.scalar(found)

    def renew(self, actor_id: str, now: datetime, until: datetime) -> None:
        """Keep what somebody holds until a later moment; what has lapsed stays lapsed."""
        c = t.bookings.c
        held = (
            c.booked_by == actor_id,
            c.status == Status.HELD,
            c.hold_until > now,
            c.hold_until < until,
        )
        self._session.execute(t.bookings.update().where(*held).values(hold_until=until))

    def on_days_off(
        self, spans: Sequence[Period], resting: Sequence[str], since: datetime, noted: str
    ) -> Booking | None:
        """One firm booking after a moment, within these periods, of what rests in them; kept from others.

        Sites rest, and these services; what has an event of this kind already was looked after.
        """
        c = t.bookings.c
        seen = select(t.booking_events.c.booking_id).where(t.booking_events.c.kind == noted)
        found = (
            select(Booking)
            .where(
                c.status.in_(BOOKED),
                c.begin > since,
                or_(*(and_(c.begin >= begin, c.begin < end) for begin, end in spans)),
                or_(c.channel == "store", c.service.in_(resting)),
                c.id.not_in(seen),
            )
            .order_by(c.begin, c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        return self._session.scalars(found.execution_options(populate_existing=True)).first()

    def history(self, booking_id: str) -> Sequence[BookingEvent]:
        found = (
            select(BookingEvent)
            .where(t.booking_events.c.booking_id == booking_id)
            .order_by(t.booking_events.c.id)
        )
        return self._session.scalars(found).all()
