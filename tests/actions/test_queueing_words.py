"""Words about waiting in a queue no longer, and words in which a queue only happens to stand."""

from __future__ import annotations

import pytest

from actions.rasa.queueing import means_leaving


@pytest.mark.parametrize(
    "text",
    [
        "别排队了",
        "别给我排队了",
        "不排了。",
        "不等了",
        "那就不等了吧",
        "不用排了",
        "排队的那个取消吧",
        "排队不要了",
        "帮我把排队取消了",
        "退出排队",
    ],
)
def test_the_queue_is_left(text: str) -> None:
    assert means_leaving(text)


@pytest.mark.parametrize(
    "text",
    [
        "要排队吗",
        "不用排队吧？",
        "医院排队太久了",
        "排队等",
        "取消助浴",
        "我等着呢",
        "不用了",
        "别取消，我排着队呢",
    ],
)
def test_something_else_is_meant(text: str) -> None:
    assert not means_leaving(text)
