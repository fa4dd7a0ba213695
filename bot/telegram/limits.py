"""Telegram's limits, kept before Telegram has to: 30 messages a second in all, one a second to a chat with a small
burst, 20 a minute to a group. Who is over the limit of their own chat waits alone.

Bulk keeps to less than all, evenly spread, so that a live reply finds a place at any moment; and whoever waits for the
common places lets a lower lane go first. With several workers each keeps to its share. Telegram's time is real time,
whatever the clock of the house says.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Awaitable, Callable
from datetime import timedelta

from telegram.constants import FloodLimit

from bot.doors.port import Later
from domain.conversations import Lane

ALL = FloodLimit.MESSAGES_PER_SECOND
# What bulk leaves free, so that a live reply finds a place at any moment.
BULK = ALL - 1
GROUP = FloodLimit.MESSAGES_PER_MINUTE_PER_GROUP
BURST = 3
# A little more than a second, because what left in one second may arrive in less.
_SECOND, _MINUTE = 1.03, 60.5
# Who would have to wait longer goes back to the outbox and waits there.
_LONGEST = 5.0
# No sleep is shorter: seconds are floats, and less than this may be no step at all.
_TICK = 0.001
# Chats whose last messages are remembered.
_CHATS = 20_000


class Limits:
    """When the next message may go. `clock` tells seconds, `sleep` waits so many."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._all: deque[float] = deque()
        self._next_bulk = 0.0
        self._chats: OrderedDict[int, tuple[float, float]] = OrderedDict()  # places left, and when
        self._groups: dict[int, deque[float]] = {}
        self._quiet: dict[int, float] = {}
        # How many of each lane wait for a place that all chats share, and not for their own chat.
        self._waiting: Counter[int] = Counter()
        self._most: int = ALL
        self._bulk: int = BULK
        self._group: int = GROUP

    def share(self, workers: int, settled: bool = True) -> None:
        """So many workers send for this bot; one of whom the others do not know yet sends no bulk."""
        self._most, self._bulk, self._group = (max(1, most // workers) for most in (ALL, BULK, GROUP))
        if not settled:
            self._bulk = 0

    async def turn(self, chat: int, lane: int) -> bool:
        """Wait for this message's place and take it; True where it took time. Raises Later where it is far off."""
        waited = False
        while (wait := self.wait(chat, lane)) > 0:
            if wait > _LONGEST:
                raise Later("the chat has had its share", timedelta(seconds=wait))
            waited = True
            await self._stand(chat, lane, max(wait, _TICK))
        self._take(chat, lane)
        return waited

    async def _stand(self, chat: int, lane: int, seconds: float) -> None:
        """Wait, and let those behind know of it where it is for what all share."""
        shared = self._own(chat, self._clock()) <= 0
        self._waiting[lane] += shared
        try:
            await self._sleep(seconds)
        finally:
            self._waiting[lane] -= shared

    def quiet(self, chat: int, seconds: float) -> None:
        """Telegram wants quiet in this chat."""
        now = self._clock()
        self._quiet = {one: until for one, until in self._quiet.items() if until > now}
        self._quiet[chat] = now + seconds

    def wait(self, chat: int, lane: int) -> float:
        """How many seconds until one message may go to this chat in this lane; 0 for now."""
        now = self._clock()
        return max(0.0, self._own(chat, now), self._common(lane, now))

    def _own(self, chat: int, now: float) -> float:
        """The wait for what is this chat's alone."""
        quiet = self._quiet.get(chat, 0.0) - now
        if chat < 0:
            return max(quiet, _full(self._groups.get(chat, deque()), now, self._group, _MINUTE))
        return max(quiet, (1.0 - self._places(chat, now)) * _SECOND)

    def _common(self, lane: int, now: float) -> float:
        """The wait for what all chats share: lower lanes that stand waiting go first."""
        slot = _SECOND / max(1, self._bulk)
        ahead = slot if any(count > 0 and other < lane for other, count in self._waiting.items()) else 0.0
        if lane < Lane.REMINDER:
            return max(ahead, _full(self._all, now, self._most, _SECOND))
        if self._bulk == 0:
            return _SECOND
        return max(ahead, self._next_bulk - now, _full(self._all, now, self._bulk, _SECOND))

    def _take(self, chat: int, lane: int) -> None:
        now = self._clock()
        self._all.append(now)
        if lane >= Lane.REMINDER:
            slot = _SECOND / max(1, self._bulk)
            # Who only woke up a little late goes on from the planned moment, or would lose that time with every message;
            # after a pause there is nothing to make up for.
            begun = self._next_bulk if now - self._next_bulk < slot / 2 else now
            self._next_bulk = begun + slot
        if chat < 0:
            self._groups.setdefault(chat, deque()).append(now)
            return
        self._chats[chat] = (self._places(chat, now) - 1.0, now)
        self._chats.move_to_end(chat)
        if len(self._chats) > _CHATS:
            self._chats.popitem(last=False)

    def _places(self, chat: int, now: float) -> float:
        left, since = self._chats.get(chat, (float(BURST), now))
        return min(float(BURST), left + (now - since) / _SECOND)


def _full(window: deque[float], now: float, most: int, seconds: float) -> float:
    """Seconds until one more fits into the window."""
    while window and window[0] <= now - seconds:
        window.popleft()
    return 0.0 if len(window) < most else window[len(window) - most] + seconds - now
