"""A cry's first words wait for nothing: not for a slow database, not for one that is away; and are said once."""

from __future__ import annotations

import threading

import pytest

from domain.doors import DeliveryState
from tests.bot.telegram.stage import Stage


@pytest.fixture
def hold(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    return threading.Event()


def slow_rows(stage: Stage, hold: threading.Event) -> None:
    """Let the rows of a cry be written only when `hold` is set."""
    write = stage.parts.way._alarm

    def late(*args: object) -> None:
        assert hold.wait(20)
        write(*args)

    stage.parts.way._alarm = late


def test_first_words_wait_for_no_database_and_are_not_said_twice(both: Stage, hold: threading.Event) -> None:
    user = both.user("mei")
    slow_rows(both, hold)

    both.api.says(user, "救命，我摔倒了起不来")
    assert "120" in both.hears(user)[0]
    both.until(lambda: '"told"' in (both.folder / "var/journal.jsonl").read_text())
    hold.set()

    both.until(lambda: len(both.deliveries()) > 0 and both.deliveries()[0].state is DeliveryState.SENT)
    both.api.says(user, "约助浴")
    assert [t for t in both.hears(user, 2) if "120" in t] == both.hears(user)[:1]
    assert both.deliveries()[0].external_id == str(both.api.sent(user)[0]["message_id"])


def test_first_words_that_were_said_are_not_said_again_after_a_restart(
    stage: Stage, hold: threading.Event
) -> None:
    user = stage.user("mei")
    slow_rows(stage, hold)
    stage.api.says(user, "救命，我摔倒了起不来")
    stage.hears(user)
    stage.until(lambda: '"told"' in (stage.folder / "var/journal.jsonl").read_text())
    stage.parts.way._alarm = lambda *_: (_ for _ in ()).throw(OSError("gone"))
    threading.Timer(0.1, hold.set)
    stage.stop()

    stage.start()

    stage.until(lambda: len(stage.deliveries()) > 0 and stage.deliveries()[0].state is DeliveryState.SENT)
    hold.set()
    assert sum("120" in text for text in stage.api.texts(user)) == 1
    with stage.house.store.read() as unit:
        assert len(unit.tickets.list(queues=("doctor",))) == 1


def test_first_words_are_tried_again_while_telegram_is_in_trouble(
    stage: Stage, hold: threading.Event
) -> None:
    user = stage.user("mei")
    slow_rows(stage, hold)
    stage.api.break_next("bad_gateway", times=2, method="sendMessage")

    stage.api.says(user, "救命，我摔倒了起不来")

    assert "120" in stage.hears(user)[0]
    hold.set()


def test_a_cry_while_the_database_is_away_gets_its_first_words_and_later_its_ticket(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, stranger = stage.user("mei"), stage.api.create_user()
    stage.api.says(user, "你好")
    stage.hears(user)
    store = stage.house.store
    with monkeypatch.context() as away:

        def gone(*_: object) -> None:
            raise OSError("the database is away")

        away.setattr(store, "read", gone)
        away.setattr(store, "write", gone)
        away.setattr(store, "ping", gone)
        stage.api.says(user, "救命，我摔倒了起不来")
        stage.api.says(stranger, "胸口疼得厉害，喘不上气")
        assert "120" in stage.hears(user, 2)[1]
        assert "120" in stage.hears(stranger)[0]
        stage.api.says(user, "你还在吗")

    def tickets() -> int:
        with store.read() as unit:
            return len(unit.tickets.list(queues=("doctor",)))

    stage.until(lambda: tickets() == 1)

    def all_are_out() -> bool:
        found = stage.deliveries()
        if any(one.state is DeliveryState.QUEUED and one.reason == "429" for one in found):
            stage.pass_time(seconds=1)  # where the server asked to go slower, the standing clock must go on
        return all(one.state is DeliveryState.SENT for one in found)

    # The dialogue answers, or who stays on the line, where the cry has its rows by then.
    noted = stage.house.words.say("danger_noted")

    def answered() -> bool:
        return all_are_out() and any("听到你还在吗" in t or noted in t for t in stage.api.texts(user))

    stage.until(answered, 20)
    assert sum("120" in t for t in stage.api.texts(user)) == 1
    assert sum("120" in t for t in stage.api.texts(stranger)) == 1
