"""The demo's clock: real time moved by an offset that lives in the database, so that every process goes by it."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from domain.clock import Clock, SystemClock
from domain.store import Store

_FACT = "clock_offset_seconds"
# How long an offset that was read is trusted; another process that moved the clock is seen after that.
_FRESH_SECONDS = 1.0


class DemoClock:
    """The present moment of the demo. Moves forward only, by itself or by `advance`."""

    def __init__(self, store: Store, base: Clock | None = None) -> None:
        self._store, self._base = store, base or SystemClock()
        self._offset, self._read_at = timedelta(0), float("-inf")

    def now(self) -> datetime:
        if time.monotonic() - self._read_at > _FRESH_SECONDS:
            with self._store.read() as unit:
                self._offset = timedelta(seconds=float(unit.facts.get(_FACT) or 0))
            self._read_at = time.monotonic()
        return self._base.now() + self._offset

    def set(self, moment: datetime) -> None:
        """Start the clock at a moment."""
        self._put(moment - self._base.now())

    def advance(self, by: timedelta) -> datetime:
        """Move the clock on; returns the new moment."""
        self.now()
        self._put(self._offset + by)
        return self.now()

    def _put(self, offset: timedelta) -> None:
        with self._store.write() as unit:
            unit.facts.put(_FACT, str(offset.total_seconds()))
        self._offset, self._read_at = offset, time.monotonic()
