"""The page for elders: plain files, read once, kept by browsers under a name that changes when they do."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from bot.static_files import ASK_EACH_TIME, FOR_A_YEAR, File, guards, load, send

FOLDER = Path(__file__).parent / "static"
_PAGE = "chat.html"
# Nothing but our own files, nothing inline, shown in nobody's frame.
_GUARDS = guards(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ),
    microphone="self",
)
router = APIRouter(include_in_schema=False)


@cache
def files() -> dict[str, File]:
    """Every file of the page by its name."""
    return load(FOLDER, _PAGE)


@router.get("/")
def front() -> RedirectResponse:
    """The page is what is at the front."""
    return RedirectResponse("/chat", 307)


@router.get("/chat")
def page(request: Request) -> Response:
    """The page."""
    return send(request, files()[_PAGE], ASK_EACH_TIME, _GUARDS)


@router.get("/chat/static/{version}/{name}")
def static(version: str, name: str, request: Request) -> Response:
    """A file of the page, whichever version is asked for: there is only the present one."""
    if name not in files() or name == _PAGE:
        raise HTTPException(404, "没有这一项")
    return send(request, files()[name], FOR_A_YEAR, _GUARDS)
