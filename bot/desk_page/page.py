"""The desk's page: plain files like those of `/chat`, no framework and no build step; and the reports it shows."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from actions import desk_report, report
from actions.report import Report
from bot.api.access import Ports
from bot.desk_page.access import Here
from bot.desk_page.trail import noted
from bot.report_page import page as drawn
from bot.static_files import ASK_EACH_TIME, FOR_A_YEAR, File, guards, load, send
from domain.clock import local
from domain.desk_report import DeskBy
from domain.reports import By, SatisfactionBy

FOLDER = Path(__file__).parent / "static"
_PAGE = "desk.html"
_GUARDS = guards(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
# A report brings its own style, runs nothing, and is shown within the desk alone.
_REPORT_GUARDS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
}
router = APIRouter(prefix="/desk", include_in_schema=False)


@cache
def files() -> dict[str, File]:
    """Every file of the page by its name."""
    return load(FOLDER, _PAGE)


@router.get("")
def page(request: Request) -> Response:
    """The page."""
    return send(request, files()[_PAGE], ASK_EACH_TIME, _GUARDS)


@router.get("/static/{version}/{name}")
def static(version: str, name: str, request: Request) -> Response:
    """A file of the page, whichever version is asked for: there is only the present one."""
    if name not in files() or name == _PAGE:
        raise HTTPException(404, "没有这一项")
    return send(request, files()[name], FOR_A_YEAR, _GUARDS)


First = Annotated[date | None, Query(alias="from")]
Last = Annotated[date | None, Query(alias="to")]


@router.get("/report/fulfilment", dependencies=[Depends(noted)])
def fulfilment(
    found: Here, parts: Ports, by: By = By.PROVIDER, first: First = None, last: Last = None
) -> Response:
    """The report of fulfilment as a page. 404 for who may not read it."""
    with parts.house.store.read() as unit:
        return _drawn(parts, report.fulfilment(parts.house, unit, found.person, by, first, last))


@router.get("/report/satisfaction", dependencies=[Depends(noted)])
def satisfaction(
    found: Here,
    parts: Ports,
    by: SatisfactionBy = SatisfactionBy.SERVICE,
    first: First = None,
    last: Last = None,
) -> Response:
    """The report of satisfaction, likewise."""
    with parts.house.store.read() as unit:
        return _drawn(parts, report.satisfaction(parts.house, unit, found.person, by, first, last))


@router.get("/report/desk", dependencies=[Depends(noted)])
def desk(
    found: Here, parts: Ports, by: DeskBy = DeskBy.QUEUE, first: First = None, last: Last = None
) -> Response:
    """The report of the desks, likewise."""
    with parts.house.store.read() as unit:
        return _drawn(parts, desk_report.desk(parts.house, unit, found.person, by, first, last))


def _drawn(parts: Ports, made: Report[Any]) -> Response:
    body = drawn(made, parts.house.words)
    return Response(body, media_type="text/html; charset=utf-8", headers=_REPORT_GUARDS)


@router.get("/ratings")
def ratings(found: Here, parts: Ports) -> list[dict[str, object]]:
    """The newest ratings and words about visits, for those who look after people."""
    if not found.person.role.is_butler:
        raise HTTPException(404, "没有这一项")
    names = parts.house.catalogue
    with parts.house.store.read() as unit:
        return [
            {
                "at": local(survey.scored_at or survey.created_at).isoformat(),
                "member": person.name,
                "service": names.service(booking.service).name,
                "number": booking.number,
                "rating": None if survey.score is None else str(survey.score),
                "text": survey.words,
            }
            for survey, booking, person in unit.board.ratings(100)
        ]
