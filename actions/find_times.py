"""Times that really are free: from shifts, sites, opening times and what is booked already."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.house import House
from domain import standards
from domain.bookings import Slot
from domain.catalogue import Service
from domain.clock import local_day
from domain.people import Person
from domain.places import metres
from domain.scores import weight
from domain.slots import Period, at, crowd, days, meets, starts, within
from domain.store import Unit

NOTICE = timedelta(hours=2)
FURTHEST = timedelta(days=60)
# How far a carer comes from, as a rule, until the way between two homes is reckoned.
_REACH_KM = 4.0
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Ask:
    """What is looked for. `near` is the moment that was asked for, if one was; `without` a booking that moves.

    `not_staff` is somebody who is not to come.
    """

    member: Person
    service: Service
    channel: str
    window: Period
    near: datetime | None = None
    without: str | None = None
    not_staff: str | None = None


def find_times(house: House, unit: Unit, ask: Ask, limit: int = 3) -> list[Slot]:
    """Up to `limit` free slots in the window, the nearest to what was asked first, apart from each other."""
    now = house.now()
    begin, end = max(ask.window[0], now + NOTICE), min(ask.window[1], now + FURTHEST)
    if begin >= end or ask.member.city_id is None:
        return []
    search = _Search(house, unit, ask, (begin, end))
    free = search.rooms() if ask.channel == "store" else search.staff()
    return _choose(free, ask.near, limit)


def _choose(free: Iterable[Slot], near: datetime | None, limit: int) -> list[Slot]:
    """One slot a moment; the nearest first where a moment was named; then by time."""
    best: dict[datetime, Slot] = {}
    for slot in free:
        best.setdefault(slot.begin, slot)
    if near is not None and near in best:
        return [best[near]]
    order = sorted(best, key=lambda m: (abs(m - near), m)) if near is not None else sorted(best)
    if near is None and len(order) > limit and order[-1] - order[0] < timedelta(days=1):
        # Within one day, a choice of morning, noon and afternoon says more than three mornings.
        steps = [round(n * (len(order) - 1) / (limit - 1)) for n in range(limit)]
        return [best[order[step]] for step in steps]
    picked: list[datetime] = []
    for apart in (timedelta(hours=1), timedelta(0)):
        for moment in order:
            if len(picked) == limit:
                break
            if moment not in picked and all(abs(moment - other) >= apart for other in picked):
                picked.append(moment)
    return [best[moment] for moment in sorted(picked)]


class _Search:
    """One look for free times, with what was read for it."""

    def __init__(self, house: House, unit: Unit, ask: Ask, window: Period) -> None:
        self.unit, self.ask, self.window = unit, ask, window
        self.calendar = house.calendar
        self.length = timedelta(minutes=ask.service.minutes)
        self.days = list(days(*window))
        assert ask.member.city_id is not None
        self.city_id = ask.member.city_id
        area = ask.member.district_id if ask.channel == "home" else None
        offerings = unit.providers.offerings(ask.service.code, self.city_id, ask.channel, area)
        self.prices: dict[str, int] = {}
        for offering in offerings:
            self.prices.setdefault(offering.provider_id, offering.price_cents)
        self.providers = unit.providers.by_ids(list(self.prices))
        around = (window[0] - _DAY, window[1] + _DAY)
        self.around = around
        self.member_busy = (
            unit.bookings.busy_member(ask.member.id, *around, ask.without) if ask.service.occupies else []
        )

    def _moments(self, open_periods: Sequence[Period]) -> list[datetime]:
        """Starts on the grid, and the very moment that was asked for."""
        found = list(starts(self.window, open_periods, self.ask.service.minutes))
        near = self.ask.near
        asked = near is not None and near not in found and self.window[0] <= near < self.window[1]
        if asked and near is not None and within((near, near + self.length), open_periods):
            found.append(near)
        return [m for m in found if not meets((m, m + self.length), self.member_busy)]

    def staff(self) -> Iterator[Slot]:
        """Slots of certified people on shift; those with least to do first."""
        ask, unit = self.ask, self.unit
        home = ask.channel == "home"
        certified = unit.providers.certified(
            list(self.prices),
            ask.service.certificate,
            self.days[0],
            self.days[-1],
            ask.member.district_id if home else None,
            standards.load()[ask.service.code],
        )
        ids = [member.id for member, _ in certified]
        shifts, absences = unit.providers.shifts(ids), unit.providers.absences(ids, *self.around)
        busy, load = (
            unit.bookings.busy_staff(ids, *self.around, ask.without),
            unit.bookings.load_of(ids, *self.around),
        )
        travel = self._travel() if home else timedelta(0)
        weights = {pid: -weight(provider, self.days[0]) for pid, provider in self.providers.items()}
        order = sorted(certified, key=lambda r: (weights[r[0].provider_id], load.get(r[0].id, 0), r[0].id))
        for member, terms in order:
            if member.id == ask.not_staff:
                continue
            given = [day for day in self.days if weight(self.providers[member.provider_id], day) > 0]
            valid = [day for day in given if any(first <= day <= last for first, last in terms)]
            periods = [
                (at(day, shift.starts), at(day, shift.ends))
                for day in valid
                for shift in shifts.get(member.id, [])
                if shift.weekday == day.weekday()
            ]
            taken = busy.get(member.id, []) + [(a.begin, a.end) for a in absences.get(member.id, [])]
            # Live-in care and the like run past a shift: the shift says when they may begin.
            long = self.length > timedelta(hours=10)
            for moment in self._begins(periods) if long else self._moments(periods):
                whole = (moment - travel, moment + self.length)
                if not meets(whole, taken):
                    yield Slot(
                        begin=moment,
                        end=whole[1],
                        provider_id=member.provider_id,
                        staff_id=member.id,
                        staff_from=whole[0],
                        staff_until=whole[1],
                        price_cents=self.prices[member.provider_id],
                    )

    def _begins(self, periods: Sequence[Period]) -> list[datetime]:
        return list(starts(self.window, periods, 1))

    def _travel(self) -> timedelta:
        district = self.unit.people.district(self.ask.member.district_id or "")
        speed = district.speed_kmh if district else 15.0
        return timedelta(minutes=5 * math.ceil(_REACH_KM / speed * 60 / 5))

    def rooms(self) -> Iterator[Slot]:
        """Slots in rooms of open sites with a place left, nearest site first."""
        ask, unit = self.ask, self.unit
        found = unit.providers.rooms(list(self.prices), self.city_id, ask.service.code)
        hours = unit.providers.hours([site.id for site, _ in found])
        busy = unit.bookings.busy_rooms([room.id for _, room in found], *self.around, ask.without)
        district = unit.people.district(ask.member.district_id or "")
        if district is not None:
            found.sort(
                key=lambda row: (kilometres(district.lat, district.lon, row[0].lat, row[0].lon), row[1].id)
            )
        open_days = [day for day in self.days if self.calendar.holiday_on(day) is None]
        for site, room in found:
            periods = [
                (at(day, row.opens), at(day, row.closes))
                for day in open_days
                if weight(self.providers[site.provider_id], day) > 0
                for row in hours.get(site.id, [])
                if row.weekday == day.weekday()
            ]
            taken = busy.get(room.id, [])
            for moment in self._moments(periods):
                whole = (moment, moment + self.length)
                if crowd(whole, taken) < room.capacity:
                    yield Slot(
                        begin=moment,
                        end=whole[1],
                        provider_id=site.provider_id,
                        site_id=site.id,
                        room_id=room.id,
                        price_cents=self.prices[site.provider_id],
                    )


def kilometres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """The great-circle distance between two points in degrees."""
    return metres(lat, lon, other_lat, other_lon) / 1000


def day_window(house: House, first_day_offset: int, last_day_offset: int) -> Period:
    """A window of whole days counted from today."""
    today = local_day(house.now())
    from datetime import time

    return (
        at(today + timedelta(days=first_day_offset), time(0)),
        at(today + timedelta(days=last_day_offset + 1), time(0)),
    )
