"""Free times in rooms of open sites with a place left, the nearest site first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from actions.looking import Layer, Look, home_of
from domain.bookings import Slot
from domain.clock import local_day
from domain.providers import Room, Site
from domain.slots import Period, at, crowd, opened
from domain.travel import kilometres

# So many sites are read first, twice as many after them, the nearest first; three free times at one of them are enough.
_AT_ONCE, _ENOUGH = 4, 3


class RoomTimes:
    """The sites in the order of their distance; each is a layer of its own."""

    def __init__(self, look: Look) -> None:
        self.look = look
        found = look.unit.providers.rooms(list(look.offerings), look.city_id, look.ask.service.code)
        here = home_of(look.unit, look.ask.member)
        if here is not None:
            found.sort(key=lambda row: (kilometres(here, (row[0].lat, row[0].lon)), row[1].id))
        rooms: dict[str, list[tuple[Site, Room]]] = defaultdict(list)
        for site, room in found:
            rooms[site.id].append((site, room))
        self._sites = list(rooms.values())
        self.layers: list[Layer] = [{} for _ in self._sites]

    def at(self, moment: datetime) -> Slot | None:
        """The slot at this very moment, at the nearest site that has it."""
        if not (self.look.window[0] <= moment < self.look.window[1]) or moment not in self.look.moments(()):
            return None
        for _, site, room, periods, taken in self._read([local_day(moment)]):
            if (slot := self._slot(site, room, moment, periods, taken)) is not None:
                return slot
        return None

    def look_at(self, days: Sequence[date]) -> None:
        """Find what is free on these days, at the nearest site that has enough of it."""
        before = 0
        for number, site, room, periods, taken in self._read(days):
            if number != before and len(self.layers[before]) >= _ENOUGH:
                return
            before, layer = number, self.layers[number]
            for moment in self.look.moments(periods):
                slot = self._slot(site, room, moment, periods, taken)
                if slot is not None and local_day(moment) in days:
                    layer.setdefault(moment, slot)

    def _read(self, days: Sequence[date]) -> Iterator[tuple[int, Site, Room, list[Period], list[Period]]]:
        """Every room with its site's number in the order, when it is open on the days, and what stands in it."""
        look = self.look
        around = (at(min(days), time(0)), at(max(days), time(0)) + timedelta(days=1) + look.length)
        first, size = 0, _AT_ONCE
        while some := self._sites[first : first + size]:
            hours = look.unit.providers.hours([rows[0][0].id for rows in some])
            ids = [room.id for rows in some for _, room in rows]
            taken = look.unit.bookings.busy_rooms(ids, *around, look.ask.without)
            for number, rows in enumerate(some, first):
                weekly = hours.get(rows[0][0].id, {})
                provider = rows[0][0].provider_id
                periods = [
                    period
                    for day in days
                    if look.weight(provider, day) > 0
                    for period in opened(day, weekly, look.calendar, on_holidays=False)
                ]
                for site, room in rows:
                    yield number, site, room, periods, taken.get(room.id, [])
            first, size = first + size, size * 2

    def _slot(
        self, site: Site, room: Room, begin: datetime, periods: Sequence[Period], taken: Sequence[Period]
    ) -> Slot | None:
        whole = (begin, begin + self.look.length)
        if not self.look.fits(begin, periods) or crowd(whole, taken) >= room.capacity:
            return None
        return Slot(
            begin=begin,
            end=whole[1],
            provider_id=site.provider_id,
            site_id=site.id,
            room_id=room.id,
            price_cents=self.look.offerings[site.provider_id].price_cents,
        )
