"""Plans of visits: the owner's and, as far as consent goes, an elder's; each with its visits. Drafts are nobody's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel

from actions.family import permit, permit_item
from bot.api import shapes
from bot.api.access import Owner, Ports
from bot.api.mine import For, subject
from domain.bookings import BOOKED
from domain.clock import SHANGHAI
from domain.errors import NotFound
from domain.people import Scope
from domain.policy import Basis, may_see_booking
from domain.series import Series
from domain.store.series import Row

router = APIRouter(prefix="/api/v1", tags=["me"])


class SeriesOut(BaseModel):
    """A plan of visits. `rule` is RFC 5545 (lunar ones RFC 7529); `next` and `last` are of the visits to come."""

    id: str
    member: str
    booked_by: str
    service: str
    channel: str
    state: str
    rule: str
    product: str | None
    self_pay: bool
    count: int
    to_come: int
    next: datetime | None
    last: datetime | None


class SeriesVisitOut(BaseModel):
    """One visit of a plan: the day as planned, whether that is provisional, and its booking as it stands now."""

    number: int
    part: str
    service: str
    day: date
    provisional: bool
    moved_from: date | None
    holiday: str | None
    skipped: bool
    booking: shapes.BookingOut | None


class WholeSeriesOut(SeriesOut):
    """A plan with its visits, in their order."""

    visits: list[SeriesVisitOut]


@router.get("/me/series")
def mine(
    person: Owner,
    parts: Ports,
    wanted: For = None,
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> shapes.Page[SeriesOut]:
    """All plans by when they were made, those over and dropped too."""
    with parts.house.store.write() as unit:
        member = subject(unit, person, wanted)
        reach = permit(parts.house, unit, person, member.id, Scope.SEE_VISITS, "api:series")
        found = unit.series.of_member(member.id, after=after, limit=limit)
        rows = {series.id: unit.series.rows(series.id) for series in found}
        seen = [series for series in found if _open(rows[series.id], reach.basis)]
        following = found[-1].id if len(found) == limit else None
        now = parts.house.now()
        return shapes.Page(items=[SeriesOut(**_told(s, rows[s.id], now)) for s in seen], next=following)


@router.get("/me/series/{series_id}")
@router.get("/series/{series_id}")
def one(series_id: str, person: Owner, parts: Ports) -> WholeSeriesOut:
    """One plan with its visits; 404 where there is none, or none for the one who asks."""
    with parts.house.store.write() as unit:
        series = unit.series.get(series_id)
        if series is None or not unit.series.was_firm(series_id):
            raise NotFound(series_id)
        rows = unit.series.rows(series_id)
        private = any(booking.private for _, booking in rows if booking is not None)
        permit_item(
            parts.house,
            unit,
            person,
            series.member_id,
            Scope.SEE_VISITS,
            "api:series",
            item=series_id,
            private=private,
        )
        return WholeSeriesOut(**_told(series, rows, parts.house.now()), visits=[_visit(row) for row in rows])


def _open(rows: Sequence[Row], basis: Basis) -> bool:
    """Whether none of it is kept private from this reader."""
    return all(may_see_booking(basis, private=booking.private) for _, booking in rows if booking is not None)


def _told(series: Series, rows: Sequence[Row], now: datetime) -> dict[str, Any]:
    coming = sorted(b.begin for _, b in rows if b is not None and b.status in BOOKED and b.begin > now)
    return {
        "id": series.id,
        "member": series.member_id,
        "booked_by": series.booked_by,
        "service": series.service,
        "channel": series.channel,
        "state": str(series.state),
        "rule": series.rule,
        "product": series.product,
        "self_pay": series.self_pay,
        "count": sum(not visit.skipped for visit, _ in rows),
        "to_come": len(coming),
        "next": coming[0].astimezone(SHANGHAI) if coming else None,
        "last": coming[-1].astimezone(SHANGHAI) if coming else None,
    }


def _visit(row: Row) -> SeriesVisitOut:
    visit, booking = row
    return SeriesVisitOut(
        number=visit.ordinal,
        part=str(visit.part),
        service=visit.service,
        day=visit.day,
        provisional=visit.provisional,
        moved_from=visit.moved_from,
        holiday=visit.holiday,
        skipped=visit.skipped,
        booking=shapes.booking(booking) if booking is not None else None,
    )
