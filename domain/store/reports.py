"""Reports as the database reckons them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Float, Integer, and_, case, cast, func, or_, select

from domain.bookings import BOOKED, NEVER_FIRM, Status
from domain.endings import Ending
from domain.reports import By, Fulfilment
from domain.store import tables as t
from domain.store.collection import Collection
from domain.surveys import SurveyKind
from domain.visits import LATE_AFTER, VisitState


class Reports(Collection):
    """Counts over bookings and visits."""

    def fulfilment(self, by: By, begin: datetime, end: datetime, now: datetime) -> list[Fulfilment]:
        """What came by now of what begins from `begin` until before `end`; the most booked first."""
        b, v = t.bookings.c, t.visits.c
        key, name = self._about(by)
        began = func.coalesce(v.arrived_at, v.began_at)
        ratings = self._ratings()
        nobody_came = b.cancel_reason == Ending.PROVIDER_NO_SHOW
        found = (
            select(
                key.label("key"),
                func.max(name).label("name"),
                func.count().label("booked"),
                _count(b.status == Status.CANCELLED).label("cancelled"),
                _count(and_(b.status.in_(BOOKED), b.end > now)).label("ahead"),
                _count(began.is_not(None)).label("came"),
                _count(v.state == VisitState.VERIFIED).label("verified"),
                _count(self._seconds(began, b.begin) > LATE_AFTER[0].total_seconds()).label("late"),
                _count(b.status == Status.NO_SHOW).label("nobody_home"),
                _count(and_(b.status == Status.FAILED, nobody_came)).label("nobody_came"),
                _count(and_(b.status == Status.FAILED, or_(b.cancel_reason.is_(None), ~nobody_came))).label(
                    "failed"
                ),
                func.count(ratings.c.rating).label("rated"),
                func.avg(ratings.c.rating).label("rating"),
            )
            .select_from(t.bookings)
            .join(t.persons, t.persons.c.id == b.member_id)
            .join(t.providers, t.providers.c.id == b.provider_id)
            .outerjoin(t.sites, t.sites.c.id == b.site_id)
            .outerjoin(t.cities, t.cities.c.id == func.coalesce(t.sites.c.city_id, t.persons.c.city_id))
            .outerjoin(t.visits, v.booking_id == b.id)
            .outerjoin(ratings, ratings.c.booking_id == b.id)
            .where(
                b.begin >= begin,
                b.begin < end,
                b.status.not_in((Status.HELD, Status.LAPSED)),
                or_(b.cancel_reason.is_(None), b.cancel_reason != NEVER_FIRM),
            )
            .group_by(key)
            .order_by(func.count().desc(), key)
        )
        return [_line(row) for row in self._session.execute(found).mappings()]

    def _about(self, by: By) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        if by is By.SERVICE:
            return t.bookings.c.service, t.bookings.c.service
        if by is By.CITY:
            return func.coalesce(t.cities.c.id, ""), t.cities.c.name
        return t.providers.c.code, t.providers.c.name

    def _ratings(self) -> Any:
        """What each booking was rated; who rated with others counts in their mean."""
        c = t.surveys.c
        return (
            select(c.booking_id, cast(func.avg(c.score), Float).label("rating"))
            .where(c.kind == SurveyKind.VISIT, c.score.is_not(None))
            .group_by(c.booking_id)
            .subquery()
        )

    def _seconds(self, later: ColumnElement[Any], earlier: ColumnElement[Any]) -> ColumnElement[Any]:
        """How many seconds lie between two moments, as the database reckons it."""
        if self._session.get_bind().dialect.name == "sqlite":
            return cast(func.strftime("%s", later), Integer) - cast(func.strftime("%s", earlier), Integer)
        return func.extract("epoch", later - earlier)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _line(row: Any) -> Fulfilment:
    rating = row["rating"]
    counts = {
        name: int(row[name])
        for name in (
            "booked",
            "cancelled",
            "ahead",
            "came",
            "verified",
            "late",
            "nobody_home",
            "nobody_came",
            "failed",
            "rated",
        )
    }
    return Fulfilment(
        key=row["key"],
        name=row["name"] or "",
        rating=float(rating) if rating is not None else None,
        **counts,
    )
