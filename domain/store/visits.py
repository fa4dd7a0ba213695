"""Visits in the store: whose they are, what is due, and which of those planned have lost their carer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Date, and_, cast, exists, func, insert, literal, or_, select, update
from sqlalchemy.exc import IntegrityError

from domain.bookings import Booking, Status
from domain.providers import Certificate, Staff
from domain.store import tables as t
from domain.store.collection import Collection
from domain.visits import Correction, Photo, Visit, VisitEvent

_SHANGHAI = timedelta(hours=8)


class Visits(Collection):
    """What really takes place of the bookings."""

    def get(self, visit_id: str) -> Visit | None:
        return self._session.get(Visit, visit_id)

    def locked(self, visit_id: str) -> Visit | None:
        """The visit as it stands now, kept from others until the transaction ends."""
        return self._locked(Visit, t.visits.c.id, visit_id)

    def of_booking(self, booking_id: str) -> Visit | None:
        return self._session.scalar(select(Visit).where(t.visits.c.booking_id == booking_id))

    def of_bookings(self, booking_ids: Sequence[str]) -> dict[str, Visit]:
        """Booking id to its visit."""
        found = self._session.scalars(select(Visit).where(t.visits.c.booking_id.in_(booking_ids)))
        return {visit.booking_id: visit for visit in found}

    def of_member(self, member_id: str, since: datetime, limit: int = 50) -> list[tuple[Visit, Booking]]:
        """A member's visits whose agreed time ends after a moment, by time."""
        return self._listed(t.bookings.c.member_id == member_id, t.bookings.c.end > since, limit=limit)

    def of_carer(self, person_id: str, begin: datetime, end: datetime) -> list[tuple[Visit, Booking]]:
        """The visits of the account's staff rows that begin within a period; cancelled ones are nobody's any more."""
        mine = select(t.staff.c.id).where(t.staff.c.person_id == person_id)
        return self._listed(
            or_(
                t.visits.c.staff_id.in_(mine),
                and_(t.visits.c.staff_id.is_(None), t.bookings.c.staff_id.in_(mine)),
            ),
            t.bookings.c.begin >= begin,
            t.bookings.c.begin < end,
            t.bookings.c.status.not_in((Status.HELD, Status.LAPSED, Status.CANCELLED)),
            limit=100,
        )

    def within(
        self,
        begin: datetime,
        end: datetime,
        after: str | None = None,
        limit: int = 50,
        *,
        flagged: bool = False,
    ) -> list[tuple[Visit, Booking]]:
        """Everybody's visits of a period, by id; for coordinators. `flagged` leaves out those that need nobody."""
        conditions: list[ColumnElement[bool]] = [t.bookings.c.begin >= begin, t.bookings.c.begin < end]
        if flagged:
            conditions.append(func.length(cast_text(t.visits.c.flags)) > len("[]"))
        if after is not None:
            conditions.append(t.visits.c.id > after)
        found = (
            select(Visit, Booking)
            .join(Booking, t.bookings.c.id == t.visits.c.booking_id)
            .where(*conditions)
            .order_by(t.visits.c.id)
            .limit(limit)
        )
        return [(visit, booking) for visit, booking in self._session.execute(found)]

    def _listed(self, *conditions: ColumnElement[bool], limit: int) -> list[tuple[Visit, Booking]]:
        found = (
            select(Visit, Booking)
            .join(Booking, t.bookings.c.id == t.visits.c.booking_id)
            .where(*conditions)
            .order_by(t.bookings.c.begin, t.visits.c.id)
            .limit(limit)
        )
        return [(visit, booking) for visit, booking in self._session.execute(found)]

    def due(self, moment: datetime, limit: int = 50) -> Sequence[Visit]:
        """Visits at which something has to be looked at, kept from others until the transaction ends."""
        return self._due(Visit, t.visits.c.due_at, t.visits.c.id, moment, limit)

    def next_due(self) -> datetime | None:
        """When something has to be looked at next."""
        found: datetime | None = self._session.scalar(
            select(func.min(t.visits.c.due_at)).where(t.visits.c.due_at.is_not(None))
        )
        return found

    def event(self, key: str) -> VisitEvent | None:
        return self._session.scalar(select(VisitEvent).where(t.visit_events.c.key == key))

    def history(self, visit_id: str) -> Sequence[VisitEvent]:
        found = select(VisitEvent).where(t.visit_events.c.visit_id == visit_id).order_by(t.visit_events.c.id)
        return self._session.scalars(found).all()

    def corrections(self, visit_id: str) -> Sequence[Correction]:
        found = (
            select(Correction)
            .where(t.visit_corrections.c.visit_id == visit_id)
            .order_by(t.visit_corrections.c.asked_at, t.visit_corrections.c.id)
        )
        return self._session.scalars(found).all()

    def photos(self, visit_id: str) -> Sequence[Photo]:
        found = select(Photo).where(t.visit_photos.c.visit_id == visit_id).order_by(t.visit_photos.c.taken_at)
        return self._session.scalars(found).all()

    # Certificates: who has lost theirs, and whose will lapse.

    def uncertified(
        self, kind: str, services: Sequence[str], now: datetime, limit: int = 200
    ) -> Sequence[Booking]:
        """Bookings to come of these services whose carer has no certificate of this kind for that day."""
        c, b = t.certificates.c, t.bookings.c
        day = self._local_day(b.begin)
        holds = exists().where(
            c.staff_id == b.staff_id, c.kind == kind, c.valid_from <= day, c.valid_until >= day
        )
        found = (
            select(Booking)
            .where(
                b.status == Status.CONFIRMED,
                b.begin > now,
                b.staff_id.is_not(None),
                b.service.in_(services),
                ~holds,
            )
            .order_by(b.begin)
            .limit(limit)
        )
        return self._session.scalars(found).all()

    def _local_day(self, column: ColumnElement[datetime]) -> ColumnElement[date]:
        """The day in Shanghai, as the database reckons it; the zone has no summer time."""
        if self._session.get_bind().dialect.name == "sqlite":
            return func.date(column, literal("+8 hours"))
        return cast(func.timezone("Asia/Shanghai", column), Date)

    def certified_on(self, staff_id: str, kind: str, day: date) -> Certificate | None:
        """The certificate that somebody has for a day."""
        c = t.certificates.c
        found = select(Certificate).where(
            c.staff_id == staff_id, c.kind == kind, c.valid_from <= day, c.valid_until >= day
        )
        return self._session.scalars(found.order_by(c.valid_until.desc())).first()

    def certificates_of(self, staff_id: str) -> Sequence[Certificate]:
        found = select(Certificate).where(t.certificates.c.staff_id == staff_id)
        return self._session.scalars(found.order_by(t.certificates.c.kind)).all()

    def lapsing(self, first: date, last: date, limit: int = 200) -> list[tuple[Certificate, Staff]]:
        """Certificates that end within these days, of which nobody was warned, with no later one of the kind."""
        c = t.certificates
        later = c.alias("later")
        renewed = exists().where(
            later.c.staff_id == c.c.staff_id,
            later.c.kind == c.c.kind,
            later.c.valid_until > last,
        )
        found = (
            select(Certificate, Staff)
            .join(Staff, t.staff.c.id == c.c.staff_id)
            .where(c.c.valid_until >= first, c.c.valid_until <= last, c.c.warned_at.is_(None), ~renewed)
            .order_by(c.c.valid_until, c.c.id)
            .limit(limit)
            .with_for_update(of=c, skip_locked=True)
        )
        return [(certificate, member) for certificate, member in self._session.execute(found)]

    def booked_with(self, staff_id: str, begin: datetime, end: datetime) -> Sequence[Booking]:
        """What somebody is booked for that meets a period."""
        b = t.bookings.c
        found = select(Booking).where(
            b.staff_id == staff_id, b.status == Status.CONFIRMED, b.begin < end, b.end > begin
        )
        return self._session.scalars(found.order_by(b.begin)).all()

    def staff_of(self, person_id: str) -> Sequence[Staff]:
        """The staff rows of an account."""
        found = select(Staff).where(t.staff.c.person_id == person_id).order_by(t.staff.c.id)
        return self._session.scalars(found).all()

    # Sweeps.

    def next_sweep(self, name: str) -> datetime | None:
        return self._session.scalar(select(t.sweeps.c.due_at).where(t.sweeps.c.name == name))

    def take_sweep(self, name: str, now: datetime, following: datetime) -> bool:
        """Whether the sweep is due and ours: its row was moved on, which one alone can do."""
        moved = self._session.execute(
            update(t.sweeps)
            .where(t.sweeps.c.name == name, t.sweeps.c.due_at <= now)
            .values(due_at=following)
            .returning(t.sweeps.c.name)
        )
        if moved.first() is not None:
            return True
        if self.next_sweep(name) is not None:
            return False
        try:
            with self._session.begin_nested():
                self._session.execute(insert(t.sweeps).values(name=name, due_at=following))
        except IntegrityError:
            return False
        return True


def cast_text(column: ColumnElement[object]) -> ColumnElement[str]:
    """A JSON column as its text."""
    from sqlalchemy import String

    return cast(column, String)
