"""A picture or a voice that somebody sends from the page: taken in once, and worked on as one that came by a chat."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query, Request

from actions import sent_files
from actions.photograph import LARGEST
from actions.send_picture import picture
from actions.send_voice import voice
from bot.api.access import Asking, Owner, Ports
from bot.api.bodies import body_of
from bot.api.shapes import RestReply, rest
from bot.kept_files import place_of, write
from bot.messages import Arrival, Attached
from bot.parts import Parts
from domain.errors import RuleBroken

router = APIRouter(prefix="/api/v1/me", tags=["me"])
_MADE = {"photo": picture, "voice": voice}


@router.post("/attachments")
async def send(
    request: Request,
    who: Asking,
    person: Owner,
    parts: Ports,
    kind: Literal["photo", "voice"],
    message_id: Annotated[str, Query(min_length=1, max_length=80)],
) -> list[RestReply]:
    """Send the body of the request to the butler: a picture (JPEG, PNG) or a voice (Ogg, WebM, MP4), 8 MB at most.

    Answered as words are; a repeat of `message_id` is harmless and answered as before.
    """
    words = parts.house.words
    if not parts.files.allows(person.id):
        raise HTTPException(429, words.say("too_many_tries"), {"Retry-After": "600"})
    body = await body_of(request, LARGEST, words.say("sent_too_big"))
    try:
        made, kept = _MADE[kind](body)
    except RuleBroken as bad:
        raise HTTPException(422, words.say(f"page_{kind}_bad")) from bad
    attached = Attached(kind, size=made.size, path=made.path, type=made.type)
    channel = "web" if who.by_cookie else "rest"
    arrival = Arrival(person.id, channel, "", message_id, login_at=who.login_at, attached=attached)
    # Before the row is committed: a row without its file would be a promise.
    await asyncio.to_thread(write, parts.settings.var, made.path, kept)
    try:
        taken = await parts.way.take(arrival)
    finally:
        await asyncio.to_thread(_drop_unless_taken, parts, arrival, made)
    return [rest(reply, "me") for reply in await parts.way.answer(taken)]


def _drop_unless_taken(parts: Parts, arrival: Arrival, made: sent_files.Body) -> None:
    """A repeat has its file already, and what was refused leaves none behind."""
    with parts.house.store.read() as unit:
        message = unit.conversations.by_key(arrival.key)
        if message is not None and sent_files.is_with(unit, message, made):
            return
    place_of(parts.settings.var, made.path).unlink(missing_ok=True)
