"""Plans of visits: the days of a rule, holidays, the lunar calendar, what is not announced yet."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import products
from domain.calendar import load
from domain.series import (
    MOST,
    USUAL,
    USUAL_DAILY,
    Hours,
    Part,
    Rule,
    days_of,
    planned,
    read_hours,
    read_rule,
    read_start,
    with_count,
    with_hours,
    with_start,
)


def d(text: str) -> date:
    return date.fromisoformat(f"2026-{text}" if len(text) == 5 else text)


@pytest.mark.parametrize(
    ("rule", "first", "days"),
    [
        ("FREQ=WEEKLY;BYDAY=WE;COUNT=3", "11-24", ["11-25", "12-02", "12-09"]),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=4", "11-24", ["11-25", "11-27", "11-30", "12-02"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;COUNT=3", "11-24", ["11-26", "12-10", "12-24"]),
        ("FREQ=DAILY;COUNT=3", "11-24", ["11-24", "11-25", "11-26"]),
        ("FREQ=DAILY;INTERVAL=2;COUNT=3", "11-24", ["11-24", "11-26", "11-28"]),
        ("FREQ=MONTHLY;BYMONTHDAY=9;COUNT=3", "11-24", ["12-09", "2027-01-09", "2027-02-09"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3", "11-24", ["11-30", "12-31", "2027-01-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2", "11-24", ["11-30", "12-31"]),
        ("FREQ=WEEKLY;BYDAY=WE;UNTIL=20261203", "11-24", ["11-25", "12-02"]),
        # The first and the fifteenth of the lunar month: 冬月初一 is 9 December 2026.
        ("RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=1,15;COUNT=3", "11-25", ["12-09", "12-23", "2027-01-08"]),
        # 腊月 has 29 days this year: its thirtieth is the twenty-ninth, New Year's Eve.
        ("RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=30;COUNT=1", "11-25", ["2027-02-05"]),
    ],
)
def test_the_days_of_a_rule(rule, first, days) -> None:
    assert days_of(read_rule(rule), d(first)) == [d(day) for day in days]


def test_a_holiday_moves_one_visit_to_the_next_day_that_is_worked() -> None:
    plan = planned(read_rule("FREQ=WEEKLY;BYDAY=TH;COUNT=3"), d("09-24"), load(), on_holidays=False)

    assert [one.day for one in plan] == [d("09-24"), d("10-09"), d("10-08")]
    assert [one.moved_from for one in plan] == [None, d("10-01"), None]
    assert plan[1].holiday == "国庆"


def test_what_goes_on_at_holidays_stays_where_it_is() -> None:
    plan = planned(read_rule("FREQ=WEEKLY;BYDAY=TH;COUNT=2"), d("10-01"), load(), on_holidays=True)

    assert [(one.day, one.moved_from) for one in plan] == [(d("10-01"), None), (d("10-08"), None)]


def test_past_the_tables_a_visit_is_provisional() -> None:
    plan = planned(read_rule("FREQ=WEEKLY;BYDAY=WE;COUNT=2"), d("12-30"), load(), on_holidays=False)

    assert [(one.day, one.is_known) for one in plan] == [(d("12-30"), True), (d("2027-01-06"), False)]


@pytest.mark.parametrize("text", ["FREQ=SECONDLY", "", "BYDAY=WE"])
def test_no_rule_is_no_rule(text) -> None:
    with pytest.raises(ValueError, match="frequency"):
        read_rule(text)


@given(
    weekdays=st.sets(st.integers(0, 6), min_size=1),
    count=st.integers(1, 40),
    interval=st.integers(1, 4),
    offset=st.integers(0, 330),
)
def test_a_plan_keeps_its_number_its_weekdays_and_never_two_a_day(weekdays, count, interval, offset) -> None:
    first = date(2026, 1, 1) + timedelta(days=offset)
    calendar = load()
    plan = planned(
        Rule("WEEKLY", interval, count, None, tuple(sorted(weekdays))), first, calendar, on_holidays=False
    )
    days = [one.day for one in plan]

    assert len(days) == len(set(days)) == min(count, MOST)
    assert all((one.moved_from or one.day).weekday() in weekdays for one in plan)
    assert all(calendar.holiday_on(day) is None for day in days)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("FREQ=DAILY", Hours()),
        ("FREQ=DAILY;BYHOUR=9;BYMINUTE=30", Hours(exact=time(9, 30))),
        ("FREQ=DAILY;BYHOUR=8", Hours(time(8), time(12))),
        ("FREQ=DAILY;BYHOUR=11", Hours(time(11), time(14))),
        ("FREQ=DAILY;BYHOUR=12", Hours(time(13), time(18))),
        ("FREQ=DAILY;BYHOUR=18", Hours(time(18), time(22))),
        ("FREQ=DAILY;BYHOUR=8,20", Hours(time(8), time(12))),
    ],
)
def test_the_hours_of_a_rule(text, hours) -> None:
    assert read_hours(text) == hours
    assert read_hours(with_hours("FREQ=DAILY;COUNT=3", hours)) == hours


def test_another_number_other_hours_another_first_day() -> None:
    text = with_start(with_count("FREQ=WEEKLY;BYDAY=WE;COUNT=4;BYHOUR=8", 8), date(2026, 12, 1))

    assert text == "DTSTART=20261201;FREQ=WEEKLY;BYDAY=WE;BYHOUR=8;COUNT=8"
    assert read_start(text) == date(2026, 12, 1)
    assert read_start("FREQ=DAILY") is None
    assert read_rule(text) == Rule("WEEKLY", count=8, weekdays=(2,))


@pytest.mark.parametrize(
    ("text", "whole", "number"),
    [
        ("FREQ=DAILY", True, USUAL_DAILY),
        ("FREQ=DAILY;INTERVAL=2", True, USUAL),
        ("FREQ=WEEKLY;BYDAY=WE", True, USUAL),
        ("FREQ=WEEKLY", False, USUAL),
        ("FREQ=MONTHLY", False, USUAL),
        ("FREQ=MONTHLY;BYMONTHDAY=9;COUNT=400", True, MOST),
    ],
)
def test_what_a_rule_leaves_open_and_how_many_it_is(text, whole, number) -> None:
    rule = read_rule(text)

    assert (rule.is_whole, rule.number) == (whole, number)


def test_the_shipped_products_are_five_lines_short_and_long() -> None:
    found = products.load().values()

    assert len(found) == len({p.name for p in found}) == 10
    assert {p.service for p in found} == {
        "rehab_neuro",
        "rehab_ortho",
        "rehab_cardio",
        "rehab_pain",
        "live_in_care",
    }
    for product in found:
        short, long = products.of_service(product.service)
        assert (short.length, long.length) == ("short", "long")
        assert short.visits < long.visits


@pytest.mark.parametrize("product", products.load().values(), ids=lambda p: p.code)
def test_a_product_is_an_assessment_visits_and_a_review(product) -> None:
    rule = read_rule(product.rule)
    parts = [product.part(n, rule.number) for n in range(rule.number)]

    assert parts == [Part.ASSESSMENT, *[Part.VISIT] * (product.visits - 2), Part.REVIEW]
    assert product.service_of(Part.VISIT) == product.service
