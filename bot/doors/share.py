"""Which workers send by a door, so that each keeps to its part of the door's limits. Real time, whatever the house's clock says.

A row for each worker that says every few seconds that it is there; one that says nothing is taken for dead, and the
others take its part over. Who has just come sends no bulk until the others have seen it.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from actions.house import House

_BEAT_SECONDS = 4.0
_DEAD = timedelta(seconds=15)


class Share:
    """One worker's part. Everything but `is_due` runs in a thread."""

    def __init__(self, house: House, door: str, worker: str) -> None:
        self.house, self.door, self.worker = house, door, worker
        self._beaten: float | None = None
        self._since = time.monotonic()

    def is_due(self) -> bool:
        """Whether it is time to say again that one is there."""
        return self._beaten is None or time.monotonic() - self._beaten >= _BEAT_SECONDS

    def beat(self) -> tuple[int, bool]:
        """Say that one is there; how many are, and whether the others know of this one."""
        moment = datetime.now(UTC)
        with self.house.store.write() as unit:
            there = unit.doors.beat(self.door, self.worker, moment, moment - _DEAD)
        self._beaten = time.monotonic()
        return there, there == 1 or self._beaten - self._since > 2 * _BEAT_SECONDS

    def leave(self) -> None:
        """Give one's part back."""
        with self.house.store.write() as unit:
            unit.doors.unbeat(self.door, self.worker)
