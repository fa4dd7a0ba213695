"""Some of those who could come, with what is known of their days: shifts, absences, what stands in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from actions.looking import Look
from domain.clock import local_day
from domain.providers import Absence, Carer
from domain.slots import Period, at, opened
from domain.store.providers import WeeklyHours
from domain.travel import Stop

_DAY = timedelta(days=1)


class Crew:
    """Carers whose days are read together, and only when they are looked at."""

    def __init__(self, look: Look, carers: Sequence[Carer]) -> None:
        self._look, self._carers = look, carers
        self._ids = [carer.id for carer in carers]
        self._hours: dict[str, WeeklyHours] | None = None
        self._stops: dict[tuple[str, date], list[Stop]] = {}
        self._absences: dict[str, list[Absence]] = {}
        self._known: set[date] = set()

    def read(self, days: Sequence[date]) -> None:
        """Read what stands in the days of these carers, for these days and those beside them."""
        unit, look = self._look.unit, self._look
        if self._hours is None:
            self._hours = unit.providers.shifts(self._ids)
        fresh = [day for day in days if day not in self._known]
        if not fresh:
            return
        self._known.update(fresh)
        around = (at(min(fresh), time(0)) - _DAY, at(max(fresh), time(0)) + 2 * _DAY + look.length)
        self._absences.update(unit.providers.absences(self._ids, *around))
        by_day: dict[tuple[str, date], list[Stop]] = defaultdict(list)
        for staff_id, standing in unit.bookings.stops(self._ids, *around, look.ask.without).items():
            for stop in standing:
                first, last = local_day(stop.since), local_day(stop.until)
                for number in range((last - first).days + 1):
                    by_day[staff_id, first + number * _DAY].append(stop)
        self._stops.update(by_day)

    def working(self, day: date) -> list[tuple[Carer, list[Period]]]:
        """Who works on a day and still has room for a booking, with their working periods."""
        assert self._hours is not None
        on_holidays, calendar = self._look.ask.service.on_holidays, self._look.calendar
        found = []
        for carer in self._carers:
            if not carer.is_certified_on(day) or self._look.weight(carer.provider_id, day) <= 0:
                continue
            if self._count(carer, day) >= carer.daily_limit:
                continue
            periods = opened(day, self._hours.get(carer.id, {}), calendar, on_holidays=on_holidays)
            if periods:
                found.append((carer, periods))
        return found

    def _count(self, carer: Carer, day: date) -> int:
        return sum(local_day(stop.begin) == day for stop in self._stops.get((carer.id, day), ()))

    def away(self, carer: Carer) -> list[Period]:
        """When somebody is absent."""
        return [(absence.begin, absence.end) for absence in self._absences.get(carer.id, ())]

    def stops(self, carer: Carer, begin: datetime, end: datetime) -> list[Stop]:
        """What stands in the days that a time touches."""
        first, last = local_day(begin), local_day(end)
        found = self._stops.get((carer.id, first), [])
        for number in range(1, (last - first).days + 1):
            found = found + self._stops.get((carer.id, first + number * _DAY), [])
        return found
