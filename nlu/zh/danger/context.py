"""What stands around a danger word and makes it less certain: denied, past, chronic, over, taught, dreamt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal

from nlu.zh.danger.language import compile_any, compile_optional, read
from nlu.zh.fold import COMMA, QUESTION, STOP

Where = Literal["just_before", "just_after", "clause_before", "before", "after", "around"]

_BEFORE: Final = 20
_AFTER: Final = 25
_NEAR: Final = 8


@dataclass(frozen=True)
class Softener:
    """One kind of context, compiled; the fields are explained in ``data/danger_context.json``."""

    id: str
    where: Where
    say: re.Pattern[str]
    cancelled_by: re.Pattern[str] | None
    lower: bool


@dataclass(frozen=True)
class Place:
    """A finding in its message: the folded text, and where in it the finding, its sentence and its surroundings are."""

    text: str
    start: int
    end: int

    @property
    def before(self) -> str:
        """The sentence up to the finding, at most 20 characters."""
        first = max(0, self.start - _BEFORE)
        cut = max(self.text.rfind(STOP, first, self.start), self.text.rfind(QUESTION, first, self.start))
        return self.text[max(first, cut + 1) : self.start]

    @property
    def after(self) -> str:
        """What follows the finding, at most 25 characters, into the next sentence."""
        return self.text[self.end : self.end + _AFTER]

    @property
    def rest_of_sentence(self) -> str:
        """What follows the finding up to the end of its sentence."""
        return re.split("[。？]", self.after, maxsplit=1)[0]

    @property
    def found(self) -> str:
        """The words of the finding."""
        return self.text[self.start : self.end]


def _load(row: dict[str, Any]) -> Softener:
    return Softener(
        id=row["id"],
        where=row["where"],
        say=compile_any(row["say"]),
        cancelled_by=compile_optional(row.get("cancelled_by", [])),
        lower=row.get("lower", False),
    )


@lru_cache(maxsize=1)
def softeners() -> tuple[Softener, ...]:
    """All softeners of ``data/danger_context.json``."""
    return tuple(_load(row) for row in read("context")["softeners"])


def _applies(softener: Softener, place: Place) -> bool:
    near_end = place.rest_of_sentence[:_NEAR]
    if softener.where != "around":
        near_end = near_end.partition(COMMA)[0]
    if softener.where in ("just_before", "clause_before", "before"):
        before = place.before if softener.where != "clause_before" else place.before.rpartition(COMMA)[2]
        found = softener.say.search(before)
        # Only what is said after 「去年」 can take it back: 「去年摔过，今天又摔了」.
        still_open = before[found.end() :] if found else ""
    elif softener.where in ("just_after", "after"):
        found = softener.say.search(place.after if softener.where == "after" else place.rest_of_sentence)
        still_open = place.before
    else:
        found = softener.say.search(place.before + place.found + place.rest_of_sentence)
        still_open = place.before
    if not found:
        return False
    taken_back = softener.cancelled_by and softener.cancelled_by.search(still_open + place.found + near_end)
    return not taken_back


def softened_by(place: Place, keeps: frozenset[str]) -> list[Softener]:
    """The softeners that apply to a finding, except those in ``keeps``."""
    return [softener for softener in softeners() if softener.id not in keeps and _applies(softener, place)]
