"""Plans of visits and the calendar: holidays move them, no table covers them yet, lunar months."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from actions import series_due
from actions.house import House
from actions.series_words import read_back
from domain.clock import SHANGHAI, FixedClock
from tests.actions.care import pushed
from tests.actions.planning import (
    CHECKS,
    d,
    days,
    firm,
    planned,
)


def test_a_holiday_moves_its_visit_and_the_read_back_says_why(house: House, clock: FixedClock) -> None:
    clock.moment = datetime(2026, 9, 22, 10, tzinfo=SHANGHAI)
    series_id = planned(house, CHECKS, service="health_checkup", channel="store", self_pay=True)

    assert days(house, series_id) == [d("09-24"), d("10-08"), d("10-09")]
    with house.store.read() as unit:
        series = unit.series.get(series_id)
        assert series is not None
        told = read_back(house, unit, series, "您")
    assert "10月1日，下个星期四国庆放假，这一次改到10月9日，星期五。" in told


def with_table(house: House, *holidays: tuple[str, str, str]) -> House:
    """The house when next year's table has come."""
    spans = dict(house.calendar.spans)
    spans |= {(2027, name): (date.fromisoformat(a), date.fromisoformat(b)) for name, a, b in holidays}
    return replace(house, calendar=replace(house.calendar, spans=spans, valid_through=date(2027, 12, 31)))


@pytest.fixture
def past_the_table(house: House, clock: FixedClock) -> str:
    """Three Thursdays: 24 and 31 December, and 7 January, which no table covers."""
    clock.moment = datetime(2026, 12, 22, 10, tzinfo=SHANGHAI)
    series_id = planned(house, CHECKS, service="health_checkup", channel="store", self_pay=True)
    firm(house, series_id)
    return series_id


def test_past_the_table_a_visit_is_provisional_until_the_table_comes(
    house: House, past_the_table: str
) -> None:
    with house.store.read() as unit:
        assert [v.provisional for v, _ in unit.series.rows(past_the_table)] == [False, False, True]
    assert series_due.work_off(house) == 0

    assert series_due.work_off(with_table(house)) == 1
    assert series_due.work_off(with_table(house)) == 0

    assert days(house, past_the_table) == [d("12-24"), d("12-31"), d("2027-01-07")]
    assert pushed(house, "mei")[-1] == "国家公布放假了。您后面1次体检都不放假，照原来的时间来。"


def test_a_visit_that_turns_out_to_be_on_a_holiday_is_moved_and_told(
    house: House, past_the_table: str
) -> None:
    later = with_table(house, ("元旦", "2027-01-01", "2027-01-09"))

    assert series_due.work_off(later) == 1

    assert days(house, past_the_table) == [d("12-24"), d("12-31"), d("2027-01-09")]
    told = pushed(house, "mei")[-1]
    assert "2027年1月7日，星期四，上午9点，元旦放假，改到2027年1月9日，星期六，上午9点。" in told


def test_where_nothing_is_free_after_the_holiday_times_are_offered_and_a_person_is_told(
    house: House, past_the_table: str
) -> None:
    later = with_table(house, ("元旦", "2027-01-01", "2027-01-31"))

    assert series_due.work_off(later) == 1

    assert days(house, past_the_table)[-1] == d("2027-01-31")


def test_a_lunar_rule_finds_its_days(house: House) -> None:
    rule = "RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=1,15;BYHOUR=15;BYMINUTE=0;COUNT=2"
    series_id = planned(house, rule)

    assert days(house, series_id) == [d("12-09"), d("12-23")]
    with house.store.read() as unit:
        series = unit.series.get(series_id)
        assert series is not None
        told = read_back(house, unit, series, "您")
    assert "农历每月初一、十五下午3点，一共2次。" in told
    assert "这几天：12月9日，星期三；12月23日，星期三。" in told
