"""Plans of visits and who comes: the same person, care products, who lives in, other weekdays."""

from __future__ import annotations

from datetime import date

import pytest

from actions import series_due
from actions.house import House
from actions.series import skip
from actions.series_times import Search
from actions.series_words import course_line
from domain import products
from domain.bookings import Status
from domain.clock import FixedClock, local
from tests.actions.care import pushed, who
from tests.actions.planning import (
    days,
    firm,
    lay_rehab,
    planned,
    states,
)


def test_the_same_person_comes_where_that_can_be(house: House) -> None:
    lay_rehab(house)
    rule = "FREQ=WEEKLY;BYDAY=WE,FR;BYHOUR=8;COUNT=6"
    series_id = planned(house, rule, service="rehab_neuro", self_pay=True)

    with house.store.read() as unit:
        assert len({b.staff_id for _, b in unit.series.rows(series_id) if b}) == 1


@pytest.mark.parametrize("code", ["neuro_short", "live_in_short"])
def test_a_care_product_begins_with_an_assessment_and_ends_with_a_review_and_a_question(
    house: House, clock: FixedClock, code
) -> None:
    lay_rehab(house)
    product = products.load()[code]
    rule = f"{product.rule};BYHOUR=8"
    series_id = planned(house, rule, service=product.service, self_pay=True, product=product)

    with house.store.read() as unit:
        rows = unit.series.rows(series_id)
        assert len(rows) == product.visits
        assert [str(v.part) for v, _ in rows] == ["assessment", *["visit"] * (len(rows) - 2), "review"]
        assert rows[0][0].service == rows[-1][0].service == product.assess
        assert all(b is not None for _, b in rows)
    firm(house, series_id)
    with house.store.read() as unit:
        series = unit.series.get(series_id)
        assert series is not None
        assert series.due_at is not None
        clock.moment = local(series.due_at).replace(hour=15)
    assert series_due.work_off(house) == 1
    assert series_due.work_off(house) == 0
    assert "做完了" in pushed(house, "mei")[-1]


def test_who_lives_in_has_a_day_off(house: House) -> None:
    lay_rehab(house)
    series_id = planned(house, "FREQ=DAILY;COUNT=7", service="live_in_care", self_pay=True)

    # Saturday the 28th is the first of them; Sunday is off.
    found = days(house, series_id)
    assert len(found) == 7
    assert all(day.weekday() != 6 for day in found)
    assert states(house, series_id) == [str(Status.HELD)] * 7


def test_the_card_of_those_who_come_says_what_a_visit_is_to_the_course(house: House) -> None:
    lay_rehab(house)
    product = products.load()["neuro_short"]
    rule = f"{product.rule};BYHOUR=8"
    series_id = planned(house, rule, service="rehab_neuro", self_pay=True, product=product)
    firm(house, series_id)

    with house.store.read() as unit:
        rows = [booking for _, booking in unit.series.rows(series_id) if booking is not None]
        told = [course_line(house, unit, booking) for booking in (rows[0], rows[1], rows[-1])]
    assert [line.split("。")[0] for line in told if line] == [
        "「神经康复短疗程」第1次，先评估",
        "「神经康复短疗程」第2次",
        "「神经康复短疗程」第8次，看效果",
    ]


def test_a_course_that_becomes_shorter_keeps_its_review(house: House) -> None:
    lay_rehab(house)
    product = products.load()["neuro_short"]
    rule = f"{product.rule};BYHOUR=8"
    series_id = planned(house, rule, service="rehab_neuro", self_pay=True, product=product)
    with house.store.write() as unit:
        skip(house, unit, who(unit, "mei"), series_id, [7, 8])

    with house.store.read() as unit:
        left = [str(v.part) for v, _ in unit.series.rows(series_id) if not v.skipped]
    assert left == ["assessment", *["visit"] * 4, "review"]


def test_other_weekdays_are_named_where_somebody_works(house: House) -> None:
    lay_rehab(house)
    with house.store.write() as unit:
        for certificate in unit.visits.certificates_of("t2"):
            certificate.valid_until = date(2025, 12, 31)
    with house.store.write() as unit:
        found = Search(
            house, unit, who(unit, "mei"), "rehab_neuro", "home", "FREQ=WEEKLY;BYDAY=FR;BYHOUR=8"
        ).other_days()
    assert [rule.weekdays for rule in found] == [(0,), (1,), (2,)]
