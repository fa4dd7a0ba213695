"""Who is on shift at the demo's desks: the first line by day and by night, a second line, the supervisor behind them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time

from domain.demo.alliance import Row

_ROUND = (time(0), time(0))
# Person, queue, tier, weekly period: the demo has few people, and each of them is to be found at any `--now`.
_SHIFTS = (
    ("chen-jing", "life", 1, _ROUND),
    ("sun-li", "life", 2, _ROUND),
    ("supervisor", "life", 3, _ROUND),
    ("zhou-ning", "doctor", 1, _ROUND),
    ("supervisor", "doctor", 2, _ROUND),
    ("supervisor", "doctor", 3, _ROUND),
)


def duties() -> Iterator[tuple[str, Row]]:
    """The weekly shifts of the demo's butlers."""
    for person_id, queue, tier, (starts, ends) in _SHIFTS:
        for weekday in range(7):
            yield (
                "duties",
                {
                    "person_id": person_id,
                    "queue": queue,
                    "tier": tier,
                    "weekday": weekday,
                    "starts": starts,
                    "ends": ends,
                },
            )
