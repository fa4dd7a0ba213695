"""The word lists: every service by name and by need, every relation, and words that only look like one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalogue import load
from nlu.zh import lexicon
from nlu.zh.numbers import to_int

CATALOGUE = load()


@pytest.mark.parametrize("code", lexicon.SERVICE_CODES)
def test_every_service_is_found_by_its_name(code: str) -> None:
    name = CATALOGUE.service(code).name

    assert lexicon.service_name(code) == name
    assert code in [m.value for m in lexicon.find_services(f"我想约{name}")]


def test_the_lists_and_the_catalogue_have_the_same_services() -> None:
    assert set(lexicon.SERVICE_CODES) == set(CATALOGUE.services)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("头发长得盖住耳朵了", ["home_haircut"]),
        ("卫生间想装个扶手", ["home_modification"]),
        ("家里窗户脏得看不见外头了", ["housekeeping"]),
        ("想找人陪着去医院", ["medical_escort"]),
        ("伤口该换药了", ["home_nursing"]),
        ("想冲凉", ["assisted_bathing"]),
        ("给我爸助个浴", ["assisted_bathing"]),
        ("推个拿", ["tcm_therapy"]),
        ("陪一次诊", ["medical_escort"]),
        ("我妈要汏浴", ["assisted_bathing"]),
        ("中风后胳膊抬不起来想练练", ["rehab_neuro"]),
        ("心脏放了支架想做康复", ["rehab_cardio"]),
        ("扎针灸", ["tcm_therapy"]),
        ("不要推拿，要针灸", ["tcm_therapy"]),
        ("视频看医生", ["video_consult"]),
        ("打电话问医生，约个电话问诊", ["phone_consult"]),
        ("康复", []),
        ("理疗", []),
        ("打针", []),
        ("扎针", []),
        ("挂水", []),
        ("在家输液", []),
        ("降压药饭前吃还是饭后吃", []),
        ("你好", []),
    ],
)
def test_services(text: str, expected: list[str]) -> None:
    assert list(dict.fromkeys(m.value for m in lexicon.find_services(text))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("给我妈约助浴", ["mother"]),
        ("俺娘要洗澡", ["mother"]),
        ("我爸下周复查", ["father"]),
        ("老汉儿要洗澡", ["father"]),
        ("给我爸妈约体检", ["parents"]),
        ("我老伴躺着起不来", ["spouse"]),
        ("我家老头子要量血压", ["spouse"]),
        ("孩儿他爸要理发", ["spouse"]),
        ("给姥姥剪头发", ["grandmother"]),
        ("我爷爷", ["grandfather"]),
        ("我婆婆想做艾灸", ["mother_in_law"]),
        ("我岳父想做针灸", ["father_in_law"]),
        ("给我自己约", ["self"]),
        ("闺女啊，明儿给我送饭", []),
        ("给我约一个", []),
        ("师傅什么时候来", []),
    ],
)
def test_people(text: str, expected: list[str]) -> None:
    assert [m.value for m in lexicon.find_people(text)] == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("上门理发", [("channel", "home")]),
        ("我去店里", [("channel", "store")]),
        ("线上吧", [("channel", "online")]),
        ("在杭州能用吗", [("city", "杭州")]),
        ("南京路那家", []),
        ("穿中山装", []),
        ("找医生管家", [("role", "doctor")]),
        ("打个四分", [("rating", "4")]),
        ("五颗星", [("rating", "5")]),
        ("五分钟", []),
        ("十五分", []),
    ],
)
def test_the_other_lists(text: str, found: list[tuple[str, str]]) -> None:
    others = [m for m in lexicon.find(text) if m.entity not in ("service", "person")]

    assert [(m.entity, m.value) for m in others] == found


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from("我妈爸给约助浴理发上门北京四分星管家医生不要是老伴"), max_size=30).map(
        "".join
    )
)
def test_for_every_text(text: str) -> None:
    found = lexicon.find(text)

    for mention in found:
        assert text[mention.start : mention.end] == mention.text
    for entity in {m.entity for m in found}:
        own = [m for m in found if m.entity == entity]
        assert all(a.end <= b.start for a, b in pairwise(own))


@pytest.mark.parametrize(
    ("text", "number"),
    [("三", 3), ("两", 2), ("俩", 2), ("十", 10), ("十五", 15), ("二十三", 23), ("两百五", 250), ("一百六", 160),
     ("二百零五", 205), ("二〇二六", 2026), ("廿五", 25), ("１２", 12), ("百", 100), ("x", None), ("", None)],
)  # fmt: skip
def test_numbers(text: str, number: int | None) -> None:
    assert to_int(text) == number
