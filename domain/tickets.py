"""Tickets: a stretch of time in which a person looks after somebody's wish. States only go forward, or reopen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from domain.errors import WrongState


class TicketState(StrEnum):
    """`waiting`: for somebody else, or for a moment; `resolved`: said to be done, and the person may still say no."""

    OPEN = "open"
    CLAIMED = "claimed"
    WAITING = "waiting"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Priority(StrEnum):
    """The gravest first."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"

    def graver_than(self, other: Priority) -> bool:
        order = list(Priority)
        return order.index(self) < order.index(other)


class Clock(StrEnum):
    """The three clocks of a ticket, and a claimer's silence."""

    FIRST_REPLY = "first_reply"
    NEXT_REPLY = "next_reply"
    RESOLVE = "resolve"
    SILENT = "silent"


class Audience(StrEnum):
    """Who may read a note: everybody who may read the ticket, or doctors (and supervisors) alone."""

    ALL = "all"
    DOCTOR = "doctor"


LIVE = (TicketState.OPEN, TicketState.CLAIMED, TicketState.WAITING)
# A claimer is there, or was until a moment ago.
HELD = (TicketState.CLAIMED, TicketState.WAITING, TicketState.RESOLVED)

_NEXT: dict[TicketState, tuple[TicketState, ...]] = {
    TicketState.OPEN: (TicketState.CLAIMED, TicketState.CLOSED),
    TicketState.CLAIMED: (TicketState.WAITING, TicketState.RESOLVED, TicketState.CLOSED, TicketState.OPEN),
    TicketState.WAITING: (TicketState.CLAIMED, TicketState.RESOLVED, TicketState.CLOSED, TicketState.OPEN),
    TicketState.RESOLVED: (TicketState.CLOSED, TicketState.CLAIMED, TicketState.OPEN),
    TicketState.CLOSED: (TicketState.OPEN,),
}


@dataclass(eq=False, kw_only=True)
class Ticket:
    """`queue` is `life` or `doctor`; `card` tells the whole story so that the elder never says it twice.

    `tier` is how far it has climbed (1 is the desk). Clocks: `first_reply_due`; `next_reply_due` counts from
    `waiting_since`, the first word that nobody has answered; `resolve_due`. `silent_at` is when a claimer loses it,
    `call_at` when the next of the chain is called, `family_at` when the next relative is told, `until_at` when a state
    ends by itself (waiting: it wakes; resolved: it closes). `missed` names the clocks that ran out. `due_at` is the
    earliest moment at which any of that is to be looked at. All moments are UTC.
    """

    id: str
    number: str
    member_id: str
    conversation_id: str
    queue: str
    topic: str
    priority: Priority
    state: TicketState
    opened_at: datetime
    first_reply_due: datetime
    key: str
    opened_by: str
    card: dict[str, object] = field(default_factory=dict)
    owner_id: str | None = None
    first_reply_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: str | None = None
    version: int = 1
    tier: int = 1
    next_reply_due: datetime | None = None
    resolve_due: datetime | None = None
    waiting_since: datetime | None = None
    claimed_at: datetime | None = None
    resolved_at: datetime | None = None
    silent_at: datetime | None = None
    call_at: datetime | None = None
    family_at: datetime | None = None
    until_at: datetime | None = None
    due_at: datetime | None = None
    reopened: int = 0
    missed: list[str] = field(default_factory=list)

    def go(self, state: TicketState) -> None:
        """Step to another state; the one way to do so. Raises WrongState where that step does not exist."""
        if state not in _NEXT.get(self.state, ()):
            raise WrongState(f"{self.state} -> {state}")
        self.state = state
        self.version += 1
        if state is not TicketState.CLAIMED:
            self.silent_at = None
        if state in (TicketState.CLAIMED, TicketState.CLOSED):
            self.call_at = None
        self.until_at = None
        self.plan()

    def plan(self) -> None:
        """Set `due_at` from the clocks that still run."""
        self.due_at = min((moment for _, moment in self._running()), default=None)

    def out(self, now: datetime) -> list[Clock]:
        """The clocks that have run out by now and are not known to have."""
        return [name for name, moment in self.clocks() if moment <= now and name not in self.missed]

    def overdue(self, now: datetime) -> list[str]:
        """The clocks that are late at this moment, known or not."""
        return [str(name) for name, moment in self.clocks() if moment <= now]

    def clocks(self) -> Iterator[tuple[Clock, datetime]]:
        """The clocks that run in this state, with their moments."""
        if self.state not in LIVE:
            return
        if self.first_reply_at is None:
            yield Clock.FIRST_REPLY, self.first_reply_due
        elif self.next_reply_due is not None:
            yield Clock.NEXT_REPLY, self.next_reply_due
        if self.resolve_due is not None:
            yield Clock.RESOLVE, self.resolve_due

    def _running(self) -> Iterator[tuple[str, datetime]]:
        yield from ((str(n), moment) for n, moment in self.clocks() if n not in self.missed)
        others = {"silent": self.silent_at, "call": self.call_at, "until": self.until_at}
        if self.state is not TicketState.CLOSED:
            others["family"] = self.family_at
        yield from ((name, moment) for name, moment in others.items() if moment is not None)


@dataclass(eq=False, kw_only=True)
class TicketEvent:
    """A line of a ticket's history."""

    ticket_id: str
    kind: str
    at: datetime
    actor_id: str | None
    detail: dict[str, str]
    id: int | None = None


@dataclass(eq=False, kw_only=True)
class Note:
    """A private note: never shown to the member, and a doctor's not to a life butler."""

    ticket_id: str
    author_id: str
    audience: Audience
    text: str
    key: str
    at: datetime
    id: int | None = None


@dataclass(eq=False, kw_only=True)
class Complaint:
    """A complaint's own path: our own steps, and the law's last day (`decide_by`, included).

    `kind` is `simple`, `complex` or `special`; `told_at` is when the person was told what came of it.
    """

    ticket_id: str
    kind: str
    received_at: datetime
    call_due: datetime
    propose_by: date
    close_by: date
    decide_by: date
    called_at: datetime | None = None
    proposed_at: datetime | None = None
    told_at: datetime | None = None
    extended_why: str | None = None
    due_at: datetime | None = None
    warned: list[str] = field(default_factory=list)


@dataclass(eq=False, kw_only=True)
class Helped:
    """What somebody said of the help that they were given, one to five."""

    ticket_id: str
    person_id: str
    rating: int
    at: datetime


@dataclass(eq=False, kw_only=True)
class Alert:
    """A relative or a person on duty who is told of a danger; said to be told only once `delivered_at` is set.

    `failed_at` is when it could not be delivered at the first try.
    """

    id: str
    ticket_id: str
    recipient_id: str
    message_key: str
    created_at: datetime
    delivered_at: datetime | None = None
    acknowledged_at: datetime | None = None
    failed_at: datetime | None = None
