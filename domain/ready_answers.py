"""Ready answers that supervisors keep: each change is a row of its own, and the newest row of a code is what holds.

Pure: what an answer may be, and which gaps it may have.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from string import Formatter

from domain.errors import RuleBroken

# What is filled in for the member and the ticket; what is not known becomes a blank that the writer fills in.
GAPS = frozenset({"called", "me", "service", "when", "where", "number", "tail"})
QUEUES = ("life", "doctor", "both")
TITLE, TEXT = 30, 500


class BadAnswer(RuleBroken):
    """An answer that cannot be kept. `problem` names the sentence that says why."""

    code = "bad_answer"

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(eq=False, kw_only=True)
class ReadyAnswer:
    """One version of an answer. `queue` is `life`, `doctor` or `both`; `gone` is that it is used no more."""

    code: str
    version: int
    title: str
    queue: str
    text: str
    author_id: str
    at: datetime
    gone: bool = False
    id: int | None = None


def checked(title: str, queue: str, text: str) -> tuple[str, str, str]:
    """What may be kept, without blanks around it. Raises BadAnswer (`empty`, `long`, `queue`, `gap`)."""
    title, text = title.strip(), text.strip()
    if not title or not text:
        raise BadAnswer("empty")
    if len(title) > TITLE or len(text) > TEXT:
        raise BadAnswer("long")
    if queue not in QUEUES:
        raise BadAnswer("queue")
    if not gaps_of(text) <= GAPS:
        raise BadAnswer("gap")
    return title, queue, text


def gaps_of(text: str) -> set[str]:
    """The names in braces; one that is none counts too. Raises BadAnswer for a brace that is not closed."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        raise BadAnswer("gap") from error
    # Nothing but a bare name: no conversion, no format, no attribute of what is filled in.
    if any(convert or form for _, name, form, convert in parts if name is not None):
        raise BadAnswer("gap")
    return {name for _, name, _, _ in parts if name is not None}
