"""Reminders that are due: claimed, judged at the moment of sending, put into the outbox in the same transaction.

Any number of processes work side by side. What goes wrong with one person's keeps nobody else's waiting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Protocol

import structlog

from actions.house import House
from actions.say import Choice, press, put
from domain.conversations import Lane
from domain.ids import new_id
from domain.quiet import Quiet
from domain.reminders import TOGETHER, Attempt, Instance, Outcome, Rule, RuleKind
from domain.sending import Decision, Facts, Reason, What, decide
from domain.store import Unit

log = structlog.get_logger()
_BATCH = 100
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


def hands() -> Mapping[RuleKind, Hand]:
    """The hand of each kind."""
    from actions.helped import HelpedHand
    from actions.remind_offers import OfferHand
    from actions.remind_personal import PersonalHand
    from actions.remind_visits import VisitHand

    personal = PersonalHand()
    return {
        RuleKind.VISIT: VisitHand(),
        RuleKind.OFFER: OfferHand(),
        RuleKind.PERSONAL: personal,
        RuleKind.MEDICINE: personal,
        RuleKind.HELPED: HelpedHand(),
    }


def key_of(instance: Instance) -> str:
    """The key of its words in the outbox."""
    return f"rm:{instance.id}"


def plan(
    house: House,
    unit: Unit,
    rule: Rule,
    person_id: str,
    occurrence: str,
    at: datetime,
    useful_until: datetime,
    *,
    urgent: bool = False,
    joins: bool = True,
) -> Instance:
    """One occurrence for one person, at a moment that their quiet windows leave; planned twice, it is there once."""
    there = unit.reminders.occurrence(rule.id, person_id, occurrence)
    if there is not None:
        return there
    made = Instance(
        id=new_id("ri"),
        rule_id=rule.id,
        person_id=person_id,
        occurrence=occurrence,
        planned_at=at,
        useful_until=useful_until,
        due_at=at,
        urgent=urgent,
        joins=joins,
    )
    place(house, unit, made)
    unit.reminders.add(made)
    unit.flush()
    return made


def plan_all(
    house: House,
    unit: Unit,
    rule: Rule,
    person_id: str,
    occurrences: Iterable[tuple[str, datetime, datetime]],
) -> None:
    """The first occurrences of a new version for one person: name, moment, until when it is of use."""
    quiet = unit.reminders.notices(person_id).quiet(house.calendar)
    made = [
        Instance(
            id=new_id("ri"),
            rule_id=rule.id,
            person_id=person_id,
            occurrence=name,
            planned_at=at,
            useful_until=until,
            due_at=at,
            joins=True,
        )
        for name, at, until in occurrences
    ]
    for instance in made:
        _place_in(quiet, house, instance)
    unit.reminders.add(*made)


def place(house: House, unit: Unit, instance: Instance) -> None:
    """Set the moment of an occurrence that is still to come, by the windows as they are now."""
    if not instance.urgent:
        _place_in(unit.reminders.notices(instance.person_id).quiet(house.calendar), house, instance)


def _place_in(quiet: Quiet, house: House, instance: Instance) -> None:
    placed = quiet.place(instance.planned_at, instance.useful_until, house.now())
    if placed.at is None:
        instance.skip(Reason.QUIET)
    else:
        instance.due_at = placed.at


def next_due(unit: Unit) -> datetime | None:
    """When something is due next."""
    return unit.reminders.next_due()


def work_off(house: House) -> int:
    """Look at everything that is due now; returns how many occurrences were looked at."""
    with house.store.read() as unit:
        due = unit.reminders.next_due()
    done = 0
    while due is not None and due <= house.now():
        with house.store.write() as unit:
            claimed = unit.reminders.claim(house.now(), _BATCH)
            _work(house, unit, claimed)
        if not claimed:
            break  # another process has them
        done += len(claimed)
        with house.store.read() as unit:
            due = unit.reminders.next_due()
    return done


def _work(house: House, unit: Unit, claimed: list[Row]) -> None:
    now = house.now()
    joining = {instance.person_id for instance, _ in claimed if instance.joins}
    near = unit.reminders.claim_near(joining, now, now + TOGETHER) if joining else []
    rows = sorted([*claimed, *near], key=lambda row: row[0].person_id)
    for _, group in groupby(rows, key=lambda row: row[0].person_id):
        _person(house, unit, sorted(group, key=lambda row: (row[0].due_at or now, row[0].id)))
    unit.flush()


def _person(house: House, unit: Unit, rows: list[Row]) -> None:
    """All that is due to one person, and what is due within the hour if something is said anyway."""
    due = [row for row in rows if row[0].due_at is not None and row[0].due_at <= house.now()]
    near = [row for row in rows if row not in due]
    try:
        with unit.attempt():
            ready = _judged(house, unit, due)
            if any(instance.joins for instance, _ in ready):
                ready += _judged(house, unit, near)
            else:
                unit.reminders.unclaim([instance for instance, _ in near])
            _say_all(house, unit, ready)
    except Exception as error:
        log.error("reminder_failed", error=type(error).__name__, exc_info=error)
        _failed(house, unit, due, near)


def _failed(house: House, unit: Unit, due: list[Row], near: list[Row]) -> None:
    """Nothing of the attempt stays; it is tried again later, and given up with its reason in the end."""
    for rule_id in {rule.id for _, rule in (*due, *near)}:
        unit.reminders.instances(rule_id)  # as the database has them
    unit.reminders.unclaim([instance for instance, _ in near])
    for instance, _ in due:
        instance.failed(house.now())
        _note(house, unit, instance, Outcome.FAILED, Reason.FAILED)
    unit.flush()


def _judged(house: House, unit: Unit, rows: list[Row]) -> list[Row]:
    """Those that are to be said now; of the others it is written down why not."""
    ready = []
    for instance, rule in rows:
        decision = _decide(house, unit, rule, instance)
        if decision.what is What.SEND:
            ready.append((instance, rule))
        elif decision.what is What.LATER:
            instance.due_at = decision.at
            _note(house, unit, instance, Outcome.LATER, decision.reason)
        else:
            assert decision.reason is not None
            instance.skip(decision.reason)
            _note(house, unit, instance, Outcome.SKIPPED, decision.reason)
            unit.flush()
            hands()[rule.kind].after(house, unit, rule, instance, decision.reason)
    return ready


def _decide(house: House, unit: Unit, rule: Rule, instance: Instance) -> Decision:
    now = house.now()
    person, subject = unit.people.get(instance.person_id), unit.people.get(rule.person_id)
    standing = hands()[rule.kind].standing(house, unit, rule, instance)
    quiet = unit.reminders.notices(instance.person_id).quiet(house.calendar)
    return decide(
        Facts(
            now=now,
            useful_until=instance.useful_until,
            alive=all(one is not None and one.died_on is None for one in (person, subject)),
            consents=standing.consents,
            over=rule.ended_why or standing.over,
            answered=standing.answered,
            wanted=standing.wanted,
            has_chat=not standing.needs_chat or unit.lapses.can_hear(instance.person_id),
            quiet_until=None if instance.urgent else quiet.until(now),
            passes_quiet=instance.urgent,
        )
    )


def _say_all(house: House, unit: Unit, ready: list[Row]) -> None:
    """Put the words into the outbox: those that join as one message, each of the others by itself."""
    said = [(*row, hands()[row[1].kind].words(house, unit, row[1], row[0])) for row in ready]
    joined = [one for one in said if one[0].joins and one[2] is not None and one[2].line is not None]
    if len(joined) > 1:
        head = joined[0][0]
        _put(house, unit, head, _together(house, head, [one[2] for one in joined if one[2] is not None]))
    else:
        joined = []
    together = {one[0].id for one in joined}
    for instance, _, words in said:
        if words is not None and instance.id not in together:
            _put(house, unit, instance, words)
    for instance, rule, _ in said:
        instance.sent(house.now(), key_of(joined[0][0] if instance.id in together else instance))
        _note(house, unit, instance, Outcome.SENT)
        unit.flush()
        hands()[rule.kind].after(house, unit, rule, instance, None)


def _put(house: House, unit: Unit, instance: Instance, said: Said) -> None:
    put(
        unit,
        unit.conversations.of(instance.person_id),
        said.text,
        key=key_of(instance),
        now=house.now(),
        choices=said.choices,
        lane=Lane.REMINDER,
    )


def _together(house: House, head: Instance, said: list[Said]) -> Said:
    """Several small notices as one message. Which of them is to be moved or dropped, the dialogue asks."""
    word = house.words.say
    lines = "\n".join(f"{number}. {one.line}" for number, one in enumerate(said, 1))
    choices = [Choice(word("button_remind_seen"), f"remind:seen:{head.id}")]
    if any(len(one.choices) > 1 for one in said):
        choices += [
            Choice(word("button_remind_move"), press("reschedule_booking"), once=False),
            Choice(word("button_remind_drop"), press("cancel_booking"), once=False),
        ]
    return Said(word("remind_together", count=len(said), lines=lines), choices)


def _note(
    house: House, unit: Unit, instance: Instance, outcome: Outcome, reason: Reason | None = None
) -> None:
    unit.reminders.add(
        Attempt(
            instance_id=instance.id,
            number=instance.attempts,
            at=house.now(),
            outcome=outcome,
            reason=reason,
        )
    )
