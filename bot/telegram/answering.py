"""What follows once a message is safe: signs of life while Rasa thinks, and first words that wait for no database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog

from bot.doors.port import Later, Outgoing, SendError, Unknown
from bot.messages import Reply
from bot.taken import Taken
from bot.telegram.api import Api
from bot.way import Way
from domain.doors import Account

log = structlog.get_logger()
# Most answers are there before this; Telegram shows the sign for five seconds.
_TYPING_AFTER, _TYPING_AGAIN = 0.3, 4.5
# How often first words are tried, with growing pauses; after that their row is left to bring them.
_PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)
Send = Callable[[Account, Outgoing], Awaitable[str | None]]


class Answering:
    """Work that goes on after an update was taken. `send` carries one message to an account."""

    def __init__(self, door: str, way: Way, api: Api, send: Send) -> None:
        self.door, self.way, self.api, self._send = door, way, api, send
        self._tasks: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Let something go on by itself."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("telegram_work_failed", error=type(error).__name__, exc_info=error)

    async def stop(self) -> None:
        """What is stored waits for the next start; what is not gets a moment to end."""
        if self._tasks:
            await asyncio.wait(list(self._tasks), timeout=2.0)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def answer(self, account: Account, taken: Taken) -> None:
        """Let the way answer; the outbox carries what it says, but for what has no row yet."""
        typing = asyncio.create_task(self._typing(int(account.external_id)))
        try:
            replies = await self.way.answer(taken)
        finally:
            typing.cancel()
        for reply in replies:
            if reply.id is None:
                await self._first_words(account, taken, reply)

    async def _typing(self, chat: int) -> None:
        await asyncio.sleep(_TYPING_AFTER)
        while True:
            await self.api.typing(chat)
            await asyncio.sleep(_TYPING_AGAIN)

    async def _first_words(self, account: Account, taken: Taken, reply: Reply) -> None:
        """Say them without their row, under its key, so that the outbox does not say them again."""
        key, journal = f"{taken.arrival.key}:first", self.way.journal
        if not journal.begin(key):
            return
        for pause in (*_PAUSES, None):
            try:
                number = await self._send(account, Outgoing(None, reply.text, reply.role))
            except (Later, Unknown):
                if pause is not None:
                    await asyncio.sleep(pause)
            except SendError:
                break
            else:
                await asyncio.to_thread(journal.went_out, key, number)
                return
        journal.did_not(key)
        log.error("first_words_did_not_go_out", door=self.door)
