"""How long a look for free times takes, by channel: forty providers, six hundred staff, a month that is half full."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from statistics import median, quantiles

from actions.find_times import Ask, find_times
from actions.house import House
from tests.benchmarks.world import DAYS, MEMBERS, SERVICES, house_on, postgres
from tests.conftest import NOW

LOOKS = 150


def figures() -> Iterator[tuple[str, float, str, int]]:
    with postgres() as store:
        house = house_on(store)
        every: list[float] = []
        for service, channel, _ in SERVICES:
            took = [_look(house, service, channel, number) for number in range(LOOKS)][5:]
            every += took
            yield f"p95_ms_{channel}", quantiles(took, n=20)[-1], "ms", len(took)
            yield f"p50_ms_{channel}", median(took), "ms", len(took)
        yield "p50_ms", median(every), "ms", len(every)
        yield "p95_ms", quantiles(every, n=20)[-1], "ms", len(every)


def _look(house: House, service: str, channel: str, number: int) -> float:
    """One look as people ask: a moment, a day, an afternoon, the earliest of a fortnight, of the whole month."""
    rng = Random(f"{channel}{number}")
    day = NOW.replace(hour=0) + timedelta(days=1 + rng.randrange(DAYS - 1))
    near = day.replace(hour=rng.randrange(8, 17)) if number % 5 == 0 else None
    windows: tuple[tuple[datetime, datetime], ...] = (
        (day, day + timedelta(days=1)),
        (day, day + timedelta(days=1)),
        (day.replace(hour=13), day.replace(hour=18)),
        (NOW, NOW + timedelta(days=14)),
        (NOW, NOW + timedelta(days=DAYS)),
    )
    began = time.perf_counter()
    with house.store.read() as unit:
        member = unit.people.get(f"m{rng.randrange(MEMBERS)}")
        assert member is not None
        ask = Ask(member, house.catalogue.service(service), channel, windows[number % 5], near)
        found = find_times(house, unit, ask)
    took = (time.perf_counter() - began) * 1000
    assert found
    return took
