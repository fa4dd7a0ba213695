"""Text hygiene."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.zh.text import clean, clip, is_empty, only_emoji

FAMILY = "👨\u200d👩\u200d👧"


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("  你好  ", "你好"),
        ("你\u200b好\ufeff", "你好"),
        ("你\u202e好\u202c", "你好"),
        ("\u200f约助浴\u200e", "约助浴"),
        ("你\x00好\x07", "你好"),
        ("明天\u3000下午", "明天 下午"),
        ("明天 \t\r\n\n 下午", "明天\n下午"),
        ("１３８ＡＢｃ", "138ABc"),
        ("您好，在吗？！：（急）", "您好，在吗？！：（急）"),
        ("cafe\u0301", "caf\u00e9"),
        ("⼈⼯", "人工"),
        ("好👍🏽", "好👍🏽"),
        (f"全家{FAMILY}", f"全家{FAMILY}"),
        ("谢谢❤️", "谢谢❤️"),
        ("坏\ud800了", "坏了"),
        ("坏\ue000了", "坏了"),
        ("plain  ascii", "plain ascii"),
        ("㈠①℃", "㈠①℃"),
    ],
)
def test_clean(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


@given(st.text(alphabet=st.characters(), max_size=80))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text(alphabet=st.characters(), max_size=80))
def test_what_is_clean_can_be_stored(text: str) -> None:
    cleaned = clean(text)

    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert "\x00" not in cleaned
    assert cleaned == cleaned.strip()


@pytest.mark.parametrize(
    "text", ["", " ", "\n\t", "\u200b\u200f", "\u3000", "\u3164", "\u2800", "\ufe0f", "\u200d"]
)
def test_nothing_to_see_is_empty(text: str) -> None:
    assert is_empty(text)


@pytest.mark.parametrize("text", ["？", "1", "👍", "嗯", " a "])
def test_something_to_see_is_not_empty(text: str) -> None:
    assert not is_empty(text)


@pytest.mark.parametrize("text", ["👍", "👍👍🏽", "❤️", f"{FAMILY} 🎉", "😭！！", "👍。", "🙏\n🙏"])
def test_only_emoji(text: str) -> None:
    assert only_emoji(text)


@pytest.mark.parametrize("text", ["", "好👍", "1️⃣", "！", "5", "ok👌", "  "])
def test_not_only_emoji(text: str) -> None:
    assert not only_emoji(text)


@pytest.mark.parametrize(
    ("text", "limit", "clipped"),
    [
        ("明天上午", 4, "明天上午"),
        ("明天上午九点", 4, "明天上…"),
        ("好👍🏽好", 3, "好…"),
        (f"好{FAMILY}", 4, "好…"),
        ("a1️⃣b", 3, "a…"),
        ("好 的呀", 3, "好…"),
        ("明天", 1, "…"),
        ("", 1, ""),
    ],
)
def test_clip(text: str, limit: int, clipped: str) -> None:
    assert clip(text, limit) == clipped


@given(st.text(max_size=60), st.integers(min_value=1, max_value=70))
def test_clip_keeps_the_limit(text: str, limit: int) -> None:
    clipped = clip(text, limit)

    assert len(clipped) <= limit
    assert clipped == text or clipped.endswith("…")


def test_clip_refuses_no_room() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        clip("你好", 0)
