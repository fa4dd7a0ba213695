"""Rings when words were stored: streams and outboxes look at once instead of polling fast.

Only within this process; what another process stores is seen at the next slow look.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Bell:
    """Any number of waiters; a ring wakes them all. May be rung from any thread."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ring = asyncio.Event()
        self._called: list[Callable[[], None]] = []

    def call(self, listener: Callable[[], None]) -> None:
        """Call this at every ring, in the running loop."""
        self._called.append(listener)

    def hang(self) -> None:
        """Tie the bell to the running loop."""
        self._loop = asyncio.get_running_loop()

    def ring(self) -> None:
        """Wake everybody who waits. Before `hang` and after the loop has ended nobody does."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        self._ring.set()
        self._ring = asyncio.Event()
        for listener in self._called:
            listener()

    async def wait(self, seconds: float) -> None:
        """Return at the next ring, or after so many seconds."""
        ring = self._ring
        try:
            await asyncio.wait_for(ring.wait(), seconds)
        except TimeoutError:
            return
