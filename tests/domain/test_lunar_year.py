"""A year of lunar days, 2026-11 to 2027-12: the almanac's table, the moon by formula, and the program, all three."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta

import pytest

from domain.clock import SHANGHAI, local
from domain.recurrence import Recurrence, lunar_of, term_of
from domain.slots import at
from tests.domain.lunar_table import FIRST, LAST, MONTHS, NEW_YEARS_EVE, TERMS, day_of
from tests.domain.moon import new_moon, new_moon_jde, sun_at


def test_the_formula_knows_its_own_example() -> None:
    """Meeus, example 49.a: the new moon of February 1977."""
    assert new_moon_jde(-283) == pytest.approx(2443192.65118, abs=0.0001)


def test_each_month_of_the_table_begins_on_the_day_of_the_new_moon() -> None:
    lunation = round((MONTHS[0][2] - date(2000, 1, 6)).days / 29.530588861)
    days = [local(new_moon(lunation + number)).date() for number in range(len(MONTHS))]

    assert days == [first for _, _, first in MONTHS]


def test_each_month_of_the_table_has_the_number_of_its_principal_term() -> None:
    """冬至, the sun at 270 degrees, makes a month the eleventh, 大寒 the twelfth, and so on; none is a leap month."""
    for (_, number, first), (_, _, following) in itertools.pairwise(MONTHS):
        begin, end = (int(sun_at(at(day, time(0))) // 30) for day in (first, following))

        assert end == (begin + 1) % 12
        assert number == (end + 1) % 12 + 1


def test_the_terms_of_the_table_are_the_suns() -> None:
    degrees = {"冬至": 270, "立春": 315, "清明": 15, "立秋": 135}
    for name, days in TERMS.items():
        for day in days:
            begin, end = sun_at(at(day, time(0))), sun_at(at(day + timedelta(days=1), time(0)))

            assert begin < degrees[name] <= end
            assert term_of(day) == name


def test_the_program_counts_the_days_of_the_table() -> None:
    for (year, number, first), (_, _, following) in itertools.pairwise(MONTHS):
        for place in range((following - first).days):
            assert lunar_of(first + timedelta(days=place)) == (year, number, place + 1)


CHINESE = "RSCALE=CHINESE;"


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        (f"{CHINESE}FREQ=MONTHLY;BYMONTHDAY=1", day_of(0, 1)),
        (f"{CHINESE}FREQ=MONTHLY;BYMONTHDAY=1,15", sorted(day_of(0, 1) + day_of(0, 15))),
        (f"{CHINESE}FREQ=MONTHLY;BYMONTHDAY=30", day_of(0, 30)),
        (f"{CHINESE}FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=8", day_of(12, 8)),
        (f"{CHINESE}FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=23", day_of(12, 23)),
        (f"{CHINESE}FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=30", [NEW_YEARS_EVE]),
        (f"{CHINESE}FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1", [date(2027, 2, 6)]),
        (f"{CHINESE}FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=15", day_of(1, 15)),
        (f"{CHINESE}FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=5", day_of(5, 5)),
        (f"{CHINESE}FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=15", day_of(8, 15)),
        (f"{CHINESE}FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=9", day_of(9, 9)),
        *((f"FREQ=YEARLY;X-TERM={name}", list(days)) for name, days in TERMS.items()),
    ],
)
def test_a_rule_comes_on_the_days_of_the_table(rule: str, days: list[date]) -> None:
    found, moment = [], datetime.combine(FIRST, time(0), SHANGHAI).astimezone(UTC)
    recurrence = Recurrence(rule, FIRST)
    while (following := recurrence.next_after(moment)) is not None and local(following).date() <= LAST:
        found.append(local(following).date())
        moment = following

    assert found == days
