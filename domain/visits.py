"""A visit is what really took place of a booking: who came, when, where, what was done, and how that is known.

Six elements make a visit verifiable (21st Century Cures Act §12006): service, person served, date, place, person who
gave it, begin and end. The times of the ladder are the issue's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from domain.errors import RuleBroken, WrongState

# The elder hears first, then the coordinator, then another carer is looked for.
LATE_AFTER = (timedelta(minutes=15), timedelta(minutes=30), timedelta(minutes=60))
# Later than this nobody is helped by words about being late: the machine was away, and a person looks into it.
STALE = timedelta(hours=3)
OBJECTION = timedelta(hours=24)
# How much sooner than agreed somebody may set out or begin.
EARLIEST_OUT, EARLIEST_IN = timedelta(hours=12), timedelta(hours=2)
# A report sent later than it happened (no network on the way) is believed for so long.
OFFLINE = timedelta(hours=24)
CODE_TRIES = 5
# Less of the agreed time than this is looked at by a person.
SHORT_PART = 0.5


class VisitState(StrEnum):
    """`called_off` is the visit of a booking that no longer stands."""

    ASSIGNED = "assigned"
    ON_THE_WAY = "on_the_way"
    ARRIVED = "arrived"
    IN_SERVICE = "in_service"
    DONE = "done"
    VERIFIED = "verified"
    NOT_POSSIBLE = "not_possible"
    CALLED_OFF = "called_off"


BEFORE = (VisitState.ASSIGNED, VisitState.ON_THE_WAY)
UNDER_WAY = (*BEFORE, VisitState.ARRIVED, VisitState.IN_SERVICE)
OVER = (VisitState.DONE, VisitState.VERIFIED)
_NEXT: dict[VisitState, tuple[VisitState, ...]] = {
    VisitState.ASSIGNED: (
        VisitState.ON_THE_WAY,
        VisitState.ARRIVED,
        VisitState.DONE,
        VisitState.NOT_POSSIBLE,
        VisitState.CALLED_OFF,
    ),
    VisitState.ON_THE_WAY: (
        VisitState.ARRIVED,
        VisitState.NOT_POSSIBLE,
        VisitState.ASSIGNED,
        VisitState.CALLED_OFF,
    ),
    VisitState.ARRIVED: (VisitState.IN_SERVICE, VisitState.NOT_POSSIBLE, VisitState.CALLED_OFF),
    VisitState.IN_SERVICE: (VisitState.DONE, VisitState.NOT_POSSIBLE),
    VisitState.DONE: (VisitState.VERIFIED, VisitState.NOT_POSSIBLE),
}


class Flag(StrEnum):
    """Why a person has to look at a visit before it counts."""

    OUTSIDE = "outside"
    NO_PLACE = "no_place"
    STEPS_LEFT_OUT = "steps_left_out"
    NOT_KNOWN = "not_known"
    SHORT = "short"
    NOT_CERTIFIED = "not_certified"
    SELF_REPORTED = "self_reported"
    REPORTED_LATE = "reported_late"
    OBJECTED = "objected"
    CORRECTED = "corrected"


class Impossible(StrEnum):
    """Why a visit could not take place."""

    NOBODY_HOME = "nobody_home"
    UNWELL = "unwell"
    CARER_ILL = "carer_ill"
    WEATHER = "weather"
    UNSAFE = "unsafe"
    NOT_READY = "not_ready"


class Method(StrEnum):
    """How the place is known."""

    GPS = "gps"
    CODE = "code"
    JOINED = "joined"
    ELDER = "elder"
    NONE = "none"


class WrongCode(RuleBroken):
    """The four digits are not the elder's. `left` says how many tries there are."""

    code = "wrong_code"

    def __init__(self, left: int) -> None:
        super().__init__("wrong_code")
        self.left = left


class NotAllowedHere(RuleBroken):
    """Notes and photographs need the elder's leave for this visit."""

    code = "no_leave"


class TooSoon(RuleBroken):
    """The agreed time is too far off for this step."""

    code = "too_soon"


@dataclass(eq=False, kw_only=True)
class Visit:
    """`staff_id` is who came, known from the first step on; before that the booking says who is to come.

    `code` is told to the elder alone. `late_step` counts the rungs of the ladder for a booking that begins at
    `late_begin` (a moved one begins at nought again). `due_at` is when something has to be looked at next.
    """

    id: str
    booking_id: str
    state: VisitState
    code: str
    created_at: datetime
    staff_id: str | None = None
    on_the_way_at: datetime | None = None
    expected_at: datetime | None = None
    arrived_at: datetime | None = None
    began_at: datetime | None = None
    ended_at: datetime | None = None
    verified_at: datetime | None = None
    verified_by: str | None = None
    method: Method | None = None
    distance_m: float | None = None
    accuracy_m: float | None = None
    code_failures: int = 0
    flags: list[str] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)
    records: dict[str, str] = field(default_factory=dict)
    note: str | None = None
    leave: dict[str, bool] = field(default_factory=dict)
    reason: str | None = None
    confirmed_at: datetime | None = None
    confirmed_by: str | None = None
    late_step: int = 0
    late_begin: datetime | None = None
    due_at: datetime | None = None
    version: int = 1

    def go(self, state: VisitState) -> None:
        """Step on. Raises WrongState where that step does not exist from here."""
        if state not in _NEXT.get(self.state, ()):
            raise WrongState(f"{self.state} -> {state}")
        self.state = state
        self.version += 1

    def flag(self, *flags: Flag) -> None:
        """Note why a person has to look at it."""
        self.flags = [*self.flags, *(str(flag) for flag in flags if flag not in self.flags)]

    def late_rung(self, begin: datetime) -> int:
        """How many rungs of the ladder have been climbed for this agreed time."""
        return self.late_step if self.late_begin == begin else 0

    @property
    def missing(self) -> list[str]:
        """Which of the six elements are not known; service, person served and date are the booking's."""
        elements = {
            "place": self.method is not None and self.method is not Method.NONE,
            "provider": self.staff_id is not None or self.method is Method.ELDER,
            "begin": self.began_at is not None,
            "end": self.ended_at is not None,
        }
        return [name for name, there in elements.items() if not there]

    @property
    def clean(self) -> bool:
        """Complete and unflagged: it needs no person to be verified."""
        return self.state is VisitState.DONE and not self.missing and not self.flags


@dataclass(eq=False, kw_only=True)
class VisitEvent:
    """A line of a visit's history; never changed. `key` makes a step that is sent twice happen once."""

    visit_id: str
    kind: str
    at: datetime
    noted_at: datetime
    actor_id: str | None
    key: str
    detail: dict[str, str] = field(default_factory=dict)
    id: int | None = None


@dataclass(eq=False, kw_only=True)
class Correction:
    """Another time than was noted. It counts once a second person has agreed; what was noted first stays."""

    id: str
    visit_id: str
    field: str
    before: str | None
    after: str
    reason: str
    asked_by: str
    asked_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    agreed: bool | None = None


@dataclass(eq=False, kw_only=True)
class Photo:
    """A photograph that the elder allowed; `path` is under the folder of data, never in a log."""

    id: str
    visit_id: str
    path: str
    kind: str
    size: int
    taken_by: str
    taken_at: datetime


CORRECTABLE = ("on_the_way_at", "arrived_at", "began_at", "ended_at")


def late_by(begin: datetime, now: datetime) -> int:
    """The rung of the ladder that this moment stands on, 0 for none."""
    return sum(now >= begin + after for after in LATE_AFTER)


def next_rung(begin: datetime, rung: int) -> datetime | None:
    """When the next rung is reached."""
    return begin + LATE_AFTER[rung] if rung < len(LATE_AFTER) else None


def is_short(visit: Visit, agreed: timedelta) -> bool:
    """Whether it took less than half of the agreed time."""
    if visit.began_at is None or visit.ended_at is None:
        return False
    return visit.ended_at - visit.began_at < agreed * SHORT_PART


def corrected(visit: Visit, corrections: Sequence[Correction]) -> dict[str, datetime | None]:
    """The times that count: as noted, and as corrected where a second person agreed, the last one last."""
    times: dict[str, datetime | None] = {name: getattr(visit, name) for name in CORRECTABLE}
    agreed = [c for c in corrections if c.agreed and c.decided_at is not None]
    for one in sorted(agreed, key=lambda c: c.decided_at or c.asked_at):
        times[one.field] = datetime.fromisoformat(one.after)
    return times
