"""Working periods of a day by the weekly hours and the one calendar."""

from __future__ import annotations

from datetime import date, time

import pytest

from domain.calendar import load
from domain.slots import at, opened

WEEK = {weekday: [(time(8), time(12)), (time(13), time(17))] for weekday in range(5)}
WITH_SATURDAY = {**WEEK, 5: [(time(9), time(12))]}


@pytest.mark.parametrize(
    ("day", "hours", "on_holidays", "opens"),
    [
        (date(2026, 11, 25), WEEK, False, [8, 13]),
        (date(2026, 11, 28), WEEK, False, []),
        (date(2026, 10, 1), WEEK, False, []),
        (date(2026, 10, 1), WEEK, True, [8, 13]),
        # 10 October 2026 is a Saturday that is worked for the National Day.
        (date(2026, 10, 10), WEEK, False, [8, 13]),
        (date(2026, 10, 10), WITH_SATURDAY, False, [9]),
        (date(2026, 9, 26), WITH_SATURDAY, False, []),
    ],
)
def test_the_calendar_opens_and_closes(day, hours, on_holidays, opens) -> None:
    found = opened(day, hours, load(), on_holidays=on_holidays)

    assert [begin for begin, _ in found] == [at(day, time(hour)) for hour in opens]
