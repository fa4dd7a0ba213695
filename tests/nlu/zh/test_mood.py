"""A guess at how somebody feels, as a table."""

from __future__ import annotations

import pytest

from nlu.zh.mood import mood
from nlu.zh.signs_of_end import only_thanks


@pytest.mark.parametrize(
    ("said", "feels"),
    [
        ("你们太不像话了，约好了没人来", "angry"),
        ("我要投诉", "angry"),
        ("人怎么还没到，我着急", "anxious"),
        ("这可怎么办啊", "anxious"),
        ("一个人在家，闷得慌", "sad"),
        ("唉，没人管我", "sad"),
        ("我不着急，您慢慢来", "neutral"),
        ("约个助浴", "neutral"),
        ("", "neutral"),
    ],
)
def test_mood(said: str, feels: str) -> None:
    assert mood([said])["mood"] == feels
    assert mood([said])["guess"] is True


def test_the_newest_words_count() -> None:
    assert mood(["气死我了", "唉，没人管我"])["mood"] == "sad"
    assert mood(["气死我了", "好的"])["mood"] == "angry"


@pytest.mark.parametrize("said", ["谢谢", "好的，谢谢您", "好了。", "嗯嗯", "谢谢管家，再见"])
def test_only_thanks(said: str) -> None:
    assert only_thanks(said)


@pytest.mark.parametrize("said", ["谢谢，那明天几点来？", "还是不行", "没有", "约个助浴", ""])
def test_more_than_thanks(said: str) -> None:
    assert not only_thanks(said)
