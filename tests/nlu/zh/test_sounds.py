"""Names of services as voice input writes them, and words that are left as they stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.zh import lexicon
from nlu.zh.sounds import as_meant


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("帮我约个主语", "帮我约个助浴"),
        ("助遇明天能来吗", "助浴明天能来吗"),
        ("请个人来陪真", "请个人来陪诊"),
        ("想找个人推哪", "想找个人推拿"),
        ("护市几点来", "护士几点来"),
        ("叫人来包结", "叫人来保洁"),
        ("我要装柱听器", "我要装助听器"),
        ("给我换鸟管", "给我换尿管"),
        ("哪里有颜光", "哪里有验光"),
        ("上门李发", "上门理发"),
    ],
)
def test_a_name_is_known_by_its_sound(heard: str, meant: str) -> None:
    assert as_meant(heard) == meant


@pytest.mark.parametrize(
    "text",
    [
        "水煮鱼吃得吗",
        "医嘱我不懂",
        "牙床肿了",
        "箭头朝哪边",
        "推拿师傅来了",
        "陪我的大夫贵姓",
        "社区要不要登记",
        "疏忽是难免的",
        "",
    ],
)
def test_a_word_of_its_own_is_left(text: str) -> None:
    assert as_meant(text) == text


def test_what_was_said_is_what_a_mention_shows() -> None:
    (found,) = lexicon.find_services("我想约个助遇，明天")

    assert (found.value, found.text, found.start, found.end) == ("assisted_bathing", "助遇", 4, 6)


@given(st.text(max_size=60))
def test_the_length_is_kept_and_once_is_enough(text: str) -> None:
    meant = as_meant(text)

    assert len(meant) == len(text)
    assert as_meant(meant) == meant
