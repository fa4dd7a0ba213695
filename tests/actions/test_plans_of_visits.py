"""Plans of visits: held together, conflicts with offers, benefits that end in the middle, dropped and moved."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from actions import series as plans
from actions.book import cancel, move, release_lapsed
from actions.find_times import Ask, find_times
from actions.house import House
from actions.series import confirm_all, drop_rest, let_go, open_visits, skip, take
from domain.bookings import HOLD_FOR
from domain.clock import SHANGHAI, FixedClock, local_day
from domain.errors import NotAllowed, NotFound, Taken
from domain.people import Person, Role
from domain.series import SeriesState
from tests.actions.care import balances, pushed, who
from tests.actions.planning import (
    BATHS,
    d,
    days,
    firm,
    planned,
    states,
    stranger_takes,
)


def test_each_visit_is_held_with_its_benefit_and_one_yes_makes_all_firm(house: House) -> None:
    series_id = planned(house)

    assert days(house, series_id) == [d("11-25"), d("12-02"), d("12-09")]
    assert states(house, series_id) == ["held"] * 3
    assert balances(house)["bath:2601"] == (3, 3, 0, 0)

    firm(house, series_id)

    assert states(house, series_id) == ["confirmed"] * 3
    with house.store.read() as unit:
        rows = unit.series.rows(series_id)
        assert {b.staff_id for _, b in rows if b} == {"s1"}
        assert all(unit.visits.of_booking(b.id) is not None for _, b in rows if b)
        found = unit.series.get(series_id)
        assert found is not None
        assert found.state is SeriesState.STANDING


def test_the_same_message_twice_makes_one_series_and_one_yes_is_enough(house: House) -> None:
    assert planned(house) == planned(house)
    series_id = planned(house)
    firm(house, series_id)
    firm(house, series_id)

    assert balances(house)["bath:2601"] == (3, 3, 0, 0)


def test_who_may_not_book_plans_nothing(house: House) -> None:
    with pytest.raises(NotFound):
        planned(house, actor="stranger")


def test_a_day_that_is_taken_is_open_and_gets_three_offers(house: House) -> None:
    stranger_takes(house, datetime(2026, 12, 2, 15, tzinfo=SHANGHAI))
    series_id = planned(house)

    with house.store.write() as unit:
        ((visit, booking),) = open_visits(unit, series_id)
        assert (visit.ordinal, visit.day, booking) == (2, d("12-02"), None)
        series = unit.series.get(series_id)
        assert series is not None
        offers = plans.search_for(house, unit, series, who(unit, "mei")).offers(visit)
        assert len(offers) == 3
        assert [local_day(slot.begin) for slot in offers[:2]] == [d("12-02")] * 2
        assert not {local_day(slot.begin) for slot in offers} & {d("11-25"), d("12-09")}
        with pytest.raises(Taken):
            confirm_all(house, unit, who(unit, "mei"), series_id)
    with house.store.write() as unit:
        take(house, unit, who(unit, "mei"), series_id, 2, offers[0])
    firm(house, series_id)

    assert states(house, series_id) == ["confirmed"] * 3
    assert balances(house)["bath:2601"] == (3, 3, 0, 0)


def test_a_visit_that_nobody_wants_is_left_out(house: House) -> None:
    stranger_takes(house, datetime(2026, 12, 2, 15, tzinfo=SHANGHAI))
    series_id = planned(house)
    with house.store.write() as unit:
        skip(house, unit, who(unit, "mei"), series_id, [2])
    firm(house, series_id)

    assert days(house, series_id) == [d("11-25"), d("12-09")]
    assert balances(house)["bath:2601"] == (3, 2, 0, 1)


def test_where_the_benefit_ends_in_the_middle_the_rest_is_named(house: House) -> None:
    series_id = planned(house, BATHS.replace("COUNT=3", "COUNT=5"))

    with house.store.read() as unit:
        left = [
            (v.ordinal, v.refusal, b.grant_id, b.price_cents) for v, b in open_visits(unit, series_id) if b
        ]
    assert left == [(4, "none_left", None, 15000), (5, "none_left", None, 15000)]

    with house.store.write() as unit:
        plans.pay_for_rest(house, unit, who(unit, "mei"), series_id)
    firm(house, series_id)
    assert states(house, series_id) == ["confirmed"] * 5
    assert balances(house)["bath:2601"] == (3, 3, 0, 0)


def test_fewer_visits_give_their_times_back(house: House) -> None:
    series_id = planned(house, BATHS.replace("COUNT=3", "COUNT=5"))
    with house.store.write() as unit:
        skip(house, unit, who(unit, "mei"), series_id, [4, 5])
    firm(house, series_id)

    assert days(house, series_id) == [d("11-25"), d("12-02"), d("12-09")]


def test_days_between_two_uses_count_within_the_series(house: House) -> None:
    with house.store.write() as unit:
        unit.benefits.benefit("bf").gap_days = 3
    series_id = planned(house, "FREQ=DAILY;BYHOUR=15;BYMINUTE=0;COUNT=4")

    with house.store.read() as unit:
        assert [v.refusal for v, _ in unit.series.rows(series_id)] == [None, "too_soon", "too_soon", None]


def test_a_series_that_is_not_wanted_leaves_nothing(house: House) -> None:
    series_id = planned(house)
    with house.store.write() as unit:
        let_go(house, unit, series_id)

    assert states(house, series_id) == ["cancelled"] * 3
    assert balances(house)["bath:2601"] == (3, 0, 0, 3)


def test_holds_that_lapsed_are_taken_again_and_what_is_gone_is_open(house: House, clock: FixedClock) -> None:
    series_id = planned(house)
    clock.advance(HOLD_FOR)
    with house.store.write() as unit:
        release_lapsed(house, unit)
    stranger_takes(house, datetime(2026, 12, 2, 15, tzinfo=SHANGHAI))

    with house.store.write() as unit:
        assert plans.hold_again(house, unit, who(unit, "mei"), series_id) is False
        assert [v.ordinal for v, _ in open_visits(unit, series_id)] == [2]
        skip(house, unit, who(unit, "mei"), series_id, [2])
    firm(house, series_id)
    assert states(house, series_id) == ["confirmed"] * 2
    assert balances(house)["bath:2601"] == (3, 2, 0, 1)


def test_one_visit_is_dropped_or_moved_alone_and_then_the_rest(house: House) -> None:
    series_id = planned(house)
    firm(house, series_id)
    with house.store.write() as unit:
        rows = unit.series.rows(series_id)
        first, second = rows[0][1], rows[1][1]
        assert first is not None
        assert second is not None
        mei = who(unit, "mei")
        cancel(house, unit, mei, first.id)
        moment = datetime(2026, 12, 3, 10, tzinfo=SHANGHAI)
        service = house.catalogue.service("assisted_bathing")
        ask = Ask(mei, service, "home", (moment, moment + timedelta(minutes=1)), moment, second.id)
        move(house, unit, mei, second.id, find_times(house, unit, ask)[0])
    assert days(house, series_id) == [d("11-25"), d("12-03"), d("12-09")]
    assert states(house, series_id) == ["cancelled", "confirmed", "confirmed"]
    assert balances(house)["bath:2601"] == (3, 2, 0, 1)

    with house.store.write() as unit:
        done = drop_rest(house, unit, who(unit, "mei"), series_id)
    assert len(done) == 2
    assert states(house, series_id) == ["cancelled"] * 3
    assert balances(house)["bath:2601"] == (3, 0, 0, 3)


def test_a_child_who_may_not_cancel_drops_no_rest(house: House) -> None:
    series_id = planned(house, actor="huan")
    firm(house, series_id, "huan")

    with pytest.raises(NotAllowed), house.store.write() as unit:
        drop_rest(house, unit, who(unit, "huan"), series_id)
    assert states(house, series_id) == ["confirmed"] * 3


def test_those_who_come_and_the_family_hear_once_of_all(house: House) -> None:
    with house.store.write() as unit:
        unit.people.add(Person(id="gao", name="高师傅", role=Role.CARER))
        unit.flush()
        staff = unit.providers.staff("s1")
        assert staff is not None
        staff.person_id = "gao"
    series_id = planned(house, actor="huan")
    firm(house, series_id, "huan")
    assert len(pushed(house, "gao")) == 1
    assert "您有3次新的活：刘梅，助浴，每周三下午3点" in pushed(house, "gao")[0]

    with house.store.write() as unit:
        drop_rest(house, unit, who(unit, "mei"), series_id)
    assert len(pushed(house, "gao")) == 2
    assert pushed(house, "huan") == [
        "您母亲的助浴往后的3次都取消了，从明天，11月25日，星期三到12月9日，星期三。"
    ]
