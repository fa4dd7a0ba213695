"""The working time of a desk: a lunch break, a weekend, a holiday, a make-up Saturday, as one table."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import load as load_calendar
from domain.clock import SHANGHAI
from domain.desk import load
from domain.tickets import Priority
from domain.working import WorkingTime

LIFE = load().time_of("life", load_calendar())


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


# 2026-11-24 is a Tuesday. 2026-02-14 (Saturday) and 02-28 (Saturday) are worked for the Spring Festival (15th to 23rd);
# 2026-10-10 (Saturday) is worked for the National Day (1st to 7th).
@pytest.mark.parametrize(
    ("said", "begin", "minutes", "end"),
    [
        ("within the morning", "2026-11-24 10:00", 30, "2026-11-24 10:30"),
        ("before the desk opens", "2026-11-24 06:00", 30, "2026-11-24 09:00"),
        ("over lunch", "2026-11-24 11:50", 30, "2026-11-24 13:50"),
        ("in the lunch break", "2026-11-24 12:40", 30, "2026-11-24 14:00"),
        ("exactly to the break", "2026-11-24 11:30", 30, "2026-11-24 12:00"),
        ("over the night", "2026-11-24 17:45", 30, "2026-11-25 08:45"),
        ("in the night", "2026-11-24 23:00", 30, "2026-11-25 09:00"),
        ("over a weekend", "2026-11-27 17:45", 30, "2026-11-30 08:45"),
        ("on a Saturday", "2026-11-28 10:00", 30, "2026-11-30 09:00"),
        ("on a make-up Saturday", "2026-02-14 10:00", 30, "2026-02-14 10:30"),
        ("on to a make-up Saturday", "2026-02-13 17:45", 30, "2026-02-14 08:45"),
        ("over lunch of a make-up Saturday", "2026-10-10 11:50", 30, "2026-10-10 13:50"),
        ("over a holiday", "2026-09-30 17:45", 30, "2026-10-08 08:45"),
        ("on a holiday that is a Thursday", "2026-10-01 10:00", 30, "2026-10-08 09:00"),
        ("several days", "2026-11-24 10:00", 960, "2026-11-26 10:00"),
    ],
)
def test_so_much_working_time_is_over(said: str, begin: str, minutes: int, end: str) -> None:
    assert LIFE.add(at(begin), timedelta(minutes=minutes)) == at(end), said
    assert LIFE.between(at(begin), at(end)) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-24 10:00", "2026-11-24 10:00"),
        ("2026-11-24 12:00", "2026-11-24 13:30"),
        ("2026-11-24 18:00", "2026-11-25 08:30"),
        ("2026-11-27 18:00", "2026-11-30 08:30"),
        ("2026-02-13 19:00", "2026-02-14 08:30"),
        ("2026-02-14 18:00", "2026-02-24 08:30"),
    ],
)
def test_when_the_desk_opens(moment: str, opens: str) -> None:
    assert LIFE.opens(at(moment)) == at(opens)
    assert LIFE.is_open(at(moment)) == (moment == opens)


@pytest.mark.parametrize(
    ("days", "day"), [(0, date(2026, 11, 24)), (3, date(2026, 11, 27)), (7, date(2026, 12, 3))]
)
def test_working_days(days: int, day: date) -> None:
    assert LIFE.workdays_after(at("2026-11-24 10:00"), days) == day


def test_the_doctors_desk_and_what_is_urgent_run_round_the_clock() -> None:
    night = at("2026-11-28 03:00")
    for time in (
        load().time_of("doctor", load_calendar()),
        load().time_of("life", load_calendar(), Priority.URGENT),
    ):
        assert time.add(night, timedelta(minutes=5)) == night + timedelta(minutes=5)
        assert time.is_open(night)


def test_a_desk_that_never_opens_is_a_mistake_of_ours() -> None:
    never = WorkingTime(load_calendar(), {})
    with pytest.raises(ValueError, match="never opens"):
        never.add(at("2026-11-24 10:00"), timedelta(minutes=1))


MOMENTS = st.integers(0, 333 * 24 * 60).map(lambda minutes: at("2026-01-01") + timedelta(minutes=minutes))


@given(MOMENTS, st.integers(1, 3000))
def test_what_is_added_lies_between(moment: datetime, minutes: int) -> None:
    end = LIFE.add(moment, timedelta(minutes=minutes))

    assert LIFE.between(moment, end) == timedelta(minutes=minutes)
    assert end >= moment + timedelta(minutes=minutes)
