"""Free times of certified people on shift, online or at homes with the way between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from actions.looking import Layer, Look, home_of, speed_of
from domain.bookings import Slot
from domain.clock import local_day
from domain.providers import Absence, Carer
from domain.slots import Period, at, meets, opened
from domain.store.providers import WeeklyHours
from domain.travel import Journey, Stop
from nlu.zh.carers import tongue

_DAY = timedelta(days=1)


class StaffTimes:
    """Who could come or answer, in the order in which they are preferred, and when they are free."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self.layers: list[Layer] = [{}]
        self._is_home = look.ask.channel == "home"
        self._here = home_of(look.unit, look.ask.member)
        self._speed = speed_of(look.unit, look.ask.member)
        self._carers = self._ranked()
        self._hours: dict[str, WeeklyHours] | None = None
        self._stops: dict[tuple[str, date], list[Stop]] = {}
        self._absences: dict[str, list[Absence]] = {}
        self._known: set[date] = set()

    def _ranked(self) -> list[Carer]:
        """Who speaks as the elder does, then who came the last time, then who has least to do."""
        look, unit, ask = self.look, self.look.unit, self.look.ask
        if self._is_home and self._here is None:
            return []
        found = unit.providers.carers(
            list(look.offerings),
            ask.service.certificate,
            (local_day(look.window[0]), local_day(look.window[1])),
            district_id=ask.member.district_id if self._is_home else None,
            gender=ask.wish.gender,
        )
        if ask.wish.dialect is not None:
            found = [carer for carer in found if ask.wish.dialect in carer.dialects]
        if len(found) < 2:
            return found
        week = (look.window[0] - _DAY, look.window[0] + 7 * _DAY)
        load = unit.bookings.load_of([carer.id for carer in found], *week)
        last = unit.bookings.last_carer(ask.member.id, ask.service.code, look.window[1])
        own = tongue(ask.member.dialect)
        return sorted(
            found,
            key=lambda c: (own is not None and own not in c.dialects, c.id != last, load.get(c.id, 0), c.id),
        )

    def at(self, moment: datetime) -> Slot | None:
        """The slot at this very moment, if there is one."""
        if not (self.look.window[0] <= moment < self.look.window[1]) or moment not in self.look.moments(()):
            return None
        self._read([local_day(moment)])
        return self._first(moment, self._on(local_day(moment)))

    def look_at(self, days: Sequence[date]) -> None:
        """Find what is free on these days."""
        self._read(days)
        for day in days:
            open_to = self._on(day)
            periods = {period for _, open_periods in open_to for period in open_periods}
            for moment in self.look.moments(periods):
                if local_day(moment) == day and (slot := self._first(moment, open_to)) is not None:
                    self.layers[0].setdefault(moment, slot)

    def _read(self, days: Sequence[date]) -> None:
        """Read what stands in the carers' days, for these days and those beside them."""
        ids = [carer.id for carer in self._carers]
        if self._hours is None:
            self._hours = self.look.unit.providers.shifts(ids)
        fresh = [day for day in days if day not in self._known]
        if not fresh:
            return
        self._known.update(fresh)
        around = (at(min(fresh), time(0)) - _DAY, at(max(fresh), time(0)) + 2 * _DAY + self.look.length)
        stops = self.look.unit.bookings.stops(ids, *around, self.look.ask.without)
        for staff_id, absences in self.look.unit.providers.absences(ids, *around).items():
            self._absences[staff_id] = absences
        by_day: dict[tuple[str, date], list[Stop]] = defaultdict(list)
        for staff_id, standing in stops.items():
            for stop in standing:
                first, last = local_day(stop.since), local_day(stop.until)
                for number in range((last - first).days + 1):
                    by_day[staff_id, first + number * _DAY].append(stop)
        self._stops.update(by_day)

    def _on(self, day: date) -> list[tuple[Carer, list[Period]]]:
        """Who works on a day and still has room for a booking, with their working periods."""
        look = self.look
        assert self._hours is not None
        found = []
        for carer in self._carers:
            if not carer.is_certified_on(day) or self._count(carer, day) >= carer.daily_limit:
                continue
            periods = opened(
                day, self._hours.get(carer.id, {}), look.calendar, on_holidays=look.ask.service.on_holidays
            )
            if periods:
                found.append((carer, periods))
        return found

    def _count(self, carer: Carer, day: date) -> int:
        return sum(local_day(stop.begin) == day for stop in self._stops.get((carer.id, day), ()))

    def _first(self, moment: datetime, open_to: Sequence[tuple[Carer, list[Period]]]) -> Slot | None:
        for carer, periods in open_to:
            if self.look.fits(moment, periods) and (slot := self._slot(carer, moment)) is not None:
                return slot
        return None

    def _slot(self, carer: Carer, begin: datetime) -> Slot | None:
        end = begin + self.look.length
        whole = self._whole(carer, begin, end)
        if whole is None or meets(whole, [(a.begin, a.end) for a in self._absences.get(carer.id, ())]):
            return None
        return Slot(
            begin=begin,
            end=end,
            provider_id=carer.provider_id,
            staff_id=carer.id,
            staff_from=whole[0],
            staff_until=whole[1],
            price_cents=self.look.offerings[carer.provider_id].price_cents,
        )

    def _whole(self, carer: Carer, begin: datetime, end: datetime) -> Period | None:
        """What the service takes of the carer's time, the way included; None where they are taken."""
        stops = self._beside(carer, begin, end)
        if self._is_home:
            assert self._here is not None
            return Journey(carer.base, self._here, self._speed).around(begin, end, stops)
        return None if any(stop.since < end and stop.until > begin for stop in stops) else (begin, end)

    def _beside(self, carer: Carer, begin: datetime, end: datetime) -> list[Stop]:
        first, last = local_day(begin), local_day(end)
        found = self._stops.get((carer.id, first), [])
        for number in range(1, (last - first).days + 1):
            found = found + self._stops.get((carer.id, first + number * _DAY), [])
        return found
