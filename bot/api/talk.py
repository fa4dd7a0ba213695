"""Talking over HTTP: Rasa's REST shape, what was pushed, and the same as a stream."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from actions.raise_alarm import delivered
from bot.api.access import Owner, OwnerId, Ports
from bot.api.shapes import MessageIn, MessageOut, Page, RestReply, message, rest
from bot.messages import Arrival, Reply, shown
from bot.parts import Parts
from domain.conversations import State
from domain.ids import new_id

router = APIRouter()
PAGE = 50
# How often a stream looks for something new, and how often it says that it is alive.
_LOOK_SECONDS, _ALIVE_LOOKS = 1.0, 15


@router.post("/webhooks/rest/webhook", tags=["talk"])
async def say(body: MessageIn, person_id: OwnerId, parts: Ports) -> list[RestReply]:
    """Say something to the butler; silence is []."""
    arrival = Arrival(person_id, "rest", body.message, body.message_id or new_id("in"))
    replies = await parts.way.receive(arrival)
    return [rest(reply, body.sender) for reply in replies]


@router.get("/api/v1/me/messages", tags=["me"])
def messages(
    person: Owner,
    parts: Ports,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = PAGE,
) -> Page[MessageOut]:
    """What was pushed to the token's owner since a message: reminders, alerts, a coordinator's words."""
    found = pushed(parts, person.id, after, limit)
    last = found[-1].id if found else after
    return Page(items=[message(reply) for reply in found], next=last)


@router.get("/api/v1/me/events", tags=["me"])
async def events(
    request: Request, person: Owner, parts: Ports, after: Annotated[int, Query(ge=0)] = 0
) -> StreamingResponse:
    """The same as a stream of server-sent events; `Last-Event-ID` takes up where it was cut."""
    begin = request.headers.get("last-event-id", "")
    start = int(begin) if begin.isdigit() else after
    return StreamingResponse(_stream(request, parts, person.id, start), media_type="text/event-stream")


async def _stream(request: Request, parts: Parts, person_id: str, after: int) -> AsyncIterator[str]:
    looks = 0
    while not await request.is_disconnected():
        rung = asyncio.create_task(parts.bell.wait(_LOOK_SECONDS))
        found = await asyncio.to_thread(pushed, parts, person_id, after, PAGE)
        for reply in found:
            after = reply.id or after
            yield f"id: {after}\ndata: {json.dumps(message(reply).model_dump(), ensure_ascii=False)}\n\n"
        looks += 1
        if looks % _ALIVE_LOOKS == 1:
            yield ": alive\n\n"
        await rung


def pushed(parts: Parts, person_id: str, after: int, limit: int) -> list[Reply]:
    """Pushed messages after one; those that leave for the first time are marked as sent, their alerts as delivered."""
    store = parts.house.store
    with store.read() as unit:
        conversation = unit.conversations.of_existing(person_id)
        if conversation is None:
            return []
        found = list(unit.conversations.after(conversation.id, after, limit, pushed=True))
    leaving = [m for m in found if m.state is State.QUEUED]
    if leaving:
        with store.write() as unit:
            unit.conversations.mark_sent([m.id for m in leaving if m.id is not None], parts.house.now())
            delivered(parts.house, unit, [m.key for m in leaving])
    return [shown(one) for one in found]
