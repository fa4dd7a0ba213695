"""What people are asked about us, and what they answered: a visit (one to five), and once a year a recommendation (0 to 10).

One row a person and subject, whether the person was asked or spoke first: it is the one place for ratings. The hours and
marks are this project's own (issue 5).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# The question comes so long after the end of a visit, and once more so long after the question.
ASK_AFTER, NUDGE_AFTER = timedelta(hours=3), timedelta(hours=24)
# Later than this after the end nobody remembers; the same holds for the second time of asking, from the first on.
ASK_WITHIN, NUDGE_WITHIN = timedelta(days=3), timedelta(days=3)
# A word may be changed for so long; the later one wins.
CHANGEABLE = timedelta(days=1)
# So low a score is asked after and looked into, and lower still sooner.
LOW, VERY_LOW = 3, 2
# So far apart, elder and family see it so differently that a person looks.
GAP = 2
# The recommendation: so long after the first visit, then yearly; nothing else is asked in the same week.
RECOMMEND_AFTER, YEAR, WEEK = timedelta(days=30), timedelta(days=365), timedelta(days=7)
RECOMMEND_WITHIN = timedelta(days=90)
# Nobody is asked about more visits than this in a week.
A_WEEK = 3
# Who has just written is in the middle of something.
PAUSE = timedelta(minutes=10)
# How long bad news is stayed away from: a death in the family, an emergency of one's own.
MOURNING, SHAKEN = timedelta(days=30), timedelta(days=7)
# While a ticket of these topics is open, the answer is known already.
COMPLAINTS = ("complaint", "low_rating", "rating_gap", "after_visit", "visit_objected")
DANGERS = ("emergency:", "crisis:")
SCORES, RECOMMENDATIONS = range(1, 6), range(11)


class SurveyKind(StrEnum):
    VISIT = "visit"
    RECOMMEND = "recommend"


class How(StrEnum):
    """How an answer came."""

    BUTTON = "button"
    WORDS = "words"
    TALK = "talk"
    API = "api"


class Why(StrEnum):
    """Why a score is low, as far as the choices go; what is told beside is kept in words."""

    LATE = "late"
    CARELESS = "careless"
    ATTITUDE = "attitude"
    PRICE = "price"
    PERSON = "person"
    OTHER = "other"
    UNSAID = "unsaid"


@dataclass(eq=False, kw_only=True)
class Survey:
    """One question to one person about one subject. `member_id` is whom it is about.

    `asked_at` is None where the person spoke before being asked; `scored_at` is the first score's moment, from which on
    it may be changed for a day.
    """

    id: str
    kind: SurveyKind
    subject: str
    person_id: str
    member_id: str
    created_at: datetime
    booking_id: str | None = None
    asked_at: datetime | None = None
    nudged_at: datetime | None = None
    score: int | None = None
    scored_at: datetime | None = None
    why: Why | None = None
    words: str | None = None
    declined_at: datetime | None = None
    ticket_id: str | None = None

    @property
    def is_over(self) -> bool:
        """Whether it needs no second time of asking."""
        return self.score is not None or self.declined_at is not None or self.words is not None

    def may_change(self, now: datetime) -> bool:
        """Whether a score may still be given, or given anew."""
        return self.scored_at is None or now <= self.scored_at + CHANGEABLE


@dataclass(eq=False, kw_only=True)
class SurveyAnswer:
    """One word of a person on a survey; only ever added. `key` makes a message that is worked on twice count once."""

    survey_id: str
    at: datetime
    actor_id: str
    how: How
    key: str
    score: int | None = None
    why: Why | None = None
    words: str | None = None
    id: int | None = None


def subject_of(booking_id: str) -> str:
    """The name under which what is asked about a visit hangs together."""
    return f"visit:{booking_id}"


def is_low(kind: SurveyKind, score: int) -> bool:
    """Whether a person looks into it."""
    return kind is SurveyKind.VISIT and score <= LOW


def apart(elder_id: str, answered: Iterable[Survey]) -> tuple[int, int] | None:
    """(the elder's score, the family's furthest from it) where they lie far apart."""
    scores = {one.person_id: one.score for one in answered if one.score is not None}
    mine = scores.pop(elder_id, None)
    if mine is None or not scores:
        return None
    other = max(scores.values(), key=lambda score: (abs(score - mine), -score))
    return (mine, other) if abs(other - mine) >= GAP else None


def enough(asked: Sequence[tuple[SurveyKind, datetime]], now: datetime) -> bool:
    """Whether a person was asked so much in the week before `now` that another visit is let be."""
    week = [kind for kind, at in asked if at > now - WEEK]
    return SurveyKind.RECOMMEND in week or len(week) >= A_WEEK


def free_again(asked: Sequence[tuple[SurveyKind, datetime]], now: datetime) -> datetime | None:
    """When the last question is a week past; None where it is already."""
    last = max((at for _, at in asked), default=None)
    return last + WEEK if last is not None and last + WEEK > now else None


def promotes(score: int) -> int:
    """1 for who recommends us (9, 10), -1 for who does not (0 to 6), 0 between: the usual reckoning of the score."""
    return 1 if score >= 9 else -1 if score <= 6 else 0
