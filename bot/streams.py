"""The open streams of a process: how many somebody may hold, and the threads that look for them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
MOST = 8


class Streams:
    """One stream too many closes the person's oldest one. Streams look in threads of their own, so that however
    many are open, a cry for help never waits behind them."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._open: dict[str, list[asyncio.Event]] = defaultdict(list)
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="stream")
        # Few desks and many chats: a desk does not wait until every chat has looked.
        self._desks = ThreadPoolExecutor(2, thread_name_prefix="desk")

    @contextmanager
    def open(self, person_id: str) -> Iterator[asyncio.Event]:
        """A place for one stream; the event is set when it has to give way."""
        mine, over = self._open[person_id], asyncio.Event()
        mine.append(over)
        if len(mine) > self._most:
            mine[0].set()
            del mine[0]
        try:
            yield over
        finally:
            if over in mine:
                mine.remove(over)
            if not mine:
                self._open.pop(person_id, None)

    def count(self, person_id: str) -> int:
        return len(self._open.get(person_id, ()))

    async def look(self, work: Callable[[], T], *, desk: bool = False) -> T:
        """Run a look at the database off the loop."""
        threads = self._desks if desk else self._threads
        return await asyncio.get_running_loop().run_in_executor(threads, work)

    def stop(self) -> None:
        for threads in (self._threads, self._desks):
            threads.shutdown(wait=False, cancel_futures=True)
