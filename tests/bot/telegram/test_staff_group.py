"""The desk in a staff group: topics on need, claims, words both ways, limits, and what goes wrong."""

from __future__ import annotations

import pytest

from actions.hand_over import Cause, open_ticket, reply
from domain.tickets import Priority
from tests.bot.telegram.group import Desk


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


def test_the_card_in_a_topic_is_in_words(desk: Desk) -> None:
    task = {"task": "booking", "booking_service": "assisted_bathing", "booking_channel": "home"}
    desk.ticket(task=task)
    thread = desk.thread()
    text = desk.api.sent(desk.group, thread=thread)[0]["text"]
    assert "家里人：何欢 13900000002" in text
    assert "还剩：洗澡 3次" in text
    assert "正办到：在办 约服务；服务 助浴；方式 到家里来" in text


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
