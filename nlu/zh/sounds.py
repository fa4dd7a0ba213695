"""Words that voice input writes by their sound: 「帮我约个主语」 means 助浴.

Old people speak more than they type, and a recogniser that does not know the services' names writes common characters
of the same sound. A service's name is recognised by its syllables, tones aside; in names of three characters and more
also with what southern speech does not tell apart (zh and z, n and l, an and ang). What is a word of its own
(牙床, 医嘱) is left as it stands.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from pypinyin import lazy_pinyin

_DATA = json.loads((Path(__file__).parent / "data" / "sounds.json").read_text(encoding="utf-8"))
_NO_SOUND = "#"
_LIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_TELLS_ALL_APART = 2


def as_meant(text: str) -> str:
    """The text with each word that sounds like a service's name written as that name; the length is kept."""
    syllables = [_syllable(character) for character in text]
    merged = [_merge(syllable) for syllable in syllables]
    chars = list(text)
    start = 0
    while start < len(text):
        length = _write_at(start, text, chars, syllables, merged)
        start += max(length, 1)
    return "".join(chars)


def heard(text: str) -> str:
    """How the text sounds: a syllable a character, blanks between, without tones and what southern speech merges."""
    return " ".join(_merge(_syllable(c)) if "\u4e00" <= c <= "\u9fff" else c for c in text if c.strip())


def _write_at(start: int, text: str, chars: list[str], syllables: list[str], merged: list[str]) -> int:
    """Write what is heard at `start` into `chars`; how many characters that were, 0 for none."""
    for length in _LENGTHS:
        key = tuple((syllables if length <= _TELLS_ALL_APART else merged)[start : start + length])
        meant = _MEANT.get(key)
        said = text[start : start + length]
        if meant is None or said == meant or _is_a_word(text, start, length):
            continue
        chars[start : start + length] = meant
        return length
    return 0


def _is_a_word(text: str, start: int, length: int) -> bool:
    """Whether what stands here, or a word that reaches into it, is a word of its own."""
    around = text[max(0, start - 1) : start + length + 1]
    return any(word in around for word in _WORDS)


@lru_cache(maxsize=8192)
def _syllable(character: str) -> str:
    if not "\u4e00" <= character <= "\u9fff":
        return _NO_SOUND
    return str(lazy_pinyin(character)[0])


@lru_cache(maxsize=1024)
def _merge(syllable: str) -> str:
    for said, heard in _LIKE:
        if syllable.startswith(said):
            syllable = heard + syllable[len(said) :]
    if syllable.endswith("ng"):
        syllable = syllable[:-1]
    return "n" + syllable[1:] if syllable.startswith("l") else syllable


def _key(word: str) -> tuple[str, ...]:
    syllables = [_syllable(character) for character in word]
    return tuple(syllables if len(word) <= _TELLS_ALL_APART else map(_merge, syllables))


_MEANT: dict[tuple[str, ...], str] = {_key(word): word for word in _DATA["names"]}
_WORDS: frozenset[str] = frozenset(_DATA["words"])
_LENGTHS = sorted({len(word) for word in _DATA["names"]}, reverse=True)
