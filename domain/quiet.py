"""Quiet windows, pure: several a day, over midnight too, for each person. What falls into one waits, comes earlier, or not.

The default, night and the nap after lunch, is this project's own choice (issue 5). Times are those of clocks in Shanghai.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from domain.calendar import Calendar
from domain.clock import local
from domain.slots import at

# What has to come before a quiet window comes so long before it.
_BEFORE = timedelta(minutes=30)
_DAY = timedelta(days=1)
_MINUTES = 24 * 60
# Windows that leave no hour of the day end after so long for whoever asks.
_LONGEST = timedelta(days=10)


class Days(StrEnum):
    """On which days a window begins; what is worked and what is off is the one calendar's to say."""

    ALL = "all"
    WORK = "work"
    OFF = "off"


@dataclass(frozen=True)
class Window:
    """From `starts` until just before `ends`, over midnight where the end is not after the start."""

    starts: time
    ends: time
    days: Days = Days.ALL

    def row(self) -> dict[str, str]:
        """As it is kept in the store."""
        return {"from": f"{self.starts:%H:%M}", "until": f"{self.ends:%H:%M}", "days": str(self.days)}

    @staticmethod
    def read(row: dict[str, str]) -> Window:
        """A window from the store. Raises ValueError for what is no time."""
        return Window(
            time.fromisoformat(row["from"]),
            time.fromisoformat(row["until"]),
            Days(row.get("days", Days.ALL)),
        )


NIGHT, NAP = Window(time(21), time(7)), Window(time(12), time(14, 30))
DEFAULT = (NIGHT, NAP)


def together(windows: Sequence[Window]) -> tuple[Window, ...]:
    """The same quiet with no two windows of the same days that overlap or touch; the first keeps its place."""
    made: list[Window] = []
    for window in windows:
        place = len(made)
        while (other := next((w for w in made if _join(w, window)), None)) is not None:
            window, place = _join(other, window) or window, min(place, made.index(other))
            made.remove(other)
        made.insert(place, window)
    return tuple(made)


def _join(one: Window, other: Window) -> Window | None:
    """Both as one; None where they lie apart, or on other days."""
    if one.days is not other.days:
        return None
    for first, second in ((one, other), (other, one)):
        begin, gap = _minute(first.starts), _minute(second.starts) - _minute(first.starts)
        if gap < 0 and one.days is Days.ALL:
            gap += _MINUTES
        if 0 <= gap <= _length(first):
            length = max(_length(first), gap + _length(second))
            if length < _MINUTES:
                return Window(first.starts, _clock(begin + length), one.days)
            if one.days is Days.ALL:
                return Window(first.starts, first.starts)
    return None


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def _length(window: Window) -> int:
    """How many minutes it lasts; the whole day where it ends as it starts."""
    return (_minute(window.ends) - _minute(window.starts)) % _MINUTES or _MINUTES


class How(StrEnum):
    """What becomes of a planned moment."""

    ON_TIME = "on_time"
    LATER = "later"
    EARLIER = "earlier"
    NOT = "not"


@dataclass(frozen=True)
class Placed:
    """When something is really said; `at` is None where it is not."""

    how: How
    at: datetime | None


@dataclass(frozen=True)
class Quiet:
    """One person's quiet windows, and one pause beside them."""

    calendar: Calendar
    windows: Sequence[Window] = DEFAULT
    pause: tuple[datetime, datetime] | None = None

    def until(self, moment: datetime) -> datetime | None:
        """When the quiet stretch in which a moment lies is over; None where it lies in none."""
        end, last = moment, moment + _LONGEST
        while end < last:
            later = max((e for b, e in self._near(end) if b <= end < e), default=None)
            if later is None:
                break
            end = later
        return None if end == moment else min(end, last)

    def since(self, moment: datetime) -> datetime | None:
        """When the quiet stretch in which a moment lies began; None where it lies in none."""
        if self.until(moment) is None:
            return None
        begin, first = moment, moment - _LONGEST
        while begin > first:
            sooner = min((b for b, e in self._near(begin) if b < begin <= e), default=None)
            if sooner is None:
                break
            begin = sooner
        return begin

    def place(self, planned: datetime, useful_until: datetime, now: datetime) -> Placed:
        """On time outside the windows; else at the end of the quiet if that is useful still, else earlier, else not."""
        end = self.until(planned)
        if end is None:
            return Placed(How.ON_TIME, planned)
        if end <= useful_until:
            return Placed(How.LATER, end)
        begin = self.since(planned)
        assert begin is not None
        for lead in (_BEFORE, timedelta(minutes=1)):
            earlier = begin - lead
            if earlier >= now and self.until(earlier) is None:
                return Placed(How.EARLIER, earlier)
        return Placed(How.NOT, None)

    def waking(self, moment: datetime) -> datetime:
        """The moment itself, or the end of the quiet in which it lies."""
        return self.until(moment) or moment

    def _near(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The windows of the day of a moment and of those beside it, as moments."""
        if self.pause is not None:
            yield self.pause
        today = local(moment).date()
        for day in (today - _DAY, today, today + _DAY):
            for window in self.windows:
                if self._is_on(window.days, day):
                    begin, end = at(day, window.starts), at(day, window.ends)
                    yield begin, end if end > begin else at(day + _DAY, window.ends)

    def _is_on(self, days: Days, day: date) -> bool:
        if days is Days.ALL:
            return True
        # Past the tables the weekday stands in: a guess about when to be silent harms nobody.
        works = self.calendar.is_workday(day) if self.calendar.knows(day) else day.weekday() < 5
        return works == (days is Days.WORK)
