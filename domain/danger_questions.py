"""What is asked one at a time after a danger, read from `data/danger_questions.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from domain.catalogue import DATA

ANSWERS = ("yes", "no")


@dataclass(frozen=True)
class Questions:
    """Questions by kind of danger; `grave` has the answer of a question after which the way to help is said again."""

    of: Mapping[str, Sequence[str]]
    grave: Mapping[str, str]
    closes: frozenset[str]
    typed: Mapping[str, str]
    source: str

    def after(self, kind: str, asked: str | None) -> str | None:
        """The question after one of this kind, the first where none was asked; None after the last."""
        names = list(self.of.get(kind, ()))
        place = names.index(asked) + 1 if asked in names else 0
        return names[place] if place < len(names) else None

    def heard(self, text: str) -> str | None:
        """The answer that a whole message is; None where it is something else."""
        return self.typed.get(text.strip(" 。，！!~～,."))


@cache
def load() -> Questions:
    """The questions. Raises KeyError where the data lack a part."""
    rows = tomllib.loads((DATA / "danger_questions.toml").read_text(encoding="utf-8"))
    return Questions(
        of=rows["of"],
        grave=rows["grave"],
        closes=frozenset(rows["false_alarm"]["closes"]),
        typed={text: answer for answer in ANSWERS for text in rows["typed"][answer]},
        source=rows["source"],
    )
