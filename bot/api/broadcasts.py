"""Broadcasts over HTTP for staff: written, looked at, tested, started, approved, watched, paused, ended."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import StreamingResponse

from actions import broadcast
from bot.api import broadcast_shapes as shapes
from bot.api.access import Asking, Caller, Owner, Ports
from bot.api.shapes import Page
from bot.parts import Parts
from domain.broadcasts import BroadcastState, RecipientState
from domain.errors import NotFound
from domain.policy import may_broadcast, may_see_names

router = APIRouter(prefix="/api/v1/broadcasts", tags=["staff"])
Limit = Annotated[int, Query(ge=1, le=200)]
# How often a stream looks, and ends where nothing happens any more.
_LOOK_SECONDS = 1.0
_OVER = (BroadcastState.STOPPED, BroadcastState.DONE, BroadcastState.TAKEN_BACK)


@router.get("")
def listed(
    person: Owner,
    parts: Ports,
    state: Annotated[list[BroadcastState] | None, Query()] = None,
    after: str | None = None,
    limit: Limit = 50,
) -> Page[shapes.BroadcastOut]:
    """All of them, the newest first, each with the counts of its last run."""
    may_broadcast(person)
    with parts.house.store.read() as unit:
        found = unit.broadcasts.newest(limit, after, state or ())
        following = found[-1].id if len(found) == limit else None
        return Page(items=[shapes.shown(unit, one) for one in found], next=following)


@router.post("", status_code=201)
def write(body: shapes.BroadcastIn, person: Owner, parts: Ports) -> shapes.BroadcastOut:
    """A draft; nothing is sent yet."""
    may_broadcast(person)
    with parts.house.store.write() as unit:
        return shapes.shown(
            unit, broadcast.write(parts.house, unit, person, body.draft(parts.house), body.key)
        )


@router.post("/preview")
def preview(body: shapes.BroadcastIn, person: Owner, parts: Ports) -> shapes.PreviewOut:
    """Whom it would be for, before it is kept."""
    may_broadcast(person)
    with parts.house.store.read() as unit:
        return shapes.previewed(broadcast.preview(parts.house, unit, person, body.draft(parts.house)))


@router.get("/{broadcast_id}")
def one(broadcast_id: str, person: Owner, parts: Ports) -> shapes.OneOut:
    """One with its runs and what was done with it."""
    with parts.house.store.read() as unit:
        kept = broadcast.read(unit, person, broadcast_id)
        return shapes.OneOut(
            broadcast=shapes.shown(unit, kept),
            runs=[shapes.run(unit, each) for each in unit.broadcasts.runs(kept.id)],
            events=[shapes.event(each) for each in unit.broadcasts.events(kept.id)],
        )


@router.put("/{broadcast_id}")
def revise(broadcast_id: str, body: shapes.BroadcastIn, person: Owner, parts: Ports) -> shapes.BroadcastOut:
    """The next version, with an id of its own; 409 once a run has begun."""
    may_broadcast(person)
    with parts.house.store.write() as unit:
        made = broadcast.revise(parts.house, unit, person, broadcast_id, body.draft(parts.house))
        return shapes.shown(unit, made)


@router.get("/{broadcast_id}/preview")
def preview_of(broadcast_id: str, person: Owner, parts: Ports) -> shapes.PreviewOut:
    """How many it is for now, and ten of them."""
    with parts.house.store.read() as unit:
        return shapes.previewed(broadcast.preview_of(parts.house, unit, person, broadcast_id))


@router.post("/{broadcast_id}/test", status_code=204)
def try_out(broadcast_id: str, person: Owner, parts: Ports) -> None:
    """To oneself."""
    with parts.house.store.write() as unit:
        broadcast.try_out(parts.house, unit, person, broadcast_id)


@router.get("/{broadcast_id}/recipients")
def recipients(
    broadcast_id: str,
    person: Owner,
    parts: Ports,
    run: Annotated[int | None, Query(ge=1, description="the last one where none is said")] = None,
    state: RecipientState | None = None,
    after: str | None = None,
    limit: Limit = 50,
) -> Page[shapes.RecipientOut]:
    """The recipients of a run with what became of each, by id."""
    with parts.house.store.read() as unit:
        kept = broadcast.read(unit, person, broadcast_id)
        runs = [each for each in unit.broadcasts.runs(kept.id) if run in (None, each.number)]
        if not runs and run is not None:
            raise NotFound(broadcast_id)
        rows = unit.recipients.rows(runs[-1].id, after, limit, state) if runs else []
        names = may_see_names(person)
        items = [shapes.recipient(unit.people.get(row[0]), row, names=names) for row in rows]
        return Page(items=items, next=rows[-1][0] if len(rows) == limit else None)


@router.get("/{broadcast_id}/events")
async def events(
    broadcast_id: str, request: Request, who: Asking, person: Owner, parts: Ports
) -> StreamingResponse:
    """How it goes as a stream of server-sent events: the broadcast with its counts, whenever they have changed."""
    with parts.house.store.read() as unit:
        broadcast.read(unit, person, broadcast_id)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    watched = _watched(request, parts, who, broadcast_id)
    return StreamingResponse(watched, media_type="text/event-stream", headers=headers)


async def _watched(request: Request, parts: Parts, who: Caller, broadcast_id: str) -> AsyncIterator[str]:
    last = ""

    def look() -> shapes.BroadcastOut | None:
        with parts.house.store.read() as unit:
            reader, kept = unit.people.get(who.person_id), unit.broadcasts.get(broadcast_id)
            if reader is None or kept is None or not (reader.holds_login(who.login_at) and who.holds()):
                return None
            return shapes.shown(unit, kept)

    with parts.streams.open(who.person_id) as over:
        while not over.is_set() and not await request.is_disconnected():
            found = await parts.streams.look(look)
            if found is None:
                return
            told = json.dumps(found.model_dump(mode="json"), ensure_ascii=False)
            yield f"data: {told}\n\n" if told != last else ": alive\n\n"
            last = told
            if found.state in _OVER and not found.counts.get(RecipientState.HANDED):
                return
            await asyncio.sleep(_LOOK_SECONDS)


@router.post("/{broadcast_id}/{step}")
def step(broadcast_id: str, step: str, person: Owner, parts: Ports) -> shapes.BroadcastOut:
    """`start`, `approve`, `pause`, `go-on`, `stop`, `take-back`. 409 where that is not possible any more, or not yet."""
    may_broadcast(person)
    if step not in broadcast.STEPS:
        raise HTTPException(404, "没有这一项")
    with parts.house.store.write() as unit:
        return shapes.shown(unit, broadcast.STEPS[step](parts.house, unit, person, broadcast_id))
