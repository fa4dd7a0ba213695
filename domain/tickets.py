"""Tickets: a stretch of time in which a person looks after somebody's wish. States only go forward, or reopen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from domain.errors import WrongState


class TicketState(StrEnum):
    OPEN = "open"
    CLAIMED = "claimed"
    WAITING = "waiting"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Priority(StrEnum):
    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


# First-reply times are this project's own promise, not a claim about a real insurer.
FIRST_REPLY: dict[Priority, timedelta] = {
    Priority.URGENT: timedelta(minutes=1),
    Priority.HIGH: timedelta(minutes=5),
    Priority.NORMAL: timedelta(minutes=30),
    Priority.LOW: timedelta(hours=4),
}

LIVE = (TicketState.OPEN, TicketState.CLAIMED, TicketState.WAITING)

_NEXT: dict[TicketState, tuple[TicketState, ...]] = {
    TicketState.OPEN: (TicketState.CLAIMED, TicketState.CLOSED),
    TicketState.CLAIMED: (TicketState.WAITING, TicketState.RESOLVED, TicketState.CLOSED, TicketState.OPEN),
    TicketState.WAITING: (TicketState.CLAIMED, TicketState.RESOLVED, TicketState.CLOSED),
    TicketState.RESOLVED: (TicketState.CLOSED, TicketState.OPEN),
}


@dataclass(eq=False, kw_only=True)
class Ticket:
    """`queue` is `life` or `doctor`; `card` tells the whole story so that the elder never says it twice."""

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

    def go(self, state: TicketState) -> None:
        """Step to another state. Raises WrongState where that step does not exist."""
        if state not in _NEXT.get(self.state, ()):
            raise WrongState(f"{self.state} -> {state}")
        self.state = state
        self.version += 1


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
class Alert:
    """A relative or a person on duty who is told of a danger; said to be told only once `delivered_at` is set."""

    id: str
    ticket_id: str
    recipient_id: str
    message_key: str
    created_at: datetime
    delivered_at: datetime | None = None
    acknowledged_at: datetime | None = None
