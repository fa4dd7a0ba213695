"""Find the gravest danger in a message: rules only, no model, before anything else happens to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from nlu.zh.danger.measures import alarming
from nlu.zh.danger.model import Category, Danger, Kind
from nlu.zh.danger.patterns import everyday, patterns
from nlu.zh.fold import Folded, fold

_HOLE: Final = "□"
_ORDER: Final[dict[Category, int]] = {"emergency": 1, "crisis": 2, "fraud": 3}
# Whoever is in a burning or gas-filled room must leave it before anything else is said.
_LEAVE_FIRST: Final[frozenset[Kind]] = frozenset({"fire", "gas"})


@dataclass(frozen=True)
class _Finding:
    rule: str
    category: Category
    kind: Kind
    certain: bool
    start: int
    end: int
    act: bool = False
    generic: bool = False
    story: bool = False

    @property
    def gravity(self) -> tuple[bool, int, bool, bool, int, int]:
        """Sorts the gravest first: certain, an act under way, the category, leave-the-house, specific, early, long."""
        order = 0 if self.act else _ORDER[self.category]
        return not self.certain, order, self.kind not in _LEAVE_FIRST, self.generic, self.start, -self.end


def _hide_everyday(text: str) -> str:
    return everyday().sub(lambda found: _HOLE * (found.end() - found.start()), text)


def is_everyday(text: str) -> bool:
    """Whether a message is everyday talk that sounds like danger (累死了, 笑死我了) and holds no danger."""
    return everyday().search(fold(text).text) is not None and detect(text) is None


def _findings(text: str) -> Iterator[_Finding]:
    masked = _hide_everyday(text)
    for pattern in patterns():
        for start, end in pattern.spans(masked):
            verdict = pattern.judge(text, start, end)
            if verdict != "drop":
                yield _Finding(
                    rule=pattern.id,
                    category=pattern.category,
                    kind=pattern.kind,
                    certain=verdict == "certain",
                    act=pattern.act,
                    generic=pattern.generic,
                    story=pattern.story,
                    start=start,
                    end=end,
                )
    for reading in alarming(masked):
        yield _Finding(
            rule=f"measure_{reading.id}",
            category="emergency",
            kind="illness",
            certain=reading.certain,
            start=reading.start,
            end=reading.end,
        )


def _believed(findings: list[_Finding]) -> list[_Finding]:
    """Leave out the emergencies that only a caller who wants money tells of."""
    stories = [finding for finding in findings if finding.story and finding.certain]
    return [
        finding
        for finding in findings
        if finding.category == "fraud"
        or not any(story.start <= finding.start and finding.end <= story.end for story in stories)
    ]


def _to_danger(finding: _Finding, folded: Folded, original: str) -> Danger:
    start, end = folded.span(finding.start, finding.end)
    return Danger(
        category=finding.category,
        kind=finding.kind,
        certain=finding.certain,
        text=original[start:end],
        start=start,
        end=end,
        act=finding.act and finding.certain,
        rule=finding.rule,
    )


def detect(text: str) -> Danger | None:
    """Return the gravest danger in a message as the person typed it, or None.

    Certain findings come before questions; among equals an act against oneself, then emergency, crisis, fraud. A danger
    that is denied, past, supposed or a matter of knowledge becomes a question where a body symptom is named, else
    nothing. Never raises on any string; linear in its length. Offsets are code points of ``text``, end exclusive.
    """
    folded = fold(text)
    if not folded.text:
        return None
    findings = _believed(list(_findings(folded.text)))
    if not findings:
        return None
    return _to_danger(min(findings, key=lambda finding: finding.gravity), folded, text)
