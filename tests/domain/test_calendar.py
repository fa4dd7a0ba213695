"""The calendar against the State Council's notice for 2026; past its tables it says that it does not know."""

from __future__ import annotations

from datetime import date

import pytest

from domain.calendar import CalendarUnknown, load

CALENDAR = load()


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 1, 1), False),
        (date(2026, 1, 4), True),
        (date(2026, 2, 14), True),
        (date(2026, 2, 16), False),
        (date(2026, 2, 23), False),
        (date(2026, 2, 24), True),
        (date(2026, 2, 28), True),
        (date(2026, 5, 9), True),
        (date(2026, 9, 20), True),
        (date(2026, 9, 25), False),
        (date(2026, 10, 7), False),
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),
        (date(2026, 11, 28), False),
        (date(2026, 11, 24), True),
    ],
)
def test_workdays_of_2026(day: date, works: bool) -> None:
    assert CALENDAR.is_workday(day) is works


def test_2027_is_not_guessed() -> None:
    with pytest.raises(CalendarUnknown):
        CALENDAR.is_workday(date(2027, 1, 4))
    assert CALENDAR.holiday("春节", 2027) is None


def test_a_festival_is_a_half_open_span() -> None:
    assert CALENDAR.holiday("国庆", 2026) == (date(2026, 10, 1), date(2026, 10, 8))
