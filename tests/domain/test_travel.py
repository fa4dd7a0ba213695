"""The way between two homes, and what of a carer's day a visit takes with it."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.travel import Journey, Stop, kilometres, way
from tests.conftest import NOW

BASE, EAST, FAR = (39.90, 116.40), (39.92, 116.43), (39.98, 116.50)
HOUR = timedelta(hours=1)


def stop(hours: float, point=EAST, lead=10, tail=0) -> Stop:
    begin = NOW + timedelta(hours=hours)
    end = begin + HOUR
    return Stop(begin, end, begin - timedelta(minutes=lead), end + timedelta(minutes=tail), point)


@pytest.mark.parametrize(
    ("here", "there", "km"),
    [
        ((39.9042, 116.4074), (31.2304, 121.4737), 1067),
        ((22.5431, 114.0579), (23.1291, 113.2644), 104),
        (BASE, BASE, 0),
    ],
)
def test_distances_are_those_of_the_map(here, there, km) -> None:
    assert kilometres(here, there) == pytest.approx(km, rel=0.01)


@pytest.mark.parametrize(("speed", "minutes"), [(15.0, 15), (30.0, 10), (5.0, 45)])
def test_the_way_depends_on_the_districts_speed(speed, minutes) -> None:
    assert way(BASE, EAST, speed) == timedelta(minutes=minutes)


def test_within_one_house_there_is_no_way() -> None:
    assert way(EAST, EAST, 15) == timedelta(0)


def test_an_empty_day_begins_at_the_base() -> None:
    begin = NOW + HOUR

    assert Journey(BASE, EAST, 15).around(begin, begin + HOUR, []) == (
        begin - timedelta(minutes=15),
        begin + HOUR,
    )


def test_they_come_from_the_home_before() -> None:
    begin = NOW + timedelta(hours=2)
    there = Journey(BASE, FAR, 15).around(begin, begin + HOUR, [stop(0, EAST)])

    assert there == (begin - way(EAST, FAR, 15), begin + HOUR)


def test_who_cannot_be_there_in_time_is_not_free() -> None:
    right_after = NOW + HOUR

    assert Journey(BASE, EAST, 15).around(right_after, right_after + HOUR, [stop(0, EAST)]) is not None
    assert Journey(BASE, FAR, 15).around(right_after, right_after + HOUR, [stop(0, EAST)]) is None


def test_what_is_missing_of_the_way_to_the_next_home_is_added() -> None:
    begin, journey = NOW, Journey(BASE, FAR, 15)
    needed = way(FAR, EAST, 15)
    close, wide = stop(1.5, EAST, lead=10), stop(3, EAST, lead=10)

    assert journey.around(begin, begin + HOUR, [close]) is None
    whole = journey.around(begin, begin + HOUR, [wide])
    assert whole is not None
    assert whole[1] == begin + HOUR + needed - timedelta(minutes=10)


def test_another_days_visit_is_not_where_they_come_from() -> None:
    yesterday = stop(-24, FAR)

    assert Journey(BASE, EAST, 15).around(NOW, NOW + HOUR, [yesterday]) == (
        NOW - timedelta(minutes=15),
        NOW + HOUR,
    )


points = st.tuples(st.floats(39.8, 40.0), st.floats(116.3, 116.5))


@given(
    wishes=st.lists(st.tuples(st.integers(0, 16), points), min_size=1, max_size=8),
    speed=st.sampled_from([8.0, 15.0, 30.0]),
)
def test_whoever_takes_what_is_free_is_always_there_in_time(wishes, speed) -> None:
    """In whatever order visits come in: from each to the next there is time for the way."""
    stops: list[Stop] = []
    for half_hours, here in wishes:
        begin = NOW - timedelta(hours=2) + half_hours * timedelta(minutes=30)
        whole = Journey(BASE, here, speed).around(begin, begin + HOUR, stops)
        if whole is not None:
            stops.append(Stop(begin, begin + HOUR, *whole, here))
    stops.sort(key=lambda one: one.begin)

    for one, after in pairwise(stops):
        assert one.until <= after.since
        assert one.end + way(one.point or BASE, after.point or BASE, speed) <= after.begin
