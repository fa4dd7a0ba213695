"""`/staff`: plain files over the API. Nothing inline, nothing of others; the place is asked of the browser alone."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from fastapi import APIRouter, HTTPException, Response

FOLDER = Path(__file__).parent / "static"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_GUARDS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self), payment=()",
    "Cache-Control": "no-cache",
}
router = APIRouter(include_in_schema=False)


@cache
def files() -> dict[str, tuple[bytes, str]]:
    """The page's files by name, with their types."""
    return {path.name: (path.read_bytes(), _TYPES[path.suffix]) for path in sorted(FOLDER.iterdir())}


@router.get("/staff")
def page() -> Response:
    """The page."""
    return file("staff.html")


@router.get("/staff/static/{name}")
def file(name: str) -> Response:
    """A file of the page."""
    if name not in files():
        raise HTTPException(404, "没有这一项")
    body, kind = files()[name]
    return Response(body, media_type=kind, headers=_GUARDS)
