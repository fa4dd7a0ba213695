"""Reminders that change, that come before their day, that are another's; and a year of lunar ones, clock and all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from actions import remind, remind_plan
from actions.house import House
from actions.notices import pause
from actions.remind_personal import (
    PersonalHand,
    Wish,
    change_reminder,
    mine,
    next_of,
    reminders_of,
    set_reminder,
    stop_reminder,
)
from domain.clock import FixedClock, local
from domain.errors import NotAllowed, NotFound
from domain.people import Consent, Scope
from domain.recurrence import Recurrence
from tests.actions.reminded import PILLS, listen, remind_of, sent, until
from tests.actions.visiting import heard, who
from tests.conftest import NOW
from tests.domain.lunar_table import FIRST, LAST, NEW_YEARS_EVE, day_of

CHINESE = "RSCALE=CHINESE;FREQ="
NINE = Wish("吃降压药", rule="FREQ=DAILY;BYHOUR=9;BYMINUTE=0", medicine=True)


@pytest.fixture(autouse=True)
def they_listen(house: House) -> None:
    listen(house)


def test_another_time_is_the_next_version(house: House, clock: FixedClock) -> None:
    rule_id = remind_of(house, PILLS)
    until(house, clock, NOW.replace(day=25, hour=12))
    for _ in range(2):  # the same message twice changes once
        with house.store.write() as unit:
            changed = change_reminder(house, unit, who(unit, "mei"), rule_id, NINE, "change").id
    until(house, clock, NOW.replace(day=27, hour=12))

    assert sent(house, rule_id) == ["25 08:00"]
    assert sent(house, changed) == ["26 09:00", "27 09:00"]
    with house.store.read() as unit:
        assert [rule.version for rule in mine(unit, "mei")] == [2]
        assert [str(i.reason) for i in unit.reminders.instances(rule_id) if i.reason] == ["moved"]


def test_what_is_stopped_is_not_changed(house: House) -> None:
    rule_id = remind_of(house, PILLS)
    with house.store.write() as unit:
        stop_reminder(house, unit, who(unit, "mei"), rule_id)
    with pytest.raises(NotFound), house.store.write() as unit:
        change_reminder(house, unit, who(unit, "mei"), rule_id, NINE, "change")


def test_three_days_before_a_birthday(house: House, clock: FixedClock) -> None:
    rule = f"{CHINESE}YEARLY;BYMONTH=12;BYMONTHDAY=8"
    rule_id = remind_of(house, Wish("爸爸生日", rule=rule, hour=False, lead=timedelta(days=3)))
    until(house, clock, datetime(2028, 1, 10, tzinfo=NOW.tzinfo))

    with house.store.read() as unit:
        days = [local(i.planned_at).date() for i in unit.reminders.instances(rule_id) if i.sent_at]
    assert days == [date(2027, 1, 12), date(2028, 1, 1)]
    assert heard(house, "mei")[0] == "先跟您说一声：1月15日，这个星期五，爸爸生日。"


def test_a_day_that_is_nearer_than_its_lead_comes_the_next_year(house: House) -> None:
    rule = f"{CHINESE}YEARLY;BYMONTH=10;BYMONTHDAY=18"  # the day after tomorrow
    rule_id = remind_of(house, Wish("忌日", rule=rule, hour=False, lead=timedelta(days=3)))
    with house.store.read() as unit:
        assert next_of(unit, unit.reminders.rule(rule_id)).year == 2027


def test_ten_minutes_before(house: House, clock: FixedClock) -> None:
    wish = Wish("看戏", once=NOW + timedelta(hours=2), lead=timedelta(minutes=10))
    rule_id = remind_of(house, wish)
    until(house, clock, NOW.replace(hour=13))
    assert sent(house, rule_id) == ["24 11:50"]
    assert heard(house, "mei") == ["先跟您说一声：今天，11月24日，星期二，中午12点，看戏。"]


def test_morning_and_evening_are_two(house: House, clock: FixedClock) -> None:
    rule_id = remind_of(house, Wish("吃药", rule="FREQ=DAILY;X-CLOCKS=0800,2030", medicine=True))
    until(house, clock, NOW.replace(day=26))
    assert sent(house, rule_id) == ["24 20:30", "25 08:00", "25 20:30", "26 08:00"]


def test_an_elders_reminders_as_far_as_her_consent_goes(house: House) -> None:
    hers, from_child = remind_of(house, PILLS), remind_of(house, NINE, actor="huan", key="k2")
    with house.store.write() as unit:
        child = who(unit, "huan")
        assert {rule.id for rule in reminders_of(house, unit, child, "mei")} == {hers, from_child}
        stop_reminder(house, unit, child, from_child)
        # What the elder set is hers, as a visit is to cancel.
        with pytest.raises(NotAllowed):
            stop_reminder(house, unit, child, hers)
        with pytest.raises(NotAllowed):
            change_reminder(house, unit, child, hers, NINE, "k3")
        unit.people.add(
            Consent(id="cc", elder_id="mei", relative_id="huan", scope=Scope.CANCEL, granted_at=NOW)
        )
        unit.flush()
        stop_reminder(house, unit, child, hers)
        assert mine(unit, "mei") == []
    with house.store.write() as unit:
        for consent in unit.people.consents_of("mei"):
            consent.revoked_at = house.now()
        unit.flush()
        with pytest.raises(NotAllowed):
            reminders_of(house, unit, who(unit, "huan"), "mei")
        with pytest.raises(NotFound):
            reminders_of(house, unit, who(unit, "stranger"), "mei")


def test_fourteen_months_of_lunar_days(house: House, clock: FixedClock) -> None:
    """Stepping through each due moment, as the world does; the days are those of the almanac."""
    wanted = {
        f"{CHINESE}MONTHLY;BYMONTHDAY=1": day_of(0, 1),
        f"{CHINESE}MONTHLY;BYMONTHDAY=30": day_of(0, 30),
        f"{CHINESE}YEARLY;BYMONTH=12;BYMONTHDAY=8": day_of(12, 8),
        f"{CHINESE}YEARLY;BYMONTH=12;BYMONTHDAY=30": [NEW_YEARS_EVE],
        f"{CHINESE}YEARLY;BYMONTH=8;BYMONTHDAY=15": day_of(8, 15),
    }
    clock.moment = NOW.replace(year=FIRST.year, month=FIRST.month, day=FIRST.day, hour=0)
    rules = {
        rule: remind_of(house, Wish("上香", rule=rule, hour=False), key=str(number))
        for number, rule in enumerate(wanted)
    }
    until(house, clock, NOW.replace(year=LAST.year, month=LAST.month, day=LAST.day, hour=23))

    with house.store.read() as unit:
        for rule, days in wanted.items():
            said = [i for i in unit.reminders.instances(rules[rule]) if i.sent_at is not None]
            assert [local(i.sent_at).date() for i in said] == days
            assert all(f"{local(i.sent_at):%H:%M}" == "08:00" for i in said)


def test_one_that_fails_keeps_nobody_elses_waiting(
    house: House, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batch is tried as a whole, and then each person's by itself."""
    good, bad = remind_of(house, PILLS), remind_of(house, Wish("坏的", rule=PILLS.rule), key="k2")
    with house.store.write() as unit:
        other = set_reminder(house, unit, who(unit, "stranger"), who(unit, "stranger"), PILLS, "k3").id
        unit.conversations.of("stranger")
    words = PersonalHand.words

    def broken(self, house, unit, rule, instance):
        if rule.detail["what"] == "坏的":
            raise ValueError("broken")
        return words(self, house, unit, rule, instance)

    monkeypatch.setattr(PersonalHand, "words", broken)
    clock.moment = NOW.replace(day=25, hour=8, minute=1)
    remind.work_off(house)

    assert sent(house, other) == ["25 08:01"]
    assert sent(house, bad) == []
    with house.store.read() as unit:
        (failed,) = unit.reminders.instances(bad)
        assert (str(failed.state), failed.attempts, failed.due_at > house.now()) == ("pending", 1, True)
        assert [str(a.outcome) for a in unit.reminders.attempts(failed.id)] == ["failed"]
    monkeypatch.undo()
    until(house, clock, NOW.replace(day=25, hour=9))
    assert len(sent(house, bad)) == 1
    assert len(sent(house, good)) == 1


@pytest.mark.parametrize("first", [True, False])
def test_a_pause_of_days_does_not_end_a_reminder_for_good(
    house: House, clock: FixedClock, first: bool
) -> None:
    """What falls into the pause is not said, and says why; what comes after it is said."""
    begins = NOW if first else NOW.replace(day=25, hour=9)
    rule_id = remind_of(house, Wish("浇花", rule="FREQ=DAILY", hour=False))
    until(house, clock, begins)
    with house.store.write() as unit:
        pause(house, unit, who(unit, "mei"), NOW.replace(day=27, hour=22))
    until(house, clock, NOW.replace(day=29, hour=12))

    assert sent(house, rule_id) == [*(() if first else ("25 08:00",)), "28 08:00", "29 08:00"]
    with house.store.read() as unit:
        whys = [str(i.reason) for i in unit.reminders.instances(rule_id) if i.reason]
        assert whys == ["quiet"] * (3 if first else 2)


def test_an_occurrence_is_there_once_whoever_plans_it(house: House) -> None:
    rule_id = remind_of(house, PILLS)
    at = NOW + timedelta(hours=5)
    with house.store.write() as unit:
        rule = unit.reminders.rule(rule_id)
        planned = [
            remind_plan.plan(house, unit, rule, "mei", "x", at, at + timedelta(hours=1)) for _ in range(2)
        ]
        unit.flush()
        assert planned[0] is planned[1]
    again = replace(planned[0], id="another")
    with pytest.raises(IntegrityError), house.store.write() as unit:
        unit.reminders.add(again)


def test_rules_with_hours_of_their_own_minutes() -> None:
    found = Recurrence("FREQ=DAILY;X-CLOCKS=0730,2015", NOW.date())
    assert [f"{clock:%H:%M}" for clock in found.clocks] == ["07:30", "20:15"]
    assert found.named_hour
