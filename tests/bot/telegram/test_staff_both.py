"""The desk on the web and the topics of the staff group show the same at any moment, to whom it may be shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from actions import desk_work
from actions.desk_due import work_off
from bot.telegram.desk_rows import DeskRows, Group
from domain.tickets import Ticket
from tests.bot.telegram.group import Desk

Do = Callable[[Desk, Ticket], object]


def post(web: httpx.Client, ticket: str, verb: str, **body: object) -> None:
    answer = web.post(f"/api/v1/tickets/{ticket}/{verb}", json=body)
    assert answer.status_code in (200, 201), answer.text


def claimed(desk: Desk) -> tuple[Ticket, int]:
    ticket, thread = desk.ticket(), desk.thread()
    with desk.stage.client("life1") as web:
        post(web, ticket.id, "claim")
    desk.card(thread, "林管家接了")
    return ticket, thread


# What is done at the desk, what the topic tells of it, what its card says then, and the buttons below it.
WEB = [
    ("release", {}, "放回去了", "没人接", ["我来", "记备注", "转给医生管家"]),
    ("notes", {"text": "腿脚不便", "message_id": "n"}, "备注（林管家）：腿脚不便", "林管家接了", None),
    ("reply", {"text": "马上来", "message_id": "r"}, "林管家：马上来", "林管家接了", None),
    (
        "wait",
        {"until": "2026-11-24T15:00:00+08:00", "reason": "等药店回话"},
        "先放着：等药店回话",
        "先放着",
        None,
    ),
    ("resolve", {"outcome": "约好了"}, "说办好了：约好了", "等老人点头", None),
    ("close", {"outcome": "约好了周五"}, "办完了：约好了周五", "办完了", ["记备注"]),
]


@pytest.mark.parametrize(("verb", "body", "told", "card", "buttons"), WEB, ids=[w[0] for w in WEB])
def test_what_is_done_at_the_desk_stands_in_the_topic(
    desk: Desk, verb: str, body: dict[str, Any], told: str, card: str, buttons: list[str] | None
) -> None:
    ticket, thread = claimed(desk)

    with desk.stage.client("life1") as web:
        post(web, ticket.id, verb, **body)

    desk.reads(thread, told)
    desk.card(thread, card)
    shown = desk.api.sent(desk.group, thread=thread)[0]["buttons"]
    wanted = buttons or ["办完了", "记备注", "转给医生管家", "放回去"]
    assert [title for row in shown for title in row] == wanted


# What is written in the topic, and what the desk shows then.
TOPIC = [
    ("/release", ("open", None)),
    ("/note 腿脚不便", ("claimed", "life1")),
    ("马上来", ("claimed", "life1")),
    ("/done 约好了", ("resolved", "life1")),
    ("/close 约好了周五", ("closed", "life1")),
    ("/close@管家_bot 约好了周五", ("closed", "life1")),
]


@pytest.mark.parametrize(("words", "state"), TOPIC, ids=[t[0] for t in TOPIC])
def test_what_is_written_in_the_topic_stands_at_the_desk(
    desk: Desk, words: str, state: tuple[str, str | None]
) -> None:
    ticket, thread = claimed(desk)
    if "@" in words:
        words = words.replace("管家_bot", desk.api.bot().user["username"])

    number = desk.api.says(desk.chen, words, chat=desk.group, thread=thread)["message"]["message_id"]
    desk.stage.until(lambda: bool(desk.api.reactions(desk.group, number)))

    with desk.stage.client("life2") as web:
        found = web.get(f"/api/v1/tickets/{ticket.id}").json()
        notes = web.get(f"/api/v1/tickets/{ticket.id}/notes").json()["items"]
        said = [x["text"] for x in web.get(f"/api/v1/tickets/{ticket.id}/messages").json()["items"]]
    assert (found["state"], found["owner"]) == state
    assert [note["text"] for note in notes] == (["腿脚不便"] if "note" in words else [])
    assert ("马上来" in said) is (words == "马上来")


def test_a_ticket_that_comes_again_opens_its_topic_again(desk: Desk) -> None:
    ticket, thread = claimed(desk)
    with desk.stage.client("life1") as web:
        post(web, ticket.id, "close", outcome="约好了")
        desk.stage.until(lambda: bool(desk.api.topics(desk.group)[0]["closed"]))
        post(web, ticket.id, "reopen", reason="还没来")

    desk.reads(thread, "又开了")
    desk.stage.until(lambda: not desk.api.topics(desk.group)[0]["closed"])
    assert len(desk.api.topics(desk.group)) == 1


def test_who_stays_silent_loses_it_in_the_topic_too(desk: Desk) -> None:
    ticket, thread = claimed(desk)

    desk.stage.pass_time(minutes=11)
    work_off(desk.house)

    desk.reads(thread, "一直没回话")
    desk.card(thread, "没人接")
    assert desk.now(ticket).owner_id is None


def test_a_blocked_elder_shows_at_the_desk_too(desk: Desk) -> None:
    from domain.policy import queues_of

    claimed(desk)
    desk.api.blocks(desk.elder)

    def unreachable() -> bool:
        with desk.house.store.read() as unit:
            chen = unit.people.get("life1")
            assert chen is not None
            return [row.unreachable for row in unit.board.open(queues_of(chen))] == [True]

    desk.stage.until(unreachable)
    desk.api.unblocks(desk.elder)
    desk.stage.until(lambda: not unreachable())


def test_nothing_of_the_doctor_is_ever_in_the_life_group(two: Desk) -> None:
    ticket = two.ticket("doctor", "health", said="胸口有点闷")
    there = two.thread(group=two.doctors)
    two.api.presses(two.doctor, "我来", chat=two.doctors)
    two.stage.until(lambda: two.now(ticket).owner_id == "doc1")
    two.api.says(two.doctor, "/note 疑似心绞痛", chat=two.doctors, thread=there)
    two.api.says(two.doctor, "先坐下别动", chat=two.doctors, thread=there)
    two.api.wait_sent(two.elder, 1, text="先坐下别动")
    two.api.says(two.elder, "昨晚开始出汗")
    two.reads(there, "昨晚开始出汗", two.doctors)
    two.api.sends_photo(two.elder, content=b"\xff\xd8\xff\xe0" + b"p" * 300)
    two.stage.until(lambda: "sendPhoto" in [m["method"] for m in two.api.sent(two.doctors, thread=there)])
    assert two.api.sent(two.group) == []  # what was asked of the AI goes along when the doctor hands it on
    two.api.says(two.doctor, "/transfer 要约陪诊", chat=two.doctors, thread=there)

    thread = two.thread(group=two.group)
    two.reads(thread, "要约陪诊")
    two.api.says(two.elder, "周五行吗")
    two.reads(thread, "周五行吗")

    told = "\n".join(m["text"] for m in two.api.sent(two.group))
    for words in ("心绞痛", "别动", "出汗"):
        assert words not in told
    assert "sendPhoto" not in [m["method"] for m in two.api.sent(two.group)]


def test_a_ticket_of_the_other_queue_is_nobodys_here(two: Desk) -> None:
    ticket = two.ticket("doctor", "health")
    there = two.thread(group=two.doctors)
    two.ticket(who="huan", key="t2")
    two.thread(group=two.group)
    card = two.api.sent(two.group)[0]["message_id"]

    for verb in ("claim", "release", "close", "note", "done"):
        data = f"t:{verb}:{ticket.id}"
        two.api.presses(two.chen, data=data, message_id=card, chat=two.group, forged=True)
    two.api.says(two.chen, "/claim", chat=two.doctors, thread=there)
    two.api.says(two.chen, "/note 我也看看", chat=two.doctors, thread=there)

    two.reads(there, "不归您看", two.doctors)
    two.stage.until(lambda: len(two.api.answers()) >= 5)
    assert two.now(ticket).owner_id is None
    with two.house.store.read() as unit:
        doctor = unit.people.get("doc1")
        assert doctor is not None
        assert list(desk_work.notes(unit, doctor, ticket.id)) == []


def test_words_outside_topics_and_in_topics_made_by_hand_are_the_groups_own(desk: Desk) -> None:
    ticket = desk.ticket()
    desk.thread()
    by_hand = desk.api.creates_topic(desk.chen, desk.group, "闲聊")
    before = len(desk.api.sent(desk.group))

    desk.api.says(desk.chen, "/close 都办完了", chat=desk.group)
    desk.api.says(desk.chen, "/close 都办完了", chat=desk.group, thread=by_hand)
    desk.api.wait_confirmed()

    assert len(desk.api.sent(desk.group)) == before
    assert desk.now(ticket).state == "open"


def test_after_a_restart_each_ticket_has_the_topic_that_it_had(desk: Desk) -> None:
    ticket, thread = claimed(desk)
    desk.stage.stop()
    with desk.house.store.write() as unit:
        chen = unit.people.get("life1")
        assert chen is not None
        desk_work.note(desk.house, unit, chen, ticket.id, "夜里记的", key="n1")
    desk.stage.start()

    desk.reads(thread, "夜里记的")
    assert [t["thread"] for t in desk.api.topics(desk.group)] == [thread]
    assert desk.api.doubled(desk.group) == []


def test_of_two_workers_one_has_a_topic_in_hand(house: Any, desk: Desk) -> None:
    desk.stage.stop()
    ticket = desk.ticket()
    first, second = (DeskRows(house, Group("-7", ("life",)), name) for name in ("a", "b"))
    assert first.due() == second.due() == [ticket.id]

    assert first.plan(ticket.id) is not None
    assert second.plan(ticket.id) is None
    assert second.due() == []
    first.let_go(ticket.id)
    assert second.plan(ticket.id) is not None
    desk.stage.start()
