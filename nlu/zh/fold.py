"""The form of a message that rules are matched on, with the way back to the original offsets.

People in trouble type spaces, emoji and punctuation into words (「救!命!」「胸 口 疼」), write traditional
characters, their dialect, or what voice input made of it. Folding takes all that out; it never adds a character.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_DATA: Final = Path(__file__).resolve().parent / "data" / "danger_spelling.json"

COMMA: Final = "，"
STOP: Final = "。"
QUESTION: Final = "？"
MARKS: Final = COMMA + STOP + QUESTION

_MARK_OF: Final = (
    dict.fromkeys("，,：:\n；;|｜", COMMA)
    | dict.fromkeys("。！!\u203c\u2757\u2755", STOP)
    | dict.fromkeys("？?", QUESTION)
)
# Within a number these carry meaning: 血压200/120, 37.8, 10:30.
_NUMBER_MARKS: Final = frozenset("./:-")
# A lone 不 or 没 before a comma is an answer (「不，胸口疼」), not the start of a word.
_LONE_ANSWERS: Final = frozenset("不没无")


@dataclass(frozen=True)
class Folded:
    """A folded message: ``text`` to match on; ``offsets[i]`` is where ``text[i]`` stands in the original."""

    text: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Turn a non-empty span of the folded text into one of the original, end exclusive."""
        return self.offsets[start], self.offsets[end - 1] + 1


def _load() -> tuple[dict[str, str], re.Pattern[str], dict[str, str]]:
    data = json.loads(_DATA.read_text(encoding="utf-8"))
    letters = dict(zip(data["traditional"]["from"], data["traditional"]["to"], strict=True))
    letters |= {row["from"]: row["to"] for row in data["dialect"]}
    heard = {row["heard"]: row["meant"] for row in data["mishearings"]}
    uneven = [word for word, meant in heard.items() if len(word) != len(meant)]
    if uneven:
        raise ValueError(f"mishearings must keep their length: {uneven}")
    longest_first = sorted(heard, key=len, reverse=True)
    return letters, re.compile("|".join(map(re.escape, longest_first))), heard


_LETTERS, _MISHEARD, _MEANT = _load()


def _fold_char(char: str) -> str:
    """One character without its spelling: simplified, narrow, lower case; a mark; or nothing."""
    if char in _LETTERS:
        return _LETTERS[char]
    if "\u4e00" <= char <= "\u9fff":
        return char
    if char in _MARK_OF:
        return _MARK_OF[char]
    if "\uff01" <= char <= "\uff5e":
        char = chr(ord(char) - 0xFEE0)
    lowered = char.lower()
    return lowered if len(lowered) == 1 and lowered.isalnum() else ""


def _unfence(chars: list[str], offsets: list[int], clause: int) -> bool:
    """Take out the mark before a clause of one character; True where the mark after it should go instead."""
    if clause != 1 or chars[-1] in _LONE_ANSWERS:
        return False
    if len(chars) == 1:
        return True
    del chars[-2], offsets[-2]
    return False


def fold(text: str) -> Folded:
    """Fold a message for matching; linear in its length, never raises on any string.

    Blanks, emoji, dots, quotes and the like vanish; what ends a clause becomes 「，」「。」「？」, one for a run; a
    mark beside a single character vanishes too, because it stands inside a word (「救！命！」).
    """
    chars: list[str] = []
    offsets: list[int] = []
    clause = 0  # characters since the last mark that was kept
    for index, char in enumerate(text):
        if (
            char in _NUMBER_MARKS
            and text[index - 1 : index].isdigit()
            and text[index + 1 : index + 2].isdigit()
        ):
            folded = char
        else:
            folded = _fold_char(char)
        if not folded:
            continue
        if folded not in MARKS:
            clause += 1
        elif not chars:
            continue
        elif chars[-1] in MARKS:
            chars[-1] = max(chars[-1], folded, key=MARKS.index)
            continue
        elif _unfence(chars, offsets, clause):
            continue
        else:
            clause = 0
        chars.append(folded)
        offsets.append(index)
    _unfence(chars, offsets, clause)
    joined = _MISHEARD.sub(lambda found: _MEANT[found.group()], "".join(chars))
    return Folded(joined, tuple(offsets))
