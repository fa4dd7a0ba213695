"""How the desks did: counts and times of the tickets of a period, by queue, person or hour of opening. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from domain.clock import local
from domain.tickets import Clock, Ticket, TicketState
from domain.working import WorkingTime


class DeskBy(StrEnum):
    """What the lines are about; `hour` is the hour of the day in Shanghai at which a ticket was opened."""

    QUEUE = "queue"
    PERSON = "person"
    HOUR = "hour"


@dataclass(frozen=True, kw_only=True)
class DeskLine:
    """One line. Times are in minutes of the desk's working time, None where there is nothing to reckon them of.

    `first_reply` and `resolution` are medians, `first_reply_p90` the ninth decile. `late_*` are tickets whose clock had
    run out. `waiting` are those that nobody has closed yet. `lost` counts claims that were lost by silence.
    """

    key: str
    name: str
    opened: int = 0
    waiting: int = 0
    answered: int = 0
    first_in_time: int = 0
    first_late: int = 0
    first_reply: float | None = None
    first_reply_p90: float | None = None
    resolved: int = 0
    resolved_in_time: int = 0
    resolved_late: int = 0
    resolution: float | None = None
    lost: int = 0
    reopened: int = 0
    rated: int = 0
    rating: float | None = None

    @property
    def first_in_time_rate(self) -> float | None:
        """Of the tickets whose first reply has come or is late already."""
        whole = self.first_in_time + self.first_late
        return self.first_in_time / whole if whole else None

    @property
    def resolved_in_time_rate(self) -> float | None:
        """Of the tickets that were resolved or are late already."""
        whole = self.resolved_in_time + self.resolved_late
        return self.resolved_in_time / whole if whole else None


@dataclass
class _Sum:
    """What is being counted for one line."""

    opened: int = 0
    waiting: int = 0
    first_late: int = 0
    resolved_late: int = 0
    first: list[float] = field(default_factory=list)
    first_in_time: int = 0
    resolution: list[float] = field(default_factory=list)
    resolved_in_time: int = 0
    reopened: int = 0
    lost: int = 0
    ratings: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Worked:
    """A ticket with what else is counted: whose it was, the rating of the help, the claims lost by silence."""

    ticket: Ticket
    person: str | None
    rating: int | None
    lost: int = 0


def lines(by: DeskBy, worked: Iterable[Worked], times: Mapping[str, WorkingTime]) -> list[DeskLine]:
    """The lines in a fixed order. `times` are the working times of the queues; what is urgent is reckoned by the clock."""
    sums: dict[str, _Sum] = {}
    for one in worked:
        _count(sums.setdefault(_key(by, one), _Sum()), one, times)
    return [_line(key, key, found) for key, found in sorted(sums.items())]


def total(worked: Sequence[Worked], times: Mapping[str, WorkingTime], name: str) -> DeskLine:
    """All tickets in one line; medians are of all of them."""
    whole = _Sum()
    for one in worked:
        _count(whole, one, times)
    return _line("", name, whole)


def _key(by: DeskBy, one: Worked) -> str:
    if by is DeskBy.QUEUE:
        return one.ticket.queue
    if by is DeskBy.PERSON:
        return one.person or ""
    return f"{local(one.ticket.opened_at).hour:02}"


def _count(found: _Sum, one: Worked, times: Mapping[str, WorkingTime]) -> None:
    ticket, time = one.ticket, times[one.ticket.queue]
    if ticket.priority == "urgent":
        time = WorkingTime(time.calendar, {}, always=True)
    found.opened += 1
    found.waiting += ticket.state is not TicketState.CLOSED
    found.lost += one.lost
    found.reopened += ticket.reopened
    if one.rating is not None:
        found.ratings.append(one.rating)
    late = set(ticket.missed)
    if ticket.first_reply_at is not None:
        found.first.append(_minutes(time.between(ticket.opened_at, ticket.first_reply_at)))
        in_time = Clock.FIRST_REPLY not in late and ticket.first_reply_at <= ticket.first_reply_due
        found.first_in_time += in_time
        found.first_late += not in_time
    else:
        found.first_late += Clock.FIRST_REPLY in late
    ended = ticket.resolved_at or ticket.closed_at
    if ended is not None:
        found.resolution.append(_minutes(time.between(ticket.opened_at, ended)))
        in_time = Clock.RESOLVE not in late and (ticket.resolve_due is None or ended <= ticket.resolve_due)
        found.resolved_in_time += in_time
        found.resolved_late += not in_time
    else:
        found.resolved_late += Clock.RESOLVE in late


def _minutes(span: timedelta) -> float:
    return span.total_seconds() / 60


def _line(key: str, name: str, found: _Sum) -> DeskLine:
    ratings = found.ratings
    return DeskLine(
        key=key,
        name=name,
        opened=found.opened,
        waiting=found.waiting,
        answered=len(found.first),
        first_in_time=found.first_in_time,
        first_late=found.first_late,
        first_reply=_quantile(found.first, 0.5),
        first_reply_p90=_quantile(found.first, 0.9),
        resolved=len(found.resolution),
        resolved_in_time=found.resolved_in_time,
        resolved_late=found.resolved_late,
        resolution=_quantile(found.resolution, 0.5),
        lost=found.lost,
        reopened=found.reopened,
        rated=len(ratings),
        rating=sum(ratings) / len(ratings) if ratings else None,
    )


def _quantile(values: Sequence[float], part: float) -> float | None:
    """The smallest value that so great a part of them does not exceed."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(0, -(-int(part * len(ordered) * 1000) // 1000) - 1)]
