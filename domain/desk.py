"""What the desks promise, read from `data/desk.toml`: hours, clocks, silence, who is called next, complaints."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache

from domain.calendar import Calendar
from domain.catalogue import DATA
from domain.slots import Hours
from domain.tickets import Priority
from domain.working import WorkingTime, clock

QUEUES = ("life", "doctor")


@dataclass(eq=False, kw_only=True)
class Duty:
    """Somebody on shift for a queue every week (Monday is 0), local time; the highest tier is the last to be called."""

    person_id: str
    queue: str
    tier: int
    weekday: int
    starts: time
    ends: time
    id: int | None = None


@dataclass(frozen=True)
class Rung:
    """Whom an urgent ticket calls so long after its opening."""

    tier: int
    after: timedelta


@dataclass(frozen=True)
class ComplaintRules:
    """Our own promises and the law's days, by how hard the matter is."""

    acknowledge: timedelta
    call: timedelta
    propose_workdays: int
    close_workdays: int
    legal: Mapping[str, int]
    source: str


@dataclass(frozen=True)
class Desk:
    """Everything that the data say about the desks."""

    hours: Mapping[str, Mapping[int, Hours]]
    always: frozenset[str]
    first_reply: Mapping[Priority, timedelta]
    next_reply: Mapping[Priority, timedelta]
    resolve: Mapping[Priority, timedelta]
    silent: Mapping[str, timedelta]
    chain: Sequence[Rung]
    family_next: timedelta
    settle: timedelta
    reopen: timedelta
    work: tuple[str, ...]
    complaint: ComplaintRules

    def time_of(self, queue: str, calendar: Calendar, priority: Priority = Priority.NORMAL) -> WorkingTime:
        """The working time by which a queue's clocks run; what is urgent runs round the clock."""
        always = queue in self.always or priority is Priority.URGENT
        return WorkingTime(calendar, self.hours.get(queue, {}), always)

    def waits(self, topic: str) -> bool:
        """Whether somebody waits in the chat for a ticket of this topic."""
        return not topic.startswith(self.work)

    def rung_after(self, tier: int) -> Rung | None:
        """The next to be called after a tier."""
        return next((rung for rung in self.chain if rung.tier > tier), None)

    @property
    def last_tier(self) -> int:
        return max(rung.tier for rung in self.chain)


def is_on(duty: Duty, moment: datetime) -> bool:
    """Whether a shift covers a moment on a clock in Shanghai; one over midnight belongs to the day it begins on."""
    at, day = moment.time(), moment.weekday()
    if duty.starts < duty.ends:
        return day == duty.weekday and duty.starts <= at < duty.ends
    return (day == duty.weekday and at >= duty.starts) or (day == (duty.weekday + 1) % 7 and at < duty.ends)


@cache
def load() -> Desk:
    """The desks as the data have them. Raises KeyError or ValueError for a mistake of ours in them."""
    with (DATA / "desk.toml").open("rb") as file:
        rows = tomllib.load(file)
    week: dict[str, Mapping[int, Hours]] = {}
    for queue, row in rows["hours"].items():
        periods = [(clock(begin), clock(end)) for begin, end in row.get("periods", [])]
        week[queue] = dict.fromkeys(row.get("weekdays", []), periods)
    told = rows["complaint"]
    legal = {kind: days for kind, days in told["legal"].items() if kind != "source"}
    return Desk(
        hours=week,
        always=frozenset(queue for queue, row in rows["hours"].items() if row.get("always")),
        first_reply=_promises(rows["first_reply"]),
        next_reply=_promises(rows["next_reply"]),
        resolve=_promises(rows["resolve"]),
        silent={queue: timedelta(minutes=minutes) for queue, minutes in rows["silent"].items()},
        chain=[Rung(row["tier"], timedelta(minutes=row["after"])) for row in rows["chain"]],
        family_next=timedelta(minutes=rows["family"]["next_after"]),
        settle=timedelta(minutes=rows["reopen"]["settle_minutes"]),
        reopen=timedelta(hours=rows["reopen"]["hours"]),
        work=tuple(rows["work"]["topics"]),
        complaint=ComplaintRules(
            acknowledge=timedelta(minutes=told["acknowledge_minutes"]),
            call=timedelta(hours=told["call_hours"]),
            propose_workdays=told["propose_workdays"],
            close_workdays=told["close_workdays"],
            legal=legal,
            source=told["legal"]["source"],
        ),
    )


def _promises(rows: Mapping[str, int]) -> Mapping[Priority, timedelta]:
    return {Priority(name): timedelta(minutes=minutes) for name, minutes in rows.items()}
