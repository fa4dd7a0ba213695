"""What is answered in words to a reminder of medicine."""

from __future__ import annotations

import pytest

from nlu.zh.taken import read_taken


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("吃了", "taken"),
        ("吃过药啦", "taken"),
        ("嗯，刚吃完", "taken"),
        ("降压药早就吃完了", "taken"),
        ("胰岛素打了", "taken"),
        ("中药喝完了", "taken"),
        ("吃了，放心吧", "taken"),
        ("还没吃呢", "not_yet"),
        ("等会儿吃", "not_yet"),
        ("没吃", "not_yet"),
        ("今天忘记吃了", "forgot"),
        ("漏了", "forgot"),
        ("吃了头晕", None),
        ("吃错了", None),
        ("吃了两次", None),
        ("吃了没事吧", None),
        ("我吃过饭了", None),
        ("饭吃了", None),
        ("不吃了", None),
        ("药没了", None),
        ("我服了", None),
    ],
)
def test_taken_not_yet_forgotten(said: str, heard: str | None) -> None:
    taken = read_taken(said)
    assert (taken.how if taken else None) == heard


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("吃了", ""),
        ("都吃过了", ""),
        ("药吃了", ""),
        ("早上的药刚吃完", ""),
        ("两片都吃了", ""),
        ("嗯，刚吃完", ""),
        ("钙片吃了", "钙片"),
        ("降压药早就吃完了", "降压药"),
        ("苹果吃了", "苹果"),
        ("我老伴吃了", "老伴"),
    ],
)
def test_what_was_named_with_it(said: str, named: str) -> None:
    taken = read_taken(said)
    assert taken is not None
    assert taken.named == named
