"""When a visit is announced, and how long the climb waits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.clock import local
from domain.visit_series import CLIMB, LAST, Step, announcements, rung_after, wait_for
from tests.conftest import NOW


@pytest.mark.parametrize(
    ("hour", "expected"),
    [
        (15, [("day_before", "25 15:00"), ("morning", "26 07:30"), ("two_hours", "26 13:00")]),
        # The morning's would come just before the two hours'.
        (11, [("day_before", "25 11:00"), ("two_hours", "26 09:00")]),
        (8, [("day_before", "25 08:00"), ("two_hours", "26 06:00")]),
    ],
)
def test_the_announcements(hour: int, expected: list[tuple[str, str]]) -> None:
    begin = NOW.replace(day=26, hour=hour)
    made = list(announcements(begin))

    assert [(str(p.step), f"{local(p.at):%d %H:%M}") for p in made] == expected
    assert all(p.at <= p.useful_until < begin for p in made)


@pytest.mark.parametrize(
    ("left", "waits"),
    [(timedelta(days=1), (240, 120, 120)), (timedelta(hours=2), (30, 15, 15))],
)
def test_the_climb_ends_well_before_the_visit(left: timedelta, waits: tuple[int, ...]) -> None:
    now, found = NOW, []
    for rung in CLIMB:
        found.append(wait_for(rung, NOW, now, NOW + left))
        now += found[-1]
    assert tuple(found) == tuple(timedelta(minutes=m) for m in waits)
    assert now <= NOW + left - LAST


def test_what_a_quiet_window_has_eaten_is_not_waited_for() -> None:
    """First said in the evening, and nothing more before seven: an hour is left before the visit."""
    begin = NOW + timedelta(hours=14)
    now = begin - timedelta(hours=1)
    assert wait_for(Step.TELEPHONE, NOW, now, begin) == timedelta(minutes=10)
    assert wait_for(Step.TELEPHONE, NOW, begin - LAST, begin) == timedelta(hours=2)


def test_the_order_of_the_rungs() -> None:
    assert [rung_after(step) for step in (Step.MORNING, *CLIMB)] == [*CLIMB, None]
