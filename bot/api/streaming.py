"""Server-sent events: woken by the bell, alive by a heartbeat, over when the login is or another stream takes its place."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from fastapi import Request
from fastapi.responses import StreamingResponse

from bot.api.access import Caller
from bot.parts import Parts
from bot.way import LoginOver

# How often a stream looks where nobody has rung (another process may have stored words), and says that it is alive.
_LOOK_SECONDS, _ALIVE_SECONDS = 1.0, 15.0
FURTHEST = 2**63 - 1
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
# New items after a message, each with its id.
Look = Callable[[int], Sequence[tuple[int, dict[str, Any]]]]


def begin_after(request: Request, after: int) -> int:
    """Where to take up: `Last-Event-ID` where the browser names it, else what was asked for."""
    said = request.headers.get("last-event-id", "")
    # What is longer is no number of ours, and no number that a database knows: there is nothing after it.
    begin = int(said[:20]) if said.isascii() and said.isdigit() else after
    return min(begin, FURTHEST)


def streamed(
    request: Request, parts: Parts, who: Caller, look: Look, after: int, alive: str = ": alive\n\n"
) -> StreamingResponse:
    """The answer that goes on until the browser leaves."""
    events = _events(request, parts, who, look, after, alive)
    return StreamingResponse(events, media_type="text/event-stream", headers=_HEADERS)


async def _events(
    request: Request, parts: Parts, who: Caller, look: Look, after: int, alive: str
) -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()
    with parts.streams.open(who.person_id) as over:
        alive_at = loop.time()
        yield ": here\n\n"
        while not over.is_set() and not await request.is_disconnected():
            rung = asyncio.create_task(parts.bell.wait(_LOOK_SECONDS))
            try:
                found = await parts.streams.look(lambda: look(after))  # noqa: B023  (awaited before it changes)
            except LoginOver:
                yield "event: over\ndata: login\n\n"
                return
            for number, item in found:
                after = max(after, number)
                yield f"id: {after}\ndata: {json.dumps(item, ensure_ascii=False)}\n\n"
            if loop.time() - alive_at >= _ALIVE_SECONDS:
                alive_at = loop.time()
                yield alive
            await rung
        if over.is_set():
            yield "event: over\ndata: elsewhere\n\n"
