"""Readings told in a message: 「血氧85」, 「高压一百九」. Thresholds are data, for a clinician to approve."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal

from nlu.zh.danger.context import Place, softened_by
from nlu.zh.danger.language import read

_DIGITS: Final = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_FILLER: Final = "(?:是|到|有|才|只有|只|就|都|快|已经|大概|量了|测了|测|量|出来|显示|了|掉|降|升|高|低|又|，|的?时候|今天|现在|一下|飙|一直|往下|往上|直){0,6}"
_NUMBER: Final = r"(\d{1,3}(?:\.\d)?|[一二两三四五六七八九零〇十百点]{1,6})(?![\d年月日号块元天次岁])"


@dataclass(frozen=True)
class Measure:
    """A quantity of the body and when its reading is alarming; bounds are inclusive, None means no bound.

    `sure_with` is what, said beside an alarming reading, leaves no doubt: high pressure with a headache.
    """

    id: str
    words: re.Pattern[str]
    plausible: tuple[float, float]
    at_most: float | None
    at_least: float | None
    sure_at_most: float | None
    sure_at_least: float | None
    sure_with: re.Pattern[str] | None

    def judge(self, value: float) -> Literal["certain", "ask"] | None:
        """Whether a reading is certain danger, worth a question, or neither (also when it cannot be a reading)."""
        low, high = self.plausible
        if not low <= value <= high:
            return None
        if _beyond(value, self.sure_at_most, self.sure_at_least):
            return "certain"
        return "ask" if _beyond(value, self.at_most, self.at_least) else None


@dataclass(frozen=True)
class Reading:
    """An alarming reading in a folded message."""

    id: str
    certain: bool
    start: int
    end: int


def _beyond(value: float, low: float | None, high: float | None) -> bool:
    return (low is not None and value <= low) or (high is not None and value >= high)


def spoken_number(text: str) -> float | None:
    """Read 「190」, 「37.8」, 「一百九」 (190), 「两百二」 (220), 「二十」, 「三点二」; None where it is no such number."""
    if text[0].isdigit():
        return float(text)
    whole, point, tenth = text.partition("点")
    if point:
        base, part = spoken_number(whole) if whole else None, _DIGITS.get(tenth)
        return None if base is None or part is None else base + part / 10
    hundreds, has_hundred, rest = text.rpartition("百")
    total = _DIGITS.get(hundreds, 0) * 100 if has_hundred else 0
    if has_hundred and (not hundreds or hundreds not in _DIGITS):
        return None
    tens, has_ten, ones = rest.rpartition("十")
    if has_ten:
        return total + _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)
    if has_hundred and len(ones) == 1:
        return total + _DIGITS[ones] * 10
    if len(ones) > 2 or (len(ones) == 2 and ones[0] not in "零〇"):
        return None
    return total + (_DIGITS.get(ones[-1], 0) if ones else 0)


def _load(row: dict[str, Any]) -> Measure:
    words = "|".join(sorted(row["words"], key=len, reverse=True))
    low, high = row["plausible"]
    return Measure(
        id=row["id"],
        words=re.compile(f"(?:{words}){_FILLER}{_NUMBER}"),
        plausible=(low, high),
        at_most=row.get("at_most"),
        at_least=row.get("at_least"),
        sure_at_most=row.get("sure_at_most"),
        sure_at_least=row.get("sure_at_least"),
        sure_with=re.compile("|".join(row["sure_with"])) if "sure_with" in row else None,
    )


@lru_cache(maxsize=1)
def measures() -> tuple[Measure, ...]:
    """All measures of ``data/danger_numbers.json``."""
    return tuple(_load(row) for row in read("numbers")["measures"])


def alarming(text: str) -> Iterator[Reading]:
    """The alarming readings of a folded message; what is past, denied or over is left out."""
    for measure in measures():
        for found in measure.words.finditer(text):
            value = spoken_number(found.group(1))
            verdict = None if value is None else measure.judge(value)
            if verdict is None:
                continue
            if verdict == "ask" and measure.sure_with is not None and measure.sure_with.search(text):
                verdict = "certain"
            softened = softened_by(Place(text, *found.span()), frozenset({"chronic", "fear"}))
            if not softened:
                yield Reading(measure.id, verdict == "certain", *found.span())
