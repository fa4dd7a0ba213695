"""Text hygiene: what is done to every incoming message before anybody reads it.

``clean`` is for storing and showing; matching works on :mod:`nlu.zh.fold`, which keeps offsets.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_ZWJ: Final = "\u200d"

# Full-width letters and digits only: NFKC would also turn 「，」「？」 into ASCII, which Chinese text must keep.
_WIDE: Final = {
    code: code - 0xFEE0
    for start, end in ((0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A))
    for code in range(start, end + 1)
}
# Characters that are letters or symbols to Unicode and nothing at all to the eye.
_BLANK: Final = dict.fromkeys(map(ord, "\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5"))
_KANGXI_RADICALS: Final = re.compile("[\u2e80-\u2fd5]")
_SPACE_RUN: Final = re.compile(r"\s+")

_EMOJI: Final = (
    "\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2300-\u23ff\u2190-\u21ff"
    "\u25a0-\u25ff\u3030\u303d\u3297\u3299\u203c\u2049\u2122\u2139"
)
_VARIATION: Final = "\ufe0e\ufe0f"
_ONLY_EMOJI: Final = re.compile(f"[{_EMOJI}]")
_IGNORED_BESIDE_EMOJI: Final = frozenset("，。！？；：、～…·,.!?;:~ \n" + _ZWJ + _VARIATION)
_JOINED_TO_PREVIOUS: Final = re.compile(f"[{_ZWJ}{_VARIATION}\u20e3\U0001f3fb-\U0001f3ff]")


def _is_hidden(char: str) -> bool:
    """Whether a character takes no place on the screen: controls, bidi marks, lone surrogates, private use."""
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co"} or (ord(char) & 0xFFFE) == 0xFFFE


def clean(text: str) -> str:
    """Return the text as it should be stored and shown; idempotent.

    Composes (NFC), narrows full-width letters and digits, drops control, zero-width, bidi and private
    characters and lone surrogates, turns each run of whitespace into one space (or one newline, where the run
    holds one) and trims the ends. Emoji stay whole, full-width punctuation stays full-width.
    """
    if text.isascii() and text.isprintable():
        return _SPACE_RUN.sub(" ", text).strip()
    kept: list[str] = []
    for char in text:
        if char in "\n\r\u2028\u2029\x85":
            kept.append("\n")
        elif char in "\t\x0b\x0c":
            kept.append(" ")
        elif char == _ZWJ:
            if kept and (_ONLY_EMOJI.match(kept[-1]) or kept[-1] in _VARIATION):
                kept.append(char)
        elif not _is_hidden(char):
            kept.append(char)
    # The blanks go before composing, else they could keep two halves of a letter apart until the next call.
    bare = "".join(kept).translate(_WIDE).translate(_BLANK)
    bare = _KANGXI_RADICALS.sub(lambda found: unicodedata.normalize("NFKC", found.group()), bare)
    composed = unicodedata.normalize("NFC", bare)
    return _SPACE_RUN.sub(lambda run: "\n" if "\n" in run.group() else " ", composed).strip(" \n" + _ZWJ)


def is_empty(text: str) -> bool:
    """Whether nothing is left that a person could see: only blanks, controls or invisible marks."""
    return not clean(text).strip(_VARIATION)


def only_emoji(text: str) -> bool:
    """Whether the message is emoji alone (👍, ❤️❤️), punctuation and blanks between them not counted.

    A keycap (1️⃣) answers a question with a number, so it does not count.
    """
    seen = False
    for char in clean(text):
        if _ONLY_EMOJI.match(char):
            seen = True
        elif char not in _IGNORED_BESIDE_EMOJI:
            return False
    return seen


def clip(text: str, limit: int) -> str:
    """Cut the text to at most ``limit`` code points, the last of them 「…」 where something was cut.

    Never cuts through a joined emoji (👨‍👩‍👧, 👍🏽, 1️⃣) or between a letter and its combining mark.

    Raises:
        ValueError: ``limit`` is below 1.
    """
    if limit < 1:
        raise ValueError(f"limit must be at least 1, got {limit}")
    if len(text) <= limit:
        return text
    end = limit - 1
    while end > 0 and (
        _JOINED_TO_PREVIOUS.match(text[end]) or unicodedata.combining(text[end]) or text[end - 1] == _ZWJ
    ):
        end -= 1
    return text[:end].rstrip() + "…"
