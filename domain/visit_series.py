"""The announcements of a visit, pure: a day before, the morning of, two hours before; and the climb where nobody answers.

A step that would come right after another is left out. The hours are the issue's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from domain.clock import local_day
from domain.slots import at

# Later than this before the visit no announcement helps any more.
LAST = timedelta(minutes=30)
_MORNING = time(7, 30)
_DAY, _TWO_HOURS = timedelta(days=1), timedelta(hours=2)
# The morning's is left out where the two hours' comes so soon after it.
_APART = timedelta(hours=2)
# How long each rung waits for an answer: at leisure, and as a part of what is left where the time is short.
_LEISURE = (timedelta(hours=4), timedelta(hours=2), timedelta(hours=2))
_SHORT, _PARTS = timedelta(hours=12), (4, 8, 8)


class Step(StrEnum):
    """An announcement, or a rung of the climb."""

    DAY_BEFORE = "day_before"
    MORNING = "morning"
    TWO_HOURS = "two_hours"
    AGAIN = "again"
    CHILD = "child"
    TELEPHONE = "telephone"


ANNOUNCED = (Step.DAY_BEFORE, Step.MORNING, Step.TWO_HOURS)
CLIMB = (Step.AGAIN, Step.CHILD, Step.TELEPHONE)


@dataclass(frozen=True)
class Planned:
    """A step, when it is wanted, and until when it helps."""

    step: Step
    at: datetime
    useful_until: datetime


def announcements(begin: datetime) -> Iterator[Planned]:
    """The announcements of a visit that begins then, in order."""
    midnight = at(local_day(begin), time(0))
    morning, near = at(local_day(begin), _MORNING), begin - _TWO_HOURS
    yield Planned(Step.DAY_BEFORE, begin - _DAY, midnight)
    if near - morning >= _APART:
        yield Planned(Step.MORNING, morning, near - LAST)
    yield Planned(Step.TWO_HOURS, near, begin - LAST)


def rung_after(step: Step) -> Step | None:
    """What follows where nobody answers; None after the last rung."""
    if step in ANNOUNCED:
        return CLIMB[0]
    place = CLIMB.index(step) + 1
    return CLIMB[place] if place < len(CLIMB) else None


def wait_for(rung: Step, first: datetime, now: datetime, begin: datetime) -> timedelta:
    """How long after the one before it (`now`) a rung is climbed, where the first words were said at `first`.

    Where a quiet window has eaten the time, no more than a third of what is left, so that the rungs after it come too.
    """
    place, left, still = CLIMB.index(rung), begin - first, begin - LAST - now
    wait = _LEISURE[place] if left > _SHORT else left / _PARTS[place]
    return min(wait, still / 3) if still > timedelta(0) else wait
