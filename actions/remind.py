"""Reminders that are due: claimed, judged at the moment of sending, put into the outbox in the same transaction.

Any number of processes work side by side. What goes wrong with one person's keeps nobody else's waiting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

import structlog

from actions.house import House
from actions.remind_hand import Batch, Foresees, Row, judge, note
from actions.remind_hands import hands
from actions.remind_say import say_all
from domain.reminders import TOGETHER, Instance, Outcome, Rule
from domain.sending import Decision, Reason, What
from domain.store import Unit

log = structlog.get_logger()
_BATCH = 200


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
    """All of it at once. Where that fails each person's is worked off apart, so that one keeps nobody else waiting."""
    if not claimed:
        return
    now = house.now()
    joining = {instance.person_id for instance, _ in claimed if instance.joins}
    near = unit.reminders.claim_near(joining, now, now + TOGETHER) if joining else []
    rows = sorted([*claimed, *near], key=lambda row: (row[0].person_id, row[0].due_at or now, row[0].id))
    people = [list(group) for _, group in groupby(rows, key=lambda row: row[0].person_id)]
    batch = _look_up(house, unit, rows)
    try:
        with unit.attempt():
            _all(house, unit, batch, people)
    except Exception as error:  # noqa: BLE001  (whatever it is, it is met again where it belongs)
        log.warning("reminders_one_by_one", error=type(error).__name__)
        unit.reminders.let_go()
        for mine in people:
            _person(house, unit, batch, mine)
    unit.flush()


def _look_up(house: House, unit: Unit, rows: Sequence[Row]) -> Batch:
    """The facts of a batch, in a number of queries that does not grow with it."""
    hears = {instance.person_id for instance, _ in rows}
    people = hears | {rule.person_id for _, rule in rows}
    unit.reminders.hold_wishes(hears)
    batch = Batch(hands(), unit.lapses.hearing(hears), unit.people.living(people))
    for kind, hand in batch.hands.items():
        mine = [row for row in rows if row[1].kind is kind]
        if mine and isinstance(hand, Foresees):
            hand.foresee(house, unit, mine)
    return batch


def _all(house: House, unit: Unit, batch: Batch, people: Sequence[Sequence[Row]]) -> None:
    """Judge what is due to these people, and what is due to them within the hour if something is said anyway."""
    ready = []
    for rows in people:
        due = [row for row in rows if row[0].due_at is not None and row[0].due_at <= house.now()]
        near = [row for row in rows if row not in due]
        mine = _judged(house, unit, batch, due)
        if any(instance.joins for instance, _ in mine):
            mine += _judged(house, unit, batch, near)
        else:
            unit.reminders.unclaim([instance for instance, _ in near])
        ready.append(mine)
    say_all(house, unit, batch, ready)


def _person(house: House, unit: Unit, batch: Batch, rows: Sequence[Row]) -> None:
    """One person's alone."""
    try:
        with unit.attempt():
            _all(house, unit, batch, [rows])
    except Exception as error:
        log.error("reminder_failed", error=type(error).__name__, exc_info=error)
        _failed(house, unit, rows)


def _failed(house: House, unit: Unit, rows: Sequence[Row]) -> None:
    """Nothing of the attempt stays; it is tried again later, and given up with its reason in the end."""
    for rule_id in {rule.id for _, rule in rows}:
        unit.reminders.instances(rule_id)  # as the database has them
    for instance, _ in rows:
        if instance.due_at is None or instance.due_at > house.now():
            unit.reminders.unclaim([instance])
            continue
        instance.failed(house.now())
        note(house, unit, instance, Outcome.FAILED, Reason.FAILED)
    unit.flush()


def _judged(house: House, unit: Unit, batch: Batch, rows: Sequence[Row]) -> list[Row]:
    """Those that are to be said now; of the others it is written down why not."""
    ready = []
    for instance, rule in rows:
        decision = _decide(house, unit, batch, rule, instance)
        if decision.what is What.SEND:
            ready.append((instance, rule))
        elif decision.what is What.LATER:
            instance.due_at = decision.at
            note(house, unit, instance, Outcome.LATER, decision.reason)
        else:
            assert decision.reason is not None
            instance.skip(decision.reason)
            note(house, unit, instance, Outcome.SKIPPED, decision.reason)
            batch.hands[rule.kind].after(house, unit, rule, instance, decision.reason)
    return ready


def _decide(house: House, unit: Unit, batch: Batch, rule: Rule, instance: Instance) -> Decision:
    standing = batch.hands[rule.kind].standing(house, unit, rule, instance)
    return judge(
        house,
        unit,
        instance,
        replace(standing, over=rule.ended_why or standing.over),
        alive=batch.living.issuperset((instance.person_id, rule.person_id)),
        has_chat=instance.person_id in batch.hear,
    )
