"""Whatever is done with a plan of visits, the ledger holds what stands."""

from __future__ import annotations

from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions import series as plans
from actions.book import cancel, release_lapsed
from actions.house import House
from actions.series import confirm_all, drop_rest, let_go, skip, take
from domain.bookings import HOLD_FOR, OCCUPYING, Status
from domain.errors import RuleBroken
from domain.series import SeriesState
from tests.actions.care import balances, who
from tests.actions.planning import (
    BATHS,
    planned,
)
from tests.conftest import NOW


@given(
    st.lists(st.sampled_from(["take", "skip", "drop", "lapse", "again", "firm"]), min_size=1, max_size=8),
    st.integers(1, 6),
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_done_with_a_series_the_ledger_holds_what_stands(house: House, steps, count) -> None:
    """Random histories: what the benefit holds is what the visits that stand take of it, and never more than there is."""
    key = f"k{next(_keys)}"
    house.clock.moment = NOW
    series_id = planned(house, BATHS.replace("COUNT=3", f"COUNT={count}"), key)
    for number, step in enumerate(steps):
        try:
            _do(house, series_id, step, number % count + 1)
        except (RuleBroken, IndexError):
            continue
    with house.store.write() as unit:
        rows = [b for _, b in unit.series.rows(series_id) if b is not None]
        carried = [b for b in rows if b.grant_id and b.status in OCCUPYING]
        assert len({b.begin for b in rows if b.status in OCCUPYING}) == len(
            [b for b in rows if b.status in OCCUPYING]
        )
        assert balances(house)["bath:2601"][1] == len(carried) <= 3
        let_go(house, unit, series_id)
    with house.store.write() as unit:
        found = unit.series.get(series_id)
        assert found is not None
        if found.state is SeriesState.STANDING:
            drop_rest(house, unit, who(unit, "mei"), series_id)
    assert balances(house)["bath:2601"] == (3, 0, 0, 3)


_keys = count(1)


def _do(house: House, series_id: str, step: str, ordinal: int) -> None:
    with house.store.write() as unit:
        mei = who(unit, "mei")
        series = unit.series.get(series_id)
        assert series is not None
        visit, booking = unit.series.rows(series_id)[ordinal - 1]
        match step:
            case "take":
                offers = plans.search_for(house, unit, series, mei).offers(visit)
                take(house, unit, mei, series_id, ordinal, offers[0])
            case "skip" if series.state is SeriesState.HELD:
                skip(house, unit, mei, series_id, [ordinal])
            case "drop" if booking is not None and booking.status is Status.CONFIRMED:
                cancel(house, unit, mei, booking.id)
            case "lapse":
                house.clock.advance(HOLD_FOR)
                release_lapsed(house, unit)
            case "again":
                plans.hold_again(house, unit, mei, series_id)
            case "firm":
                confirm_all(house, unit, mei, series_id)
