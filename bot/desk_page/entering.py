"""What the desk's logins need that there is one of in a process: the real time, and how often may be tried."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.limits import Limit
from domain.clock import Clock, SystemClock
from domain.desk_door import FAILURES, LOCKED

# From one place: an office of a hundred that comes to work at nine, and no machine that guesses.
_PLACE_TRIES = 120


def _by_place() -> Limit:
    return Limit(_PLACE_TRIES, LOCKED.total_seconds())


def _by_name() -> Limit:
    return Limit(FAILURES, LOCKED.total_seconds())


@dataclass
class Entering:
    """Tries are counted for a name that there is not, too: so that the answer tells nobody who has access."""

    clock: Clock = field(default_factory=SystemClock)
    places: Limit = field(default_factory=_by_place)
    names: Limit = field(default_factory=_by_name)
