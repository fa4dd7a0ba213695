"""From one occurrence to the next: weeks, months that are too short, lunar days, leap months."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.clock import SHANGHAI
from domain.recurrence import Recurrence, checked, lunar_of

START = date(2026, 11, 24)


def days(rule: str, count: int, anchor: date = START) -> list[str]:
    moment, found = datetime.combine(anchor, datetime.min.time(), SHANGHAI), []
    for _ in range(count):
        following = Recurrence(rule, anchor).next_after(moment)
        assert following is not None
        moment = following
        found.append(f"{moment:%Y-%m-%d %H:%M}")
    return found


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=DAILY;BYHOUR=8,20", ["2026-11-24 08:00", "2026-11-24 20:00", "2026-11-25 08:00"]),
        (
            "FREQ=DAILY;INTERVAL=2;BYHOUR=7;BYMINUTE=30",
            ["2026-11-24 07:30", "2026-11-26 07:30", "2026-11-28 07:30"],
        ),
        ("FREQ=WEEKLY;BYDAY=WE,SA;BYHOUR=15", ["2026-11-25 15:00", "2026-11-28 15:00", "2026-12-02 15:00"]),
        # Every second week is counted from the week of the first.
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;BYHOUR=9",
            ["2026-11-27 09:00", "2026-12-07 09:00", "2026-12-11 09:00", "2026-12-21 09:00"],
        ),
        # The 31st of a month that has none is its last day.
        (
            "FREQ=MONTHLY;BYMONTHDAY=31",
            ["2026-11-30 08:00", "2026-12-31 08:00", "2027-01-31 08:00", "2027-02-28 08:00"],
        ),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", ["2027-02-28 08:00", "2028-02-29 08:00"]),
    ],
)
def test_solar_rules(rule: str, expected: list[str]) -> None:
    assert days(rule, len(expected)) == expected


def test_a_lunar_new_years_eve_on_the_29th() -> None:
    """Spring Festival 2027 is on 6 February, and the twelfth month before it has 29 days."""
    assert days("RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=30", 1) == ["2027-02-05 08:00"]
    assert days("RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=8", 1) == ["2027-01-15 08:00"]


def test_a_lunar_rule_that_names_no_day_comes_on_the_lunar_day_of_the_first() -> None:
    """24 November 2026 is the 16th of the tenth month."""
    assert days("RSCALE=CHINESE;FREQ=YEARLY", 2) == ["2026-11-24 08:00", "2027-11-13 08:00"]
    assert days("RSCALE=CHINESE;FREQ=MONTHLY", 2) == ["2026-11-24 08:00", "2026-12-24 08:00"]


def test_a_leap_month_has_a_first_day_too_but_a_birthday_comes_once() -> None:
    """2025 has a leap sixth month, 25 July to 22 August."""
    spring = date(2025, 6, 1)
    monthly = days("RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=1", 4, spring)
    assert [one[:10] for one in monthly] == ["2025-06-25", "2025-07-25", "2025-08-23", "2025-09-22"]
    yearly = days("RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=3", 2, spring)
    assert [one[:10] for one in yearly] == ["2025-06-27", "2026-07-16"]


_RULES = (
    "FREQ=DAILY;BYHOUR=8",
    "FREQ=DAILY;INTERVAL=3;BYHOUR=6,12,18",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR",
    "FREQ=MONTHLY;BYMONTHDAY=29,30,31",
    "RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=1,15",
    "RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=30",
)


@settings(deadline=None)
@given(st.sampled_from(_RULES), st.integers(0, 3000))
def test_each_comes_once_and_in_order(rule: str, ahead: int) -> None:
    anchor = START + timedelta(days=ahead)
    found = days(rule, 12, anchor)

    assert found == sorted(set(found))
    # Reckoned from any moment between two, the next is the same.
    for one, other in pairwise(found):
        between = datetime.fromisoformat(one).replace(tzinfo=SHANGHAI) + timedelta(minutes=1)
        following = Recurrence(rule, anchor).next_after(between)
        assert following is not None
        assert f"{following:%Y-%m-%d %H:%M}" == other


@settings(deadline=None)
@given(st.integers(0, 4000))
def test_the_thirtieth_is_the_last_day_of_every_lunar_month(ahead: int) -> None:
    day = START + timedelta(days=ahead)
    last = lunar_of(day + timedelta(days=1))[2] == 1
    assert Recurrence("RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=30", START).falls_on(day) == last


def test_solar_terms() -> None:
    """立秋 is on 7 August in 2026 and, in the night after, on the 8th in 2027."""
    assert days("FREQ=YEARLY;X-TERM=立秋;BYHOUR=9", 2, date(2026, 1, 1)) == [
        "2026-08-07 09:00",
        "2027-08-08 09:00",
    ]
    assert days("FREQ=YEARLY;X-TERM=冬至", 1) == ["2026-12-22 08:00"]
    assert days("FREQ=YEARLY;X-TERM=大雪", 1) == ["2026-12-07 08:00"]


@pytest.mark.parametrize("rule", [*_RULES, "freq=yearly;x-term=立秋;byhour=9", "RRULE:FREQ=WEEKLY;BYDAY=MO"])
def test_rules_that_are_understood(rule: str) -> None:
    assert Recurrence(checked(rule), START).next_after(datetime(2026, 11, 24, tzinfo=SHANGHAI)) is not None


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "FREQ=HOURLY",
        "FREQ=DAILY;BYHOUR=24",
        "FREQ=DAILY;BYHOUR=",
        "FREQ=DAILY;BYHOUR=8;BYHOUR=9",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=YEARLY;X-TERM=立愁",
        "FREQ=DAILY;X-TERM=立秋",
        "FREQ=MONTHLY;INTERVAL=2",
        "FREQ=DAILY;COUNT=3",
        "FREQ=DAILY;UNTIL=20270101",
        "FREQ=DAILY;INTERVAL=0",
        "RSCALE=HEBREW;FREQ=YEARLY",
        "每天",
    ],
)
def test_rules_that_are_not(rule: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        checked(rule)
