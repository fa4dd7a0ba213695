"""The JSON shapes of broadcasts, in and out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from actions.broadcast import Draft, Preview
from actions.broadcast_when import NOW, When, read, rule_of
from actions.house import House
from domain.broadcasts import (
    Audience,
    BadBroadcast,
    Broadcast,
    BroadcastEvent,
    BroadcastRun,
    BroadcastState,
    Condition,
)
from domain.clock import SHANGHAI, local
from domain.people import Person
from domain.store import Unit
from domain.store.recipients import Counts


class ConditionIn(BaseModel):
    """All that is said must hold; `people` (ids or handles) are meant beside it. `cities` by name or code, `plans` and
    `unused` by code, ages in full years, both included. `never_visited` beside `visited_before`: or never."""

    model_config = ConfigDict(extra="forbid")
    cities: list[str] = Field(default=[], max_length=400)
    plans: list[str] = Field(default=[], max_length=50)
    min_age: int | None = None
    max_age: int | None = None
    unused: list[str] = Field(default=[], max_length=50)
    visited_before: date | None = None
    visited_since: date | None = None
    never_visited: bool = False
    people: list[str] = Field(default=[], max_length=500)

    def condition(self) -> Condition:
        return Condition.read(self.model_dump())


class AudienceIn(BaseModel):
    """Living members for whom `include` holds (all, where it says nothing) and `exclude` does not."""

    model_config = ConfigDict(extra="forbid")
    include: ConditionIn = Field(default_factory=lambda: ConditionIn.model_validate({}))
    exclude: ConditionIn | None = None

    def audience(self) -> Audience:
        exclude = self.exclude.condition() if self.exclude is not None else None
        return Audience(include=self.include.condition(), exclude=exclude)


class BroadcastIn(BaseModel):
    """`send_at` is one moment (without a zone Shanghai's), `rule` an RFC 5545 rule (`RSCALE=CHINESE`, `X-TERM=立秋` too),
    `when` either of them said in Chinese; at once where none is. `key` makes a repeat harmless."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(max_length=20_000)
    title: str = Field("", max_length=200)
    audience: AudienceIn = AudienceIn()
    send_at: datetime | None = None
    rule: str | None = Field(None, max_length=160)
    when: str | None = Field(None, max_length=80)
    useful_minutes: int = Field(24 * 60, ge=0, le=100_000)
    key: str | None = Field(None, min_length=1, max_length=80)

    def draft(self, house: House) -> Draft:
        """Raises BadBroadcast."""
        return Draft(
            self.text,
            self.title,
            self.audience.audience(),
            self._when(house),
            timedelta(minutes=self.useful_minutes),
        )

    def _when(self, house: House) -> When:
        if sum(way is not None for way in (self.send_at, self.rule, self.when)) > 1:
            raise BadBroadcast("times")
        if self.rule is not None:
            return rule_of(self.rule)
        if self.when is not None:
            return read(house, self.when)
        if self.send_at is None:
            return NOW
        return When(at=self.send_at if self.send_at.tzinfo else self.send_at.replace(tzinfo=SHANGHAI))


class ReachOut(BaseModel):
    """`people` it is for; of these with a chat, with the page only, with neither; and how many do not want any."""

    people: int
    chat: int
    page: int
    none: int
    unwanted: int


class ExampleOut(BaseModel):
    id: str
    name: str
    city: str
    age: int | None


class PreviewOut(BaseModel):
    reach: ReachOut
    examples: list[ExampleOut]
    text: str
    needs_approval: bool


class BroadcastOut(BaseModel):
    """`counts` are the recipients of its last run by state, `reasons` by reason, where it has had a run."""

    id: str
    series: str
    version: int
    title: str
    text: str
    audience: dict[str, Any]
    author: str
    created_at: datetime
    send_at: datetime | None
    rule: str | None
    useful_minutes: int
    state: BroadcastState
    next_at: datetime | None
    asked: int | None
    approved_by: str | None
    runs: int
    total: int
    counts: dict[str, int]
    reasons: dict[str, int]


class RunOut(BaseModel):
    id: str
    number: int
    planned_at: datetime
    useful_until: datetime
    begun_at: datetime
    ended_at: datetime | None
    total: int
    counts: dict[str, int]
    reasons: dict[str, int]


class EventOut(BaseModel):
    at: datetime
    who: str | None
    what: str
    detail: dict[str, Any]


class OneOut(BaseModel):
    """One with all its runs and what was done with it."""

    broadcast: BroadcastOut
    runs: list[RunOut]
    events: list[EventOut]


class RecipientOut(BaseModel):
    id: str
    name: str
    state: str
    reason: str | None
    since: datetime


def previewed(found: Preview) -> PreviewOut:
    examples = [ExampleOut(id=e.person_id, name=e.name, city=e.city, age=e.age) for e in found.examples]
    return PreviewOut(
        reach=ReachOut(**vars(found.reach)),
        examples=examples,
        text=found.text,
        needs_approval=found.needs_approval,
    )


def summed(counts: Counts) -> tuple[int, dict[str, int], dict[str, int]]:
    """All, by state, and by reason."""
    states: dict[str, int] = {}
    reasons: dict[str, int] = {}
    for (state, reason), count in counts.items():
        states[state] = states.get(state, 0) + count
        if reason is not None:
            reasons[reason] = reasons.get(reason, 0) + count
    return sum(states.values()), states, reasons


def shown(unit: Unit, one: Broadcast) -> BroadcastOut:
    """One of them with how its last run goes."""
    runs = unit.broadcasts.runs(one.id)
    total, states, reasons = summed(unit.recipients.counts([runs[-1].id]) if runs else {})
    return BroadcastOut(
        id=one.id,
        series=one.series,
        version=one.version,
        title=one.title,
        text=one.text,
        audience=one.audience,
        author=one.author_id,
        created_at=local(one.created_at),
        send_at=local(one.send_at) if one.send_at else None,
        rule=one.rule,
        useful_minutes=one.useful_minutes,
        state=one.state,
        next_at=local(one.due_at) if one.due_at else None,
        asked=one.asked,
        approved_by=one.approved_by,
        runs=len(runs),
        total=total,
        counts=states,
        reasons=reasons,
    )


def run(unit: Unit, one: BroadcastRun) -> RunOut:
    total, states, reasons = summed(unit.recipients.counts([one.id]))
    return RunOut(
        id=one.id,
        number=one.number,
        planned_at=local(one.planned_at),
        useful_until=local(one.useful_until),
        begun_at=local(one.begun_at),
        ended_at=local(one.ended_at) if one.ended_at else None,
        total=total,
        counts=states,
        reasons=reasons,
    )


def event(one: BroadcastEvent) -> EventOut:
    return EventOut(at=local(one.at), who=one.actor_id, what=one.what, detail=one.detail)


def recipient(person: Person | None, row: tuple[str, Any, Any, datetime], *, names: bool) -> RecipientOut:
    """A recipient; without the whole name where the reader may not know it."""
    person_id, state, reason, since = row
    name = (person.name if names else f"{person.name[0]}＊") if person is not None else ""
    return RecipientOut(
        id=person_id, name=name, state=str(state), reason=str(reason) if reason else None, since=local(since)
    )
