"""Free times, pure: periods of work less what is taken, cut into starts on a grid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from domain.calendar import Calendar
from domain.clock import SHANGHAI, local

Period = tuple[datetime, datetime]
GRID = timedelta(minutes=30)


def days(begin: datetime, end: datetime) -> Iterator[date]:
    """The days in Shanghai that a half-open period touches."""
    day, last = local(begin).date(), local(end - timedelta(microseconds=1)).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def at(day: date, clock: time) -> datetime:
    """A clock time of a day in Shanghai, as an aware datetime."""
    return datetime.combine(day, clock, SHANGHAI)


Hours = Sequence[tuple[time, time]]
_FRIDAY, _SATURDAY = 4, 5


def opened(day: date, hours: Mapping[int, Hours], calendar: Calendar, *, on_holidays: bool) -> list[Period]:
    """The working periods of a day from weekly hours (Monday is 0) and the one calendar.

    On an official holiday there are none, unless the work goes on then. A Saturday or Sunday that is worked instead
    (调休) has its own hours, or where it has none those of a Friday.
    """
    if not on_holidays and calendar.holiday_on(day) is not None:
        return []
    rows = hours.get(day.weekday(), ())
    if not rows and day.weekday() >= _SATURDAY and day in calendar.workdays:
        rows = hours.get(_FRIDAY, ())
    return [(at(day, begin), at(day, end)) for begin, end in rows]


def within(period: Period, others: Iterable[Period]) -> bool:
    """Whether a period lies wholly inside one of the others."""
    return any(begin <= period[0] and period[1] <= end for begin, end in others)


def meets(period: Period, others: Iterable[Period]) -> bool:
    """Whether a half-open period overlaps one of the others."""
    return any(begin < period[1] and end > period[0] for begin, end in others)


def crowd(period: Period, others: Sequence[Period]) -> int:
    """The most of the others that stand on one moment of the period."""
    moments = [period[0], *(begin for begin, _ in others if period[0] <= begin < period[1])]
    return max(sum(begin <= moment < end for begin, end in others) for moment in moments)


def starts(window: Period, open_periods: Iterable[Period], minutes: int) -> Iterator[datetime]:
    """Starts on the half-hour grid, inside the window and with the whole service inside one open period."""
    length = timedelta(minutes=minutes)
    for begin, end in sorted(open_periods):
        moment = _on_grid(max(begin, window[0]))
        while moment < window[1] and moment + length <= end:
            yield moment
            moment += GRID


def _on_grid(moment: datetime) -> datetime:
    """The first point of the grid that is not before the moment."""
    midnight = local(moment).replace(hour=0, minute=0, second=0, microsecond=0)
    steps = -(-(local(moment) - midnight) // GRID)
    return midnight + steps * GRID
