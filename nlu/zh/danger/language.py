"""The small language of the danger files, compiled to regular expressions.

Clinicians read these files, so patterns are written in Chinese with few signs; ``data/danger_words.json`` explains
them. Every gap and every repeat is bounded, so that matching stays linear in the length of the message.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

_DATA: Final = Path(__file__).resolve().parent.parent / "data"
_GAPS: Final = {"………": "[^。？]{0,30}?", "……": "[^。？]{0,15}?", "…": "[^。？]{0,6}?"}
_LIST_NAME: Final = re.compile(r"<([a-z_]+)>")
_PLAIN_GROUP: Final = re.compile(r"\((?!\?)")
# Open-ended repeats would make a message of ten thousand equal characters cost their square.
_REPEATS: Final = {"*": "{0,5}", "+": "{1,6}"}


def read(name: str) -> dict[str, Any]:
    """Read ``data/danger_<name>.json``."""
    content: dict[str, Any] = json.loads((_DATA / f"danger_{name}.json").read_text(encoding="utf-8"))
    return content


@lru_cache(maxsize=1)
def _word_lists() -> dict[str, list[str]]:
    lists: dict[str, list[str]] = read("words")["lists"]
    return lists


def _spell_out(pattern: str) -> str:
    """Replace each ``<list>`` by its words; lists may name other lists."""
    while found := _LIST_NAME.search(pattern):
        words = _word_lists().get(found.group(1))
        if words is None:
            raise ValueError(f"no word list <{found.group(1)}> for {pattern!r}")
        # Longest first, so that 「老伴儿」 is not cut to 「老伴」; a lone class like <chest_gap> needs no group.
        choice = words[0] if len(words) == 1 else "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"
        pattern = pattern[: found.start()] + choice + pattern[found.end() :]
    return pattern


def compile_any(patterns: list[str]) -> re.Pattern[str]:
    """Compile alternatives of the danger language into one regular expression.

    Raises:
        ValueError: a pattern names an unknown list or is no regular expression.
    """
    parts = []
    for pattern in patterns:
        spelled = _PLAIN_GROUP.sub("(?:", _spell_out(pattern))
        for sign, meaning in (_GAPS | _REPEATS).items():
            spelled = spelled.replace(sign, meaning)
        try:
            re.compile(spelled)
        except re.error as error:
            raise ValueError(f"{pattern!r}: {error}") from error
        parts.append(spelled)
    return re.compile("|".join(parts))


def compile_optional(patterns: list[str]) -> re.Pattern[str] | None:
    """Like :func:`compile_any`; None for no patterns."""
    return compile_any(patterns) if patterns else None
