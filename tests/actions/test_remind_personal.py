"""Personal reminders: every day at eight, at night too where the hour was named; medicine that is not taken."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from actions import remind
from actions.house import House
from actions.remind_answers import seen, typed
from actions.remind_personal import Wish, mine, next_of, stop_reminder
from domain.clock import FixedClock, local
from domain.errors import NotAllowed, NotFound
from domain.people import Consent, Kinship, Person, Scope
from domain.reminders import InstanceState, RuleKind
from tests.actions.reminded import PILLS, listen, remind_of, sent, until
from tests.actions.visiting import heard, who
from tests.conftest import NOW


@pytest.fixture(autouse=True)
def they_listen(house: House) -> None:
    listen(house)


def test_every_day_once_and_the_next_from_the_planned_moment(house: House, clock: FixedClock) -> None:
    rule_id = remind_of(house, PILLS)
    assert remind_of(house, PILLS) == rule_id
    clock.moment = NOW.replace(day=25, hour=8, minute=40)  # the tick came late
    remind.work_off(house)
    until(house, clock, NOW.replace(day=27))

    assert sent(house, rule_id) == ["25 08:40", "26 08:00", "27 08:00"]
    with house.store.read() as unit:
        assert next_of(unit, mine(unit, "mei")[0]) == NOW.replace(day=28, hour=8)


def test_a_power_cut_of_three_days_says_none_of_them_twice(house: House, clock: FixedClock) -> None:
    rule_id = remind_of(house, PILLS)
    clock.moment = NOW.replace(day=28, hour=9)
    remind.work_off(house)

    assert sent(house, rule_id) == ["28 09:00"]
    with house.store.read() as unit:
        reasons = [
            str(i.reason) for i in unit.reminders.instances(rule_id) if i.state is InstanceState.SKIPPED
        ]
        assert reasons == ["too_old"] * 3


def test_an_hour_that_was_named_passes_the_quiet(house: House, clock: FixedClock) -> None:
    night = remind_of(house, Wish("打胰岛素", rule="FREQ=DAILY;BYHOUR=22;BYMINUTE=0", medicine=True))
    until(house, clock, NOW.replace(day=25))

    assert sent(house, night) == ["24 22:00"]


def test_once_is_once(house: House, clock: FixedClock) -> None:
    rule_id = remind_of(house, Wish("关火", once=NOW + timedelta(minutes=30)))
    until(house, clock, NOW.replace(day=27))

    assert sent(house, rule_id) == ["24 10:30"]
    assert heard(house, "mei") == ["到时候了：关火。"]
    with house.store.read() as unit:
        assert mine(unit, "mei") == []


def test_a_lunar_birthday(house: House, clock: FixedClock) -> None:
    rule = "RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=8"
    rule_id = remind_of(house, Wish("爸爸生日", rule=rule, hour=False))
    until(house, clock, NOW.replace(year=2028, month=2, day=1))

    with house.store.read() as unit:
        days = [local(i.planned_at).date() for i in unit.reminders.instances(rule_id) if i.sent_at]
    assert days == [date(2027, 1, 15), date(2028, 1, 4)]


def test_stopped_is_stopped(house: House, clock: FixedClock) -> None:
    rule_id = remind_of(house, PILLS)
    with house.store.write() as unit:
        stop_reminder(house, unit, who(unit, "mei"), rule_id)
    until(house, clock, NOW.replace(day=27))

    assert sent(house, rule_id) == []
    with house.store.read() as unit:
        assert [str(i.reason) for i in unit.reminders.instances(rule_id)] == ["stopped"]


def test_of_the_dead_nothing_is_planned_any_more(house: House, clock: FixedClock) -> None:
    rule_id = remind_of(house, PILLS)
    with house.store.write() as unit:
        who(unit, "mei").died_on = date(2026, 11, 24)
    until(house, clock, NOW.replace(day=29))

    with house.store.read() as unit:
        assert [str(i.reason) for i in unit.reminders.instances(rule_id)] == ["died"]


@pytest.mark.parametrize("alerts", [True, False])
def test_two_misses_are_told_to_the_child_with_consent(house: House, clock: FixedClock, alerts: bool) -> None:
    if alerts:
        with house.store.write() as unit:
            consent = Consent(id="al", elder_id="mei", relative_id="huan", scope=Scope.ALERTS, granted_at=NOW)
            unit.people.add(consent)
    remind_of(house, PILLS)
    until(house, clock, NOW.replace(day=26))
    assert heard(house, "huan") == []
    until(house, clock, NOW.replace(day=27))
    told = ["您母亲的「吃降压药」，我提醒了两次，都没有回「吃过了」。\n您方便问一声吗？"]
    assert heard(house, "huan") == (told if alerts else [])


def test_of_a_miss_hears_who_lives_and_can_be_written_to(house: House, clock: FixedClock) -> None:
    with house.store.write() as unit:
        for number, name in enumerate(("huan", "unheard", "son"), 1):
            if name != "huan":
                unit.people.add(Person(id=name, name=name, city_id="c1", district_id="d1"))
                unit.flush()
                unit.people.add(Kinship(elder_id="mei", relative_id=name, relation="mother", rank=number + 1))
            unit.people.add(
                Consent(id=f"al{name}", elder_id="mei", relative_id=name, scope=Scope.ALERTS, granted_at=NOW)
            )
        who(unit, "huan").died_on = date(2026, 11, 1)
        unit.conversations.of("son")
    remind_of(house, PILLS)
    until(house, clock, NOW.replace(day=27))

    assert len(heard(house, "son")) == 1
    assert heard(house, "huan") == heard(house, "unheard") == []


def test_taken_ends_the_row_of_misses(house: House, clock: FixedClock) -> None:
    with house.store.write() as unit:
        unit.people.add(
            Consent(id="al", elder_id="mei", relative_id="huan", scope=Scope.ALERTS, granted_at=NOW)
        )
    rule_id = remind_of(house, PILLS)
    for day in (26, 27, 28):
        until(house, clock, NOW.replace(day=day - 1, hour=9))
        with house.store.write() as unit:
            last = [i for i in unit.reminders.instances(rule_id) if i.sent_at][-1]
            assert seen(house, unit, who(unit, "mei"), last.id) == "好，记下了。"
    until(house, clock, NOW.replace(day=29, hour=9))
    assert heard(house, "huan") == []


def test_for_the_mother_only_as_far_as_consent_goes(house: House) -> None:
    assert remind_of(house, PILLS, actor="huan")
    with pytest.raises(NotFound):
        remind_of(house, PILLS, actor="stranger", key="k2")
    with house.store.write() as unit:
        for consent in unit.people.consents_of("mei"):
            consent.revoked_at = house.now()
    with pytest.raises(NotAllowed):
        remind_of(house, PILLS, actor="huan", key="k3")


def test_what_is_past_is_not_set(house: House) -> None:
    with pytest.raises(NotFound):
        remind_of(house, Wish("x", once=NOW - timedelta(minutes=1)))


def test_every_second_day_begins_with_the_next_hour(house: House, clock: FixedClock) -> None:
    rule_id = remind_of(house, Wish("量血压", rule="FREQ=DAILY;INTERVAL=2;BYHOUR=9;BYMINUTE=0"))
    until(house, clock, NOW.replace(day=28))
    assert sent(house, rule_id) == ["25 09:00", "27 09:00"]


def says(house: House, text: str) -> str | None:
    with house.store.write() as unit:
        told = typed(house, unit, who(unit, "mei"), unit.conversations.of("mei"), text)
    return told.text if told is not None else None


def test_taken_in_words_is_taken(house: House, clock: FixedClock) -> None:
    rule_id = remind_of(house, PILLS)
    other = remind_of(house, Wish("吃钙片", rule="FREQ=DAILY;BYHOUR=8;BYMINUTE=10", medicine=True), key="k2")
    assert says(house, "吃了") is None
    until(house, clock, NOW.replace(day=25, hour=8, minute=30))

    assert says(house, "还没吃呢") == says(house, "知道了") == house.words.say("remind_not_yet")
    assert says(house, "忘了吃") == house.words.say("remind_forgot")
    with house.store.read() as unit:
        assert unit.reminders.unanswered([rule_id, other]) == {rule_id: 1, other: 1}
    assert says(house, "钙片吃了") == house.words.say("remind_done")
    with house.store.read() as unit:
        assert unit.reminders.unanswered([rule_id, other]) == {rule_id: 1}
    assert says(house, "都吃过了") == house.words.say("remind_done")
    with house.store.read() as unit:
        assert unit.reminders.unanswered([rule_id, other]) == {}


def test_long_after_the_reminder_it_is_about_something_else(house: House, clock: FixedClock) -> None:
    remind_of(house, PILLS)
    until(house, clock, NOW.replace(day=25, hour=8, minute=30))
    clock.advance(timedelta(hours=12))

    assert says(house, "吃了") is None


@pytest.mark.parametrize("said", ["苹果吃了", "酒喝了", "钙片吃了", "阿司匹林早就吃过了", "我老伴吃了"])
def test_something_else_that_was_taken_is_not_the_pill(house: House, clock: FixedClock, said: str) -> None:
    """Noted as taken, a missed pill would be told to nobody."""
    remind_of(house, PILLS)
    until(house, clock, NOW.replace(day=25, hour=8, minute=30))
    with house.store.write() as unit:
        told = typed(house, unit, who(unit, "mei"), unit.conversations.of("mei"), said)
        (one,) = unit.reminders.told_of("mei", RuleKind.MEDICINE, NOW)

    assert told is not None
    assert told.text == house.words.say("remind_which_taken")
    assert [choice.action for choice in told.choices] == [f"remind:seen:{one.id}"]
    assert one.answered_at is None
