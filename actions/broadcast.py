"""Broadcasts as staff handle them: written, looked at, tested, started, approved, paused, ended, taken back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from actions.broadcast_audience import checked_audience
from actions.broadcast_when import NOW, When
from actions.house import House
from actions.say import put
from domain.broadcasts import (
    EVERYBODY,
    LONGEST,
    SHORTEST,
    TITLE,
    USEFUL,
    Audience,
    BadBroadcast,
    Broadcast,
    BroadcastEvent,
    BroadcastState,
    Step,
    checked_text,
)
from domain.clock import local_day
from domain.errors import NotFound, WrongState
from domain.ids import new_id
from domain.people import Person
from domain.policy import may_approve, may_broadcast, may_see_names
from domain.sending import Reason
from domain.store import Unit
from domain.store.broadcasts import Reach
from nlu.zh.text import clean


@dataclass(frozen=True)
class Draft:
    """What is written. Cities may be named or coded."""

    text: str
    title: str = ""
    audience: Audience = EVERYBODY
    when: When = NOW
    useful: timedelta = USEFUL


@dataclass(frozen=True)
class Example:
    """One of those whom it would reach; without a name where the reader may not know it."""

    person_id: str
    name: str
    city: str
    age: int | None


@dataclass(frozen=True)
class Preview:
    """How many it is for now, how they would be reached, ten of them, and the words as they read them."""

    reach: Reach
    examples: list[Example]
    text: str
    needs_approval: bool


def write(house: House, unit: Unit, actor: Person, draft: Draft, key: str | None = None) -> Broadcast:
    """A draft; the same key of the same author a second time returns what was written the first time.

    Raises NotFound for who may not, BadBroadcast.
    """
    may_broadcast(actor)
    made = _id(actor, key)
    return unit.broadcasts.get(made) or _version(house, unit, actor, draft, made, made, 1)


def revise(house: House, unit: Unit, actor: Person, broadcast_id: str, draft: Draft) -> Broadcast:
    """Other words, people or times: the next version, a draft again; the one before is taken back.

    Raises WrongState once a run has begun: what somebody has read is not changed.
    """
    old = _locked(unit, actor, broadcast_id)
    old.check(Step.TAKE_BACK)
    if old.state not in (BroadcastState.DRAFT, BroadcastState.WAITING, BroadcastState.SCHEDULED) or (
        unit.broadcasts.runs(old.id)
    ):
        raise WrongState("begun")
    made = _version(house, unit, actor, draft, new_id("bc"), old.series, old.version + 1)
    old.go(BroadcastState.TAKEN_BACK, house.now())
    _note(house, unit, old, actor, "revised")
    return made


def preview(house: House, unit: Unit, actor: Person, draft: Draft) -> Preview:
    """Whom a draft is for, before it is kept. Raises BadBroadcast."""
    may_broadcast(actor)
    audience, text = checked_audience(unit, draft.audience), checked_text(clean(draft.text))
    return _preview(house, unit, actor, audience, text)


def preview_of(house: House, unit: Unit, actor: Person, broadcast_id: str) -> Preview:
    """The same for one that is kept."""
    kept = read(unit, actor, broadcast_id)
    return _preview(house, unit, actor, Audience.read(kept.audience), kept.text)


def read(unit: Unit, actor: Person, broadcast_id: str) -> Broadcast:
    """One of them. Raises NotFound, also for who may not know of any."""
    may_broadcast(actor)
    found = unit.broadcasts.get(broadcast_id)
    if found is None:
        raise NotFound(broadcast_id)
    return found


def try_out(house: House, unit: Unit, actor: Person, broadcast_id: str) -> None:
    """To oneself, as everybody would read it."""
    kept = read(unit, actor, broadcast_id)
    text = house.words.say("broadcast_test", text=full_text(house, kept.text))
    put(unit, unit.conversations.of(actor.id), text, key=new_id("bct"), now=house.now())


def start(house: House, unit: Unit, actor: Person, broadcast_id: str) -> Broadcast:
    """A draft goes its way: to be sent at its time, or first to a second person where it is for many.

    Raises BadBroadcast (`nobody`, `past`, `never`), WrongState.
    """
    kept = _locked(unit, actor, broadcast_id)
    kept.check(Step.START)
    when, now = When(kept.send_at, kept.rule), house.now()
    kept.asked = unit.broadcasts.count(Audience.read(kept.audience), house.today())
    if not kept.asked:
        raise BadBroadcast("nobody")
    first = when.first(now)
    if kept.asked > house.broadcast_alone:
        kept.due_at = first
        kept.go(BroadcastState.WAITING, now)
    else:
        _schedule(house, kept)
    _note(house, unit, kept, actor, "started", people=kept.asked, first=first.isoformat())
    return kept


def approve(house: House, unit: Unit, actor: Person, broadcast_id: str) -> Broadcast:
    """The second person's yes; one that comes after the hour is still in time while the words are of use.

    Raises NotAllowed (`second_person`, `approve`), WrongState, BadBroadcast (`past`).
    """
    may_broadcast(actor)
    kept = _locked(unit, actor, broadcast_id)
    may_approve(actor, kept.author_id)
    kept.check(Step.APPROVE)
    kept.approved_by, kept.approved_at = actor.id, house.now()
    _schedule(house, kept)
    _note(house, unit, kept, actor, "approved")
    return kept


def pause(house: House, unit: Unit, actor: Person, broadcast_id: str) -> Broadcast:
    """Nothing more goes out, also of what is in the outbox already, until it goes on."""
    return _step(house, unit, actor, broadcast_id, "paused", lambda kept: kept.pause(house.now()))


def go_on(house: House, unit: Unit, actor: Person, broadcast_id: str) -> Broadcast:
    """On from where it was paused."""
    made = _step(house, unit, actor, broadcast_id, "went_on", lambda kept: kept.go_on(house.now()))
    unit.recipients.hurry(made.id, house.now())
    unit.has_deliveries = True
    return made


def stop(house: House, unit: Unit, actor: Person, broadcast_id: str) -> Broadcast:
    """It ends here, with every run that was to come."""

    def end(kept: Broadcast) -> None:
        kept.check(Step.STOP)
        kept.go(BroadcastState.STOPPED, house.now())

    made = _step(house, unit, actor, broadcast_id, "stopped", end)
    unit.recipients.withdraw(made.id, Reason.STOPPED, house.now())
    return made


def take_back(house: House, unit: Unit, actor: Person, broadcast_id: str) -> Broadcast:
    """What has not reached anybody yet is withdrawn, also what lies unread on the page; possible after its end too."""

    def end(kept: Broadcast) -> None:
        kept.check(Step.TAKE_BACK)
        kept.go(BroadcastState.TAKEN_BACK, house.now())

    made = _step(house, unit, actor, broadcast_id, "taken_back", end)
    unit.recipients.withdraw(made.id, Reason.TAKEN_BACK, house.now())
    return made


def full_text(house: House, text: str) -> str:
    """The words with the way out that each broadcast has."""
    way_out = house.words.say("broadcast_way_out")
    return f"{text}\n\n{way_out}"


def _version(
    house: House, unit: Unit, actor: Person, draft: Draft, made: str, series: str, version: int
) -> Broadcast:
    now, text = house.now(), checked_text(clean(draft.text))
    if not SHORTEST <= draft.useful <= LONGEST:
        raise BadBroadcast("useful")
    draft.when.first(now)
    kept = Broadcast(
        id=made,
        series=series,
        version=version,
        title=(clean(draft.title).strip() or text.splitlines()[0])[:TITLE],
        text=text,
        audience=checked_audience(unit, draft.audience).row(),
        author_id=actor.id,
        created_at=now,
        useful_minutes=int(draft.useful.total_seconds() // 60),
        send_at=draft.when.at,
        rule=draft.when.rule,
        changed_at=now,
    )
    unit.broadcasts.add(kept)
    unit.flush()
    _note(house, unit, kept, actor, "written")
    return kept


def _preview(house: House, unit: Unit, actor: Person, audience: Audience, text: str) -> Preview:
    today, names = house.today(), may_see_names(actor)
    reach = unit.broadcasts.reach(audience, today)
    examples = [
        Example(
            person.id,
            person.name if names else f"{person.name[0]}＊",
            city.name if city else "",
            person.age_on(today),
        )
        for person, city in unit.broadcasts.examples(audience, today)
    ]
    return Preview(reach, examples, full_text(house, text), reach.people > house.broadcast_alone)


def _schedule(house: House, kept: Broadcast) -> None:
    when, now = When(kept.send_at, kept.rule), house.now()
    kept.due_at = kept.still_due(now) or when.first(now)
    kept.anchor = local_day(kept.due_at) if kept.rule is not None else None
    kept.state, kept.changed_at = BroadcastState.SCHEDULED, now


def _locked(unit: Unit, actor: Person, broadcast_id: str) -> Broadcast:
    may_broadcast(actor)
    kept = unit.broadcasts.locked(broadcast_id)
    if kept is None:
        raise NotFound(broadcast_id)
    return kept


def _step(
    house: House, unit: Unit, actor: Person, broadcast_id: str, what: str, change: Callable[[Broadcast], None]
) -> Broadcast:
    kept = _locked(unit, actor, broadcast_id)
    change(kept)
    _note(house, unit, kept, actor, what)
    return kept


def _id(actor: Person, key: str | None) -> str:
    if key is None:
        return new_id("bc")
    return f"bc_{hashlib.sha256(f'{actor.id}:{key}'.encode()).hexdigest()[:20]}"


def _note(
    house: House, unit: Unit, kept: Broadcast, actor: Person | None, what: str, **detail: object
) -> None:
    unit.broadcasts.add(
        BroadcastEvent(
            broadcast_id=kept.id,
            at=house.now(),
            actor_id=actor.id if actor else None,
            what=what,
            detail=detail,
        )
    )
    unit.flush()


STEPS: Mapping[str, Callable[[House, Unit, Person, str], Broadcast]] = {
    "start": start,
    "approve": approve,
    "pause": pause,
    "go-on": go_on,
    "stop": stop,
    "take-back": take_back,
}


def sentence(house: House, error: BadBroadcast) -> str:
    """What is wrong with a broadcast, for who wrote it."""
    return house.words.say(f"broadcast_problem_{error.problem}")
