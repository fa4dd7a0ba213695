"""Of what somebody wants to be reminded, and when it comes."""

from __future__ import annotations

import pytest

from nlu.zh import reminder_wish, times
from tests.conftest import NOW


@pytest.mark.parametrize(
    ("said", "what", "rule", "needs_hour"),
    [
        ("每天早上八点提醒我吃降压药", "吃降压药", "FREQ=DAILY;BYHOUR=8;BYMINUTE=0", False),
        ("每天提醒我吃药", "吃药", "FREQ=DAILY", True),
        ("隔一天量一次血压", "量一次血压", "FREQ=DAILY;INTERVAL=2", True),
        ("每月农历初一提醒我上香", "上香", "RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=1", False),
        (
            "我爸生日，腊月初八，到时候提醒我",
            "您爸生日",
            "RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=8",
            False,
        ),
        ("每个月三十一号提醒我交电费", "交电费", "FREQ=MONTHLY;BYMONTHDAY=31", False),
        (
            "管家呀，我这降压片老是忘了吃，你每天大清早七点半给我吱一声成不",
            "吃降压片",
            "FREQ=DAILY;BYHOUR=7;BYMINUTE=30",
            False,
        ),
        ("每天晚上十点提醒我给我妈打电话", "给您妈打电话", "FREQ=DAILY;BYHOUR=22;BYMINUTE=0", False),
        ("我爸每天早上八点吃药提醒他", "吃药", "FREQ=DAILY;BYHOUR=8;BYMINUTE=0", False),
        ("再给我妈设一个，每天早上九点量血压提醒她", "量血压", "FREQ=DAILY;BYHOUR=9;BYMINUTE=0", False),
    ],
)
def test_what_comes_again(said: str, what: str, rule: str, needs_hour: bool) -> None:
    found = times.first(said, NOW)
    wish = reminder_wish.when(found, said)

    assert wish is not None
    assert (reminder_wish.what(said, found), wish.rule, wish.needs_hour) == (what, rule, needs_hour)


@pytest.mark.parametrize(
    ("said", "what", "once", "needs_hour"),
    [
        ("半个钟头以后提醒我关火", "关火", "2026-11-24T10:30:00+08:00", False),
        ("后天要交电费，叫我一声", "交电费", "2026-11-26T00:00:00+08:00", True),
        ("帮我记个事，周五去拿药", "去拿药", "2026-11-27T00:00:00+08:00", True),
    ],
)
def test_what_comes_once(said: str, what: str, once: str, needs_hour: bool) -> None:
    found = times.first(said, NOW)
    wish = reminder_wish.when(found, said)

    assert wish is not None
    assert (reminder_wish.what(said, found).strip("，"), wish.once, wish.needs_hour) == (
        what,
        once,
        needs_hour,
    )


def test_the_hour_in_a_second_step() -> None:
    days = reminder_wish.when(times.first("每天", NOW), "每天")
    hour = reminder_wish.when(times.first("早上七点半", NOW), "早上七点半")

    assert days is not None
    assert hour is not None
    assert days.at_hour(hour).rule == "FREQ=DAILY;BYHOUR=7;BYMINUTE=30"


@pytest.mark.parametrize("said", ["设置一个提醒", "提醒我给孙子打电话"])
def test_no_time_is_no_time(said: str) -> None:
    assert reminder_wish.when(times.first(said, NOW), said) is None


def test_nothing_is_said_of_what() -> None:
    said = "设置一个提醒"
    assert reminder_wish.what(said, times.first(said, NOW)) is None


def test_medicine() -> None:
    assert reminder_wish.is_medicine("吃降压药")
    assert not reminder_wish.is_medicine("交电费")


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("每天早晚提醒我吃药", "FREQ=DAILY;BYHOUR=8,20"),
        ("每天早上八点和晚上八点半提醒我吃药", "FREQ=DAILY;X-CLOCKS=0800,2030"),
        ("每年立秋提醒我贴秋膘", "FREQ=YEARLY;X-TERM=立秋"),
        ("每年清明提醒我上坟", "FREQ=YEARLY;X-TERM=清明"),
        ("每年除夕提醒我包红包", "RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=30"),
        ("每年中秋提醒我买月饼", "RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=15"),
        ("每年十月一号提醒我挂国旗", "FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=1"),
    ],
)
def test_several_hours_and_days_of_the_year(said: str, rule: str) -> None:
    found = times.first(said, NOW)
    wish = reminder_wish.when(found, said)

    assert wish is not None
    others = [one for one in times.find(said, NOW) if one.start >= found.end]
    assert reminder_wish.with_hours(wish, others).rule == rule


@pytest.mark.parametrize(
    ("said", "minutes", "rest"),
    [
        ("我妈生日农历五月初六，提前三天提醒我", 3 * 1440, "我妈生日农历五月初六，提醒我"),
        ("正月初八我女儿结婚纪念日，请提前一周告知我", 7 * 1440, "正月初八我女儿结婚纪念日，请告知我"),
        ("晚上七点半有戏，你提前十分钟给我提个醒", 10, "晚上七点半有戏，你我提个醒"),
        ("提前半个小时叫我", 30, "叫我"),
        ("生日提醒别当天才说，改成提前三天", 3 * 1440, "生日提醒别当天才说，改成"),
        ("每天早上八点提醒我吃药", 0, "每天早上八点提醒我吃药"),
    ],
)
def test_how_long_before(said: str, minutes: int, rest: str) -> None:
    assert reminder_wish.lead(said) == (minutes, rest)


@pytest.mark.parametrize(
    ("said", "changes"),
    [
        ("吃药的时间改成七点半提醒", True),
        ("早上那个吃药提醒往后挪半个钟头，改到八点半", True),
        ("我妈的吃药提醒时间改一下，中午十二点半", True),
        ("每天早上八点提醒我吃降压药", False),
        ("下周一提醒我改密码", False),
    ],
)
def test_another_time_for_one_that_there_is(said: str, changes: bool) -> None:
    assert reminder_wish.is_change(said) == changes


@pytest.mark.parametrize(
    "said",
    [
        "提醒改成五点",
        "把吃药的提醒改到七点",
        "量血压那个提醒换到下午四点",
        "吃药的时间改成九点提醒",
        "收衣服那个改到五点叫我",
        "闹钟从六点调到六点半",
        "我想改一下提醒的时间",
        "提醒我吃药的时间改成八点",
    ],
)
def test_a_reminder_that_is_set_is_to_change(said: str) -> None:
    assert reminder_wish.is_change(said)
    assert reminder_wish.changes_one(said)


@pytest.mark.parametrize(
    "said",
    [
        "每天早上八点提醒我吃药",
        "提醒我换个灯泡",
        "每周日提醒我换床单",
        "把床单换成新的，周日提醒我",
        "明天提醒我把窗帘换成厚的",
        "改天提醒我买米",
    ],
)
def test_what_is_to_be_done_is_no_change(said: str) -> None:
    assert not reminder_wish.is_change(said)
    assert not reminder_wish.changes_one(said)


def test_the_evening_was_said_before_the_hour() -> None:
    evening = reminder_wish.When("每天晚上", rule="FREQ=DAILY", open_day=True)
    hour = reminder_wish.when(times.first("七点", NOW), "七点")

    assert hour is not None
    assert evening.needs_hour
    assert evening.at_hour(hour).rule == "FREQ=DAILY;BYHOUR=19;BYMINUTE=0"


@pytest.mark.parametrize(
    ("what", "medicine"),
    [
        ("吃阿司匹林", True),
        ("吃两片叶酸", True),
        ("打胰岛素", True),
        ("去拿药", False),
        ("去药店拿药", False),
        ("吃薯片", False),
        ("吃饺子", False),
    ],
)
def test_of_what_it_is_asked_whether_it_was_taken(what: str, medicine: bool) -> None:
    assert reminder_wish.is_medicine(what) is medicine


def test_roughly_said_and_then_in_hours() -> None:
    said = "中药每天早晚各一包，早上八点半晚上八点半提醒"
    found, *others = times.find(said, NOW)
    wish = reminder_wish.when(found, said)

    assert wish is not None
    whole = reminder_wish.with_hours(wish, others)
    assert (whole.rule, whole.said) == ("FREQ=DAILY;X-CLOCKS=0830,2030", "每天早上八点半、晚上八点半")
