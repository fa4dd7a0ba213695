"""A page's plain files: read once, packed once, sent with their guards and a tag that changes when they do."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi import Request, Response

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
FOR_A_YEAR = "public, max-age=31536000, immutable"
ASK_EACH_TIME = "no-cache"


@dataclass(frozen=True)
class File:
    """One file as it is sent."""

    body: bytes
    packed: bytes
    kind: str
    tag: str


def load(folder: Path, page: str) -> dict[str, File]:
    """Every file of a page by its name; the page itself names the version of the others."""
    bodies = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in _TYPES}
    version = _digest(b"".join(bodies.values()))
    bodies[page] = bodies[page].replace(b"{version}", version.encode())
    return {
        name: File(body, gzip.compress(body, 9, mtime=0), _TYPES[Path(name).suffix], f'"{_digest(body)}"')
        for name, body in bodies.items()
    }


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:16]


def guards(policy: tuple[str, ...], microphone: str = "") -> dict[str, str]:
    """What every file of a page is sent with: its policy, and nothing of ours in another's hands.

    `microphone` is who on the page may ask for it: nobody, or `self`.
    """
    return {
        "Content-Security-Policy": "; ".join(policy),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": f"camera=(), microphone=({microphone}), geolocation=(), payment=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Vary": "Accept-Encoding",
    }


def send(request: Request, file: File, kept: str, guarded: Mapping[str, str]) -> Response:
    """The file, packed where the browser takes it so; nothing where it has it already."""
    headers = {**guarded, "Cache-Control": kept, "ETag": file.tag}
    if request.headers.get("if-none-match") == file.tag:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(file.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=file.kind)
    return Response(file.body, headers=headers, media_type=file.kind)
