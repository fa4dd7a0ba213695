"""Waiting for a time: who waits for what, a time that became free, and the offer of it to one person after another."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

# So long a freed time is kept for the one to whom it is offered.
OFFER_FOR = timedelta(minutes=10)


class WaitState(StrEnum):
    """`over` is a wait whose window passed without a free time; `left` one that its owner gave up."""

    WAITING = "waiting"
    OFFERED = "offered"
    TAKEN = "taken"
    LEFT = "left"
    OVER = "over"


@dataclass(eq=False, kw_only=True)
class Wait:
    """Somebody waits for a free time of a service within a window. `asked_by` is offered it; `key` makes a repeat harmless."""

    id: str
    key: str
    member_id: str
    asked_by: str
    city_id: str
    service: str
    channel: str
    begin: datetime
    end: datetime
    closes_at: datetime
    created_at: datetime
    state: WaitState = WaitState.WAITING
    self_pay: bool = False
    gender: str | None = None
    dialect: str | None = None
    booking_id: str | None = None


@dataclass(eq=False, kw_only=True)
class FreedTime:
    """A time that somebody gave up, while it is offered round. `due_at` None: nobody is left to ask, or it is taken.

    `wait_id` and `booking_id` are the offer that stands; `tried` the waits that have had theirs.
    """

    id: str
    city_id: str
    channel: str
    begin: datetime
    end: datetime
    due_at: datetime | None
    created_at: datetime
    wait_id: str | None = None
    booking_id: str | None = None
    tried: list[str] = field(default_factory=list)


@dataclass(eq=False, kw_only=True)
class JoinCheck:
    """Whether somebody can take part online is asked before it begins."""

    booking_id: str
    due_at: datetime
    sent_at: datetime | None = None
    answer: str | None = None
    answered_at: datetime | None = None
