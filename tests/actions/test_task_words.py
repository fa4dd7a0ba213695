"""What was being done, as a coordinator reads it: in words, and never with our own keys."""

from __future__ import annotations

import re

import pytest

from actions import task_words
from actions.house import House

_OURS = re.compile(r"[a-z]+_[a-z]|[{}\[\]]|\d{4}-\d\d-\d\dT")


@pytest.mark.parametrize(
    ("task", "read"),
    [
        (
            {
                "task": "booking",
                "booking_service": "assisted_bathing",
                "booking_channel": "home",
                "booking_for": "mei",
                "booking_pay": "benefit",
                "booking_time": "后天下午",
            },
            "在办 约服务；给谁 刘梅；服务 助浴；方式 到家里来；什么时候 后天下午；怎么付 用权益",
        ),
        (
            {
                "task": "booking",
                "booking_slot": "2026-11-26T14:00:00+08:00",
                "booking_time": "后天",
            },
            "在办 约服务；什么时候 后天，11月26日，星期四，下午2点",
        ),
        ({"task": "family", "family_who": "mother"}, "在办 家里人的事"),
        (
            {"complaint": "师傅没来", "service": "assisted_bathing", "booking": "K7M2PX"},
            "服务 助浴；哪一次 K7M2PX；原话 师傅没来",
        ),
        ({"task": "moving", "moving_booking": "bk_0123456789abcdef"}, "在办 改时间"),
        ({"unheard": "of", "booking_service": "no_such"}, ""),
        (None, ""),
    ],
)
def test_the_task_is_told_in_words(house: House, task: object, read: str) -> None:
    with house.store.read() as unit:
        rows = task_words.told(house, unit, task)
    text = "；".join(f"{row['name']} {row['value']}" for row in rows)
    assert text == read
    assert not _OURS.search(text)
