"""Working time of a desk, pure: several periods a day, holidays and make-up workdays by the one calendar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.calendar import Calendar
from domain.clock import local
from domain.slots import Hours, Period, opened

_DAY = timedelta(days=1)
# A desk that never opens would be looked for without end; a long holiday is eight days.
_LONGEST = 60


@dataclass(frozen=True)
class WorkingTime:
    """When a desk works: weekly periods (Monday is 0) in Shanghai, or always."""

    calendar: Calendar
    hours: Mapping[int, Hours]
    always: bool = False

    def is_open(self, moment: datetime) -> bool:
        """Whether somebody is there at a moment."""
        if self.always:
            return True
        return any(begin <= moment < end for begin, end in self._on(local(moment).date()))

    def opens(self, moment: datetime) -> datetime:
        """The moment itself where the desk is open, else when it opens next."""
        if self.is_open(moment):
            return moment
        return next(begin for begin, _ in self._from(moment) if begin > moment)

    def add(self, moment: datetime, span: timedelta) -> datetime:
        """When so much working time after a moment is over. Raises ValueError where the desk never opens."""
        if self.always:
            return moment + span
        for begin, end in self._from(moment):
            start = max(begin, moment)
            if end - start >= span:
                return start + span
            span -= max(end - start, timedelta(0))
        raise ValueError("the desk never opens")

    def between(self, begin: datetime, end: datetime) -> timedelta:
        """How much working time lies between two moments; none where the end is not after the beginning."""
        if end <= begin:
            return timedelta(0)
        if self.always:
            return end - begin
        total = timedelta(0)
        for opens, closes in self._from(begin):
            if opens >= end:
                break
            total += max(min(closes, end) - max(opens, begin), timedelta(0))
        return total

    def workdays_after(self, moment: datetime, days: int) -> date:
        """The day that is so many of the desk's days after the day of a moment."""
        day = local(moment).date()
        for _ in range(days * 2 + _LONGEST):
            if days == 0:
                return day
            day += _DAY
            days -= int(self.always or bool(self._on(day)))
        raise ValueError("the desk never opens")

    def _on(self, day: date) -> list[Period]:
        return opened(day, self.hours, self.calendar, on_holidays=False)

    def _from(self, moment: datetime) -> Iterator[Period]:
        day = local(moment).date()
        closed = 0
        while closed < _LONGEST:
            found = [period for period in self._on(day) if period[1] > moment]
            closed = 0 if found else closed + 1
            yield from found
            day += _DAY


def clock(text: str) -> time:
    """An opening time as the data write it. Raises ValueError for what is none."""
    return time.fromisoformat(text)
