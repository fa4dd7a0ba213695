"""Broadcasts on their way: once to each, quiet hours, who speaks, pauses and ends, runs of a rule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from actions import broadcast, broadcast_send, notices
from actions.broadcast_when import When, read
from actions.house import House
from domain.broadcasts import AGAIN, Audience
from domain.clock import FixedClock, local
from domain.conversations import human
from domain.people import Person
from tests.actions.telling_many import MEI, delivered, do, queued
from tests.conftest import NOW
from tests.crowd import SECOND, TEXT, broadcast_to, counts, reasons, state


def test_everybody_gets_it_once_and_it_says_how_to_get_no_more(chats: House) -> None:
    made = broadcast_to(chats, Audience())
    assert state(chats, made) == "scheduled"

    broadcast_send.work_off(chats)

    way_out = chats.words.say("broadcast_way_out")
    assert [(key, said) for key, said, _ in queued(chats)] == [
        (f"bc:{made}.1:huan", f"{TEXT}\n\n{way_out}"),
        (f"bc:{made}.1:mei", f"{TEXT}\n\n{way_out}"),
    ]
    assert "退订" in way_out
    assert reasons(chats, made) == {"huan": "handed", "mei": "handed", "stranger": "skipped no_chat"}
    delivered(chats)
    broadcast_send.work_off(chats)
    broadcast_send.work_off(chats)
    assert len(queued(chats)) == 2
    assert counts(chats, made) == {"sent": 2, "skipped": 1}
    assert state(chats, made) == "done"


def test_who_reads_the_page_has_it_there(house: House) -> None:
    with house.store.write() as unit:
        unit.conversations.of("stranger")
    made = broadcast_to(house, ["stranger"])

    broadcast_send.work_off(house)

    assert reasons(house, made) == {"stranger": "sent"}
    assert state(house, made) == "done"
    # Unread, it can still be taken back.
    do(house, broadcast.take_back, SECOND, made)
    assert reasons(house, made) == {"stranger": "taken_back taken_back"}
    assert [each for _, _, each in queued(house)] == ["dropped"]


WISHES: dict[str, Callable[[House, object, Person], object]] = {
    "unsubscribe": notices.unsubscribe,
    "fewer": notices.fewer,
    "only_to": lambda house, unit, mei: notices.send_to(  # type: ignore[arg-type]
        house,
        unit,
        mei,
        unit.people.get("huan"),
        only=True,  # type: ignore[attr-defined]
    ),
}


@pytest.mark.parametrize("wish", list(WISHES))
def test_who_does_not_want_any_gets_none(chats: House, wish: str) -> None:
    with chats.store.write() as unit:
        mei = unit.people.get("mei")
        assert mei is not None
        WISHES[wish](chats, unit, mei)

    made = broadcast_to(chats, MEI)
    broadcast_send.work_off(chats)

    assert reasons(chats, made) == {"mei": "skipped unwanted"}


def test_quiet_hours_are_waited_for_or_it_is_not_said(chats: House, clock: FixedClock) -> None:
    clock.moment = NOW.replace(hour=13)
    useful, short = broadcast_to(chats, MEI), broadcast_to(chats, MEI, useful=timedelta(hours=1))

    broadcast_send.work_off(chats)
    assert reasons(chats, useful) == {"mei": "queued quiet"}
    assert reasons(chats, short) == {"mei": "skipped quiet"}
    assert state(chats, short) == "done"
    with chats.store.read() as unit:
        due = broadcast_send.next_due(chats, unit)
    assert due is not None
    assert f"{local(due):%H:%M}" == "14:30"

    clock.moment = due
    broadcast_send.work_off(chats)
    assert reasons(chats, useful) == {"mei": "handed"}


def test_a_person_who_speaks_is_not_interrupted(chats: House, clock: FixedClock) -> None:
    with chats.store.write() as unit:
        unit.conversations.of("mei").hand_to(human("life1"))
    made = broadcast_to(chats, MEI)

    broadcast_send.work_off(chats)
    assert reasons(chats, made) == {"mei": "queued human"}
    with chats.store.write() as unit:
        unit.conversations.of("mei").hand_to("butler")
    clock.advance(AGAIN)
    broadcast_send.work_off(chats)

    assert reasons(chats, made) == {"mei": "handed"}


def test_the_dead_and_those_who_blocked_us(chats: House) -> None:
    with chats.store.write() as unit:
        mei, account = unit.people.get("mei"), unit.doors.accounts("huan")[0]
        assert mei is not None
        account.blocked_at = NOW
    made = broadcast_to(chats, ["mei", "huan"])
    with chats.store.write() as unit:
        unit.people.get("mei").died_on = NOW.date()  # type: ignore[union-attr]

    broadcast_send._begin(chats)
    with chats.store.write() as unit:
        unit.people.get("mei").died_on = None  # type: ignore[union-attr]
        run, kept = unit.broadcasts.open_run(f"{made}.1")  # type: ignore[misc]
        unit.broadcasts.fill(run, Audience.read(kept.audience), NOW.date(), NOW, 100)
        unit.people.get("mei").died_on = NOW.date()  # type: ignore[union-attr]
    broadcast_send.work_off(chats)

    assert reasons(chats, made) == {"huan": "skipped blocked", "mei": "skipped died"}


def test_a_pause_holds_what_waits_and_going_on_sends_it(chats: House, clock: FixedClock) -> None:
    made = broadcast_to(chats, MEI)
    do(chats, broadcast.pause, SECOND, made)
    broadcast_send.work_off(chats)
    assert counts(chats, made) == {}

    do(chats, broadcast.go_on, SECOND, made)
    broadcast_send.work_off(chats)
    assert counts(chats, made) == {"handed": 1}
    do(chats, broadcast.pause, SECOND, made)
    with chats.store.read() as unit:
        message = unit.conversations.by_key(f"bc:{made}.1:mei")
        assert message is not None
        conversation = unit.conversations.get(message.conversation_id)
        assert conversation is not None
        unsaid = broadcast_send.unsaid(chats, unit, message, conversation)
    assert unsaid is not None
    assert unsaid.reason == "paused"
    assert unsaid.until is not None


@pytest.mark.parametrize(
    ("step", "left", "row"),
    [
        (broadcast.stop, "stopped", "skipped stopped"),
        (broadcast.take_back, "taken_back", "taken_back taken_back"),
    ],
)
def test_what_has_not_gone_out_does_not(
    chats: House, monkeypatch: pytest.MonkeyPatch, step: Callable[..., object], left: str, row: str
) -> None:
    monkeypatch.setattr(broadcast_send, "WINDOW", 1)
    monkeypatch.setattr(broadcast_send, "_BATCH", 1)
    made = broadcast_to(chats, ["mei", "huan"])
    broadcast_send.work_off(chats)
    delivered(chats)
    broadcast_send.work_off(chats)
    assert reasons(chats, made) == {"huan": "sent", "mei": "handed"}

    do(chats, step, SECOND, made)

    assert reasons(chats, made) == {"huan": "sent", "mei": row}
    assert state(chats, made) == left
    assert [each for _, _, each in queued(chats)] == ["sent", "dropped"]
    with chats.store.read() as unit:
        assert all(not unit.doors.open_of(unit.doors.accounts(p)[0].id) for p in ("mei", "huan"))
    broadcast_send.work_off(chats)
    assert state(chats, made) == left
    with chats.store.read() as unit:
        assert broadcast_send.next_due(chats, unit) is None
        assert unit.broadcasts.open_runs() == []


@pytest.mark.parametrize(("step", "why"), [(broadcast.stop, "stopped"), (broadcast.take_back, "taken_back")])
def test_the_last_look_sees_that_it_was_ended(chats: House, step: Callable[..., object], why: str) -> None:
    """What a worker has in hand is not withdrawn with the rest: it is asked for right before the send."""
    made = broadcast_to(chats, MEI)
    broadcast_send.work_off(chats)
    with chats.store.read() as unit:
        message = unit.conversations.by_key(f"bc:{made}.1:mei")
        conversation = unit.conversations.get(message.conversation_id)
        assert broadcast_send.unsaid(chats, unit, message, conversation) is None
    do(chats, step, SECOND, made)
    with chats.store.read() as unit:
        assert broadcast_send.unsaid(chats, unit, message, conversation).reason == why


def test_a_rule_makes_a_run_for_each_occurrence(chats: House, clock: FixedClock) -> None:
    made = broadcast_to(chats, MEI, when=read(chats, "每年立秋上午9点"))
    with chats.store.read() as unit:
        due = broadcast_send.next_due(chats, unit)
    assert due is not None
    assert f"{local(due):%Y-%m-%d %H:%M}" == "2027-08-08 09:00"

    clock.moment = due
    broadcast_send.work_off(chats)
    delivered(chats)
    broadcast_send.work_off(chats)
    assert state(chats, made) == "scheduled"
    with chats.store.read() as unit:
        kept = unit.broadcasts.get(made)
        assert kept is not None
        assert kept.due_at is not None
        assert f"{local(kept.due_at):%Y-%m-%d %H:%M}" == "2028-08-07 09:00"
    clock.moment = kept.due_at
    broadcast_send.work_off(chats)
    assert counts(chats, made) == {"sent": 1, "handed": 1}


def test_a_run_is_of_use_no_longer_than_until_the_next(chats: House, clock: FixedClock) -> None:
    made = broadcast_to(chats, MEI, when=When(rule="FREQ=DAILY;BYHOUR=11,15"))
    clock.advance(timedelta(hours=1))
    broadcast_send.work_off(chats)
    with chats.store.read() as unit:
        (run,) = unit.broadcasts.runs(made)
    assert (run.planned_at, run.useful_until) == (NOW.replace(hour=11), NOW.replace(hour=15))


def test_what_the_house_slept_through_is_not_said_late(chats: House, clock: FixedClock) -> None:
    made = broadcast_to(chats, MEI, when=When(rule="FREQ=DAILY;BYHOUR=11"))

    clock.advance(timedelta(days=3, hours=2))
    broadcast_send.work_off(chats)
    broadcast_send.work_off(chats)
    broadcast_send.work_off(chats)
    broadcast_send.work_off(chats)

    with chats.store.read() as unit:
        runs = unit.broadcasts.runs(made)
        found = [dict(unit.recipients.counts([run.id])) for run in runs]
    assert [f"{local(run.planned_at):%d}" for run in runs] == ["24", "25", "26", "27"]
    assert [[f"{s} {r}" for s, r in one] for one in found] == [["skipped too_old"]] * 3 + [["queued quiet"]]


def test_the_demos_clock_finds_each_moment(chats: House, clock: FixedClock) -> None:
    """What `advance` steps through: the run, its end once all is out, the next run."""
    broadcast_to(chats, MEI, when=When(rule="FREQ=WEEKLY;BYDAY=WE;BYHOUR=10"))

    def due() -> str:
        with chats.store.read() as unit:
            found = broadcast_send.next_due(chats, unit)
        assert found is not None
        clock.moment = max(found, clock.moment)
        return f"{local(found):%d %H:%M}"

    assert due() == "25 10:00"
    broadcast_send.work_off(chats)
    assert due() == "26 10:00"  # until then it is of use, and on its way
    clock.moment = NOW + timedelta(days=1, minutes=1)
    delivered(chats)
    assert due() == "25 10:01"
    broadcast_send.work_off(chats)
    assert due() == "02 10:00"


def test_who_blocks_us_while_it_is_on_its_way(chats: House) -> None:
    made = broadcast_to(chats, MEI)
    broadcast_send.work_off(chats)
    with chats.store.write() as unit:
        unit.doors.accounts("mei")[0].blocked_at = NOW

    broadcast_send.work_off(chats)

    assert reasons(chats, made) == {"mei": "skipped blocked"}
    assert state(chats, made) == "done"
