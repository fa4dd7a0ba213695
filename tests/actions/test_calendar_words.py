"""Words about one's own calendar, and words in which a calendar only happens to stand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from actions.rasa.calendar import GIVE, TAKE_BACK, meant
from actions.rasa.turn import Turn


def heard(text: str, choice: str | None = None) -> str | None:
    return meant(cast("Turn", SimpleNamespace(text=text, choice=choice, pressed=text.startswith("/"))))


@pytest.mark.parametrize(
    "text",
    [
        "日历",
        "手机日历。",
        "把我的安排放到日历里",
        "我想在手机日历上看到我的预约",
        "能不能把预约同步到日历？",
        "给我一个日历链接",
        "把我妈的预约也加到我的日历里",
        "怎么订阅日历",
    ],
)
def test_a_link_is_wanted(text: str) -> None:
    assert heard(text) == GIVE


@pytest.mark.parametrize(
    "text", ["日历链接不要了", "取消日历", "把日历收回", "日历订阅关掉", "删掉日历链接", "停了日历订阅"]
)
def test_the_link_is_taken_back(text: str) -> None:
    assert heard(text) == TAKE_BACK


@pytest.mark.parametrize(
    "text",
    [
        "今天老黄历怎么说",
        "墙上挂的日历真好看啊",
        "日历上今天几号",
        "我约了什么",
        "取消后天的助浴",
        "/query_booking",
    ],
)
def test_no_calendar_is_meant(text: str) -> None:
    assert heard(text) is None


def test_buttons() -> None:
    assert [heard("/query_booking", choice) for choice in (GIVE, TAKE_BACK, "uses")] == [
        GIVE,
        TAKE_BACK,
        None,
    ]
