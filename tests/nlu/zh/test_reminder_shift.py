"""By how much something that is set is to come later or earlier."""

from __future__ import annotations

import pytest

from nlu.zh.reminder_shift import shift


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("降压片那个往后推半个小时", 30),
        ("阿司匹林晚半个钟头再叫我", 30),
        ("推迟一个半小时", 90),
        ("钙片往前提一刻钟", -15),
        ("中药早一个小时", -60),
        ("提前十分钟", -10),
        ("往后挪两天", 2880),
        ("改成提前三天", None),
        ("今晚八点", None),
        ("每天早晚各一次", None),
        ("改到晚上八点", None),
        ("半个小时以后提醒我", None),
    ],
)
def test_by_how_much(said: str, minutes: int | None) -> None:
    assert shift(said) == minutes
