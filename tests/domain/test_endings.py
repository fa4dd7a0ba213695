"""Every way in which a booking ends without a visit, as one table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.benefits import Plan
from domain.bookings import Booking, Status
from domain.endings import RULES, Ending, cancelled_at, is_possible, takes

BEGIN = datetime(2026, 11, 26, 7, tzinfo=UTC)


def booking() -> Booking:
    return Booking(
        id="b",
        number="N",
        member_id="m",
        booked_by="m",
        service="s",
        channel="home",
        status=Status.CONFIRMED,
        begin=BEGIN,
        end=BEGIN + timedelta(hours=1),
        key="k",
        created_at=BEGIN,
        provider_id="p",
    )


def plan(late="take", no_show="take", hours=4) -> Plan:
    return Plan(id="p", code="p", name="p", late_hours=hours, late_cancel=late, no_show=no_show)


@pytest.mark.parametrize(
    ("before", "hours", "expected"),
    [
        (timedelta(hours=4), 4, Ending.TIMELY),
        (timedelta(hours=4) - timedelta(seconds=1), 4, Ending.LATE),
        (timedelta(minutes=1), 0, Ending.TIMELY),
    ],
)
def test_late_is_what_the_plan_says(before, hours, expected) -> None:
    assert cancelled_at(booking(), plan(hours=hours), BEGIN - before) is expected


def test_without_a_plan_nothing_is_late() -> None:
    assert cancelled_at(booking(), None, BEGIN - timedelta(minutes=1)) is Ending.TIMELY


@pytest.mark.parametrize(
    ("ending", "terms", "expected"),
    [
        (Ending.TIMELY, plan(), False),
        (Ending.LATE, plan(), True),
        (Ending.LATE, plan(late="release"), False),
        (Ending.LATE, None, False),
        (Ending.ELDER_NO_SHOW, plan(), True),
        (Ending.ELDER_NO_SHOW, plan(no_show="release"), False),
        (Ending.PROVIDER_NO_SHOW, plan(), False),
        (Ending.WEATHER, plan(), False),
        (Ending.CARER_ILL, plan(), False),
        (Ending.NOT_POSSIBLE, plan(), False),
    ],
)
def test_only_the_plans_written_rule_takes_a_benefit_without_a_visit(ending, terms, expected) -> None:
    assert takes(ending, terms) is expected


@pytest.mark.parametrize(
    ("ending", "before", "after"),
    [
        (Ending.TIMELY, True, False),
        (Ending.LATE, True, False),
        (Ending.ELDER_NO_SHOW, False, True),
        (Ending.PROVIDER_NO_SHOW, False, True),
        (Ending.NOT_POSSIBLE, True, True),
        (Ending.WEATHER, True, True),
        (Ending.CARER_ILL, True, True),
    ],
)
def test_when_each_can_be(ending, before, after) -> None:
    assert is_possible(ending, booking(), BEGIN - timedelta(minutes=1)) is before
    assert is_possible(ending, booking(), BEGIN) is after


def test_every_ending_has_its_rule_and_whoever_is_not_to_blame_loses_nothing() -> None:
    assert set(RULES) == set(Ending)
    for rule in RULES.values():
        assert rule.makes_up == (rule.status is Status.FAILED)
        assert rule.again == rule.makes_up
