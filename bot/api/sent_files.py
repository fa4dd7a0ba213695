"""Files that people send, for who may read the words beside them."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel

from actions import sent_files
from bot.api.access import Owner, Ports, Staff
from bot.kept_files import ending, there
from domain.errors import NotFound
from domain.topics import TYPES, VOICES, Kept, Sent

router = APIRouter(prefix="/api/v1", tags=["files"])
own_router = APIRouter(prefix="/api/v1/me", tags=["me"])
# Whatever somebody has sent, a page shows only pictures and sounds; anything else is saved, and nothing runs.
_HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


class FileOut(BaseModel):
    """A file of a message. `state`: `waiting` while it is fetched, `kept`, `lost` where it could not be had."""

    id: str
    kind: str
    state: str
    type: str | None
    size: int | None


def file_out(one: Sent) -> FileOut:
    known = one.type if one.state is Kept.KEPT else None
    return FileOut(id=one.id, kind=one.kind, state=str(one.state), type=known, size=one.size)


@router.get("/tickets/{ticket_id}/attachments/{file_id}")
def of_ticket(ticket_id: str, file_id: str, person: Staff, parts: Ports) -> Response:
    """A file of the conversation behind a ticket."""
    with parts.house.store.read() as unit:
        found = sent_files.of_ticket(unit, person, ticket_id, file_id)
    return _body(parts.settings.var, found)


@own_router.get("/attachments/{file_id}")
def of_own(file_id: str, person: Owner, parts: Ports) -> Response:
    """A file of one's own conversation."""
    with parts.house.store.read() as unit:
        found = sent_files.of_own(unit, person, file_id)
    return _body(parts.settings.var, found)


def _body(folder: Path, found: Sent) -> Response:
    path = there(folder, found.path)
    if path is None:
        raise NotFound(found.id)
    shown = found.type in TYPES or found.type in VOICES
    return FileResponse(
        path,
        media_type=found.type if shown else "application/octet-stream",
        filename=f"{found.id}{ending(found.type)}",
        content_disposition_type="inline" if shown else "attachment",
        headers=_HEADERS,
    )
