"""Broadcasts: the same words for many people, once each. Pure: the states, whom they are for, who is judged how.

Words, audience and times are a version that never changes; mending a draft makes the next version of its series. Each
occurrence of a rule is a run of its own with a row for every recipient, which says what became of it and why.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from domain.conversations import BUTLER
from domain.errors import RuleBroken, WrongState
from domain.sending import Decision, Facts, Reason, What, decide

# Long enough for an invitation with a place and a time; an elder reads no more.
MOST_CHARACTERS = 1_000
TITLE = 40
# How long after its hour a broadcast is still of use, where nothing else was said; no longer than words wait in the outbox.
USEFUL = timedelta(hours=24)
LONGEST, SHORTEST = timedelta(hours=24), timedelta(minutes=10)
# While a person speaks with somebody, a broadcast is looked at again so often.
AGAIN = timedelta(minutes=15)
OLDEST = 130


class BroadcastState(StrEnum):
    """`waiting` is for a second person's yes. The last three are ends; only of `done` something may be left to take back."""

    DRAFT = "draft"
    WAITING = "waiting"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"
    TAKEN_BACK = "taken_back"


class Step(StrEnum):
    """What may be done with a broadcast; `begin`, `end` and `ask` are the scheduler's."""

    START = "start"
    ASK = "ask"
    APPROVE = "approve"
    BEGIN = "begin"
    END = "end"
    PAUSE = "pause"
    GO_ON = "go_on"
    STOP = "stop"
    TAKE_BACK = "take_back"


_S = BroadcastState
RUNNING = (_S.SCHEDULED, _S.SENDING, _S.PAUSED)
# From where each step is possible; where it leads is in `after`.
FROM: dict[Step, tuple[BroadcastState, ...]] = {
    Step.START: (_S.DRAFT,),
    Step.ASK: (_S.SCHEDULED,),
    Step.APPROVE: (_S.WAITING,),
    Step.BEGIN: (_S.SCHEDULED,),
    Step.END: (_S.SENDING,),
    Step.PAUSE: (_S.SCHEDULED, _S.SENDING),
    Step.GO_ON: (_S.PAUSED,),
    Step.STOP: (_S.WAITING, *RUNNING),
    Step.TAKE_BACK: (_S.DRAFT, _S.WAITING, *RUNNING, _S.STOPPED, _S.DONE),
}


class RecipientState(StrEnum):
    """`handed`: in the outbox, and not yet gone."""

    QUEUED = "queued"
    HANDED = "handed"
    SENT = "sent"
    SKIPPED = "skipped"
    TAKEN_BACK = "taken_back"
    FAILED = "failed"


class BadBroadcast(RuleBroken):
    """Something about it cannot be. `problem` names what: a door has the sentence for it."""

    code = "bad_broadcast"

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, kw_only=True)
class Condition:
    """People by name, or those for whom everything that is said holds. `cities` are ids, `plans` and `unused` codes.

    `unused` is a benefit of which something is left today. Ages are full years, both included; who has no birthday on
    record has no age. Visits are those that took place: `visited_before` a day and never since, `visited_since` a day,
    `never_visited`; the last joins `visited_before` as "or never".
    """

    cities: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    min_age: int | None = None
    max_age: int | None = None
    unused: tuple[str, ...] = ()
    visited_before: date | None = None
    visited_since: date | None = None
    never_visited: bool = False
    people: tuple[str, ...] = ()

    @property
    def says_something(self) -> bool:
        """Whether it narrows at all, beside naming people."""
        return replace(self, people=()) != _ALL

    def row(self) -> dict[str, Any]:
        """As it is kept in the store: what is not said is left out."""
        kept = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            name: value.isoformat()
            if isinstance(value, date)
            else list(value)
            if isinstance(value, tuple)
            else value
            for name, value in kept.items()
            if value is not None and value is not False and value != ()
        }

    @staticmethod
    def read(row: dict[str, Any]) -> Condition:
        """A condition from the store. Raises ValueError or TypeError for what is none."""
        made = dict(row)
        for name in ("cities", "plans", "unused", "people"):
            if name in made:
                made[name] = tuple(made[name])
        for name in ("visited_before", "visited_since"):
            if isinstance(made.get(name), str):
                made[name] = date.fromisoformat(made[name])
        return Condition(**made)


_ALL = Condition()


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Living members for whom `include` holds (all of them, where it says nothing) and `exclude` does not."""

    include: Condition = _ALL
    exclude: Condition | None = None

    def row(self) -> dict[str, Any]:
        made = {"include": self.include.row()}
        return made if self.exclude is None else {**made, "exclude": self.exclude.row()}

    @staticmethod
    def read(row: dict[str, Any]) -> Audience:
        exclude = row.get("exclude")
        return Audience(
            include=Condition.read(row.get("include", {})),
            exclude=Condition.read(exclude) if exclude else None,
        )


EVERYBODY = Audience()


@dataclass(eq=False, kw_only=True)
class Broadcast:
    """One version. `send_at` is one moment, `rule` one that comes again (reckoned from `anchor`), neither is: at once.

    `due_at` is when the next run begins. `asked` is how many it was for when it was started, `approved_by` the second
    person. `paused_in` is the state that a pause interrupted.
    """

    id: str
    series: str
    version: int
    title: str
    text: str
    audience: dict[str, Any]
    author_id: str
    created_at: datetime
    useful_minutes: int = int(USEFUL.total_seconds() // 60)
    send_at: datetime | None = None
    rule: str | None = None
    anchor: date | None = None
    state: BroadcastState = BroadcastState.DRAFT
    due_at: datetime | None = None
    asked: int | None = None
    approved_by: str | None = None
    approved_at: datetime | None = None
    paused_in: BroadcastState | None = None
    changed_at: datetime | None = None

    def check(self, step: Step) -> None:
        """Raises WrongState where the step is not possible any more, or not yet."""
        if self.state not in FROM[step]:
            raise WrongState(f"{step} of what is {self.state}")

    def go(self, state: BroadcastState, now: datetime) -> None:
        """Enter a state; what neither is scheduled nor waits has no next run."""
        self.state, self.changed_at = state, now
        if state not in (BroadcastState.WAITING, BroadcastState.SCHEDULED, BroadcastState.PAUSED):
            self.due_at = None

    def still_due(self, now: datetime) -> datetime | None:
        """The moment for which it has waited, unless that is so long past that it is of no use any more."""
        if self.due_at is None or now >= self.due_at + timedelta(minutes=self.useful_minutes):
            return None
        return self.due_at

    def pause(self, now: datetime) -> None:
        self.check(Step.PAUSE)
        self.paused_in = self.state
        self.go(BroadcastState.PAUSED, now)

    def go_on(self, now: datetime) -> None:
        """Where it was; a run that fell due meanwhile begins now."""
        self.check(Step.GO_ON)
        state = self.paused_in or BroadcastState.SCHEDULED
        self.paused_in = None
        self.go(state, now)


@dataclass(eq=False, kw_only=True)
class BroadcastRun:
    """One occurrence. Recipients are laid down in pieces: up to which person is `filled_to`, all of them once `filled`."""

    id: str
    broadcast_id: str
    number: int
    planned_at: datetime
    useful_until: datetime
    begun_at: datetime
    filled_to: str = ""
    filled: bool = False
    ended_at: datetime | None = None


@dataclass(eq=False, kw_only=True)
class BroadcastEvent:
    """A line of what was done with it and by whom; only ever added."""

    broadcast_id: str
    at: datetime
    actor_id: str | None
    what: str
    detail: dict[str, Any] = field(default_factory=dict)
    id: int | None = None


@dataclass(frozen=True)
class Standing:
    """What is so with one recipient: a live chat, one that has blocked us, words on the page; who owns the conversation."""

    person_id: str
    alive: bool
    wanted: bool
    owner: str | None
    chats: int
    blocked: int
    page: bool


def judge(
    standing: Standing, now: datetime, useful_until: datetime, quiet_until: datetime | None
) -> Decision:
    """Whether the words go to this person now, later, or not at all, and why."""
    decision = decide(
        Facts(
            now=now,
            useful_until=useful_until,
            alive=standing.alive,
            wanted=standing.wanted,
            blocked=standing.blocked > 0 and standing.chats == 0,
            has_chat=standing.chats > 0 or standing.page,
            quiet_until=quiet_until,
        )
    )
    if decision.what is not What.SEND or standing.owner in (None, BUTLER):
        return decision
    # A person speaks, or is about to: nothing is thrown in between.
    if now + AGAIN <= useful_until:
        return Decision(What.LATER, Reason.HUMAN, now + AGAIN)
    return Decision(What.DROP, Reason.HUMAN)


def checked_text(text: str) -> str:
    """The words without blanks around them. Raises BadBroadcast (`empty`, `too_long`)."""
    kept = text.strip()
    if not kept:
        raise BadBroadcast("empty")
    if len(kept) > MOST_CHARACTERS:
        raise BadBroadcast("too_long")
    return kept


def checked_ages(condition: Condition) -> None:
    """Raises BadBroadcast (`ages`) for ages that nobody has."""
    low, high = condition.min_age, condition.max_age
    ages = [age for age in (low, high) if age is not None]
    if any(not 0 <= age <= OLDEST for age in ages) or (low is not None and high is not None and low > high):
        raise BadBroadcast("ages")


def birthday_before(day: date, years: int) -> date:
    """The latest birthday of who is so many full years old on a day."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # the 29th of February
        return date(day.year - years, 2, 28)
