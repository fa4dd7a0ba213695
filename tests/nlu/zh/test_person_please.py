"""A plain wish for a human; nothing that only sounds like one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.zh.person_please import PersonPlease, wants_person

LINES = (Path(__file__).parent / "tables" / "person_please.tsv").read_text(encoding="utf-8").splitlines()
ROWS = [line.split("\t") for line in LINES if not line.startswith("#")]


def shown(wish: PersonPlease | None) -> str:
    if wish is None:
        return "-"
    return wish.role or "person"


@pytest.mark.parametrize(("expected", "sentence"), ROWS)
def test_who_is_wanted(expected: str, sentence: str) -> None:
    assert shown(wants_person(sentence)) == expected


@pytest.mark.parametrize(
    "sentence", ["转 人 工", "转😡人工！！！", "轉人工", "转人功", "。。。转人工。。。", "转\n人工"]
)
def test_spelling_hides_no_wish(sentence: str) -> None:
    assert wants_person(sentence) == PersonPlease(None)


@pytest.mark.parametrize("said_before", ["听不懂", "你说的都不对", "说了半天没用"])
def test_the_wish_may_come_last(said_before: str) -> None:
    assert wants_person(f"{said_before}，转人工") == PersonPlease(None)


@given(st.text(alphabet=st.characters(), max_size=80))
def test_never_raises(text: str) -> None:
    assert shown(wants_person(text)) in {"-", "person", "life", "doctor"}


@given(st.text(alphabet=st.sampled_from("人工真活管家转找叫说话跟机器别不要我你，。吗费"), max_size=40))
def test_a_wish_that_is_turned_round_is_none(text: str) -> None:
    assert wants_person(f"不用转人工了，{text}") is None
