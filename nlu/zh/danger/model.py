"""What the safety rules can find in a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Category = Literal["emergency", "crisis", "fraud"]
Kind = Literal[
    "illness",
    "fall",
    "fire",
    "gas",
    "choking",
    "bleeding",
    "poison",
    "violence",
    "missing",
    "despair",
    "scam",
]


@dataclass(frozen=True)
class Danger:
    """The gravest danger found in a message.

    Attributes:
        category: what the conversation does about it: 120 and people at once, a calm crisis talk, a warning.
        kind: which words to say: ``gas`` is told to open the window, ``fall`` not to lift.
        certain: False asks one gentle check question instead of acting.
        text: the words that told, as the person wrote them.
        start: where ``text`` begins in the message, in code points.
        end: where it ends, exclusive.
        act: an act against oneself is under way or its means are at hand: 120 and 110 are said as well.
        rule: the id of the pattern or measure that found it, for the incident record.
    """

    category: Category
    kind: Kind
    certain: bool
    text: str
    start: int
    end: int
    act: bool = False
    rule: str = ""
