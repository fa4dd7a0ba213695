"""Posting updates to the bot, in the order of each chat, again and again until it says 2xx.

Telegram keeps one queue a chat and posts those of different chats at once, up to `max_connections`; so does this. With
one connection there is one queue, and everything keeps its order.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque

import httpx

from tests.botapi.state import FIRST_UPDATE, Bot, Json, Webhook, World

FIRST_PAUSE = 0.05  # seconds; doubled with each failure
LONGEST_PAUSE = 1.0
PATIENCE = 10.0  # seconds to wait for the bot's answer


class Deliverer:
    """The posting for one bot; lives in the server's loop."""

    def __init__(self, world: World, bot: Bot, client: httpx.AsyncClient) -> None:
        self.world, self.bot, self.client = world, bot, client
        self.hook: Webhook | None = None
        self.handed = FIRST_UPDATE - 1  # the last update that was put into a lane
        self.lanes: dict[int, deque[Json]] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        self.room = asyncio.Semaphore(1)

    def wake(self) -> None:
        """Take up a webhook that was set or removed, and what came in for it."""
        with self.world.lock:
            if self.bot.webhook is not self.hook:
                self._begin(self.bot.webhook)
            if self.hook is None:
                return
            while self.bot.again:
                self._put(self.bot.again.popleft())
            for number in range(self.handed + 1, self.bot.next_update):
                self.handed = number
                if number in self.bot.pending:
                    self._put(self.bot.pending[number])

    def _begin(self, hook: Webhook | None) -> None:
        for task in self.tasks:
            task.cancel()
        self.hook, self.handed = hook, FIRST_UPDATE - 1
        self.lanes.clear()
        if hook is not None:
            self.room = asyncio.Semaphore(hook.max_connections)

    def _put(self, update: Json) -> None:
        assert self.hook is not None
        lane = 0 if self.hook.max_connections == 1 else _lane(update)
        if lane in self.lanes:
            self.lanes[lane].append(update)
            return
        self.lanes[lane] = deque([update])
        task = asyncio.get_running_loop().create_task(self._drain(lane, self.hook))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _drain(self, lane: int, hook: Webhook) -> None:
        queue, pause = self.lanes[lane], FIRST_PAUSE
        while queue and self.hook is hook:
            async with self.room:
                wrong = await self._post(queue[0], hook)
            if wrong is None:
                pause = FIRST_PAUSE
                with self.world.lock:
                    self.bot.pending.pop(queue.popleft()["update_id"], None)
                continue
            hook.last_error, hook.last_error_at = wrong, int(time.time())
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        if self.hook is hook:
            del self.lanes[lane]

    async def _post(self, update: Json, hook: Webhook) -> str | None:
        """One attempt; what went wrong, in Telegram's words, or None."""
        hook.tries += 1
        secret = hook.secret if self.bot.secret_override is None else self.bot.secret_override
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        try:
            answer = await self.client.post(hook.url, json=update, headers=headers, timeout=PATIENCE)
        except httpx.TimeoutException:
            return "Read timeout expired"
        except (httpx.HTTPError, httpx.InvalidURL):
            return "Connection refused"
        if answer.is_success:
            return None
        return f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"

    async def close(self) -> None:
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


def _lane(update: Json) -> int:
    """The chat an update belongs to."""
    what = next(value for name, value in update.items() if name != "update_id")
    chat = what.get("chat") or what.get("message", {}).get("chat") or what.get("from") or {"id": 0}
    return int(chat["id"])
