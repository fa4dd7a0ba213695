"""The way between two homes: how far, how long, and what of a carer's day a visit takes with it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.clock import local_day

Point = tuple[float, float]
# A way is reckoned in steps of five minutes, and none is shorter than one step.
_STEP = 5


def kilometres(here: Point, there: Point) -> float:
    """The great-circle distance between two points in degrees (haversine)."""
    a, b = math.radians(here[0]), math.radians(there[0])
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(there[1] - here[1]) / 2) ** 2
    return 12742 * math.asin(math.sqrt(half))


def way(here: Point, there: Point, speed_kmh: float) -> timedelta:
    """How long a carer is on the way at the district's speed; nothing within one house."""
    distance = kilometres(here, there)
    if distance < 0.05:
        return timedelta(0)
    return timedelta(minutes=_STEP * max(1, math.ceil(distance / speed_kmh * 60 / _STEP)))


@dataclass(frozen=True)
class Stop:
    """Something that stands in a carer's day. `since` and `until` take in the way; no point means at their base."""

    begin: datetime
    end: datetime
    since: datetime
    until: datetime
    point: Point | None = None


@dataclass(frozen=True)
class Journey:
    """Where a visit is, where the carer's days begin, and how fast they get about there."""

    base: Point
    here: Point
    speed_kmh: float

    def around(
        self, begin: datetime, end: datetime, stops: Sequence[Stop]
    ) -> tuple[datetime, datetime] | None:
        """From when until when a visit takes the carer, the way included; None where they cannot be there in time.

        They come from the visit before it on that day, else from their base. The visit after it already holds a way
        that was reckoned from elsewhere: only what is missing of the way from here is added.
        """
        day = local_day(begin)
        before: Stop | None = None
        after: Stop | None = None
        for stop in stops:
            if stop.end <= begin:
                if local_day(stop.end) == day and (before is None or stop.end > before.end):
                    before = stop
            elif stop.begin >= end:
                if local_day(stop.begin) == local_day(end) and (after is None or stop.begin < after.begin):
                    after = stop
            else:
                return None
        origin = self.base if before is None or before.point is None else before.point
        since, until = begin - way(origin, self.here, self.speed_kmh), end
        if after is not None:
            needed = way(self.here, after.point or self.base, self.speed_kmh)
            until += max(timedelta(0), needed - (after.begin - after.since))
        taken = any(stop.since < until and stop.until > since for stop in stops)
        return None if taken else (since, until)
