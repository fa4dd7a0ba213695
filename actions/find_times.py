"""Times that really are free: from shifts, sites, opening times, ways and what is booked already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from actions.house import House
from actions.looking import Ask, Layer, Look
from actions.times_of_rooms import RoomTimes
from actions.times_of_staff import StaffTimes
from domain.bookings import Slot
from domain.catalogue import Service
from domain.clock import local_day
from domain.slots import days
from domain.store import Unit

__all__ = ["FURTHEST", "NOTICE", "Ask", "find_times"]

# What holds where no service is named; each service has its own in the catalogue.
NOTICE, FURTHEST = timedelta(minutes=Service.notice_minutes), timedelta(days=Service.furthest_days)
_APART = timedelta(hours=1)


def find_times(house: House, unit: Unit, ask: Ask, limit: int = 3) -> list[Slot]:
    """Up to `limit` free slots in the window, the nearest to what was asked first, apart from each other.

    The very moment that was asked for comes alone. Days are looked at in turn, and no more of them than it takes.
    """
    now = house.now()
    notice = ask.service.notice if ask.notice is None else ask.notice
    furthest = ask.service.furthest if ask.furthest is None else ask.furthest
    begin, end = max(ask.window[0], now + notice), min(ask.window[1], now + furthest)
    if begin >= end or ask.member.city_id is None:
        return []
    look = Look(house, unit, ask, (begin, end))
    search: RoomTimes | StaffTimes = RoomTimes(look) if ask.channel == "store" else StaffTimes(look)
    if ask.near is not None and (exact := search.at(ask.near)) is not None:
        return [exact]
    picked: list[Slot] = []
    spread = ask.near is None and ask.window[1] - ask.window[0] <= timedelta(days=1)
    for some in _in_turn(list(days(begin, end)), ask.near):
        search.look_at(some)
        picked = _pick(search.layers, ask.near, limit, spread=spread)
        if len(picked) == limit:
            break
    return picked


def _in_turn(all_days: Sequence[date], near: datetime | None) -> Iterator[Sequence[date]]:
    """The days in ever longer helpings, those nearest to the moment that was asked for first."""
    order = list(all_days)
    if near is not None:
        order.sort(key=lambda day: (abs(day - local_day(near)), day))
    size = 2 if len(order) <= 2 else 1
    while order:
        yield order[:size]
        order, size = order[size:], size * 2


def _pick(layers: Sequence[Layer], near: datetime | None, limit: int, *, spread: bool) -> list[Slot]:
    """From the first layer that has enough (the nearest site), else from all of them together."""
    together: dict[datetime, Slot] = {}
    for layer in layers:
        if len(picked := _choose(layer, near, limit, spread=spread)) == limit:
            return picked
        for moment, slot in layer.items():
            together.setdefault(moment, slot)
    return _choose(together, near, limit, spread=spread)


def _choose(free: Mapping[datetime, Slot], near: datetime | None, limit: int, *, spread: bool) -> list[Slot]:
    """The nearest first where a moment was named; the earliest otherwise; within one day from all parts of it."""
    order = sorted(free, key=lambda m: (abs(m - near), m)) if near is not None else sorted(free)
    if spread and len(order) > limit > 1:
        # Within one day, a choice of morning, noon and afternoon says more than three mornings.
        steps = [round(n * (len(order) - 1) / (limit - 1)) for n in range(limit)]
        return [free[order[step]] for step in steps]
    picked: list[datetime] = []
    for apart in (_APART, timedelta(0)):
        for moment in order:
            if len(picked) == limit:
                break
            if moment not in picked and all(abs(moment - other) >= apart for other in picked):
                picked.append(moment)
    return [free[moment] for moment in sorted(picked)]
