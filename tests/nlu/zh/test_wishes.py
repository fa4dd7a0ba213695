"""Messages of two wishes, and messages that only sound like two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.zh.wishes import split, two_services


@pytest.mark.parametrize(
    ("text", "lead", "other"),
    [
        ("还剩几次助浴？顺便帮我约后天下午的理发", "还剩几次助浴", "顺便帮我约后天下午的理发"),
        ("取消周五的保洁，再帮我约个下周二的", "取消周五的保洁", "再帮我约个下周二的"),
        ("助浴约明天上午，还想问问陪诊贵不贵", "助浴约明天上午", "还想问问陪诊贵不贵"),
        ("我搬家了。对了，明天护士几点来", "我搬家了", "对了，明天护士几点来"),
    ],
)
def test_joining_words_make_two(text: str, lead: str, other: str) -> None:
    assert [(way.lead_text, way.other_text) for way in split(text)] == [(lead, other)]


@pytest.mark.parametrize(
    "text",
    [
        "助浴还有几次",
        "还有没有空位",
        "请再说一遍",
        "另外",
        "再帮我约一次",
        "对了",
        "我再也不约了",
        "还想睡会儿",
        "",
    ],
)
def test_one_wish_stays_one(text: str) -> None:
    assert split(text) == []


@pytest.mark.parametrize(
    ("text", "lead", "other"),
    [
        ("助浴和理发都约后天上午", "助浴约后天上午", "理发约后天上午"),
        ("给我妈约个体检，再加一个洗牙", "给我妈约个体检", "给我妈约个洗牙"),
        ("送餐、保洁", "送餐", "保洁"),
    ],
)
def test_two_services_side_by_side(text: str, lead: str, other: str) -> None:
    way = two_services(text)

    assert way is not None
    assert (way.lead_text, way.other_text) == (lead, other)


@pytest.mark.parametrize("text", ["陪我去医院体检", "推拿还是针灸好", "洗澡和擦身", "助浴"])
def test_one_service_or_a_choice_is_no_pair(text: str) -> None:
    assert two_services(text) is None


@given(st.text(alphabet="还有另外顺便再帮我约助浴和理发，。 ", max_size=30))
def test_parts_are_where_they_say(text: str) -> None:
    for way in split(text):
        ((start, end),) = way.lead
        assert text[start:end] == way.lead_text
        assert text[slice(*way.other)] == way.other_text
        assert end <= way.other[0]
