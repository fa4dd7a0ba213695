"""Reminders are rows: a rule in versions that never change, an instance for each occurrence and person, its attempts.

The scheduler only ticks. An instance that is `pending` has a moment at which it is looked at; one that is over has none,
and says what became of it. The next occurrence is reckoned from the planned moment, never from now.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from domain.sending import Reason

# Small notices that fall due within so long are put together into one.
TOGETHER = timedelta(hours=1)
# Tried so often where something of ours is wrong, in growing pauses.
TRIES = 5
_PAUSE = timedelta(minutes=2)


class RuleKind(StrEnum):
    """What is reminded of; `actions/remind.py` knows one hand for each."""

    VISIT = "visit"
    OFFER = "offer"
    PERSONAL = "personal"
    MEDICINE = "medicine"
    FOLLOW_UP = "follow_up"
    RECOMMEND = "recommend"
    HELPED = "helped"
    DANGER = "danger"


class InstanceState(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    SKIPPED = "skipped"


@dataclass(eq=False, kw_only=True)
class Rule:
    """One version of what is reminded of; never changed but by its end. `series` is what its versions share.

    `detail` holds what the kind needs. `person_id` is whom it is about.
    """

    id: str
    series: str
    version: int
    kind: RuleKind
    person_id: str
    created_at: datetime
    created_by: str
    detail: dict[str, str] = field(default_factory=dict)
    ended_at: datetime | None = None
    ended_why: Reason | None = None


@dataclass(eq=False, kw_only=True)
class Instance:
    """One occurrence for one person. `due_at` is when it is looked at, `planned_at` when the rule wants it.

    `urgent` passes the quiet windows; `joins` may be put together with others of the hour. `answered_at` tells that
    somebody pressed something under its words.
    """

    KEY: ClassVar[str] = "rm:"

    id: str
    rule_id: str
    person_id: str
    occurrence: str
    planned_at: datetime
    useful_until: datetime
    due_at: datetime | None
    state: InstanceState = InstanceState.PENDING
    reason: Reason | None = None
    urgent: bool = False
    joins: bool = True
    attempts: int = 0
    sent_at: datetime | None = None
    message_key: str | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None

    @property
    def own_key(self) -> str:
        """The key of its words in the outbox, where they are not put together with others."""
        return f"{self.KEY}{self.id}"

    def sent(self, now: datetime, message_key: str) -> None:
        """Its words are in the outbox."""
        self.state, self.due_at = InstanceState.SENT, None
        self.sent_at, self.message_key = now, message_key

    def skip(self, reason: Reason) -> None:
        """It is not said; the reason stays."""
        self.state, self.due_at, self.reason = InstanceState.SKIPPED, None, reason

    def unsaid(self, reason: Reason) -> None:
        """Its words lay in the outbox too long and are not said after all; one more look, which found that."""
        self.attempts += 1
        self.sent_at = None
        self.skip(reason)

    def failed(self, now: datetime) -> bool:
        """Something of ours went wrong: tried again in growing pauses; True once it is given up."""
        if self.attempts >= TRIES:
            self.skip(Reason.FAILED)
            return True
        self.due_at = now + _PAUSE * 2**self.attempts
        return False


class Outcome(StrEnum):
    """How an attempt ended."""

    SENT = "sent"
    LATER = "later"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(eq=False, kw_only=True)
class Attempt:
    """One look at an instance that was due; only ever added."""

    instance_id: str
    number: int
    at: datetime
    outcome: Outcome
    reason: Reason | None = None
    id: int | None = None
