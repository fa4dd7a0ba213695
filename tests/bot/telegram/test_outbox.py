"""Telegram fails in every way it can: no message is lost, and one is doubled only where nobody could know."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from actions.hand_over import claim
from actions.house import House
from actions.say import put
from bot.kept_files import write
from domain.conversations import Lane
from domain.doors import MOST_UNKNOWN, TOO_OLD, DeliveryState
from tests.bot.telegram.stage import Stage
from tests.botapi import BotApi


def tell(stage: Stage, person: str, text: str, lane: Lane = Lane.LIVE) -> None:
    """Say something of our own accord."""
    with stage.house.store.write() as unit:
        key = f"t:{person}:{text[:20]}"
        put(unit, unit.conversations.of(person), text, key=key, now=stage.house.now(), lane=lane)


@pytest.mark.parametrize("kind", ["flood", "bad_gateway", "cut_before", "cut_after"])
def test_a_send_that_fails_is_made_good(both: Stage, kind: str) -> None:
    user = both.user("mei")
    both.api.break_next(kind, times=2, method="sendMessage")

    both.api.says(user, "你好")
    for failures in (1, 2):
        both.until(lambda failures=failures: sum(both.parts.outboxes.workers[0].counts.values()) == failures)
        both.until(lambda: both.deliveries()[0].state is DeliveryState.QUEUED)
        both.pass_time(seconds=10)
    both.until(lambda: both.deliveries()[0].state is DeliveryState.SENT)

    (delivery,) = both.deliveries()
    doubled = 2 if kind == "cut_after" else 0
    assert len(both.api.texts(user)) == 1 + doubled
    assert delivery.unknown == (2 if kind.startswith("cut") else 0)
    counts = both.parts.outboxes.workers[0].counts
    assert counts["unknown"] == delivery.unknown
    with both.client("life1") as http:
        (row,) = http.get("/api/v1/outbox").json()["doors"]
    assert row == {
        "door": "telegram",
        "state": "sent",
        "count": 1,
        "perhaps_doubled": 1 if delivery.unknown else 0,
        "unknown": delivery.unknown,
    }


def test_telegram_away_when_the_connection_is_made_loses_and_doubles_nothing(
    house: House, tmp_path: Path
) -> None:
    with BotApi() as first:
        made = Stage(house, first, tmp_path).start()
        user = made.user("mei")
        port = first.port
    made.until(lambda: made.parts.telegram.api.trouble is not None)
    assert asyncio.run(made.parts.telegram.ping()) != "ok"
    tell(made, "mei", "管家问您好")
    made.until(lambda: made.deliveries()[0].attempts > 0)

    with BotApi(port=port) as second:
        second.create_user(user_id=user)
        made.pass_time(minutes=6)
        try:
            second.wait_sent(user, timeout=20)
            made.until(lambda: made.deliveries()[0].state is DeliveryState.SENT)
            assert made.deliveries()[0].unknown == 0
            assert second.texts(user) == ["【AI管家】管家问您好"]
        finally:
            made.stop()


def test_a_door_in_trouble_is_waited_for_until_the_words_are_too_old(stage: Stage) -> None:
    stage.user("mei")
    stage.api.break_randomly("bad_gateway", 1.0, method="sendMessage")

    tell(stage, "mei", "话")
    for _ in range(12):
        stage.until(lambda: stage.deliveries()[0].state is DeliveryState.QUEUED)
        before = stage.deliveries()[0].attempts
        stage.pass_time(minutes=6)
        stage.until(lambda before=before: stage.deliveries()[0].attempts > before)
    assert stage.deliveries()[0].state is DeliveryState.QUEUED
    stage.pass_time(seconds=TOO_OLD.total_seconds())
    stage.until(lambda: stage.deliveries()[0].state is DeliveryState.FAILED)

    with stage.client("supervisor") as http:
        assert http.get("/api/v1/outbox").status_code == 401
    with stage.client("life1") as http:
        (given_up,) = http.get("/api/v1/outbox").json()["given_up"]
    assert given_up["door"] == "telegram"
    assert given_up["person"] == "mei"
    assert "Bad Gateway" in given_up["reason"]


def test_a_send_of_which_nobody_ever_knows_is_given_up(stage: Stage) -> None:
    user = stage.user("mei")
    stage.api.break_randomly("cut_after", 1.0, method="sendMessage")

    tell(stage, "mei", "话")
    for count in range(1, MOST_UNKNOWN):
        stage.until(lambda count=count: stage.deliveries()[0].unknown == count)
        stage.pass_time(minutes=6)
    stage.until(lambda: stage.deliveries()[0].state is DeliveryState.FAILED)

    assert len(stage.api.texts(user)) == MOST_UNKNOWN


def test_a_429_holds_up_its_own_recipient_only(stage: Stage) -> None:
    slow, quick = stage.user("mei"), stage.user("huan")
    stage.api.break_next("flood", method="sendMessage", chat=slow, retry_after=3600)
    stage.api.says(slow, "一")
    stage.until(lambda: stage.parts.outboxes.workers[0].counts["later"] == 1)

    stage.api.says(slow, "二")
    stage.api.says(quick, "三")

    assert stage.hears(quick) == ["听到三"]
    assert stage.api.texts(slow) == []
    # Not another call to the chat that is to be quiet.
    assert len(stage.api.calls("sendMessage", chat=slow)) == 1


def test_a_slow_recipient_holds_up_nobody(stage: Stage) -> None:
    slow, quick = stage.user("mei"), stage.user("huan")
    stage.api.break_next("delay", method="sendMessage", chat=slow, ms=1500)

    stage.api.says(slow, "一")
    stage.until(lambda: len(stage.parts.outboxes.workers[0]._in_hand) == 1)
    for number in range(3):
        stage.api.says(quick, f"{number}")
        stage.hears(quick, number + 1)

    assert stage.api.texts(slow) == []
    assert stage.hears(slow) == ["听到一"]


def test_words_to_one_person_keep_their_order_whatever_fails(stage: Stage) -> None:
    user = stage.user("mei")
    stage.api.break_next("bad_gateway", method="sendMessage")
    for number in range(4):
        tell(stage, "mei", f"第{number}句")
    stage.until(lambda: stage.deliveries()[0].attempts == 1)

    stage.pass_time(seconds=5)

    assert stage.hears(user, 4) == [f"第{n}句" for n in range(4)]


def test_a_message_of_which_a_part_is_out_goes_on_where_it_ended(stage: Stage) -> None:
    user = stage.user("mei")
    text = "".join(f"第{n}句话说到这里为止。" for n in range(900))
    # The first piece goes through, the second meets the gap.
    stage.api.break_next("delay", method="sendMessage", ms=300)
    tell(stage, "mei", text)
    stage.until(lambda: len(stage.parts.outboxes.workers[0]._in_hand) == 1)
    stage.until(lambda: stage.api.fired(1) == 1)
    stage.api.break_next("bad_gateway", method="sendMessage")
    stage.until(lambda: stage.parts.outboxes.workers[0].counts["later"] == 1)
    stage.until(lambda: stage.deliveries()[0].state is DeliveryState.QUEUED)

    stage.pass_time(seconds=5)

    assert "".join(stage.hears(user, 3)) == text
    assert len(stage.api.texts(user)) == 3


def test_what_telegram_will_never_take_is_given_up_with_its_reason(stage: Stage) -> None:
    user = stage.user("mei")
    write(stage.settings.var, "empty.jpg", b"")
    with stage.house.store.write() as unit:
        put(
            unit,
            unit.conversations.of("mei"),
            "看图",
            key="k",
            now=stage.house.now(),
            extra={"attachments": [{"kind": "photo", "path": "empty.jpg"}]},
        )
    tell(stage, "mei", "下一句")

    assert stage.hears(user) == ["下一句"]
    first = stage.deliveries()[0]
    assert first.state is DeliveryState.FAILED
    assert (first.reason or "").startswith("BadRequest")


def test_pictures_and_voices_go_out_before_the_words(stage: Stage) -> None:
    user = stage.user("mei")
    write(stage.settings.var, "sent/a", b"\xff\xd8\xff\xe0" + b"0" * 100)
    write(stage.settings.var, "sent/b", b"OggS" + b"0" * 100)
    with stage.house.store.write() as unit:
        put(
            unit,
            unit.conversations.of("mei"),
            "看图",
            key="k",
            now=stage.house.now(),
            extra={
                "attachments": [
                    {"kind": "photo", "path": "sent/a"},
                    {"kind": "voice", "path": "sent/b"},
                    {"kind": "place", "path": "30.1,120.2"},
                    {"kind": "photo", "path": "sent/lost"},
                    {"kind": "photo", "path": "../../outside"},
                ]
            },
        )

    stage.api.wait_sent(user, 4)

    sent = [m["method"] for m in stage.api.sent(user)]
    assert sent == ["sendPhoto", "sendVoice", "sendLocation", "sendMessage"]


def test_what_a_person_took_over_meanwhile_is_not_sent(stage: Stage) -> None:
    """Asked for a person, claimed while the answer waits for its place under the chat's limit."""
    user = stage.user("mei")
    stage.api.says(user, "转人工")
    stage.hears(user)
    stage.parts.telegram.api.limits.quiet(user, 3.0)
    stage.api.says(user, "约助浴")
    stage.until(lambda: [d.state for d in stage.deliveries()][1:] == [DeliveryState.CLAIMED])

    with stage.house.store.write() as unit:
        (ticket,) = unit.tickets.list(queues=("life",))
        claim(stage.house, unit, unit.people.get("life1"), ticket.id)

    stage.until(lambda: len(stage.deliveries()) == 3)
    stage.hears(user, 2)
    assert not any("听到" in text for text in stage.api.texts(user))
    stage.until(lambda: stage.deliveries()[1].state is DeliveryState.DROPPED)
    assert stage.deliveries()[1].reason == "a person speaks"


def test_the_last_look_before_a_send_is_right_before_it(stage: Stage) -> None:
    user = stage.user("mei")
    stage.api.says(user, "转人工")
    stage.hears(user)

    def take() -> None:
        with stage.house.store.write() as unit:
            (ticket,) = unit.tickets.list(queues=("life",))
            claim(stage.house, unit, unit.people.get("life1"), ticket.id)

    stage.rasa.before_answer = take
    stage.api.says(user, "约助浴")

    assert "林管家" in stage.hears(user, 2)[1]
    stage.until(lambda: all(d.state is not DeliveryState.CLAIMED for d in stage.deliveries()))
    assert not any("听到" in text for text in stage.api.texts(user))


def test_rasa_away_is_told_and_what_comes_late_comes_once(stage: Stage) -> None:
    user = stage.user("mei")
    stage.parts.way.patience = 0.2
    stage.rasa.up = False
    stage.api.says(user, "约助浴")
    assert stage.hears(user) == [stage.house.words.say("away")]
    assert stage.api.actions() == [] or stage.api.actions()[0]["action"] == "typing"

    stage.rasa.up = True

    assert stage.hears(user, 2)[1] == "听到约助浴"
    with stage.client("mei") as http:
        assert http.get("/api/v1/me/messages").json()["items"] == []


def test_typing_is_shown_while_rasa_thinks(stage: Stage) -> None:
    user = stage.user("mei")
    stage.rasa.before_answer = lambda: stage.until(lambda: bool(stage.api.actions()))

    stage.api.says(user, "约助浴")

    stage.hears(user)
    assert stage.api.actions()[0] == {"chat": user, "action": "typing"}


def test_a_restart_answers_what_was_taken_and_not_answered(stage: Stage) -> None:
    user = stage.user("mei")
    stage.rasa.up = False
    stage.api.says(user, "约助浴")
    stage.until(lambda: bool(stage.lines("mei")))
    stage.stop()
    stage.rasa.up = True

    stage.start()

    assert stage.hears(user) == ["听到约助浴"]


def test_one_conversation_asked_on_one_door_and_answered_on_the_other(stage: Stage) -> None:
    user = stage.user("mei")
    with stage.client("mei") as http:
        (asked,) = http.post("/webhooks/rest/webhook", json={"message": "约助浴"}).json()
    assert asked["text"] == "听到约助浴"

    stage.api.says(user, "对")

    assert stage.hears(user) == ["听到对"]
    assert [text for _, text, _ in stage.lines("mei")] == ["约助浴", "听到约助浴", "对", "听到对"]


def test_an_alert_reaches_the_child_on_telegram_and_the_elder_hears_when_it_did(stage: Stage) -> None:
    mother, child = stage.user("mei"), stage.user("huan")

    stage.api.says(mother, "救命，我摔倒了起不来")

    assert "120" in stage.hears(mother)[0]
    assert "刘梅" in stage.hears(child)[0]
    assert stage.house.words.say("alert_delivered", name="何欢") in stage.hears(mother, 4)
    stage.api.presses(child, stage.house.words.say("button_acknowledge"))
    assert stage.house.words.say("alert_acknowledged", name="何欢") in stage.hears(mother, 5)


# The first sentence of an emergency.


def test_a_clock_that_jumps_does_not_take_up_what_is_in_hand(stage: Stage) -> None:
    user = stage.user("mei")
    stage.api.break_next("delay", method="sendMessage", ms=800)
    tell(stage, "mei", "话")
    stage.until(lambda: len(stage.parts.outboxes.workers[0]._in_hand) == 1)

    stage.pass_time(hours=1)
    tell(stage, "mei", "下一句")

    assert stage.hears(user, 2) == ["话", "下一句"]
    assert len(stage.api.calls("sendMessage")) == 2
