"""How much a bot may send, as Telegram limits it.

30 messages a second in all, one a second to a private chat with bursts of 3, 20 a minute to a group or channel.
Only messages count that are sent; edits, deletions and chat actions do not. What is refused does not count either.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field

from tests.botapi.errors import flood

MINUTE = 60.0


@dataclass
class Limits:
    """Windows over `time.monotonic()`; all numbers may be changed while the server runs."""

    on: bool = True
    total: int = 30  # messages a second, over all chats of a bot
    burst: int = 3  # messages to a private chat before it is slowed to `private`
    private: float = 1.0  # messages a second to a private chat, in the long run
    group: int = 20  # messages a minute to a group or channel
    _all: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _groups: dict[tuple[str, int], deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _buckets: dict[tuple[str, int], tuple[float, float]] = field(
        default_factory=dict
    )  # tokens left, and when

    def forget(self) -> None:
        """Begin anew, as if nothing had been sent."""
        self._all.clear()
        self._groups.clear()
        self._buckets.clear()

    def spend(self, bot: str, chat: int, private: bool) -> None:
        """Count one message, or refuse it with the whole seconds to wait."""
        if not self.on:
            return
        now = time.monotonic()
        key = (bot, chat)
        waits = [_wait(self._all[bot], now, self.total, 1.0)]
        tokens = 0.0
        if private:
            left, since = self._buckets.get(key, (float(self.burst), now))
            tokens = min(float(self.burst), left + (now - since) * self.private)
            waits.append(0.0 if tokens >= 1 else (1 - tokens) / self.private)
        else:
            waits.append(_wait(self._groups[key], now, self.group, MINUTE))
        if max(waits) > 0:
            raise flood(max(1, math.ceil(max(waits))))
        self._all[bot].append(now)
        if private:
            self._buckets[key] = (tokens - 1, now)
        else:
            self._groups[key].append(now)


def _wait(window: deque[float], now: float, most: int, seconds: float) -> float:
    """Seconds until one more fits into the window; 0 if it fits now."""
    while window and window[0] <= now - seconds:
        window.popleft()
    return 0.0 if len(window) < most else window[len(window) - most] + seconds - now
