"""The contract of a kind of reminder: what its hand knows and does. The machine is `remind`, the kinds `remind_hands`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from actions.house import House
from actions.say import Choice
from domain.reminders import Attempt, Instance, Outcome, Rule, RuleKind
from domain.sending import Decision, Facts, Reason, decide
from domain.store import Unit

Row = tuple[Instance, Rule]


@dataclass(frozen=True)
class Standing:
    """What the kind of a reminder knows of it at this moment."""

    over: Reason | None = None
    consents: bool = True
    answered: bool = False
    wanted: bool = True
    # Some words are kept for a person who has no chat yet, because a butler reads them.
    needs_chat: bool = True
    # No good moment, though not a quiet one: when to look again.
    busy_until: datetime | None = None


@dataclass(frozen=True)
class Said:
    """What is said. `line` is it in short, for several at once; None where they can not be put together."""

    text: str
    choices: Sequence[Choice] = ()
    line: str | None = None


class Hand(Protocol):
    """What one kind of reminder knows and does."""

    def standing(self, house: House, unit: Unit, rule: Rule, instance: Instance) -> Standing:
        """What is so now."""
        ...

    def words(self, house: House, unit: Unit, rule: Rule, instance: Instance) -> Said | None:
        """What is to be said; None where what is due was done without words of ours."""
        ...

    def after(self, house: House, unit: Unit, rule: Rule, instance: Instance, reason: Reason | None) -> None:
        """What follows: `reason` is None where it was said."""
        ...


@runtime_checkable
class Foresees(Protocol):
    """A hand that loads what a whole batch of its kind will need in a few queries, before any of it is looked at."""

    def foresee(self, house: House, unit: Unit, rows: Sequence[Row]) -> None:
        """Look up what these will need."""
        ...


@dataclass(frozen=True)
class Batch:
    """What is known of all that is looked at together: who can be written to, and who lives."""

    hands: Mapping[RuleKind, Hand]
    hear: set[str]
    living: set[str]


def judge(
    house: House, unit: Unit, instance: Instance, standing: Standing, *, alive: bool, has_chat: bool = True
) -> Decision:
    """Whether it is said now, by what is so at this moment."""
    now = house.now()
    quiet = unit.reminders.notices(instance.person_id).quiet(house.calendar)
    return decide(
        Facts(
            now=now,
            useful_until=instance.useful_until,
            alive=alive,
            consents=standing.consents,
            over=standing.over,
            answered=standing.answered,
            wanted=standing.wanted,
            has_chat=has_chat or not standing.needs_chat,
            quiet_until=quiet.until(now),
            passes_quiet=instance.urgent,
            busy_until=standing.busy_until,
        )
    )


def key_of(instance: Instance) -> str:
    """The key of its words in the outbox."""
    return instance.own_key


def note(
    house: House, unit: Unit, instance: Instance, outcome: Outcome, reason: Reason | None = None
) -> None:
    """Write an attempt down."""
    unit.reminders.add(
        Attempt(
            instance_id=instance.id,
            number=instance.attempts,
            at=house.now(),
            outcome=outcome,
            reason=reason,
        )
    )
