"""What a broadcast's writer is shown beside it: what may be chosen, what can be done next, when it goes, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from actions.broadcast_when import FESTIVALS, When
from actions.house import House
from actions.remind_rules import said_of
from domain.broadcasts import FROM, BadBroadcast, Broadcast, BroadcastState, Step
from domain.errors import NotAllowed
from domain.people import Person
from domain.policy import may_approve, may_broadcast
from domain.recurrence import TERMS
from domain.store import Unit
from nlu.zh.say import say_when

_STEPS = {
    "approve": Step.APPROVE,
    "start": Step.START,
    "pause": Step.PAUSE,
    "go-on": Step.GO_ON,
    "stop": Step.STOP,
    "take-back": Step.TAKE_BACK,
}
_MENDED = (BroadcastState.DRAFT, BroadcastState.WAITING, BroadcastState.SCHEDULED)


@dataclass(frozen=True)
class Choices:
    """What an audience and a rule may name, each by what is sent with its name for people."""

    cities: Mapping[str, str]
    plans: Mapping[str, str]
    benefits: Mapping[str, str]
    days: tuple[str, ...]
    alone: int


def choices(house: House, unit: Unit, actor: Person) -> Choices:
    """Raises NotFound for who writes no broadcasts."""
    may_broadcast(actor)
    kept = unit.broadcasts
    days = (*TERMS, *FESTIVALS)
    return Choices(kept.city_names(), kept.plan_names(), kept.benefit_names(), days, house.broadcast_alone)


def possible(unit: Unit, actor: Person, kept: Broadcast) -> list[str]:
    """What this person can do with it now: names of `broadcast.STEPS`, `revise` and `test`."""
    found = [name for name, step in _STEPS.items() if kept.state in FROM[step]]
    if "approve" in found and not _may_approve(actor, kept):
        found.remove("approve")
    if kept.state in _MENDED and not unit.broadcasts.runs(kept.id):
        found.append("revise")
    return [*found, "test"]


def when_said(house: House, when: When) -> str:
    """「立刻」, 「12月1日，下个星期二，上午9点」, 「每年立秋上午9点」."""
    if when.rule is not None:
        return said_of(house, when.rule)
    return say_when(when.at, house.now()) if when.at is not None else house.words.say("broadcast_at_once")


def first_said(house: House, when: When) -> str | None:
    """When a rule goes out first; None where that is past, or it is no rule."""
    if when.rule is None:
        return None
    try:
        return say_when(when.first(house.now()), house.now())
    except BadBroadcast:
        return None


def _may_approve(actor: Person, kept: Broadcast) -> bool:
    try:
        may_approve(actor, kept.author_id)
    except NotAllowed:
        return False
    return True
