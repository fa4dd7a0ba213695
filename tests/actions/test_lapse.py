"""Rests that are about to lapse are spoken of once, by day, with a time that one press books."""

from __future__ import annotations

import json
from datetime import date, time, timedelta

import pytest

from actions import remind
from actions.house import House
from actions.lapse import next_due, work_off
from domain.clock import FixedClock
from domain.notices import Notices
from domain.people import Scope
from domain.quiet import Window
from tests.actions.care import balances, book, plan, pushed, who
from tests.conftest import NOW

MORNING = NOW.replace(month=12, day=2, hour=9)


def drain(house: House) -> None:
    for _ in range(20):
        if work_off(house) == 0:
            return
    pytest.fail("it never ends")


def listens(house: House, *people: str) -> None:
    """These have talked to the butler."""
    with house.store.write() as unit:
        for person in people:
            unit.conversations.of(person)


def test_it_is_said_once_with_a_free_time(house: House, clock: FixedClock) -> None:
    listens(house, "mei")
    clock.moment = MORNING
    drain(house)
    clock.advance(timedelta(days=1))
    drain(house)

    (said,) = pushed(house, "mei")
    assert said == (
        "您的「洗澡」还剩3次，只能用到12月31日，星期四。\n"
        "我看明天，12月3日，星期四，上午9点有空，可以做一次助浴，不用另付钱。\n要定下来吗？"
    )
    with house.store.read() as unit:
        conversation = unit.conversations.of_existing("mei")
        assert conversation is not None
        message = unit.conversations.after(conversation.id, 0, 9, pushed=True)[0]
        take, other, leave = sorted(unit.conversations.buttons(message.key), key=lambda b: b.title)
        actions = {b.title: b.action for b in (take, other, leave)}
    intent, _, facts = actions["好，定下来"].partition("{")
    assert intent == "/book_service"
    assert json.loads("{" + facts) == {
        "service": "assisted_bathing",
        "channel": "home",
        "choice": "at:2026-12-03T09:00:00+08:00",
    }
    assert actions["先不用"] == "/deny"


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (NOW, MORNING.replace(hour=7)),
        (MORNING, MORNING),
        (MORNING.replace(hour=13), MORNING.replace(hour=14, minute=30)),
        (MORNING.replace(hour=20), MORNING.replace(hour=20)),
        (MORNING.replace(hour=22), MORNING.replace(day=3, hour=7)),
        (MORNING.replace(hour=3), MORNING.replace(hour=7)),
    ],
)
def test_nobody_is_written_to_in_the_quiet(house: House, clock: FixedClock, now, due) -> None:
    listens(house, "mei")
    clock.moment = now
    with house.store.read() as unit:
        assert next_due(house, unit) == due
    if due > now:
        drain(house)
        assert pushed(house, "mei") == []


def test_an_offer_waits_for_the_end_of_the_hearers_own_quiet(house: House, clock: FixedClock) -> None:
    listens(house, "mei")
    with house.store.write() as unit:
        unit.reminders.add(
            Notices(
                person_id="mei",
                windows=[Window(time(20), time(9, 30)).row(), Window(time(12), time(15)).row()],
            )
        )
    clock.moment = MORNING
    drain(house)
    assert pushed(house, "mei") == []
    remind.work_off(house)
    assert pushed(house, "mei") == []
    clock.moment = MORNING.replace(minute=30)
    remind.work_off(house)

    (said,) = pushed(house, "mei")
    assert said.startswith("您的「洗澡」还剩3次")


def test_who_wants_fewer_messages_gets_no_offer(house: House, clock: FixedClock) -> None:
    listens(house, "mei")
    with house.store.write() as unit:
        unit.reminders.add(Notices(person_id="mei", fewer=True))
    clock.moment = MORNING
    drain(house)
    remind.work_off(house)

    assert pushed(house, "mei") == []


def test_nothing_left_is_not_spoken_of(house: House, clock: FixedClock) -> None:
    listens(house, "mei")
    for days in range(3):
        book(house, near=NOW.replace(day=26 + days, hour=15))
    clock.moment = MORNING
    drain(house)

    assert pushed(house, "mei") == []


def test_a_child_hears_where_the_elder_cannot(house: House, clock: FixedClock) -> None:
    listens(house, "huan")
    clock.moment = MORNING
    drain(house)

    assert pushed(house, "mei") == []
    (said,) = pushed(house, "huan")
    assert said.startswith("刘梅的「洗澡」还剩3次")


def test_a_child_without_consent_hears_nothing(house: House, clock: FixedClock) -> None:
    listens(house, "huan")
    with house.store.write() as unit:
        for consent in unit.people.consents_of("mei"):
            if consent.scope is Scope.BOOK:
                consent.revoked_at = NOW
    clock.moment = MORNING
    drain(house)

    assert pushed(house, "huan") == []


def test_several_that_lapse_together_are_one_message(house: House, clock: FixedClock) -> None:
    listens(house, "mei")
    plan(
        house,
        {"name": "量血压", "services": ["home_vitals"]},
        {"name": "陪伴", "services": ["companionship"]},
    )
    clock.moment = MORNING
    drain(house)

    (said,) = pushed(house, "mei")
    assert "还有「量血压、陪伴」也快到期了。" in said


def test_where_no_time_is_free_it_is_said_all_the_same(house: House, clock: FixedClock) -> None:
    listens(house, "mei")
    with house.store.write() as unit:
        who(unit, "mei").city_id = "c2"
    clock.moment = MORNING
    drain(house)

    assert pushed(house, "mei") == ["您的「洗澡」还剩3次，只能用到12月31日，星期四。"]


def test_a_months_benefit_is_too_short_to_be_spoken_of(house: House, clock: FixedClock) -> None:
    listens(house, "mei")
    plan(house, {"period": "month"})
    with house.store.read() as unit:
        assert unit.lapses.next_warning() == date(2026, 12, 2)


def test_holds_survive_the_end_of_their_period(house: House, clock: FixedClock) -> None:
    plan(house, {"amount": 2, "period": "month", "priority": 1})
    book(house, near=NOW.replace(day=30, hour=15))
    clock.moment = NOW.replace(month=12, day=1, hour=0)
    drain(house)

    assert balances(house, day=date(2026, 11, 1))["own0:2611"] == (1, 1, 0, 0)
