"""Which of the offers was meant."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from actions.rasa.asking import ordinal
from actions.rasa.turn import Turn


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第二个", 1),
        ("就头一个吧", 0),
        ("2", 1),
        ("三", 2),
        ("要一", 0),
        ("最后那个", 2),
        ("第一个挺好的", 0),
        ("一共几次", None),
        ("一会儿再说", None),
        ("十一点", None),
        ("三个都不行", None),
        ("第一个那天我有事，你看第二个那天行不行", None),
        ("", None),
    ],
)
def test_an_ordinal_is_an_answer_and_a_count_is_none(text: str, expected: int | None) -> None:
    assert ordinal(cast("Turn", SimpleNamespace(text=text))) == expected
