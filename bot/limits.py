"""How often something may be tried from one place: a window that slides, in this process's memory."""

from __future__ import annotations

import ipaddress
import time
from collections import deque
from collections.abc import Callable

# More places than this at once and the oldest are forgotten: memory must not grow with an attack.
_MOST_KEYS = 20_000


class Limit:
    """At most `most` times in `seconds` for each key. `now` counts seconds of real time."""

    def __init__(self, most: int, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._most, self._seconds, self._now = most, seconds, now
        self._times: dict[str, deque[float]] = {}

    def allows(self, key: str) -> bool:
        """Count one more try; False where it is one too many."""
        now = self._now()
        # Taken out and put in again: the keys stand in the order of their last try.
        times = self._times.pop(key, deque())
        while times and times[0] <= now - self._seconds:
            times.popleft()
        allowed = len(times) < self._most
        if allowed:
            times.append(now)
        self._times[key] = times
        if len(self._times) > _MOST_KEYS:
            del self._times[next(iter(self._times))]
        return allowed

    def forget(self, key: str) -> None:
        """Begin to count anew: who tried was right."""
        self._times.pop(key, None)


def place_of(address: str | None) -> str:
    """What counts as one place: an IPv4 address, or the network of an IPv6 address, of which one line has many."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((int(found), 64), strict=False))
