"""Whom somebody would like to come."""

from __future__ import annotations

import pytest

from nlu.zh.carers import gender_wish, tongue, tongue_wish


@pytest.mark.parametrize(
    ("text", "gender", "dialect"),
    [
        ("要女的", "female", None),
        ("不要男的", "female", None),
        ("别派女的来", "male", None),
        ("派个女师傅行吗", "female", None),
        ("有没有男护工", "male", None),
        ("会说上海话的", None, "上海话"),
        ("找个能讲广东话的女师傅", "female", "粤语"),
        ("要懂四川话的", None, "四川话"),
        ("粤语的就行", None, "粤语"),
        ("我说上海话", None, None),
        ("我女儿明天来", None, None),
        ("明天下午三点", None, None),
    ],
)
def test_wishes(text, gender, dialect) -> None:
    assert (gender_wish(text), tongue_wish(text)) == (gender, dialect)


def test_a_tongue_has_one_name() -> None:
    assert [tongue(said) for said in ("白话", "闽南语", "普通话", "火星话", None)] == [
        "粤语",
        "闽南话",
        "普通话",
        "火星话",
        None,
    ]
