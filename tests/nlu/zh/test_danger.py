"""Danger words, as tables and as properties. The tables are invented; the measuring set is not among them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.zh.danger import Danger, detect
from nlu.zh.danger.context import softeners
from nlu.zh.danger.language import compile_any, read
from nlu.zh.danger.measures import spoken_number
from nlu.zh.danger.patterns import FILES, patterns
from nlu.zh.fold import fold

TABLES = Path(__file__).parent / "tables"
DATA_FILES = (*FILES, "words", "context", "everyday", "numbers", "spelling")


def rows(name: str) -> list[tuple[str, str]]:
    """The rows of a table as (what is expected, sentence)."""
    lines = (TABLES / name).read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(expected, sentence) for expected, sentence in pairs]


NOW = rows("danger_now.tsv")
NOT_NOW = rows("danger_not_now.tsv")


def shown(danger: Danger | None) -> str:
    """A finding as the tables write it."""
    if danger is None:
        return "-"
    return f"{danger.category}/{danger.kind}{'+act' if danger.act else ''}{'' if danger.certain else '?'}"


@pytest.mark.parametrize(("expected", "sentence"), NOW)
def test_what_must_act_at_once(expected: str, sentence: str) -> None:
    assert shown(detect(sentence)) == expected


@pytest.mark.parametrize(("expected", "sentence"), NOT_NOW)
def test_what_must_not_act_at_once(expected: str, sentence: str) -> None:
    assert shown(detect(sentence)) == expected


def test_every_kind_has_its_sentences() -> None:
    counts = {expected: 0 for expected, _ in NOW}
    for expected, _ in NOW:
        counts[expected] += 1

    assert len(counts) == 12
    assert min(counts.values()) >= 15


# What people say around a cry must not silence it.
PREFIXES = (
    "你好，",
    "我妈今年82岁，有高血压，",
    "我是他女儿，我在外地，",
    "昨天还好好的，",
    "以前从来没有这样，",
    "护工刚才打电话说，",
)
SUFFIXES = (
    "，怎么办",
    "，家里只有我一个人",
    "，昨天还好好的",
    "，不知道是什么原因",
    "，我好怕",
    "，我用手机打的",
    "。我想约的助浴先取消",
)
# One row a kind of finding and more: all rows would only repeat themselves.
SAMPLE = [row for index, row in enumerate(NOW) if index % 7 == 0 and not row[0].startswith("fraud")]


@pytest.mark.parametrize(("expected", "sentence"), SAMPLE)
def test_small_talk_around_a_danger_does_not_silence_it(expected: str, sentence: str) -> None:
    category = expected.partition("/")[0]
    for wrapped in (*(prefix + sentence for prefix in PREFIXES), *(sentence + suffix for suffix in SUFFIXES)):
        found = detect(wrapped)

        assert found is not None, wrapped
        assert (found.category, found.certain) == (category, True), wrapped


@pytest.mark.parametrize(
    ("expected", "sentence"), [row for row in NOW if not any(c.isdigit() for c in row[1])]
)
def test_blanks_emoji_and_missing_commas_hide_nothing(expected: str, sentence: str) -> None:
    category = expected.partition("/")[0]
    for broken in (
        " ".join(sentence),
        "😭".join(sentence),
        sentence.replace("，", "\n"),
        sentence.replace("，", " "),
    ):
        found = detect(broken)

        assert found is not None, broken
        assert (found.category, found.certain) == (category, True), broken


@pytest.mark.parametrize("sentence", ["你好", "你好，谢谢", "麻烦你，"])
@pytest.mark.parametrize(
    "everyday", ["累死了", "洗澡老怕摔", "血压160", "约护士上门换药", "煤气费怎么交", "腰疼三天了"]
)
def test_small_talk_makes_no_danger_of_everyday_words(sentence: str, everyday: str) -> None:
    assert detect(f"{sentence}，{everyday}，谢谢") is None


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("你好，我妈摔倒了", "摔倒"),
        ("救 ! 命 !", "救 ! 命"),
        ("😭胸😭口疼", "胸😭口疼"),
        ("阿媽喘唔到氣", "喘唔到"),
        ("今天血氧 85", "血氧 85"),
    ],
)
def test_the_words_are_given_as_they_were_typed(sentence: str, words: str) -> None:
    found = detect(sentence)

    assert found is not None
    assert found.text == words
    assert sentence[found.start : found.end] == words


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("以前晕倒过，现在家里着火了", "emergency/fire"),
        ("我不想活了，以前胸口疼过", "crisis/despair"),
        ("有人要我验证码，我妈摔倒了起不来", "emergency/fall"),
        ("不想活了，有人骗了我五万块", "crisis/despair"),
        ("割腕了血止不住", "crisis/despair+act"),
        ("救命，我家煤气漏了", "emergency/gas"),
        ("救命，摔倒了", "emergency/fall"),
        ("有人打电话说我儿子出车祸要打钱", "fraud/scam"),
    ],
)
def test_the_gravest_finding_wins(sentence: str, expected: str) -> None:
    assert shown(detect(sentence)) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [("190", 190), ("37.8", 37.8), ("一百九", 190), ("两百", 200), ("两百二", 220), ("一百零五", 105), ("二十", 20), ("十八", 18),
     ("八十二", 82), ("三点二", 3.2), ("一百八十五", 185), ("百", None), ("一三五", None)],
)  # fmt: skip
def test_spoken_numbers(text: str, value: float | None) -> None:
    assert spoken_number(text) == value


@pytest.mark.parametrize(
    "sentence",
    [
        "血压160",
        "血压120/80",
        "高压一百四",
        "血氧97",
        "血糖7.8",
        "心率75",
        "体温36.8",
        "血压药120片",
        "发烧3天了",
        "血压计200块",
    ],
)
def test_ordinary_readings_are_no_danger(sentence: str) -> None:
    assert detect(sentence) is None


@given(st.text(alphabet=st.characters(), max_size=120))
def test_never_raises_and_offsets_slice_back(text: str) -> None:
    found = detect(text)

    if found is not None:
        assert text[found.start : found.end] == found.text
        assert found.text


DANGER_CHARACTERS = sorted({char for _, sentence in NOW + NOT_NOW for char in sentence})


@settings(max_examples=200)
@given(
    st.text(alphabet=st.sampled_from([*DANGER_CHARACTERS, "，", "。", " ", "\u200b", "1", "."]), max_size=60)
)
def test_offsets_slice_back_in_what_looks_like_danger(text: str) -> None:
    found = detect(text)

    if found is not None:
        assert text[found.start : found.end] == found.text
        assert found.category in {"emergency", "crisis", "fraud"}


@given(st.text(alphabet=st.characters(), max_size=80))
def test_folding_keeps_the_way_back(text: str) -> None:
    folded = fold(text)

    assert len(folded.text) == len(folded.offsets)
    assert list(folded.offsets) == sorted(set(folded.offsets))
    assert all(0 <= offset < len(text) for offset in folded.offsets)


def test_the_worst_message_is_still_answered() -> None:
    assert shown(detect("你好" * 2500 + "，我妈摔倒了起不来" + "，谢谢" * 2000)) == "emergency/fall"


def test_every_pattern_is_bounded() -> None:
    for pattern in patterns():
        for part in (pattern.say, pattern.unless, pattern.steady, pattern.sure_if, pattern.ask_if):
            if part is not None:
                assert not set("*+") & set(part.pattern), pattern.id


def test_ids_are_unique_and_everything_is_explained() -> None:
    loaded = [row for name in FILES for row in read(name)["patterns"]]
    ids = [row["id"] for row in loaded]

    assert len(set(ids)) == len(ids)
    for row in [
        *loaded,
        *read("context")["softeners"],
        *read("everyday")["entries"],
        *read("numbers")["measures"],
    ]:
        assert len(row["comment"]) >= 5, row
    for name in DATA_FILES:
        assert read(name)["comment"]


def test_what_a_pattern_keeps_is_a_softener() -> None:
    known = {softener.id for softener in softeners()}

    for pattern in patterns():
        assert pattern.keeps <= known, pattern.id


def test_a_broken_pattern_says_which() -> None:
    with pytest.raises(ValueError, match="no word list <nobody>"):
        compile_any(["<nobody>摔倒"])
    with pytest.raises(ValueError, match="疼"):
        compile_any(["(疼"])


def test_a_danger_is_found_by_a_pattern_that_can_be_looked_up() -> None:
    known = {pattern.id for pattern in patterns()} | {
        f"measure_{row['id']}" for row in read("numbers")["measures"]
    }

    for _, sentence in NOW:
        found = detect(sentence)
        assert found is not None
        assert found.rule in known


def test_spelling_keeps_lengths() -> None:
    spelling = read("spelling")

    assert len(spelling["traditional"]["from"]) == len(spelling["traditional"]["to"])
    assert all(len(row["heard"]) == len(row["meant"]) for row in spelling["mishearings"])
    assert all(len(row["from"]) == len(row["to"]) == 1 for row in spelling["dialect"])
