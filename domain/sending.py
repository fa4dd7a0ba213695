"""Whether a reminder is said, decided at the moment of sending by one pure function; every no has a recorded reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Reason(StrEnum):
    """Why something was not said, or not yet. Kept with the instance."""

    DIED = "died"
    NO_CONSENT = "no_consent"
    CANCELLED = "cancelled"
    MOVED = "moved"
    DONE = "done"
    STOPPED = "stopped"
    TAKEN_BACK = "taken_back"
    ANSWERED = "answered"
    UNWANTED = "unwanted"
    BLOCKED = "blocked"
    NO_CHAT = "no_chat"
    NOBODY = "nobody"
    NOT_DONE = "not_done"
    COMPLAINT = "complaint"
    BAD_NEWS = "bad_news"
    ENOUGH = "enough"
    BUSY = "busy"
    TOO_OLD = "too_old"
    QUIET = "quiet"
    HUMAN = "human"
    PAUSED = "paused"
    FAILED = "failed"


class What(StrEnum):
    SEND = "send"
    LATER = "later"
    DROP = "drop"


@dataclass(frozen=True)
class Facts:
    """What is so at this moment. `over` says why the thing itself needs no word any more (cancelled, moved, done …).

    `quiet_until` is the end of the quiet in which `now` lies; `passes_quiet` is an urgent kind, or an hour that the
    person named. `busy_until` is when to look again where this is no good moment by day either. After `useful_until` the
    words would only confuse.
    """

    now: datetime
    useful_until: datetime
    alive: bool = True
    consents: bool = True
    over: Reason | None = None
    answered: bool = False
    wanted: bool = True
    blocked: bool = False
    has_chat: bool = True
    quiet_until: datetime | None = None
    passes_quiet: bool = False
    busy_until: datetime | None = None


@dataclass(frozen=True)
class Decision:
    """Send, or drop for a reason, or look again at a moment."""

    what: What
    reason: Reason | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Unsaid:
    """Why words that lie in the outbox are not said: not any more, or not before a moment."""

    reason: str
    until: datetime | None = None


def decide(facts: Facts) -> Decision:
    """The gravest reason comes first, for that is the one that a person asks about later."""
    reason = _never(facts)
    if reason is not None:
        return Decision(What.DROP, reason)
    if facts.quiet_until is not None and not facts.passes_quiet:
        return _later(Reason.QUIET, facts.quiet_until, facts.useful_until)
    if facts.busy_until is not None:
        return _later(Reason.BUSY, facts.busy_until, facts.useful_until)
    return Decision(What.SEND)


def _later(reason: Reason, at: datetime, useful_until: datetime) -> Decision:
    return Decision(What.LATER, reason, at) if at <= useful_until else Decision(What.DROP, reason)


def _never(facts: Facts) -> Reason | None:
    checks = (
        (not facts.alive, Reason.DIED),
        (not facts.consents, Reason.NO_CONSENT),
        (facts.over is not None, facts.over),
        (facts.answered, Reason.ANSWERED),
        (not facts.wanted, Reason.UNWANTED),
        (facts.blocked, Reason.BLOCKED),
        (not facts.has_chat, Reason.NO_CHAT),
        (facts.now > facts.useful_until, Reason.TOO_OLD),
    )
    return next((reason for holds, reason in checks if holds), None)
