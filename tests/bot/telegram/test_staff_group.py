"""The desk in a staff group: topics on need, claims, words and files both ways, limits, and what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from actions.hand_over import Cause, open_ticket, reply
from actions.house import House
from bot.telegram import desk as desk_module
from domain.tickets import Priority, Ticket
from tests.bot.telegram.stage import Stage
from tests.botapi import BotApi

PICTURE = b"\xff\xd8\xff\xe0" + b"p" * 300
VOICE = b"OggS" + b"v" * 200


class Desk:
    """A stage with a staff group, two life butlers and a doctor who have joined, and an elder."""

    def __init__(self, house: House, api: BotApi, folder: Path, *, doctors: bool = False) -> None:
        self.house, self.api = house, api
        self.stage = Stage(house, api, folder)
        self.chen, self.sun = self.stage.user("life1"), self.stage.user("life2")
        self.doctor = self.stage.user("doc1")
        members = [self.chen, self.sun, self.doctor]
        self.group = api.create_group("管家", members, forum=True)
        self.stage.settings.telegram_staff_chat = str(self.group)
        if doctors:
            self.doctors = api.create_group("医生", [self.doctor], forum=True)
            self.stage.settings.telegram_doctor_chat = str(self.doctors)
        self.elder = self.stage.user("mei")
        self.stage.start()

    def ticket(self, queue: str = "life", topic: str = "request", key: str = "t1", **how: Any) -> Ticket:
        with self.house.store.write() as unit:
            person = unit.people.get(how.pop("who", "mei"))
            assert person is not None
            conversation = unit.conversations.of(person.id)
            return open_ticket(self.house, unit, conversation, person, Cause(queue, topic, **how), key)

    def now(self, ticket: Ticket) -> Ticket:
        with self.house.store.read() as unit:
            found = unit.tickets.get(ticket.id)
        assert found is not None
        return found

    def thread(self, count: int = 1, group: int | None = None) -> int:
        """The newest topic, once there are so many and it has its card."""
        chat = group or self.group
        self.stage.until(lambda: len(self.api.topics(chat)) >= count)
        thread = int(self.api.topics(chat)[-1]["thread"])
        self.stage.until(lambda: bool(self.api.texts(chat, thread=thread)))
        return thread

    def reads(self, thread: int, words: str, group: int | None = None) -> None:
        chat = group or self.group
        self.stage.until(lambda: any(words in text for text in self.api.texts(chat, thread=thread)))

    def files(self) -> list[Any]:
        from sqlalchemy import select

        from domain.topics import Sent

        with self.house.store.read() as unit:
            return list(unit._session.scalars(select(Sent)))


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "BETWEEN_TOPICS", 0.0)


@pytest.fixture
def desk(house: House, botapi: BotApi, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(house, botapi, tmp_path)
    yield made
    made.stage.stop()


@pytest.fixture
def two(house: House, botapi: BotApi, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(house, botapi, tmp_path, doctors=True)
    yield made
    made.stage.stop()


def test_a_topic_is_made_claimed_by_a_button_and_answered(desk: Desk) -> None:
    ticket = desk.ticket()
    thread = desk.thread()
    assert ticket.number in desk.api.topics(desk.group)[0]["name"]
    card = desk.api.sent(desk.group, thread=thread)[0]
    assert ticket.number in card["text"]
    assert [b for row in card["buttons"] for b in row] == ["我来", "记备注", "转给医生管家"]
    desk.api.presses(desk.chen, "我来", chat=desk.group)
    desk.stage.until(lambda: desk.now(ticket).owner_id == "life1")
    desk.reads(thread, "接了")
    desk.api.says(desk.chen, "您好，我是小陈", chat=desk.group, thread=thread)
    desk.api.wait_sent(desk.elder, 1, text="您好，我是小陈")
    desk.api.says(desk.elder, "想问问周五的事")
    desk.reads(thread, "想问问周五的事")
    # What is written in the topic is not said there a second time.
    assert not any("您好，我是小陈" in text for text in desk.api.texts(desk.group, thread=thread))


def test_what_is_done_at_the_desk_shows_in_the_topic_and_the_other_way_round(desk: Desk) -> None:
    ticket = desk.ticket()
    thread = desk.thread()
    with desk.stage.client("life1") as web:
        assert web.post(f"/api/v1/tickets/{ticket.id}/claim").status_code == 200
        web.post(f"/api/v1/tickets/{ticket.id}/reply", json={"text": "从工作台说的"})
        desk.reads(thread, "从工作台说的")
        desk.stage.until(lambda: "接了" in desk.api.sent(desk.group, thread=thread)[0]["text"])
        desk.api.says(desk.chen, "/note 腿脚不便", chat=desk.group, thread=thread)
        desk.stage.until(lambda: bool(web.get(f"/api/v1/tickets/{ticket.id}/notes").json()["items"]))
        desk.api.says(desk.chen, "/close 约好了周五上门", chat=desk.group, thread=thread)
        desk.stage.until(lambda: web.get(f"/api/v1/tickets/{ticket.id}").json()["state"] == "closed")
    desk.stage.until(lambda: bool(desk.api.topics(desk.group)[0]["closed"]))


def test_only_the_claimer_speaks_and_who_loses_a_claim_is_told(desk: Desk) -> None:
    ticket = desk.ticket()
    thread = desk.thread()
    desk.api.says(desk.sun, "我还没接", chat=desk.group, thread=thread)
    desk.reads(thread, "没有发给老人")
    desk.api.presses(desk.chen, "我来", chat=desk.group)
    desk.stage.until(lambda: desk.now(ticket).owner_id == "life1")
    desk.api.says(desk.sun, "/claim", chat=desk.group, thread=thread)
    desk.reads(thread, "慢了一步")
    assert desk.now(ticket).owner_id == "life1"
    assert not any("我还没接" in text for text in desk.api.texts(desk.elder))


def test_a_deleted_topic_is_made_again_with_what_happened(desk: Desk) -> None:
    desk.ticket()
    thread = desk.thread()
    desk.api.presses(desk.chen, "我来", chat=desk.group)
    desk.reads(thread, "接了")
    desk.api.deletes_topic(desk.group, thread)
    desk.api.says(desk.elder, "还在吗")
    desk.stage.until(lambda: [t["thread"] for t in desk.api.topics(desk.group)] not in ([], [thread]))
    again = desk.thread()
    desk.reads(again, "重新开的")
    desk.reads(again, "接了")
    desk.reads(again, "还在吗")
    desk.api.says(desk.chen, "在的", chat=desk.group, thread=again)
    desk.api.wait_sent(desk.elder, 1, text="在的")


def test_telegram_wants_a_pause_before_the_next_topic(desk: Desk) -> None:
    desk.api.break_next("flood", method="createForumTopic", retry_after=1)
    ticket = desk.ticket()
    thread = desk.thread()
    assert ticket.number in desk.api.texts(desk.group, thread=thread)[0]
    assert len(desk.api.topics(desk.group)) == 1


def test_twenty_a_minute_are_kept_by_putting_words_together(desk: Desk) -> None:
    ticket = desk.ticket()
    thread = desk.thread()
    with desk.stage.client("life1") as web:
        web.post(f"/api/v1/tickets/{ticket.id}/claim")
    with desk.house.store.write() as unit:
        chen = unit.people.get("life1")
        assert chen is not None
        for number in range(30):
            reply(desk.house, unit, chen, ticket.id, f"第{number}句", f"k{number}")
    desk.reads(thread, "第29句")
    said = [text for text in desk.api.texts(desk.group, thread=thread) if "句" in text]
    assert sum(f"第{number}句" in text for text in said for number in range(30)) >= 30
    assert len(said) <= 5
    assert not [c for c in desk.api.calls("sendMessage", chat=desk.group) if c["status"] == 429]


def test_a_doctors_ticket_is_only_announced_where_life_butlers_read(desk: Desk) -> None:
    ticket = desk.ticket("doctor", "health", said="胸口有点闷")
    desk.api.wait_sent(desk.group, 1, text=ticket.number)
    told = "\n".join(desk.api.texts(desk.group))
    assert "王" not in told
    assert "胸口" not in told
    assert desk.api.topics(desk.group) == []
    desk.api.presses(desk.chen, "我来", chat=desk.group)
    desk.stage.until(lambda: any("不归您看" in str(a) for a in desk.api.answers()))
    assert desk.now(ticket).owner_id is None
    desk.api.presses(desk.doctor, "我来", chat=desk.group)
    desk.stage.until(lambda: desk.now(ticket).owner_id == "doc1")


def test_a_transfer_moves_the_thread_to_the_doctors_group(two: Desk) -> None:
    ticket = two.ticket()
    thread = two.thread()
    two.api.presses(two.chen, "我来", chat=two.group)
    two.stage.until(lambda: two.now(ticket).owner_id == "life1")
    two.api.presses(two.chen, "转给医生管家", chat=two.group)
    two.reads(thread, "转出：")
    asked = next(m for m in two.api.sent(two.group, thread=thread) if m["text"].startswith("转出："))
    two.api.says(two.chen, "老人说头晕", chat=two.group, thread=thread, reply_to=asked["message_id"])
    two.stage.until(lambda: two.now(ticket).queue == "doctor")
    two.reads(thread, "这里不再显示")
    there = two.thread(group=two.doctors)
    two.api.presses(two.doctor, "我来", chat=two.doctors)
    two.stage.until(lambda: two.now(ticket).owner_id == "doc1")
    two.api.says(two.elder, "昨晚开始晕的")
    two.reads(there, "昨晚开始晕的", two.doctors)
    assert not any("昨晚" in text for text in two.api.texts(two.group))


def test_a_blocked_elder_shows(desk: Desk) -> None:
    ticket = desk.ticket()
    thread = desk.thread()
    desk.api.presses(desk.chen, "我来", chat=desk.group)
    desk.stage.until(lambda: desk.now(ticket).owner_id == "life1")
    desk.api.blocks(desk.elder)
    desk.reads(thread, "停用了机器人")
    desk.api.says(desk.chen, "在家吗", chat=desk.group, thread=thread)
    desk.reads(thread, "请打电话")
    desk.api.unblocks(desk.elder)
    desk.reads(thread, "又能收到消息了")
    desk.api.wait_sent(desk.elder, 1, text="在家吗")


def test_pictures_and_voices_go_both_ways(desk: Desk) -> None:
    ticket = desk.ticket()
    thread = desk.thread()
    desk.api.presses(desk.chen, "我来", chat=desk.group)
    desk.stage.until(lambda: desk.now(ticket).owner_id == "life1")
    desk.api.sends_photo(desk.elder, content=PICTURE)
    desk.stage.until(
        lambda: any(m["method"] == "sendPhoto" for m in desk.api.sent(desk.group, thread=thread))
    )
    desk.stage.until(lambda: [str(f.state) for f in desk.files()] == ["kept"])
    desk.api.sends_voice(desk.chen, content=VOICE, chat=desk.group, thread=thread)
    desk.stage.until(lambda: any(m["method"] == "sendVoice" for m in desk.api.sent(desk.elder)))
    with desk.stage.client("life1") as web:
        lines = web.get(f"/api/v1/tickets/{ticket.id}/messages").json()["items"]
        shown = [file for line in lines for file in line["attachments"]]
        assert [file["kind"] for file in shown] == ["photo", "voice"]
        got = web.get(f"/api/v1/tickets/{ticket.id}/attachments/{shown[0]['id']}")
        assert (got.status_code, got.content) == (200, PICTURE)
        assert got.headers["content-type"] == "image/jpeg"
    for other in ("doc1", "huan"):
        with desk.stage.client(other) as web:
            answer = web.get(f"/api/v1/tickets/{ticket.id}/attachments/{shown[0]['id']}")
            assert answer.status_code == 404, other
    with desk.stage.client("mei") as own:
        assert own.get(f"/api/v1/me/attachments/{shown[1]['id']}").content == VOICE
    with desk.stage.client("huan") as own:
        assert own.get(f"/api/v1/me/attachments/{shown[1]['id']}").status_code == 404


def test_a_voice_that_nobody_can_write_down_goes_to_a_person_with_the_recording(desk: Desk) -> None:
    desk.api.sends_voice(desk.elder, content=VOICE)
    desk.api.wait_sent(desk.elder, 1, text="语音收到了")
    thread = desk.thread()
    desk.api.sends_voice(desk.elder, content=VOICE + b"2")
    desk.stage.until(
        lambda: any(m["method"] == "sendVoice" for m in desk.api.sent(desk.group, thread=thread))
    )
    assert len(desk.api.topics(desk.group)) == 1
    assert "听一段语音" in desk.api.topics(desk.group)[0]["name"]


def test_what_is_edited_is_told_on_both_sides(desk: Desk) -> None:
    ticket = desk.ticket()
    thread = desk.thread()
    desk.api.presses(desk.chen, "我来", chat=desk.group)
    desk.stage.until(lambda: desk.now(ticket).owner_id == "life1")
    said = desk.api.says(desk.elder, "周四来")["message"]["message_id"]
    desk.reads(thread, "周四来")
    desk.api.edits(desk.elder, said, "周五来")
    desk.reads(thread, "改成：周五来")
    answered = desk.api.says(desk.chen, "好，八点", chat=desk.group, thread=thread)["message"]["message_id"]
    desk.api.wait_sent(desk.elder, 1, text="好，八点")
    desk.api.edits(desk.chen, answered, "好，九点", chat=desk.group)
    desk.api.wait_sent(desk.elder, 1, text="（更正）好，九点")


def test_a_sign_under_a_butlers_words_says_that_they_were_seen(desk: Desk) -> None:
    ticket = desk.ticket()
    thread = desk.thread()
    desk.api.presses(desk.chen, "我来", chat=desk.group)
    desk.stage.until(lambda: desk.now(ticket).owner_id == "life1")
    desk.api.says(desk.chen, "周五九点", chat=desk.group, thread=thread)
    number = desk.api.wait_sent(desk.elder, 1, text="周五九点")[0]["message_id"]
    desk.stage.until(lambda: any(d.external_id == str(number) for d in desk.stage.deliveries()))
    desk.api.reacts(desk.elder, number)
    desk.reads(thread, "老人看到了")


def test_strangers_in_the_group_reach_nobody(desk: Desk) -> None:
    ticket = desk.ticket()
    thread = desk.thread()
    stranger = desk.api.create_user()
    elder_in_it = desk.stage.user("huan")
    for who in (stranger, elder_in_it):
        desk.api.says(who, "我来说一句", chat=desk.group, thread=thread)
        desk.api.presses(who, "我来", chat=desk.group)
    desk.reads(thread, "这里只听管家的")
    desk.api.wait_confirmed()
    assert desk.now(ticket).owner_id is None
    assert desk.api.texts(desk.elder) == []


@pytest.mark.parametrize(
    "words", ["/note", "/close", "/transfer", "/nonsense x", "/close@somebody", "/release"]
)
def test_a_command_that_makes_no_sense_changes_nothing(desk: Desk, words: str) -> None:
    ticket = desk.ticket()
    thread = desk.thread()
    before = desk.now(ticket).version
    desk.api.says(desk.chen, words, chat=desk.group, thread=thread)
    desk.stage.until(lambda: len(desk.api.texts(desk.group, thread=thread)) >= 2)
    assert desk.now(ticket).version == before


@pytest.mark.parametrize(
    "data", ["t:claim:tk_nobody", "t:drop:x", "t::", "t:a:b:c", "b_" + "0" * 16, "x" * 64]
)
def test_a_forged_button_changes_nothing(desk: Desk, data: str) -> None:
    ticket = desk.ticket()
    desk.thread()
    card = desk.api.sent(desk.group)[0]["message_id"]
    desk.api.presses(desk.chen, data=data, message_id=card, chat=desk.group, forged=True)
    desk.stage.until(lambda: len(desk.api.answers()) >= 1)
    assert desk.now(ticket).owner_id is None


def test_urgent_topics_come_first(desk: Desk) -> None:
    with desk.house.store.write() as unit:
        huan, mei = unit.people.get("huan"), unit.people.get("mei")
        assert huan is not None
        assert mei is not None
        open_ticket(desk.house, unit, unit.conversations.of(huan.id), huan, Cause("life", "request"), key="a")
        urgent = Cause("life", "emergency", Priority.URGENT)
        open_ticket(desk.house, unit, unit.conversations.of(mei.id), mei, urgent, key="b")
    desk.thread(2)
    assert desk.api.topics(desk.group)[0]["name"].startswith("🔴")
