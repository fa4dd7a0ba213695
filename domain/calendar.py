"""The one calendar: official holidays and make-up workdays (调休), from tables with a source and an end.

Make-up workdays cannot be computed; they are announced each November. Past the last table the calendar says
that it does not know (`CalendarUnknown`), it never guesses.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

TABLES = Path(__file__).parent / "data" / "calendar"


class CalendarUnknown(LookupError):
    """The official table for this day has not been published, or not been loaded."""


@dataclass(frozen=True)
class Calendar:
    """Holidays as half-open spans by year and name, and the days worked instead."""

    spans: Mapping[tuple[int, str], tuple[date, date]]
    workdays: frozenset[date]
    valid_from: date
    valid_through: date

    def knows(self, day: date) -> bool:
        """Whether an official table covers this day."""
        return self.valid_from <= day <= self.valid_through

    def holiday(self, name: str, year: int) -> tuple[date, date] | None:
        """The days off of a festival as [first, end), or None where it is not known."""
        return self.spans.get((year, name))

    def holiday_on(self, day: date) -> str | None:
        """The festival whose days off include this day."""
        return next((name for (_, name), (first, end) in self.spans.items() if first <= day < end), None)

    def is_workday(self, day: date) -> bool:
        """Whether offices work. Raises CalendarUnknown outside the tables."""
        if not self.knows(day):
            raise CalendarUnknown(day.isoformat())
        if day in self.workdays:
            return True
        return day.weekday() < 5 and self.holiday_on(day) is None


def _tables(folder: Path) -> Iterator[Mapping[str, object]]:
    for path in sorted(folder.glob("*.json")):
        yield json.loads(path.read_text(encoding="utf-8"))


@cache
def load(folder: Path = TABLES) -> Calendar:
    """The calendar from the tables of a folder, one a year; `valid_through` is the end of the last year in a row.

    Raises ValueError where a year is missing between two others.
    """
    spans: dict[tuple[int, str], tuple[date, date]] = {}
    workdays: set[date] = set()
    years: list[int] = []
    for table in _tables(folder):
        year = int(str(table["year"]))
        years.append(year)
        holidays = table["holidays"]
        assert isinstance(holidays, dict)
        for name, (first, last) in holidays.items():
            spans[year, name] = (date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1))
        worked = table["workdays"]
        assert isinstance(worked, list)
        workdays.update(date.fromisoformat(day) for day in worked)
    if not years or years != list(range(years[0], years[-1] + 1)):
        raise ValueError(f"calendar tables of {years}: a year is missing")
    return Calendar(spans, frozenset(workdays), date(years[0], 1, 1), date(years[-1], 12, 31))
