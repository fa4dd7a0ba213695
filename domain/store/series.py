"""Plans of visits in the store, their visits in order, and what of them falls due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Select, func, select

from domain.bookings import BOOKED, Booking
from domain.series import Series, SeriesState, SeriesVisit
from domain.store import tables as t
from domain.store.collection import Collection

Row = tuple[SeriesVisit, Booking | None]
_ALIVE = (SeriesState.STANDING, SeriesState.OVER)


class Courses(Collection):
    """Every plan of visits, with which booking is which visit of it."""

    def get(self, series_id: str) -> Series | None:
        return self._session.get(Series, series_id)

    def locked(self, series_id: str) -> Series | None:
        """The series as it stands now, kept from others until the transaction ends."""
        found = select(Series).where(t.series.c.id == series_id).with_for_update()
        return self._session.scalars(found.execution_options(populate_existing=True)).one_or_none()

    def by_key(self, key: str) -> Series | None:
        """The series that this message made, if it did so already."""
        return self._session.scalar(select(Series).where(t.series.c.key == key))

    def rows(self, series_id: str) -> list[Row]:
        """Its visits in their order, each with its booking as it stands now."""
        found = (
            select(SeriesVisit, Booking)
            .join(Booking, t.bookings.c.id == t.series_visits.c.booking_id, isouter=True)
            .where(t.series_visits.c.series_id == series_id)
            .order_by(t.series_visits.c.ordinal)
        )
        return [(visit, booking) for visit, booking in self._session.execute(found)]

    def of_bookings(self, booking_ids: Sequence[str]) -> dict[str, tuple[Series, SeriesVisit]]:
        """Booking id to the confirmed series that it belongs to, and which visit of it."""
        found = (
            select(Series, SeriesVisit)
            .join(SeriesVisit, t.series_visits.c.series_id == t.series.c.id)
            .where(t.series_visits.c.booking_id.in_(booking_ids), t.series.c.state.in_(_ALIVE))
        )
        return {
            visit.booking_id: (series, visit)
            for series, visit in self._session.execute(found)
            if visit.booking_id is not None
        }

    def due(self, moment: datetime, limit: int = 50) -> Sequence[Series]:
        """Series whose member is to be asked whether to go on, kept from others until the transaction ends."""
        found = (
            select(Series)
            .where(t.series.c.due_at <= moment)
            .order_by(t.series.c.due_at, t.series.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return self._session.scalars(found.execution_options(populate_existing=True)).all()

    def now_known(self, through: date) -> Series | None:
        """One confirmed series with a provisional visit that the calendar now covers, kept from others."""
        found = self._known(through).limit(1).with_for_update(skip_locked=True)
        return self._session.scalars(found.execution_options(populate_existing=True)).first()

    def is_known(self, through: date) -> bool:
        """Whether there is such a series."""
        return self._session.scalar(self._known(through).limit(1)) is not None

    def _known(self, through: date) -> Select[Series]:
        provisional = (
            select(t.series_visits.c.series_id)
            .where(t.series_visits.c.provisional, t.series_visits.c.day <= through)
            .scalar_subquery()
        )
        found = select(Series).where(t.series.c.id.in_(provisional), t.series.c.state.in_(_ALIVE))
        return found.order_by(t.series.c.id)

    def next_due(self) -> datetime | None:
        """When the next member is to be asked whether to go on."""
        found: datetime | None = self._session.scalar(
            select(func.min(t.series.c.due_at)).where(t.series.c.due_at.is_not(None))
        )
        return found

    def standing(self, series_id: str, since: datetime) -> list[Booking]:
        """Its bookings that stand and are still to come, by time."""
        return [
            booking
            for _, booking in self.rows(series_id)
            if booking is not None and booking.status in BOOKED and booking.begin > since
        ]
