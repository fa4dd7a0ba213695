"""What is asked one at a time after a danger, read from `data/danger_questions.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from domain.catalogue import DATA

ANSWERS = ("yes", "no")
_ANY = "any"
_ENDS = " 。，！!？?~～,."


@dataclass(frozen=True)
class Questions:
    """Questions by kind of danger; `gravest_first` are the kinds of emergency in their order, `leave_first` those in which nobody lies still; `grave` has the answer of a question after which the way to help is said again,
    `typed` the answers in words: of each question, and of whichever is asked."""

    of: Mapping[str, Sequence[str]]
    gravest_first: Sequence[str]
    leave_first: frozenset[str]
    asked_once: Mapping[str, str]
    own: tuple[re.Pattern[str], re.Pattern[str], frozenset[str]]
    already: Mapping[str, re.Pattern[str]]
    grave: Mapping[str, str]
    skips: Mapping[str, Mapping[str, Sequence[str]]]
    closes: frozenset[str]
    typed: Mapping[str, Mapping[str, str]]
    false_alarm: frozenset[str]
    sure: Mapping[str, bool]
    refuses: Sequence[str]
    told: Sequence[str]
    after_words: Mapping[str, str]
    source: str

    def sorted(self, kinds: Iterable[str]) -> list[str]:
        """Kinds of danger, the gravest first; what is no emergency last."""
        known = list(self.gravest_first)
        return sorted(kinds, key=lambda kind: known.index(kind) if kind in known else len(known))

    def words_of(self, kind: str, others: Iterable[str]) -> str:
        """The kind whose first words are said to a danger in which these came before: while it burns nobody is told to
        lie still."""
        leave = [other for other in self.sorted(others) if other in self.leave_first]
        return leave[0] if leave and kind not in self.leave_first else kind

    def to_ask(self, kinds: Iterable[str]) -> list[str]:
        """The questions of all these dangers, each once: in the order of each, the graver danger's before the other's."""
        place: dict[str, int] = {}
        for kind in self.sorted(kinds):
            for number, name in enumerate(self.of.get(kind, ())):
                place[name] = max(place.get(name, 0), number)
        return sorted(place, key=place.__getitem__)

    def known(self, kind: str, text: str, *, confirmed: bool) -> frozenset[str]:
        """The questions that need not be asked any more after these words. `confirmed`: what is asked once of a kind has
        been said or answered."""
        begins, others, knows = self.own
        own = begins.search(text) is not None and others.search(text) is None
        once = frozenset({self.asked_once[kind]} if confirmed and kind in self.asked_once else ())
        told = {question for question, words in self.already.items() if words.search(text)}
        return once | told | (knows if own else frozenset())

    def heard(self, question: str, text: str) -> str | None:
        """The answer that a whole message is to a question; None where it is something else."""
        said = _bare(text)
        return self.typed.get(question, {}).get(said) or self.typed[_ANY].get(said)

    def is_false_alarm(self, text: str) -> bool:
        """Whether a whole message says that it was none."""
        return _bare(text) in self.false_alarm

    def is_sure(self, text: str) -> bool | None:
        """What a whole message says to "was it none?"; None where it says something else."""
        return self.sure.get(_bare(text))

    def refused(self, text: str) -> bool:
        """Whether somebody does not want an ambulance."""
        return any(words in text for words in self.refuses)

    def asks_who(self, text: str) -> bool:
        """Whether somebody asks who has been told."""
        return any(words in text for words in self.told)

    def how_after(self, text: str) -> str | None:
        """`good` or `bad`, where a whole message answers the question of the day after."""
        return self.after_words.get(_bare(text))


def _bare(text: str) -> str:
    return text.strip(_ENDS)


@cache
def load() -> Questions:
    """The questions. Raises KeyError where the data lack a part."""
    rows = tomllib.loads((DATA / "danger_questions.toml").read_text(encoding="utf-8"))
    alarm = rows["false_alarm"]
    return Questions(
        of=rows["of"],
        gravest_first=rows["gravest_first"],
        leave_first=frozenset(rows["leave_first"]),
        asked_once=rows["asked_once"],
        own=(
            re.compile(rows["own"]["own"]),
            re.compile(rows["own"]["others"]),
            frozenset(rows["own"]["knows"]),
        ),
        already={question: re.compile(words) for question, words in rows["already"].items()},
        grave=rows["grave"],
        skips=rows["skips"],
        closes=frozenset(alarm["closes"]),
        typed={
            question: {text: answer for answer in ANSWERS for text in of[answer]}
            for question, of in rows["typed"].items()
        },
        false_alarm=frozenset(alarm["typed"]),
        sure={**dict.fromkeys(alarm["sure"], True), **dict.fromkeys(alarm["not"], False)},
        refuses=rows["refuses"]["typed"],
        told=rows["told"]["typed"],
        after_words={text: name for name in ("good", "bad") for text in rows["after"][name]},
        source=rows["source"],
    )
