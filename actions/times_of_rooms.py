"""Free times in rooms of open sites with a place left, the nearest site first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from actions.looking import Layer, Look, home_of
from domain.bookings import Slot
from domain.clock import local_day
from domain.providers import Room, Site
from domain.slots import Period, at, crowd, opened
from domain.store.providers import WeeklyHours
from domain.travel import kilometres


class RoomTimes:
    """The sites in the order of their distance; each is a layer of its own."""

    def __init__(self, look: Look) -> None:
        self.look = look
        found = look.unit.providers.rooms(list(look.offerings), look.city_id, look.ask.service.code)
        here = home_of(look.unit, look.ask.member)
        if here is not None:
            found.sort(key=lambda row: (kilometres(here, (row[0].lat, row[0].lon)), row[1].id))
        self._rooms = found
        self._sites = list(dict.fromkeys(site.id for site, _ in found))
        self.layers: list[Layer] = [{} for _ in self._sites]
        self._hours: dict[str, WeeklyHours] | None = None
        self._taken: dict[str, list[Period]] = {}

    def at(self, moment: datetime) -> Slot | None:
        """The slot at this very moment, at the nearest site that has it."""
        if not (self.look.window[0] <= moment < self.look.window[1]) or moment not in self.look.moments(()):
            return None
        day = local_day(moment)
        self._read([day])
        return next(
            (slot for row in self._rooms if (slot := self._slot(*row, moment, self._open(row[0], day)))), None
        )

    def look_at(self, days: Sequence[date]) -> None:
        """Find what is free on these days."""
        self._read(days)
        for site, room in self._rooms:
            layer = self.layers[self._sites.index(site.id)]
            for day in days:
                periods = self._open(site, day)
                for moment in self.look.moments(periods):
                    if (
                        local_day(moment) == day
                        and (slot := self._slot(site, room, moment, periods)) is not None
                    ):
                        layer.setdefault(moment, slot)

    def _read(self, days: Sequence[date]) -> None:
        if self._hours is None:
            self._hours = self.look.unit.providers.hours(self._sites)
        around = (at(min(days), time(0)), at(max(days), time(0)) + timedelta(days=1) + self.look.length)
        self._taken = self.look.unit.bookings.busy_rooms(
            [room.id for _, room in self._rooms], *around, self.look.ask.without
        )

    def _open(self, site: Site, day: date) -> list[Period]:
        assert self._hours is not None
        return opened(day, self._hours.get(site.id, {}), self.look.calendar, on_holidays=False)

    def _slot(self, site: Site, room: Room, begin: datetime, periods: Sequence[Period]) -> Slot | None:
        whole = (begin, begin + self.look.length)
        if not self.look.fits(begin, periods) or crowd(whole, self._taken.get(room.id, [])) >= room.capacity:
            return None
        return Slot(
            begin=begin,
            end=whole[1],
            provider_id=site.provider_id,
            site_id=site.id,
            room_id=room.id,
            price_cents=self.look.offerings[site.provider_id].price_cents,
        )
