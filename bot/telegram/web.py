"""What the door has on our own server: the webhook, and the link that joins one's own chat."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel

from actions.accounts import one_time_link
from bot.api.access import Owner, Ports
from bot.doors.port import SendError
from bot.telegram.door import TelegramDoor
from bot.telegram.life import read

_SECRET = "x-telegram-bot-api-secret-token"  # noqa: S105  (the name of a header)
_LARGEST = 2**20


class LinkOut(BaseModel):
    link: str


def router(door: TelegramDoor) -> APIRouter:
    """The door's routes; the webhook only where updates are posted."""
    made = APIRouter()

    @made.post("/api/v1/me/telegram-link", tags=["me"])
    async def telegram_link(person: Owner, parts: Ports) -> LinkOut:
        """A one-time link that joins a Telegram chat to the token's owner. Good for three days, and once."""
        try:
            await door.life.username()
        except SendError as error:
            raise HTTPException(503, "Telegram 现在连不上，请过一会儿再试") from error
        with parts.house.store.write() as unit:
            token = one_time_link(parts.house, unit, person)
        return LinkOut(link=await door.link(token))

    if door.webhook_path is not None:
        made.add_api_route(
            door.webhook_path, _webhook(door), methods=["POST"], include_in_schema=False, response_model=None
        )
    return made


def _webhook(door: TelegramDoor) -> Callable[[Request], Awaitable[dict[str, bool]]]:
    async def webhook(request: Request) -> dict[str, bool]:
        """One update. Answered when it is safe; whatever else is answered makes Telegram send it again."""
        shown = request.headers.get(_SECRET, "")
        if not hmac.compare_digest(shown.encode(), door.life.settings.telegram_secret.encode()):
            raise HTTPException(403, "not Telegram")
        body = await request.body()
        if len(body) > _LARGEST:
            raise HTTPException(413, "too large")
        try:
            row = json.loads(body)
        except ValueError as error:
            raise HTTPException(400, "no update") from error
        update = read(row, door.api) if isinstance(row, dict) else None
        if update is not None:
            await door.receiver.take(update)
        return {"ok": True}

    return webhook
