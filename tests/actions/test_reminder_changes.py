"""Another time for a reminder that there is: which one, which half of the day, and what is said where there is none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from actions.house import House
from actions.rasa import reminding, reminding_list
from actions.remind_personal import Wish, mine, set_reminder, stop_reminder
from domain.clock import FixedClock
from domain.people import Consent, Scope
from tests.actions.care import who
from tests.actions.turns import after, buttons, turn
from tests.conftest import NOW

PILLS = Wish("吃降压药", rule="FREQ=DAILY;BYHOUR=8;BYMINUTE=0", medicine=True)
EVENING = Wish("泡脚", rule="FREQ=DAILY;BYHOUR=20;BYMINUTE=0")


def has(house: House, wish: Wish) -> None:
    with house.store.write() as unit:
        set_reminder(house, unit, who(unit, "mei"), who(unit, "mei"), wish, wish.what)


def heard(
    house: House, text: str, slots: dict[str, Any] | None = None, *, by: str = "mei"
) -> tuple[dict[str, Any], list[str], list[str]]:
    """The slots after this was said, what was answered, and the buttons of the next question."""
    with house.store.write() as unit:
        spoken = turn(house, unit, text, who_speaks=by, intent="set_reminder", slots=slots)
        kept = after(reminding.validate(spoken))
        said = list(spoken.said)
        spoken.slots = {**(slots or {}), **kept}
        if kept.get("reminding_what") is None and not kept.get("reminding_ok"):
            reminding.ask_what(spoken)
        return kept, said, buttons(house, unit, spoken)


@pytest.mark.parametrize(
    ("said", "wish", "rule"),
    [
        ("提醒改成五点", PILLS, "FREQ=DAILY;BYHOUR=17;BYMINUTE=0"),
        ("把吃药的提醒改到七点", PILLS, "FREQ=DAILY;BYHOUR=7;BYMINUTE=0"),
        ("提醒改到七点", EVENING, "FREQ=DAILY;BYHOUR=19;BYMINUTE=0"),
        ("泡脚那个提醒换到下午四点", EVENING, "FREQ=DAILY;BYHOUR=16;BYMINUTE=0"),
    ],
)
def test_an_hour_is_of_the_half_of_the_day_that_it_was(
    house: House, said: str, wish: Wish, rule: str
) -> None:
    has(house, wish)
    kept, _, _ = heard(house, said)

    assert kept["reminding_what"] == wish.what
    assert kept["reminding_time"]["rule"] == rule


def test_the_evening_asks_for_its_hour_and_stays_every_day(house: House) -> None:
    has(house, PILLS)
    kept, _, _ = heard(house, "吃药的提醒改到晚上")
    assert (kept["reminding_time"], kept["reminding_days"]["said"]) == (None, "每天晚上")

    kept, _, _ = heard(house, "七点", {**kept, "requested_slot": "reminding_time"})
    assert kept["reminding_time"]["rule"] == "FREQ=DAILY;BYHOUR=19;BYMINUTE=0"


@pytest.mark.parametrize("answer", ["泡脚那个", "泡脚", "第二个"])
def test_which_one_is_asked_and_may_be_said(house: House, clock: FixedClock, answer: str) -> None:
    has(house, PILLS)
    clock.moment += timedelta(minutes=1)
    has(house, EVENING)
    kept, _, shown = heard(house, "提醒改成九点")
    assert shown[:2] == ["吃降压药", "泡脚"]

    kept, _, _ = heard(house, answer, {**kept, "requested_slot": "reminding_what"})
    assert kept["reminding_what"] == "泡脚"
    assert kept["reminding_time"]["rule"] == "FREQ=DAILY;BYHOUR=21;BYMINUTE=0"


def test_no_reminder_is_said_kindly_and_nothing_is_set(house: House) -> None:
    kept, said, shown = heard(house, "提醒改成五点")

    assert (kept["reminding_ok"], kept["reminding_what"], kept["requested_slot"]) == ("left", None, None)
    assert said == [house.words.say("reminders_none_to_change")]
    assert shown == [house.words.say("button_remind_new")]


def test_a_task_with_a_change_in_it_is_set_as_before(house: House) -> None:
    kept, said, _ = heard(house, "把床单换成新的，周日提醒我")

    assert not said
    assert not kept["reminding_ok"]


@pytest.mark.parametrize(
    ("scopes", "told"), [((), "may_not_change_reminder"), ((Scope.SEE_VISITS,), "reminders_none")]
)
def test_a_child_without_leave_does_not_learn_whether_there_is_one(
    house: House, scopes: tuple[Scope, ...], told: str
) -> None:
    with house.store.write() as unit:
        for old in unit.people.consents("mei", "huan", NOW).values():
            old.revoked_at = NOW
        for scope in scopes:
            unit.people.add(
                Consent(id=f"c{scope}", elder_id="mei", relative_id="huan", scope=scope, granted_at=NOW)
            )
    kept, said, _ = heard(house, "我妈的提醒改成五点", by="huan")

    assert kept["reminding_ok"] == "left"
    with house.store.write() as unit:
        mother = turn(house, unit, who_speaks="huan").call(who(unit, "mei"))
    assert said == [house.words.say(told, who=mother)]


@pytest.mark.parametrize("many", [0, 1, 2])
def test_a_child_without_leave_stops_none_and_reads_no_title(house: House, many: int) -> None:
    for wish in (PILLS, EVENING)[:many]:
        has(house, wish)
    with house.store.write() as unit:
        for old in unit.people.consents("mei", "huan", NOW).values():
            old.revoked_at = NOW
        spoken = turn(house, unit, "我妈的提醒不要了", who_speaks="huan", intent="cancel_reminder")
        reminding_list.stop(spoken)
        mother = spoken.call(who(unit, "mei"))
        assert spoken.said == [house.words.say("may_not_stop_reminder", who=mother)]
        assert buttons(house, unit, spoken) == []


def test_a_child_who_may_see_is_shown_those_that_are_theirs_to_stop(house: House) -> None:
    has(house, PILLS)
    has(house, EVENING)
    with house.store.write() as unit:
        spoken = turn(house, unit, "我妈的提醒不要了", who_speaks="huan", intent="cancel_reminder")
        reminding_list.stop(spoken)
        mother = spoken.call(who(unit, "mei"))
        assert spoken.said == [house.words.say("may_not_undo_reminder", who=mother)]
        assert buttons(house, unit, spoken) == []


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("降压药那个往后推半个小时", "FREQ=DAILY;BYHOUR=8;BYMINUTE=30"),
        ("吃药的提醒早一刻钟", "FREQ=DAILY;BYHOUR=7;BYMINUTE=45"),
        ("吃药的提醒提前十分钟", "FREQ=DAILY;BYHOUR=7;BYMINUTE=50"),
    ],
)
def test_later_or_earlier_by_so_much(house: House, said: str, rule: str) -> None:
    has(house, PILLS)
    kept, told, _ = heard(house, said)

    assert (kept["reminding_time"]["rule"], kept["reminding_for"]["lead"], told) == (rule, 0, [])


def test_the_last_shift_that_was_said_counts_once(house: House, clock: FixedClock) -> None:
    has(house, PILLS)
    clock.moment += timedelta(minutes=1)
    has(house, EVENING)
    kept, _, _ = heard(house, "提醒往后推半个小时")
    assert kept["reminding_for"]["which"]

    kept, _, _ = heard(house, "泡脚早一个小时", {**kept, "requested_slot": "reminding_what"})
    assert kept["reminding_time"]["rule"] == "FREQ=DAILY;BYHOUR=19;BYMINUTE=0"


def test_a_shift_over_midnight_is_asked_for(house: House) -> None:
    has(house, EVENING)
    kept, _, _ = heard(house, "泡脚那个往后推五个小时")

    assert (kept["reminding_what"], kept["reminding_time"]) == ("泡脚", None)


def test_the_hour_alone_keeps_the_days_that_were_read_back(house: House) -> None:
    kept, _, _ = heard(house, "每月三十一号提醒我量体重")
    kept, _, _ = heard(house, "早上七点", {**kept, "requested_slot": "reminding_ok"})
    assert kept["reminding_time"]["rule"] == "FREQ=MONTHLY;BYMONTHDAY=31;BYHOUR=7;BYMINUTE=0"

    kept, _, _ = heard(house, "再晚一个小时", {**kept, "requested_slot": "reminding_ok"})
    assert kept["reminding_time"]["rule"] == "FREQ=MONTHLY;BYMONTHDAY=31;BYHOUR=8;BYMINUTE=0"


def test_the_day_alone_keeps_the_hour(house: House) -> None:
    kept, _, _ = heard(house, "明天上午九点提醒我交物业费")
    kept, _, _ = heard(house, "不是明天，是后天", {**kept, "requested_slot": "reminding_ok"})
    assert kept["reminding_time"]["once"] == "2026-11-26T09:00:00+08:00"


def test_another_wish_in_the_middle_is_its_own(house: House, clock: FixedClock) -> None:
    has(house, PILLS)
    clock.moment += timedelta(minutes=1)
    has(house, EVENING)
    kept, _, _ = heard(house, "礼拜三那个提醒改到礼拜四")
    kept, _, _ = heard(house, "每天下午三点叫我去打太极", {**kept, "requested_slot": "reminding_what"})
    assert (kept["reminding_what"], kept["reminding_for"]["which"]) == ("去打太极", False)

    kept, said, _ = heard(house, "明天上午九点提醒我交电费", {**kept, "requested_slot": "reminding_ok"})
    assert kept["reminding_what"] == "交电费"
    assert said == [house.words.say("remind_put_aside", what="去打太极")]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("昨天下午三点提醒我拿快递", "这个时间已经过了。"),
        ("二十五点提醒我吃药", "没有「二十五点」这个时间。"),
        ("13月5号提醒我买菜", "没有「13月5号」这个时间。"),
        ("闰四月初八提醒我吃斋", "闰月不是年年有，我按平常的月份给您记。"),
    ],
)
def test_a_time_that_is_not_is_said(house: House, said: str, told: str) -> None:
    kept, words, _ = heard(house, said)

    assert kept["reminding_time"] is None
    assert words == [told]


def test_the_very_same_is_not_set_twice(house: House) -> None:
    has(house, PILLS)
    kept, said, _ = heard(house, "每天早上八点提醒我吃降压药")

    assert kept["reminding_ok"] == "left"
    assert said == [house.words.say("remind_already", what="吃降压药")]


@pytest.mark.parametrize("said", ["不要了", "算了", "不用提醒了"])
def test_left_in_words(house: House, said: str) -> None:
    kept, _, _ = heard(house, "每天提醒我喝水")
    kept, _, _ = heard(house, said, {**kept, "requested_slot": "reminding_time"})

    assert kept["reminding_ok"] == "left"


def test_what_was_stopped_meanwhile_is_not_asked_about(house: House) -> None:
    has(house, EVENING)
    kept, _, _ = heard(house, "泡脚的提醒改一下")
    with house.store.write() as unit:
        stop_reminder(house, unit, who(unit, "mei"), kept["reminding_for"]["rule"])
    kept, _, _ = heard(house, "七点", {**kept, "requested_slot": "reminding_time"})

    assert kept["reminding_ok"] == "left"
    assert kept["later"][0]["quiet"]


def test_others_read_her_own_words(house: House) -> None:
    has(house, Wish("您爸生日", rule="RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=8"))
    with house.store.write() as unit:
        hers = turn(house, unit, "我有哪些提醒", intent="query_reminder")
        reminding_list.listed(hers)
        childs = turn(house, unit, "我妈有哪些提醒", who_speaks="huan", intent="query_reminder")
        reminding_list.listed(childs)

    assert "您爸生日：" in hers.said[0]
    assert "「我爸生日」：" in childs.said[0]
    assert "您爸" not in childs.said[0]


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("把泡脚的都停了", ["吃降压药"]),
        ("喝水的停了吧", ["吃降压药", "泡脚"]),
        ("都停了吧", ["吃降压药", "泡脚"]),
        ("我的提醒全部取消", []),
        ("夜里的提醒别停", ["吃降压药", "泡脚"]),
    ],
)
def test_nothing_is_stopped_that_was_not_named(
    house: House, clock: FixedClock, said: str, left: list[str]
) -> None:
    has(house, PILLS)
    clock.moment += timedelta(minutes=1)
    has(house, EVENING)
    with house.store.write() as unit:
        reminding_list.stop(turn(house, unit, said, intent="cancel_reminder"))
    with house.store.read() as unit:
        assert [rule.detail["what"] for rule in mine(unit, "mei")] == left


@pytest.mark.parametrize(
    ("said", "comes"),
    [
        ("每周四下午助浴", True),
        ("每月农历初一十五下午三点助浴", True),
        ("给我妈约每周四下午助浴", True),
        ("隔一天量一次血压", False),
        ("隔天量血压", False),
        ("每周四下午助浴提醒我", False),
        ("每周一三五做康复操", False),
        ("助浴", False),
    ],
)
def test_a_service_and_when_is_somebody_who_comes(house: House, said: str, comes: bool) -> None:
    with house.store.write() as unit:
        kept = after(reminding.validate(turn(house, unit, said, intent="set_reminder")))

    wished = [each["intent"]["name"] for each in kept.get("later") or []]
    assert wished == (["book_service"] if comes else [])
