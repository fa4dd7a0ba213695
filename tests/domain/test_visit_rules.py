"""The rules of a visit: states, the six elements, places, the ladder, corrections."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import WrongState
from domain.places import Circle, Spot, judge_spot, metres
from domain.visits import Correction, Flag, Method, Visit, VisitState, corrected, is_short, late_by, next_rung

T = datetime(2026, 11, 26, 7, 0, tzinfo=UTC)


def visit(**facts: Any) -> Visit:
    return Visit(
        **{
            "id": "v",
            "booking_id": "b",
            "state": VisitState.ASSIGNED,
            "code": "0421",
            "created_at": T,
            **facts,
        }
    )


def test_a_visit_goes_forward_only() -> None:
    one = visit()
    for state in ("on_the_way", "arrived", "in_service", "done", "verified"):
        one.go(VisitState(state))
    for state in VisitState:
        with pytest.raises(WrongState):
            one.go(state)


@pytest.mark.parametrize("missing", ["place", "provider", "begin", "end"])
def test_without_one_of_the_elements_it_is_not_clean(missing: str) -> None:
    facts = {"place": "method", "provider": "staff_id", "begin": "began_at", "end": "ended_at"}
    whole = {"method": Method.CODE, "staff_id": "s", "began_at": T, "ended_at": T + timedelta(hours=1)}
    assert visit(state=VisitState.DONE, **whole).clean

    one = visit(state=VisitState.DONE, **{**whole, facts[missing]: None})

    assert one.missing == [missing]
    assert not one.clean


def test_a_flag_stands_once_and_takes_its_cleanness() -> None:
    one = visit()
    one.flag(Flag.OUTSIDE, Flag.SHORT)
    one.flag(Flag.OUTSIDE)

    assert one.flags == ["outside", "short"]


@given(
    lat=st.floats(20, 50),
    lon=st.floats(80, 130),
    north=st.floats(0, 3000),
    radius=st.floats(50, 500),
    accuracy=st.floats(0, 200),
)
def test_inside_is_the_circle_and_what_the_place_may_be_off(
    lat: float, lon: float, north: float, radius: float, accuracy: float
) -> None:
    spot = Spot(lat + north / 111_194.9, lon, accuracy)
    away, flags = judge_spot(Circle(lat, lon, radius), spot)

    assert away == pytest.approx(north, abs=2)
    if abs(north - radius - accuracy) > 2:
        assert (flags == []) is (north < radius + accuracy)


def test_a_place_without_a_circle_or_far_too_inexact_says_nothing() -> None:
    assert judge_spot(None, Spot(30, 120)) == (None, [Flag.NO_PLACE])
    assert judge_spot(Circle(30, 120, 100), Spot(30, 120, 5000)) == (None, [Flag.NO_PLACE])


def test_metres_between_two_cities() -> None:
    assert metres(39.9042, 116.4074, 31.2304, 121.4737) == pytest.approx(1_067_000, rel=0.01)
    assert metres(10, 10, 10, 10) == 0


@pytest.mark.parametrize(("minutes", "rung"), [(0, 0), (14, 0), (15, 1), (29, 1), (30, 2), (60, 3), (600, 3)])
def test_the_ladder(minutes: int, rung: int) -> None:
    assert late_by(T, T + timedelta(minutes=minutes)) == rung


def test_the_next_rung() -> None:
    assert next_rung(T, 0) == T + timedelta(minutes=15)
    assert next_rung(T, 3) is None


def test_a_moved_visit_stands_at_the_foot_of_the_ladder() -> None:
    one = visit(late_step=2, late_begin=T)

    assert (one.late_rung(T), one.late_rung(T + timedelta(days=1))) == (2, 0)


def test_short_is_less_than_half() -> None:
    one = visit(began_at=T, ended_at=T + timedelta(minutes=44))

    assert is_short(one, timedelta(minutes=90))
    assert not is_short(one, timedelta(minutes=88))


def test_a_correction_counts_once_a_second_person_agreed_and_the_original_stays() -> None:
    one = visit(began_at=T, ended_at=T + timedelta(hours=1))
    facts = {
        "visit_id": "v",
        "field": "ended_at",
        "before": None,
        "reason": "x",
        "asked_by": "a",
        "asked_at": T,
    }
    later = (T + timedelta(hours=2)).isoformat()
    open_one = Correction(id="1", after=later, **facts)
    agreed = Correction(id="2", after=later, decided_by="b", decided_at=T, agreed=True, **facts)

    assert corrected(one, [open_one])["ended_at"] == T + timedelta(hours=1)
    assert corrected(one, [open_one, agreed])["ended_at"] == T + timedelta(hours=2)
    assert one.ended_at == T + timedelta(hours=1)
