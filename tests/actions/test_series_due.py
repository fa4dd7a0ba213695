"""The end of a course: the question whether to go on comes at its time, and not where there is nothing to go on with."""

from __future__ import annotations

from datetime import timedelta

import pytest

from actions import series_due
from actions.book import cancel
from actions.house import House
from actions.series import Wanted, confirm_all, plan
from domain.clock import FixedClock, local
from domain.products import Product
from tests.actions.care import pushed, who

BATHS = Product(
    code="baths",
    service="assisted_bathing",
    name="助浴三次",
    length="short",
    assess="assisted_bathing",
    goals=("干净",),
    visits=3,
    rhythm="FREQ=WEEKLY;BYDAY=TH",
    renew=1,
)


@pytest.fixture
def course(house: House, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("domain.products.load", lambda: {"baths": BATHS})
    with house.store.write() as unit:
        mei = who(unit, "mei")
        rule = f"{BATHS.rule};BYHOUR=15;BYMINUTE=0"
        order = Wanted(mei, mei, house.catalogue.service("assisted_bathing"), "home", rule, product=BATHS)
        series_id = plan(house, unit, order, "k").id
        confirm_all(house, unit, mei, series_id)
    return series_id


def test_it_is_due_a_day_after_the_last_visit_by_day(house: House, clock: FixedClock, course: str) -> None:
    with house.store.read() as unit:
        due = series_due.next_due(house, unit)
    assert due is not None
    assert f"{local(due):%m-%d %H:%M}" == "12-11 16:30"

    clock.moment = due - timedelta(minutes=1)
    assert series_due.work_off(house) == 0
    clock.moment = due
    assert series_due.work_off(house) == 1
    assert pushed(house, "mei") == ["您的助浴三次做完了。\n要不要接着再做一个疗程？"]


def test_a_course_whose_last_visit_is_moved_on_is_asked_about_later(
    house: House, clock: FixedClock, course: str
) -> None:
    with house.store.write() as unit:
        last = unit.series.rows(course)[-1][1]
        assert last is not None
        for name in ("begin", "end", "staff_from", "staff_until"):
            setattr(last, name, getattr(last, name) + timedelta(days=4))
    with house.store.read() as unit:
        due = series_due.next_due(house, unit)
    assert due is not None
    clock.moment = due

    assert series_due.work_off(house) == 1
    assert pushed(house, "mei") == []
    clock.moment = due + timedelta(days=4)
    assert series_due.work_off(house) == 1
    assert len(pushed(house, "mei")) == 1


def test_a_course_of_which_nothing_took_place_is_not_asked_about(
    house: House, clock: FixedClock, course: str
) -> None:
    with house.store.write() as unit:
        for _, booking in unit.series.rows(course):
            assert booking is not None
            cancel(house, unit, who(unit, "mei"), booking.id)
    with house.store.read() as unit:
        due = series_due.next_due(house, unit)
    assert due is not None
    clock.moment = due

    assert series_due.work_off(house) == 1
    assert pushed(house, "mei") == []
    with house.store.read() as unit:
        assert series_due.next_due(house, unit) is None
