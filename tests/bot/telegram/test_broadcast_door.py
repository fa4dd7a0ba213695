"""A broadcast through the real door and outbox: once each, held, ended, opted out of in the middle, two workers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from actions import broadcast, broadcast_send, notices
from actions.house import House
from domain.broadcasts import Audience, Condition
from domain.conversations import Lane, human
from domain.doors import DeliveryState
from tests.bot.telegram.stage import Stage
from tests.bot.telegram.test_outbox import tell
from tests.botapi import BotApi
from tests.crowd import SECOND, TEXT, broadcast_to, counts, people, reasons, state

CROWD = Audience(include=Condition(cities=("c2",)))


def crowd(stage: Stage, count: int) -> list[int]:
    """So many members of another city, each with a chat."""
    users = [stage.api.create_user() for _ in range(count)]
    people(stage.house.store, users, city="c2")
    return users


def go(stage: Stage) -> None:
    broadcast_send.work_off(stage.house)


def do(stage: Stage, step: object) -> None:
    with stage.house.store.write() as unit:
        step(stage.house, unit, unit.people.get(SECOND), stage.made)  # type: ignore[operator,attr-defined]


def start(stage: Stage, audience: Audience = CROWD) -> str:
    stage.made = broadcast_to(stage.house, audience)  # type: ignore[attr-defined]
    go(stage)
    return stage.made  # type: ignore[attr-defined, no-any-return]


def received(stage: Stage) -> Counter[int]:
    return Counter(one["chat"] for one in stage.api.sent() if TEXT in one["text"])


def awaits(stage: Stage, there: Callable[[], bool]) -> None:
    """Wait for it. On a slow machine the server may say 429: the house's clock then has to go on."""

    def come() -> bool:
        if any(one.state is DeliveryState.QUEUED and one.reason == "429" for one in stage.deliveries()):
            stage.pass_time(seconds=1)
        return there()

    stage.until(come, 30)


def arrives(stage: Stage, made: str, count: int) -> None:
    """Wait until so many have it."""
    awaits(stage, lambda: counts(stage.house, made).get("sent") == count)


def test_everybody_once_with_who_speaks_and_the_way_out(stage: Stage) -> None:
    users = crowd(stage, 40)
    made = start(stage)

    arrives(stage, made, 40)
    assert counts(stage.house, made) == {"sent": 40}
    go(stage)

    assert received(stage) == Counter(users)
    assert stage.api.texts(users[0]) == [f"【AI管家】{TEXT}\n\n不想收这类消息，请回复“退订”。"]
    assert state(stage.house, made) == "done"


def test_a_pause_holds_what_is_in_the_outbox_and_going_on_loses_nothing(stage: Stage) -> None:
    users = crowd(stage, 60)
    made = start(stage)
    stage.until(lambda: len(received(stage)) >= 5, 20)

    do(stage, broadcast.pause)
    stage.until(lambda: all(one.state is not DeliveryState.CLAIMED for one in stage.deliveries()))
    before = len(received(stage))
    assert before < 60
    assert state(stage.house, made) == "paused"
    assert len(received(stage)) == before

    do(stage, broadcast.go_on)
    go(stage)
    arrives(stage, made, 60)
    assert counts(stage.house, made) == {"sent": 60}
    assert received(stage) == Counter(users)


@pytest.mark.parametrize(("step", "left"), [(broadcast.stop, "skipped"), (broadcast.take_back, "taken_back")])
def test_what_is_ended_in_the_middle_is_counted_as_it_was(stage: Stage, step: object, left: str) -> None:
    crowd(stage, 60)
    made = start(stage)
    stage.until(lambda: len(received(stage)) >= 5, 20)

    do(stage, step)
    stage.until(lambda: not stage.parts.outboxes.workers[0]._in_hand)
    stage.until(lambda: counts(stage.house, made).get("handed", 0) == 0 or go(stage) is not None)

    found = counts(stage.house, made)
    assert found["sent"] == len(received(stage)) < 60
    assert found["sent"] + found[left] == 60


def test_who_opts_out_in_the_middle_gets_none_of_it(stage: Stage) -> None:
    users = crowd(stage, 60)
    made = start(stage)
    with stage.house.store.write() as unit:
        notices.unsubscribe(stage.house, unit, unit.people.get("crowd000059"))  # type: ignore[arg-type]

    arrives(stage, made, 59)
    assert counts(stage.house, made) == {"sent": 59, "skipped": 1}

    assert reasons(stage.house, made)["crowd000059"] == "skipped unwanted"
    assert received(stage) == Counter(users[:59])


def test_who_has_blocked_us_is_marked_and_told_of(stage: Stage) -> None:
    users = crowd(stage, 3)
    stage.api.break_next("blocked", method="sendMessage", chat=users[1])
    made = start(stage)

    arrives(stage, made, 2)
    stage.until(lambda: stage.deliveries()[1].state is DeliveryState.DROPPED)
    go(stage)

    assert reasons(stage.house, made)["crowd000001"] == "skipped blocked"
    assert state(stage.house, made) == "done"
    account = stage.account(users[1])
    assert account is not None
    assert account.blocked_at is not None


def test_a_429_and_a_cut_are_made_good_for_their_recipients_alone(stage: Stage) -> None:
    users = crowd(stage, 5)
    stage.api.break_next("flood", method="sendMessage", chat=users[0], retry_after=2)
    stage.api.break_next("bad_gateway", method="sendMessage", chat=users[1])
    made = start(stage)
    stage.until(lambda: counts(stage.house, made).get("sent") == 3, 20)
    stage.until(lambda: all(one.reason for one in stage.deliveries()[:2]))

    stage.pass_time(seconds=10)
    stage.until(lambda: counts(stage.house, made) == {"sent": 5}, 20)
    assert received(stage) == Counter(users)


def test_a_person_takes_over_while_it_waits_in_the_outbox(stage: Stage) -> None:
    users = crowd(stage, 1)
    stage.parts.telegram.api.limits.quiet(users[0], 1.5)
    made = start(stage)
    stage.until(lambda: stage.deliveries()[0].state is DeliveryState.CLAIMED)
    with stage.house.store.write() as unit:
        unit.conversations.of("crowd000000").hand_to(human("life1"))

    stage.until(lambda: stage.deliveries()[0].reason == "human")
    assert received(stage) == Counter()
    with stage.house.store.write() as unit:
        unit.conversations.of("crowd000000").hand_to("butler")
    stage.pass_time(minutes=16)

    stage.until(lambda: counts(stage.house, made) == {"sent": 1})


def test_a_live_word_and_a_reminder_overtake_a_broadcast(stage: Stage) -> None:
    crowd(stage, 120)
    user = stage.user("mei")
    made = start(stage)
    stage.until(lambda: len(received(stage)) >= 5, 20)

    tell(stage, "mei", "提醒", Lane.REMINDER)
    stage.api.says(user, "你好")
    awaits(stage, lambda: len(stage.api.texts(user)) == 2)
    assert set(stage.hears(user, 2)) == {"提醒", "听到你好"}

    assert len(received(stage)) < 120
    arrives(stage, made, 120)
    assert counts(stage.house, made) == {"sent": 120}


def test_two_processes_share_the_account_and_nobody_gets_it_twice(
    house: House, botapi: BotApi, tmp_path: Path
) -> None:
    """The second one receives by webhook no less than the first: only one may fetch."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = Stage(house, botapi, tmp_path / "a", mode="webhook").start()
    other = Stage(house, botapi, tmp_path / "b", mode="webhook").start()
    try:
        users = crowd(one, 60)
        made = broadcast_to(house, CROWD)
        go(one)
        arrives(one, made, 60)
        assert received(one) == Counter(users)
        with house.store.read() as unit:
            assert len(unit.doors.senders("telegram")) == 2
    finally:
        other.stop()
        one.stop()
    with house.store.read() as unit:
        assert unit.doors.senders("telegram") == []
