"""Talking over HTTP: Rasa's REST shape, what was pushed, and the same as a stream."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from bot.api.access import Asking, Owner, Ports
from bot.api.cookie import sign_in
from bot.api.shapes import MessageIn, MessageOut, Page, RestReply, message, rest
from bot.api.streaming import begin_after, streamed
from bot.messages import Arrival, Reply, shown
from bot.parts import Parts
from bot.showing import shown_first
from domain.ids import new_id

router = APIRouter()
PAGE = 50


@router.post("/webhooks/rest/webhook", tags=["talk"])
async def say(
    body: MessageIn, who: Asking, request: Request, response: Response, parts: Ports
) -> list[RestReply]:
    """Say something to the butler; silence is []."""
    channel = "web" if who.by_cookie else "rest"
    arrival = Arrival(
        who.person_id, channel, body.message, body.message_id or new_id("in"), login_at=who.login_at
    )
    replies = await parts.way.receive(arrival)
    if who.by_cookie and any(reply.keeps_login for reply in replies):
        sign_in(request, response, parts.settings, who.person_id)
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
    request: Request, who: Asking, person: Owner, parts: Ports, after: Annotated[int, Query(ge=0)] = 0
) -> StreamingResponse:
    """The same as a stream of server-sent events; `Last-Event-ID` takes up where it was cut."""

    def look(since: int) -> Sequence[tuple[int, dict[str, Any]]]:
        found = pushed(parts, person.id, since, PAGE)
        return [(reply.id or since, message(reply).model_dump()) for reply in found]

    return streamed(request, parts, who, look, begin_after(request, after))


def pushed(parts: Parts, person_id: str, after: int, limit: int) -> list[Reply]:
    """Pushed messages after one; those that leave for the first time are marked as sent, their alerts as delivered."""
    with parts.house.store.read() as unit:
        conversation = unit.conversations.of_existing(person_id)
        if conversation is None:
            return []
        found = unit.conversations.after(conversation.id, after, limit, pushed=True)
    return [shown(parts.house, one) for one in shown_first(parts.house, found)]
