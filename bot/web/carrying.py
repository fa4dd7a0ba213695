"""How a one-time code gets to its owner: by the chats that have joined, and by a gateway for text messages.

A code goes straight out and never through the outbox: what is stored there stays to be read, and a code must not.
"""

from __future__ import annotations

import asyncio

import httpx
import structlog

from actions.accounts import Sent
from bot.doors.port import Outgoing, SendError
from bot.parts import Parts
from domain.conversations import Speaker
from domain.doors import Account

log = structlog.get_logger()
_GATEWAY_SECONDS = 10.0


async def carry(parts: Parts, sent: Sent) -> None:
    """Tell the code to its owner wherever that is possible; neither the code nor the number is logged."""
    text = parts.house.words.say("code_text", code=sent.code)
    await asyncio.gather(_by_chats(parts, sent.phone, text), _by_gateway(parts, sent.phone, text))


async def _by_chats(parts: Parts, phone: str, text: str) -> None:
    def joined() -> list[Account]:
        with parts.house.store.read() as unit:
            person = unit.people.by_phone(phone)
            return list(unit.doors.accounts(person.id)) if person is not None else []

    doors = {door.name: door for door in parts.outboxes.doors}
    for account in await asyncio.to_thread(joined):
        if account.door not in doors or account.blocked_at is not None:
            continue
        try:
            await doors[account.door].send(account, Outgoing(None, text, str(Speaker.AI)))
        except SendError as error:
            log.warning("code_not_carried", door=account.door, kind=type(error).__name__)


async def _by_gateway(parts: Parts, phone: str, text: str) -> None:
    if not parts.settings.sms_url:
        return
    try:
        async with httpx.AsyncClient(timeout=_GATEWAY_SECONDS) as http:
            answer = await http.post(parts.settings.sms_url, json={"phone": phone, "text": text})
            answer.raise_for_status()
    except httpx.HTTPError as error:
        log.warning("code_not_carried", door="sms", kind=type(error).__name__)
