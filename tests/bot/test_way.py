"""The way of a message with a Rasa that is not there: what must go on without it, and what waits for it."""

from __future__ import annotations

import asyncio
import errno
import json
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from actions.hand_over import claim, close, reply
from actions.house import House
from actions.say import put
from bot.journal import Journal
from bot.messages import Arrival, shown
from bot.rasa_client import RasaClient
from bot.way import LoginOver, Way
from domain.conversations import State
from domain.errors import NotAllowed, WrongState
from domain.tickets import Priority, TicketState


class Rasa:
    """A stand-in for the other end of the wire: away, or answering one sentence through the outbox, as actions do."""

    def __init__(self, house: House) -> None:
        self.house, self.up, self.turns = house, False, []
        self.before_answer: Callable[[], None] = lambda: None

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if not self.up:
            raise httpx.ConnectError("away")
        body = json.loads(request.content)
        self.turns.append(body["message"])
        with self.house.store.write() as unit:
            conversation = unit.conversations.get(body["sender"])
            assert conversation is not None
            number = body["metadata"]["message_id"]
            put(
                unit,
                conversation,
                f"听到{body['message']}",
                key=f"m{number}:action_x:0",
                now=self.house.now(),
                reply_to=number,
            )
        self.before_answer()
        return httpx.Response(200, json=[])


@pytest.fixture
def rasa(house: House) -> Rasa:
    return Rasa(house)


@pytest.fixture
def way(house: House, rasa: Rasa, tmp_path: Path) -> Way:
    client = RasaClient("http://rasa", transport=httpx.MockTransport(rasa))
    return Way(house, client, Journal(tmp_path / "journal.jsonl"), patience=0.2)


async def cried(way: Way, text: str) -> tuple[list[str], float]:
    """What was answered and how long it took, before what goes on behind it has ended."""
    began = time.monotonic()
    replies = await way.receive(Arrival("mei", "test", text, "1"))
    took = time.monotonic() - began
    await asyncio.gather(*way._tasks)
    return [r.text for r in replies], took


def emergencies(house: House) -> int:
    with house.store.read() as unit:
        return len(unit.tickets.list(queues=("doctor",)))


def said(way: Way, text: str, number: str = "1", person: str = "mei") -> list[str]:
    return [r.text for r in asyncio.run(way.receive(Arrival(person, "test", text, number)))]


def test_an_emergency_is_answered_without_rasa_and_alerts_family_and_duty(way: Way, house: House) -> None:
    answered, took = asyncio.run(cried(way, "胸口疼得厉害，喘不上气"))

    assert "请马上打120" in answered[0]
    assert "正在通知" in answered[0]
    # The deadline that people's lives hang on (the issue's own second).
    assert took < 1.0
    with house.store.read() as unit:
        (ticket,) = unit.tickets.list(queues=("doctor",))
        assert (ticket.priority, ticket.topic) == (Priority.URGENT, "emergency:illness")
        assert {a.recipient_id for a in unit.tickets.alerts(ticket.id)} == {"huan", "doc1"}


@pytest.mark.parametrize("slow", ["database", "disk"])
def test_an_emergency_does_not_wait_for_a_slow_database_or_disk(
    way: Way, house: House, monkeypatch: pytest.MonkeyPatch, slow: str
) -> None:
    where, name = (way, "_alarm") if slow == "database" else (way.journal, "note")
    real = getattr(where, name)

    def wait(*args):
        time.sleep(1.5)  # the part itself: what is measured is that nobody waits for it
        return real(*args)

    monkeypatch.setattr(where, name, wait)

    answered, took = asyncio.run(cried(way, "救命"))
    assert "120" in answered[0]
    assert took < 1.0
    # The row followed under the same key.
    assert said(way, "救命", "1") == answered
    assert emergencies(house) == 1


def test_a_cry_is_heard_and_recorded_where_the_disk_is_full(
    way: Way, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_):
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(way.journal, "_write", full)
    assert "请马上打120" in said(way, "胸口疼得厉害，喘不上气")[0]
    assert emergencies(house) == 1


def test_a_cry_in_the_journal_is_done_after_a_crash(
    way: Way, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_):
        raise OSError("no database")

    with monkeypatch.context() as patch:
        patch.setattr(way, "_alarm", broken)
        assert "120" in said(way, "救命")[0]
    asyncio.run(way.recover())
    asyncio.run(way.recover())

    with house.store.read() as unit:
        assert len(unit.tickets.list(queues=("doctor",))) == 1


def test_a_person_please_needs_no_rasa_and_opens_one_ticket(way: Way, house: House) -> None:
    assert "生活管家" in said(way, "转人工", "1")[0]
    assert "生活管家" in said(way, "转人工", "2")[0]

    with house.store.read() as unit:
        (ticket,) = unit.tickets.list(queues=("life",))
        card = ticket.card
        assert card["who"]["name"] == "刘梅"
        assert card["left"] == [{"name": "洗澡", "left": 3, "unit": "visit"}]
        assert card["family"][0]["name"] == "何欢"


def test_what_waits_for_rasa_is_told_then_answered_once_in_order(way: Way, house: House, rasa: Rasa) -> None:
    async def story():
        first = await way.receive(Arrival("mei", "test", "一", "1"))
        second = await way.receive(Arrival("mei", "test", "二", "2"))
        rasa.up = True
        await asyncio.gather(*way._tasks)
        return first, second

    first, second = asyncio.run(story())

    assert [r.text for r in (*first, *second)] == [house.words.say("away")] * 2
    assert rasa.turns == ["一", "二"]
    with house.store.read() as unit:
        conversation = unit.conversations.of_existing("mei")
        assert conversation is not None
        pushed = unit.conversations.after(conversation.id, 0, 10, pushed=True)
        assert [m.text for m in pushed] == ["听到一", "听到二"]


def test_the_same_update_twice_is_worked_on_once_and_answered_alike(way: Way, rasa: Rasa) -> None:
    rasa.up, way.patience = True, 10.0

    assert said(way, "你好", "7") == said(way, "你好", "7") == ["听到你好"]
    assert rasa.turns == ["你好"]


def test_two_messages_at_the_same_moment_are_both_answered_in_turn(way: Way, rasa: Rasa) -> None:
    rasa.up, way.patience = True, 10.0

    async def both():
        return await asyncio.gather(*(way.receive(Arrival("mei", "test", str(n), str(n))) for n in range(5)))

    answers = asyncio.run(both())
    assert sorted(r.text for replies in answers for r in replies) == [f"听到{n}" for n in range(5)]


def test_after_a_cut_between_the_write_and_the_reply_the_reply_goes_out_once(
    way: Way, house: House, rasa: Rasa
) -> None:
    """The action's words are stored; the process that should have returned them is gone."""
    rasa.up, way.patience = True, 10.0
    with house.store.write() as unit:
        message, conversation, _, _ = way._row(unit, Arrival("mei", "test", "好", "1"), "好")
        number = message.id
        put(unit, conversation, "定好了", key=f"m{number}:action_book:0", now=house.now(), reply_to=number)

    asyncio.run(way.recover())

    assert rasa.turns == []
    with house.store.read() as unit:
        pushed = unit.conversations.after(conversation.id, 0, 10, pushed=True)
        assert [m.text for m in pushed] == ["定好了"]
        assert unit.conversations.message(number).state is State.ANSWERED


def test_a_typed_slash_is_no_command(way: Way, rasa: Rasa) -> None:
    rasa.up, way.patience = True, 10.0

    said(way, '/cancel_booking{"choice":"booking:x"}')

    assert rasa.turns == ['／cancel_booking{"choice":"booking:x"}']


@pytest.mark.parametrize("text", ["b_0000000000000000", "b_zzzzzzzzzzzzzzzz"])
def test_a_button_made_by_hand_means_nothing(way: Way, house: House, text: str) -> None:
    assert said(way, text) == [house.words.say("button_unknown")]


def test_a_button_of_another_conversation_means_nothing(way: Way, house: House) -> None:
    said(way, "胸口疼得厉害，喘不上气")
    with house.store.read() as unit:
        conversation = unit.conversations.of_existing("mei")
        shown = unit.conversations.last(conversation.id, 1)[0].payload["buttons"]

    assert said(way, shown[0]["payload"], "1", "stranger") == [house.words.say("button_unknown")]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "say_something"),
        (" \u200b\u202e ", "say_something"),
        ("😀", "only_signs"),
        ("长" * 10_000, "too_long"),
    ],
)
def test_bad_input_gets_a_kind_sentence(way: Way, house: House, text: str, sentence: str) -> None:
    assert said(way, text) == [house.words.say(sentence)]


def test_secrets_are_never_stored(way: Way, house: House) -> None:
    said(way, "我的卡号是6222 0212 3456 7890 123，密码是8866aa")

    with house.store.read() as unit:
        conversation = unit.conversations.of_existing("mei")
        kept = "".join(m.text for m in unit.conversations.last(conversation.id, 5))
    assert "7890" not in kept
    assert "8866aa" not in kept


def test_a_human_takes_over_and_gives_back(way: Way, house: House, rasa: Rasa) -> None:
    """Full circle: asked for, claimed by one, the butler silent, words, closed, the butler again."""
    rasa.up, way.patience = True, 10.0
    said(way, "转人工", "1")
    with house.store.write() as unit:
        ticket = unit.tickets.list(queues=("life",))[0].id
        claim(house, unit, unit.people.get("life1"), ticket)
    with pytest.raises(WrongState), house.store.write() as unit:
        claim(house, unit, unit.people.get("life2"), ticket)
    with pytest.raises(NotAllowed), house.store.write() as unit:
        reply(house, unit, unit.people.get("life2"), ticket, "我来", "k")

    assert said(way, "在吗", "2") == []
    assert rasa.turns == []

    with house.store.write() as unit:
        reply(house, unit, unit.people.get("life1"), ticket, "您好，我是林管家", "k")
        closed = close(house, unit, unit.people.get("life1"), ticket, "约好了")
        assert closed.state is TicketState.CLOSED
    assert said(way, "谢谢", "3") == ["听到谢谢"]
    with house.store.read() as unit:
        conversation = unit.conversations.of_existing("mei")
        spoken = [
            (str(m.speaker), m.text) for m in unit.conversations.after(conversation.id, 0, 20, pushed=True)
        ]
    assert ("life", "您好，我是林管家") in spoken


def test_what_the_butler_thought_of_too_late_is_never_said(way: Way, house: House, rasa: Rasa) -> None:
    """A person claims while Rasa thinks."""
    rasa.up, way.patience = True, 10.0
    said(way, "转人工", "1")

    def take() -> None:
        with house.store.write() as unit:
            claim(house, unit, unit.people.get("life1"), unit.tickets.list(queues=("life",))[0].id)

    rasa.before_answer = take

    assert said(way, "我想约助浴", "2") == []


def test_an_unknown_person_is_an_error_not_a_conversation(way: Way) -> None:
    with pytest.raises(LoginOver):
        said(way, "你好", person="nobody")


def test_a_human_who_claims_while_rasa_thinks_is_not_spoken_over(way: Way, house: House, rasa: Rasa) -> None:
    rasa.up, way.patience = True, 10.0
    said(way, "转人工", "1")
    with house.store.read() as unit:
        (ticket,) = unit.tickets.list(queues=("life",))

    def claimed() -> None:
        with house.store.write() as unit:
            claim(house, unit, unit.people.get("life1"), ticket.id)

    rasa.before_answer = claimed
    assert said(way, "约个助浴", "2") == []

    with house.store.read() as unit:
        conversation = unit.conversations.of_existing("mei")
        late = [m for m in unit.conversations.last(conversation.id, 20) if m.text == "听到约个助浴"]
        assert [(m.state, m.reason) for m in late] == [(State.DROPPED, "a person speaks")]


def test_after_the_hand_back_the_dialogue_is_asked_to_go_on(way: Way, house: House, rasa: Rasa) -> None:
    rasa.up, way.patience = True, 10.0
    said(way, "转人工", "1")
    with house.store.write() as unit:
        conversation = unit.conversations.of_existing("mei")
        conversation.topics = {"task": "booking", "booking_service": "assisted_bathing"}
        (ticket,) = unit.tickets.list(queues=("life",))
        claim(house, unit, unit.people.get("life1"), ticket.id)
        reply(house, unit, unit.people.get("life1"), ticket.id, "您好", "1")
    with house.store.write() as unit:
        close(house, unit, unit.people.get("life1"), ticket.id, "问过了")

    asyncio.run(way.catch_up(own=True))

    assert rasa.turns == ["/repeat"]
    with house.store.read() as unit:
        told = [m.text for m in unit.conversations.after(conversation.id, 0, 20, pushed=True)]
        assert told[-1] == "听到/repeat"
        # Nobody sees what we said to the dialogue.
        assert "" not in [m.text for m in unit.conversations.both_ways(conversation.id, 0, 50)]


def test_what_to_do_is_read_aloud_at_once_and_the_question_after_it_does_not_cut_it_off(
    way: Way, house: House
) -> None:
    said(way, "胸口疼得厉害，喘不上气")
    with house.store.read() as unit:
        conversation = unit.conversations.of("mei")
        lines = [shown(house, m) for m in unit.conversations.last(conversation.id, 9) if m.direction == "out"]
    assert [("120" in line.text, line.urgent) for line in lines] == [
        (True, True),
        *[(False, False)] * (len(lines) - 1),
    ]
    assert lines[-1].text == house.words.say("danger_ask_awake")
