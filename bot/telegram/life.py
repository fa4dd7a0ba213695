"""The bot's life: it says who it is and what its menu is, and fetches updates or has them posted."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

import structlog
from telegram import Update

from actions.house import House
from bot.doors.port import Later, SendError
from bot.settings import Settings
from bot.telegram.api import POLL_SECONDS, Api
from bot.telegram.commands import menu
from bot.telegram.receiving import KINDS, Receiver

log = structlog.get_logger()
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
# An update that fails so often while the database answers is a mistake of ours: the others must not wait for it.
_MOST_FAILURES = 5
# How old the last good call may be before a question about health makes one.
_FRESH_SECONDS = 60.0


class Life:
    """Runs until stopped; trouble is waited out and never ends it."""

    def __init__(self, house: House, api: Api, receiver: Receiver, settings: Settings) -> None:
        self.house, self.api, self.receiver, self.settings = house, api, receiver, settings
        self._task: asyncio.Task[None] | None = None
        self._failures: dict[int, int] = {}
        self._offset = 0
        self._asked_at = float("-inf")

    @property
    def webhook_path(self) -> str | None:
        if self.settings.telegram_mode != "webhook":
            return None
        path = urlsplit(self.settings.telegram_webhook_url).path
        return path if path.strip("/") else "/telegram"

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self._offset:
            # What is safe here need not come again; where this fails it comes, and is known.
            with contextlib.suppress(SendError, TimeoutError):
                await asyncio.wait_for(self._fetch(0), 2.0)

    async def ping(self) -> str:
        """`ok`, or what is the matter; asks Telegram where nothing was heard of it for a while."""
        # Who does not fetch hears nothing of it otherwise.
        listens = self._task is not None
        if time.monotonic() - self._asked_at > _FRESH_SECONDS and (self.api.trouble is None or not listens):
            with contextlib.suppress(SendError, TimeoutError):
                await asyncio.wait_for(self.api.call(self.api.bot.get_me), 3.0)
            self._asked_at = time.monotonic()
        return self.api.trouble or "ok"

    async def username(self) -> str:
        """The bot's name. Raises a SendError while it is not known."""
        if self._task is None or self.api.trouble is not None:
            await self.api.call(self.api.bot.get_me)
        return self.api.bot.username

    @property
    def known_name(self) -> str | None:
        """The bot's name, where Telegram has told it already."""
        return self.api.bot.username if self._task is not None and self.api.trouble is None else None

    async def _run(self) -> None:
        await self._patiently(self._introduce)
        while self.webhook_path is None:
            await self._patiently(self._poll_once)

    async def _patiently(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do something, again and again until it goes well."""
        pause = _FIRST_PAUSE
        while True:
            try:
                await work()
                return
            except Later as later:
                wait = later.wait.total_seconds() if later.wait is not None else pause
                log.warning("telegram_away", reason=later.reason)
            except SendError as error:
                wait = pause
                log.warning("telegram_away", reason=error.reason)
            except Exception as error:  # the door must not die of one
                wait = pause
                log.error("telegram_failed", error=type(error).__name__, exc_info=error)
            await asyncio.sleep(wait)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _introduce(self) -> None:
        bot, call = self.api.bot, self.api.call
        await self.api.open()
        await call(lambda: bot.set_my_commands(menu(self.house.words)))
        if self.webhook_path is None:
            await call(bot.delete_webhook)
            return
        parts = urlsplit(self.settings.telegram_webhook_url)
        address = parts._replace(path=self.webhook_path).geturl()
        await call(
            lambda: bot.set_webhook(
                address, secret_token=self.settings.telegram_secret, allowed_updates=list(KINDS)
            )
        )
        log.info("telegram_ready", mode="webhook")

    async def _poll_once(self) -> None:
        rows = await self._fetch(POLL_SECONDS)
        chats: dict[object, list[tuple[int, Update | None]]] = defaultdict(list)
        for row in rows:
            update = read(row, self.api)
            chat = update.effective_chat.id if update and update.effective_chat else None
            chats[chat].append((row["update_id"], update))
        failed = [
            one for one in await asyncio.gather(*map(self._in_order, chats.values())) if one is not None
        ]
        if rows:
            self._offset = min(failed, default=rows[-1]["update_id"] + 1)
        if failed:
            raise Later("updates wait for the database")

    async def _in_order(self, updates: Sequence[tuple[int, Update | None]]) -> int | None:
        """Take the updates of one chat; the number of the first that failed, after which the others wait."""
        for number, update in updates:
            if update is None:
                continue
            try:
                await self.receiver.take(update)
            except Exception as error:  # noqa: BLE001  (whatever it is, it must come again)
                if not await self._give_up(number, error):
                    return number
            self._failures.pop(number, None)
        return None

    async def _give_up(self, number: int, error: Exception) -> bool:
        """Whether an update fails of itself, and not because the database is away."""
        log.error("telegram_update_failed", error=type(error).__name__, exc_info=error)
        try:
            await asyncio.to_thread(self.house.store.ping)
        except Exception:  # noqa: BLE001  (whatever it is, the database does not answer)
            return False
        self._failures[number] = self._failures.get(number, 0) + 1
        return self._failures[number] >= _MOST_FAILURES

    async def _fetch(self, seconds: int) -> list[dict[str, Any]]:
        """Updates as they come: one that the library cannot read must not take the others with it."""
        asked = {"offset": self._offset, "timeout": seconds, "allowed_updates": json.dumps(KINDS)}
        address = f"{self.api.bot.base_url}/getUpdates?{urlencode(asked)}"
        found = await self.api.call(lambda: self.api.polls.post(address))
        self._asked_at = time.monotonic()
        rows = found if isinstance(found, list) else []
        return [row for row in rows if isinstance(row, dict) and "update_id" in row]


def read(row: dict[str, Any], api: Api) -> Update | None:
    """One update; None where it cannot be read, which will not be better the next time."""
    try:
        return Update.de_json(row, api.bot)
    except Exception as error:  # noqa: BLE001  (a server may send what no library knows)
        log.error("telegram_update_unreadable", error=type(error).__name__)
        return None
