"""Doors: by which accounts a person is reached, what is on its way to each, and how one joins.

A person is one person on all doors. The web page reads the conversation itself; a door that must be written to
(Telegram, later others) has an `Account` for each chat and a `Delivery` for each message that goes there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

# A worker that has claimed a delivery and says nothing for so long is taken for dead.
CLAIM_LIVES = timedelta(seconds=60)
# Each try of which nobody knows how it ended may have put the same words before an elder: so many and no more.
MOST_UNKNOWN = 6
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=1), timedelta(minutes=5)
# What waited longer than this, for a door in trouble or for somebody who had blocked it, confuses more than it helps.
TOO_OLD = timedelta(hours=24)

CODE_LIVES = timedelta(minutes=5)
CODE_FAILURES = 5
CODE_LOCKED = timedelta(minutes=15)
CODE_AGAIN = timedelta(seconds=60)
INVITATION_LIVES = timedelta(days=3)


class DeliveryState(StrEnum):
    """`unknown` is no state: what may have arrived is tried again, and `unknown` counts how often that was."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(eq=False, kw_only=True)
class Account:
    """One chat on one door. `external_id` is the door's own name for it; it belongs to one person at a time."""

    id: str
    person_id: str
    door: str
    external_id: str
    joined_at: datetime
    left_at: datetime | None = None
    blocked_at: datetime | None = None
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(eq=False, kw_only=True)
class Delivery:
    """A message on its way to an account. `unknown` counts sends whose outcome a cut connection hid."""

    message_id: int
    account_id: str
    lane: int
    due_at: datetime
    state: DeliveryState = DeliveryState.QUEUED
    attempts: int = 0
    unknown: int = 0
    claimed_by: str | None = None
    claimed_until: datetime | None = None
    sent_at: datetime | None = None
    external_id: str | None = None
    reason: str | None = None
    id: int | None = None

    @property
    def parts_out(self) -> int:
        """How many pieces of it an earlier try got out; kept as `+N` until the door's own id takes its place."""
        kept = self.external_id or ""
        return int(kept) if kept.startswith("+") else 0

    @parts_out.setter
    def parts_out(self, count: int) -> None:
        if count:
            self.external_id = f"+{count}"

    def sent(self, external_id: str | None, moment: datetime) -> None:
        """The door has taken it."""
        self.state, self.external_id, self.sent_at = DeliveryState.SENT, external_id, moment
        self.claimed_by = self.claimed_until = None

    def again(self, moment: datetime, reason: str, wait: timedelta) -> None:
        """Try again after a pause that the door named, which is no failure."""
        self.state, self.due_at, self.reason = DeliveryState.QUEUED, moment + wait, reason
        self.claimed_by = self.claimed_until = None

    def failed(self, moment: datetime, reason: str, since: datetime) -> None:
        """The door is in trouble: try again after a growing pause, until the words of `since` are too old."""
        self.attempts += 1
        if moment - since > TOO_OLD:
            self.over(DeliveryState.FAILED, reason)
        else:
            self.again(moment, reason, pause_after(self.attempts))

    def unsure(self, moment: datetime, reason: str) -> None:
        """Nobody knows whether it went out: marked, counted and tried again, but not for ever."""
        self.unknown += 1
        self.attempts += 1
        if self.unknown >= MOST_UNKNOWN:
            self.over(DeliveryState.FAILED, reason)
        else:
            self.again(moment, reason, pause_after(2 * self.unknown - 1))

    def over(self, state: DeliveryState, reason: str) -> None:
        """Given up or not wanted any more."""
        self.state, self.reason = state, reason
        self.claimed_by = self.claimed_until = None


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many failures: one second, doubled each time, five minutes at most."""
    doublings: int = min(max(attempts - 1, 0), 16)
    return min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT)


@dataclass(eq=False, kw_only=True)
class Code:
    """A one-time code for a telephone. Only its digest is kept."""

    phone: str
    digest: str
    created_at: datetime
    failures: int = 0
    used_at: datetime | None = None
    locked_until: datetime | None = None

    def open_at(self, moment: datetime) -> bool:
        """Whether it can still be used."""
        return self.used_at is None and moment < self.created_at + CODE_LIVES


@dataclass(eq=False, kw_only=True)
class Invitation:
    """A one-time link. From an elder to a relative it carries what the relative may do; with no elder it joins a door.

    `relation` is what the elder is to the relative, in the catalogue's words.
    """

    id: str
    digest: str
    inviter_id: str
    created_at: datetime
    expires_at: datetime
    relation: str | None = None
    scopes: list[str] = field(default_factory=list)
    used_at: datetime | None = None
    used_by: str | None = None

    def open_at(self, moment: datetime) -> bool:
        return self.used_at is None and moment < self.expires_at


@dataclass(eq=False, kw_only=True)
class CalendarLink:
    """A secret address under which a calendar program reads somebody's visits. Only its digest is kept.

    `told_on` is the last day on which reading it was written to the log of those whose visits it shows.
    """

    id: str
    digest: str
    person_id: str
    created_at: datetime
    revoked_at: datetime | None = None
    told_on: date | None = None


@dataclass(eq=False, kw_only=True)
class ConsentRequest:
    """A relative asks an elder for leave; each purpose is asked apart and answered apart."""

    id: str
    elder_id: str
    relative_id: str
    relation: str
    scopes: list[str]
    created_at: datetime
    answers: dict[str, bool] = field(default_factory=dict)

    @property
    def next_scope(self) -> str | None:
        """The purpose to be asked next."""
        return next((scope for scope in self.scopes if scope not in self.answers), None)
