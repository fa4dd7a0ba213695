"""Reports over HTTP, for supervisors and the operator."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from actions import desk_report, report
from bot.api.access import Owner, Ports
from bot.report_lines import values
from domain.desk_report import DeskBy
from domain.reports import By, Fulfilment, SatisfactionBy

router = APIRouter(prefix="/api/v1/reports", tags=["reports"])


class FulfilmentOut(BaseModel):
    """What came of what was booked. Rates are from 0 to 1, None where there is nothing to reckon them of."""

    key: str
    name: str
    booked: int
    cancelled: int
    ahead: int
    came: int
    verified: int
    verified_rate: float | None
    late: int
    late_rate: float | None
    nobody_home: int
    nobody_came: int
    no_show_rate: float | None
    failed: int
    rated: int
    rating: float | None


class ReportOut(BaseModel):
    """The lines of a period (both days included), the most booked first, and all of them in one."""

    by: By
    first: date
    last: date
    items: list[FulfilmentOut]
    total: FulfilmentOut
    next: str | None = None


class SatisfactionOut(BaseModel):
    """How what took place was liked. Rates are from 0 to 1, `mean` of 1 to 5, `recommendation` from -100 to 100."""

    key: str
    name: str
    visits: int
    asked: int
    answered: int
    response_rate: float | None
    rated: int
    mean: float | None
    good: int
    good_rate: float | None
    recommended: int
    promoters: int
    detractors: int
    recommendation: float | None
    complaints: int


class SatisfactionReportOut(BaseModel):
    """The lines of a period (both days included), the most visits first, months in order; and all of them in one."""

    by: SatisfactionBy
    first: date
    last: date
    items: list[SatisfactionOut]
    total: SatisfactionOut
    next: str | None = None


First = Annotated[date | None, Query(alias="from", description="thirty days back where none is said")]
Last = Annotated[date | None, Query(alias="to", description="today where none is said")]


@router.get("/fulfilment")
def fulfilment(
    person: Owner,
    parts: Ports,
    by: By = By.PROVIDER,
    first: First = None,
    last: Last = None,
) -> ReportOut:
    """Booked, verified, late, not there, rated; by provider, service or city. 404 for who may not read it."""
    with parts.house.store.read() as unit:
        found = report.fulfilment(parts.house, unit, person, by, first, last)
    items = [_shape(line) for line in found.lines]
    return ReportOut(by=by, first=found.first, last=found.last, items=items, total=_shape(found.total))


@router.get("/satisfaction")
def satisfaction(
    person: Owner,
    parts: Ports,
    by: SatisfactionBy = SatisfactionBy.SERVICE,
    first: First = None,
    last: Last = None,
) -> SatisfactionReportOut:
    """Answered, mean, four and five, recommendation, open complaints. 404 for who may not read it."""
    with parts.house.store.read() as unit:
        found = report.satisfaction(parts.house, unit, person, by, first, last)
    items = [SatisfactionOut.model_validate(values(line)) for line in found.lines]
    total = SatisfactionOut.model_validate(values(found.total))
    return SatisfactionReportOut(by=by, first=found.first, last=found.last, items=items, total=total)


def _shape(line: Fulfilment) -> FulfilmentOut:
    return FulfilmentOut.model_validate(values(line))


class DeskLineOut(BaseModel):
    """How a desk, a person or an hour did. Times in minutes of working time, rates from 0 to 1, None where nothing is known."""

    key: str
    name: str
    opened: int
    waiting: int
    answered: int
    first_in_time: int
    first_late: int
    first_in_time_rate: float | None
    first_reply: float | None
    first_reply_p90: float | None
    resolved: int
    resolved_in_time: int
    resolved_late: int
    resolved_in_time_rate: float | None
    resolution: float | None
    lost: int
    reopened: int
    rated: int
    rating: float | None


class DeskReportOut(BaseModel):
    """The lines of a period (both days included), and all of them in one."""

    by: DeskBy
    first: date
    last: date
    items: list[DeskLineOut]
    total: DeskLineOut
    next: str | None = None


@router.get("/desk")
def desk(
    person: Owner,
    parts: Ports,
    by: DeskBy = DeskBy.QUEUE,
    first: First = None,
    last: Last = None,
) -> DeskReportOut:
    """Tickets opened, first reply, resolution, in time or late. 404 for who may not read it."""
    with parts.house.store.read() as unit:
        found = desk_report.desk(parts.house, unit, person, by, first, last)
    items = [DeskLineOut.model_validate(values(line)) for line in found.lines]
    whole = DeskLineOut.model_validate(values(found.total))
    return DeskReportOut(by=by, first=found.first, last=found.last, items=items, total=whole)
