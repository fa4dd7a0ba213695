"""The page for elders: plain files, read once, kept by browsers under a name that changes when they do."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

FOLDER = Path(__file__).parent / "static"
_PAGE = "chat.html"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
# Nothing but our own files, nothing inline, shown in nobody's frame.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
_GUARDS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Vary": "Accept-Encoding",
}
_FOR_A_YEAR = "public, max-age=31536000, immutable"
_ASK_EACH_TIME = "no-cache"
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class File:
    """One file as it is sent."""

    body: bytes
    packed: bytes
    kind: str
    tag: str


@cache
def files() -> dict[str, File]:
    """Every file of the page by its name; the page itself names the version of the others."""
    bodies = {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix in _TYPES}
    version = _digest(b"".join(bodies.values()))
    bodies[_PAGE] = bodies[_PAGE].replace(b"{version}", version.encode())
    return {
        name: File(body, gzip.compress(body, 9, mtime=0), _TYPES[Path(name).suffix], f'"{_digest(body)}"')
        for name, body in bodies.items()
    }


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:16]


@router.get("/")
def front() -> RedirectResponse:
    """The page is what is at the front."""
    return RedirectResponse("/chat", 307)


@router.get("/chat")
def page(request: Request) -> Response:
    """The page."""
    return _send(request, files()[_PAGE], _ASK_EACH_TIME)


@router.get("/chat/static/{version}/{name}")
def static(version: str, name: str, request: Request) -> Response:
    """A file of the page, whichever version is asked for: there is only the present one."""
    if name not in files() or name == _PAGE:
        raise HTTPException(404, "没有这一项")
    return _send(request, files()[name], _FOR_A_YEAR)


def _send(request: Request, file: File, kept: str) -> Response:
    headers = {**_GUARDS, "Cache-Control": kept, "ETag": file.tag}
    if request.headers.get("if-none-match") == file.tag:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(file.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=file.kind)
    return Response(file.body, headers=headers, media_type=file.kind)
