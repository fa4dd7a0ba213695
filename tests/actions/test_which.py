"""Which booking is meant by a number that was said."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from actions.rasa.turn import Turn
from actions.rasa.which import number_in
from domain.ids import new_number


def said(text: str) -> str | None:
    return number_in(cast("Turn", SimpleNamespace(text=text, pressed=False)))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("把单号GWAEYB取消了", "GWAEYB"),
        ("单号123456改到后天上午十点", "123456"),
        ("单号是 2cpqx3 的那个不要了", "2CPQX3"),
        ("2CPQX3改到明天", "2CPQX3"),
        ("把GWAEYB取消了", None),
        ("把123456取消了", None),
        ("我要取消", None),
    ],
)
def test_a_number_in_a_sentence(text: str, number: str | None) -> None:
    assert said(text) == number


def test_every_number_that_is_made_is_known_in_a_sentence() -> None:
    for number in (new_number() for _ in range(2000)):
        assert said(f"把{number}取消了") == number
        assert said(f"把单号{number}取消了") == number
