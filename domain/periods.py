"""The period of a benefit that holds a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

PERIODS = ("month", "year", "lifetime", "case")


@dataclass(frozen=True)
class Term:
    """Days from `starts_on` until before `ends_before`."""

    starts_on: date
    ends_before: date

    def holds(self, day: date) -> bool:
        return self.starts_on <= day < self.ends_before


def period_of(kind: str, starts_on: date, ends_before: date, day: date) -> tuple[date, date]:
    """The period [first, end) of a membership that holds `day`: a calendar month, a year of membership, or all of it."""
    if kind == "month":
        first = day.replace(day=1)
        return max(first, starts_on), min(months_later(first, 1), ends_before)
    if kind == "year":
        first = starts_on
        for following in _anniversaries(first):
            if following > day:
                return first, min(following, ends_before)
            first = following
    return starts_on, ends_before


def renewal_of(kind: str, term: Term, end: date) -> date | None:
    """The first day of the period after one that ends before `end`; None where the membership ends with it."""
    return end if kind in ("month", "year") and end < term.ends_before else None


def _anniversaries(start: date) -> Iterator[date]:
    years = 1
    while True:
        yield months_later(start, 12 * years)
        years += 1


def months_later(day: date, months: int) -> date:
    """The same day so many months later; 29 February becomes the 28th in a common year."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("unreachable")
