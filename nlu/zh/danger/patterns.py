"""The reviewed patterns, loaded once and compiled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal

from nlu.zh.danger.context import Place, softened_by
from nlu.zh.danger.language import compile_any, compile_optional, read
from nlu.zh.danger.model import Category, Kind

FILES: Final = ("illness", "accident", "people", "crisis", "fraud")
_FIELDS: Final = frozenset(
    "id comment category kind certain act generic story soft say unless steady sure_if ask_if keeps".split()
)
# A message of ten thousand repeated words must stay cheap; the first findings of a pattern tell as much as the rest.
_MOST_FINDINGS: Final = 100
_SURROUNDINGS: Final = 40
_CLOSE_BY: Final = 10

Verdict = Literal["certain", "ask", "drop"]


@dataclass(frozen=True)
class Pattern:
    """One rule: ``say`` finds it, the rest judges what was found by its surroundings.

    Attributes:
        generic: a bare cry, told after anything more specific.
        story: a caller's tale (「你儿子出车祸了，要打钱」); emergencies inside it are not believed.
        soft: what a softener makes of it: a question, or nothing.
        unless: words around it that show it is something else.
        steady: words that show an old, cared-for condition; a ``sudden`` word overrules them.
        sure_if: words around it that make an uncertain finding certain.
        ask_if: words around it that make a certain finding a question.
        keeps: the softeners that do not touch it.
    """

    id: str
    category: Category
    kind: Kind
    certain: bool
    act: bool
    generic: bool
    story: bool
    soft: Literal["ask", "drop"]
    keeps: frozenset[str]
    say: re.Pattern[str]
    unless: re.Pattern[str] | None
    steady: re.Pattern[str] | None
    sure_if: re.Pattern[str] | None
    ask_if: re.Pattern[str] | None

    def spans(self, masked: str) -> Iterator[tuple[int, int]]:
        """Where the pattern stands in a folded message whose everyday talk is taken out."""
        for count, found in enumerate(self.say.finditer(masked)):
            if count == _MOST_FINDINGS:
                return
            if found.end() > found.start():
                yield found.span()

    def judge(self, text: str, start: int, end: int) -> Verdict:
        """Whether what stands at ``text[start:end]`` is certain, worth a question, or nothing."""
        place = Place(text, start, end)
        around = text[max(0, start - _SURROUNDINGS) : end + _SURROUNDINGS]
        close_by = text[max(0, start - _CLOSE_BY) : end + _CLOSE_BY]
        if self.unless and self.unless.search(close_by):
            return "drop"
        # What the next sentence asks for (「助浴先取消」) says nothing about this one.
        so_far = text[max(0, start - _SURROUNDINGS) : end] + place.rest_of_sentence
        if self.steady and self.steady.search(so_far) and not sudden().search(around):
            return "drop"
        certain = self.certain
        if self.sure_if and self.sure_if.search(around):
            certain = True
        if self.ask_if and self.ask_if.search(around):
            certain = False
        return self._soften(certain, place)

    def _soften(self, certain: bool, place: Place) -> Verdict:
        verdict: Verdict = "certain" if certain else "ask"
        for softener in softened_by(place, self.keeps):
            softened: Verdict = ("ask" if certain else "drop") if softener.lower else self.soft
            verdict = max(verdict, softened, key=_MILDER.index)
        return verdict


_MILDER: Final[list[Verdict]] = ["certain", "ask", "drop"]


@lru_cache(maxsize=1)
def sudden() -> re.Pattern[str]:
    """Words that say an old trouble has become a new one."""
    return compile_any(["<sudden>"])


def _load(row: dict[str, Any]) -> Pattern:
    unknown = row.keys() - _FIELDS
    if unknown:
        raise ValueError(f"pattern {row.get('id')!r} has unknown fields {sorted(unknown)}")
    certain: bool = row.get("certain", True)
    return Pattern(
        id=row["id"],
        category=row["category"],
        kind=row["kind"],
        certain=certain,
        act=row.get("act", False),
        generic=row.get("generic", False),
        story=row.get("story", False),
        # A question about what was uncertain from the start would be one too many.
        soft=row.get("soft", "ask" if certain else "drop"),
        keeps=frozenset(row.get("keeps", ())),
        say=compile_any(row["say"]),
        unless=compile_optional(row.get("unless", [])),
        steady=compile_optional(row.get("steady", [])),
        sure_if=compile_optional(row.get("sure_if", [])),
        ask_if=compile_optional(row.get("ask_if", [])),
    )


@lru_cache(maxsize=1)
def patterns() -> tuple[Pattern, ...]:
    """All patterns of the danger files.

    Raises:
        ValueError: a file has an unknown field, an unknown word list or a broken pattern.
    """
    loaded = []
    for name in FILES:
        content = read(name)
        defaults = content.get("defaults", {})
        loaded += [_load({**defaults, **row}) for row in content["patterns"]]
    return tuple(loaded)


@lru_cache(maxsize=1)
def everyday() -> re.Pattern[str]:
    """Everyday talk that sounds like danger and is none."""
    return compile_any([say for entry in read("everyday")["entries"] for say in entry["say"]])
