"""How it is known that somebody is there: a place, the elder's code, and what is flagged."""

from __future__ import annotations

import pytest

from actions.house import House
from actions.visit_arrival import arrive
from actions.visits import Report
from domain.clock import FixedClock
from domain.places import Spot
from domain.visits import VisitState
from tests.actions.visiting import (
    START,
    heard,
    lead,
    read,
    who,
)


@pytest.mark.parametrize(
    ("spot", "method", "flags"),
    [
        (Spot(30.0, 120.0, 10), "gps", []),
        (Spot(30.03, 120.0, 10), "gps", []),
        (Spot(30.06, 120.0, 10), "gps", ["outside"]),
        (Spot(30.0, 120.0, 9000), "none", ["no_place"]),
        (None, "none", ["no_place"]),
    ],
)
def test_another_place_is_allowed_and_flagged(
    house: House, clock: FixedClock, visit_id: str, spot: Spot | None, method: str, flags: list[str]
) -> None:
    clock.moment = START
    with house.store.write() as unit:
        arrive(house, unit, who(unit, "gao"), visit_id, Report("1"), spot)

    visit, _ = read(house, visit_id)
    assert (visit.state, visit.method, visit.flags) == (VisitState.ARRIVED, method, flags)


def test_where_the_home_is_known_the_circle_is_narrow(house: House, clock: FixedClock, visit_id: str) -> None:
    clock.moment = START
    with house.store.write() as unit:
        mei = who(unit, "mei")
        mei.notes = {**mei.notes, "lat": "30.01", "lon": "120.01"}
        arrive(house, unit, who(unit, "gao"), visit_id, Report("1"), Spot(30.0, 120.0, 20))

    assert read(house, visit_id)[0].flags == ["outside"]


def test_five_wrong_codes_and_the_code_is_over(house: House, clock: FixedClock, visit_id: str) -> None:
    clock.moment = START
    code = read(house, visit_id)[0].code
    wrong = "0000" if code != "0000" else "1111"
    for left in (4, 3, 2, 1, 0):
        with house.store.write() as unit:
            done = arrive(house, unit, who(unit, "gao"), visit_id, Report(f"w{left}"), code=wrong)
        assert (done.wrong_code, done.left) == (True, left)
    with house.store.write() as unit:
        assert arrive(house, unit, who(unit, "gao"), visit_id, Report("right"), code=code).wrong_code
    with house.store.write() as unit:
        arrive(house, unit, who(unit, "gao"), visit_id, Report("spot"), Spot(30, 120), code)
    assert read(house, visit_id)[0].method == "gps"


def test_the_code_is_told_to_nobody_but_the_elder(house: House, clock: FixedClock, visit_id: str) -> None:
    lead(house, clock, visit_id)
    code = read(house, visit_id)[0].code

    assert any(code in line for line in heard(house, "mei"))
    for person in ("gao", "huan"):
        assert not any(f"：{code}" in line for line in heard(house, person))
