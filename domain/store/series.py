"""Plans of visits in the store, their visits in order, and what of them falls due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, exists, func, select

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
        return self._locked(Series, t.series.c.id, series_id)

    def by_key(self, key: str) -> Series | None:
        """The series that this message made, if it did so already."""
        return self._session.scalar(select(Series).where(t.series.c.key == key))

    def of_member(self, member_id: str, *, after: str | None = None, limit: int = 50) -> Sequence[Series]:
        """A member's series that were ever firm, the oldest first; `after` is the last page's last id."""
        found = select(Series).where(t.series.c.member_id == member_id, _was_firm())
        if after is not None and (last := self.get(after)) is not None:
            found = found.where(
                (t.series.c.created_at > last.created_at)
                | ((t.series.c.created_at == last.created_at) & (t.series.c.id > last.id))
            )
        return self._session.scalars(found.order_by(t.series.c.created_at, t.series.c.id).limit(limit)).all()

    def was_firm(self, series_id: str) -> bool:
        """Whether a yes was ever said to it; what was only read back is nobody's."""
        found = select(t.series.c.id).where(t.series.c.id == series_id, _was_firm())
        return self._session.scalar(found) is not None

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
        return self._due(Series, t.series.c.due_at, t.series.c.id, moment, limit)

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


def _was_firm() -> ColumnElement[bool]:
    """Every firm booking has a visit."""
    return exists().where(
        t.series_visits.c.series_id == t.series.c.id, t.visits.c.booking_id == t.series_visits.c.booking_id
    )
