"""Quiet windows: where a moment lies, and what becomes of what falls into one."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import load
from domain.clock import SHANGHAI
from domain.quiet import DEFAULT, Days, How, Quiet, Window, together

CALENDAR = load()
QUIET = Quiet(CALENDAR)


def at(day: int, clock: str, month: int = 11) -> datetime:
    return datetime.combine(date(2026, month, day), time.fromisoformat(clock), SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "since", "until"),
    [
        (at(25, "06:59"), at(24, "21:00"), at(25, "07:00")),
        (at(25, "07:00"), None, None),
        (at(25, "11:59"), None, None),
        (at(25, "12:00"), at(25, "12:00"), at(25, "14:30")),
        (at(25, "14:30"), None, None),
        (at(25, "20:59"), None, None),
        (at(25, "21:00"), at(25, "21:00"), at(26, "07:00")),
    ],
)
def test_night_and_nap(moment: datetime, since: datetime | None, until: datetime | None) -> None:
    assert QUIET.since(moment) == since
    assert QUIET.until(moment) == until


@pytest.mark.parametrize(
    ("planned", "useful_until", "now", "how", "when"),
    [
        ("10:00", "11:00", "08:00", How.ON_TIME, "10:00"),
        # At the end of the nap it helps still.
        ("13:00", "14:30", "08:00", How.LATER, "14:30"),
        # It would not: half an hour before the nap instead.
        ("13:00", "14:00", "08:00", How.EARLIER, "11:30"),
        # That is past by now.
        ("13:00", "14:00", "11:45", How.EARLIER, "11:59"),
        ("13:00", "14:00", "12:30", How.NOT, None),
    ],
)
def test_later_else_earlier_else_not(planned, useful_until, now, how, when) -> None:
    placed = QUIET.place(at(25, planned), at(25, useful_until), at(25, now))

    assert placed.how is how
    assert placed.at == (at(25, when) if when else None)


def test_windows_that_touch_are_one_stretch() -> None:
    quiet = Quiet(CALENDAR, (Window(time(20), time(23)), Window(time(23), time(6))))

    assert quiet.until(at(25, "21:00")) == at(26, "06:00")
    assert quiet.since(at(26, "05:00")) == at(25, "20:00")


def test_the_calendar_says_what_is_worked() -> None:
    busy = Quiet(CALENDAR, (Window(time(9), time(17), Days.WORK),))

    assert busy.until(at(25, "10:00")) == at(25, "17:00")
    assert busy.until(at(28, "10:00")) is None  # a Saturday
    assert busy.until(at(10, "10:00", month=10)) == at(10, "17:00", month=10)  # a Saturday that is worked
    assert busy.until(at(1, "10:00", month=10)) is None  # the national holiday
    # The tables of 2027 are not out: the weekday stands in.
    assert busy.until(datetime(2027, 3, 1, 10, tzinfo=SHANGHAI)) == datetime(2027, 3, 1, 17, tzinfo=SHANGHAI)


def test_no_hour_left_still_ends() -> None:
    always = Quiet(CALENDAR, (Window(time(8), time(8)),))

    assert always.until(at(15, "10:00")) == at(25, "10:00")
    assert always.place(at(25, "10:00"), at(25, "12:00"), at(25, "09:00")).how is How.NOT


def test_a_pause_is_quiet_too() -> None:
    paused = Quiet(CALENDAR, DEFAULT, (at(25, "10:00"), at(26, "07:00")))

    assert paused.until(at(25, "09:59")) is None
    assert paused.until(at(25, "10:00")) == at(26, "07:00")
    assert paused.until(at(26, "07:00")) is None


def test_no_windows_no_quiet() -> None:
    assert Quiet(CALENDAR, ()).until(at(25, "03:00")) is None


def test_a_window_is_kept_as_it_was_said() -> None:
    for window in (*DEFAULT, Window(time(9, 15), time(17), Days.WORK)):
        assert Window.read(window.row()) == window


_clocks = st.times().map(lambda t: t.replace(second=0, microsecond=0))
_windows = st.lists(st.builds(Window, _clocks, _clocks, st.sampled_from(Days)), max_size=4).map(tuple)
_moments = st.integers(0, 400 * 24 * 60).map(
    lambda minutes: at(5, "00:00", month=1) + timedelta(minutes=minutes)
)


@given(
    _windows,
    _moments,
    st.timedeltas(timedelta(0), timedelta(days=2)),
    st.timedeltas(timedelta(0), timedelta(days=2)),
)
def test_nothing_is_placed_into_the_quiet(windows, planned, useful, ahead) -> None:
    quiet = Quiet(CALENDAR, windows)
    placed = quiet.place(planned, planned + useful, planned - ahead)

    if placed.at is None:
        assert quiet.until(planned) is not None
        return
    if placed.how is How.LATER:
        assert planned < placed.at <= planned + useful
    if placed.how is How.EARLIER:
        assert planned - ahead <= placed.at < planned
    end = quiet.until(placed.at)
    assert end is None or end - placed.at > timedelta(days=2)  # only where no hour is left


def window(said: str, days: Days = Days.ALL) -> Window:
    starts, ends = (time.fromisoformat(clock) for clock in said.split("-"))
    return Window(starts, ends, days)


@pytest.mark.parametrize(
    ("windows", "one"),
    [
        ("21:00-07:00 12:00-14:30", "21:00-07:00 12:00-14:30"),
        ("21:00-07:00 12:00-14:30 13:00-15:00", "21:00-07:00 12:00-15:00"),
        ("21:00-07:00 12:00-14:30 14:30-15:00", "21:00-07:00 12:00-15:00"),
        ("21:00-07:00 12:00-14:30 22:00-06:00", "21:00-07:00 12:00-14:30"),
        ("21:00-07:00 06:00-08:00", "21:00-08:00"),
        ("21:00-07:00 20:00-22:00", "20:00-07:00"),
        ("21:00-07:00 12:00-14:30 11:00-22:00", "11:00-07:00"),
        ("21:00-07:00 06:00-22:00", "21:00-21:00"),
        ("08:00-08:00 12:00-13:00", "08:00-08:00"),
    ],
)
def test_windows_that_overlap_are_said_as_one(windows: str, one: str) -> None:
    assert together([window(said) for said in windows.split()]) == tuple(map(window, one.split()))


def test_windows_of_other_days_stay_apart() -> None:
    apart = (window("12:00-14:00", Days.WORK), window("13:00-15:00", Days.OFF))

    assert together(apart) == apart


WINDOWS = st.builds(
    lambda starts, ends, days: Window(
        time(starts // 4, starts % 4 * 15), time(ends // 4, ends % 4 * 15), days
    ),
    st.integers(0, 95),
    st.integers(0, 95),
    st.sampled_from(Days),
)


@given(st.lists(WINDOWS, max_size=5), st.integers(0, 14 * 96))
def test_put_together_it_is_the_same_quiet(windows: list[Window], quarter: int) -> None:
    moment = at(20, "00:00") + timedelta(minutes=15 * quarter)

    def is_quiet(of) -> bool:
        return Quiet(CALENDAR, of).until(moment) is not None

    assert is_quiet(together(windows)) == is_quiet(windows)
    assert len(together(windows)) <= len(windows)
