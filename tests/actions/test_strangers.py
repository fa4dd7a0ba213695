"""What a stranger in danger is told promises nothing that nobody does for them."""

from __future__ import annotations

import pytest

from actions.house import House
from actions.raise_alarm import words_for_stranger
from nlu.zh.danger import Danger

KINDS = [
    ("emergency", kind)
    for kind in ("illness", "fall", "choking", "bleeding", "poison", "fire", "gas", "violence", "missing")
] + [("crisis", "despair"), ("fraud", "scam")]


@pytest.mark.parametrize(("category", "kind"), KINDS)
@pytest.mark.parametrize("certain", [True, False])
def test_no_word_of_people_being_told(house: House, category: str, kind: str, certain: bool) -> None:
    danger = Danger(category=category, kind=kind, certain=certain, text="", start=0, end=0)

    said = words_for_stranger(house, danger)

    assert any(number in said for number in ("120", "110", "119", "12356", "96110"))
    assert "正在通知" not in said
    assert "正在请人" not in said
