"""Both sides of a conversation: pages, a stream, what leaves by being read, and text that is only text."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from actions import hand_over
from actions.house import House
from actions.say import put
from bot.api.access import Caller
from bot.api.conversation import _Watch
from bot.api.streaming import _events
from bot.parts import Parts
from bot.streams import MOST, Streams
from bot.tokens import make, read
from bot.way import LoginOver
from domain.conversations import State
from tests.bot.web.conftest import MEI, SECRET

PATH = "/api/v1/me/conversation"
EVIL = "<img src=x onerror=alert(1)><script>alert(2)</script>转人工"


def say(browser: TestClient, text: str, number: str) -> list[dict]:
    return browser.post("/webhooks/rest/webhook", json={"message": text, "message_id": number}).json()


def tell(house: House, person_id: str, text: str) -> int:
    """Something said of our own accord."""
    with house.store.write() as unit:
        conversation = unit.conversations.of(person_id)
        message = put(unit, conversation, text, key=f"told:{text}", now=house.now())
        assert message.id is not None
        return message.id


def caller(person_id: str) -> Caller:
    login = read(SECRET, make(SECRET, person_id, 60))
    return Caller(login.person_id, login.at, by_cookie=True)


def test_both_sides_with_ones_own_ids(browser: TestClient, sign_in: Callable) -> None:
    sign_in(MEI)
    assert browser.get(PATH).json() == {"items": [], "next": None}
    (reply,) = say(browser, "转人工", "w_7")
    mine, theirs = browser.get(PATH).json()["items"]

    assert (mine["direction"], mine["role"], mine["text"], mine["message_id"]) == (
        "in",
        "member",
        "转人工",
        "w_7",
    )
    assert (theirs["id"], theirs["role"], theirs["text"]) == (reply["custom"]["id"], "ai", reply["text"])
    assert theirs["at"].endswith("+08:00")
    assert theirs["message_id"] is None


def test_the_same_words_sent_again_are_one_line(browser: TestClient, sign_in: Callable) -> None:
    sign_in(MEI)
    assert say(browser, "转人工", "w_1") == say(browser, "转人工", "w_1")
    assert len(browser.get(PATH).json()["items"]) == 2


def test_a_button_knows_that_it_was_pressed(browser: TestClient, sign_in: Callable) -> None:
    sign_in(MEI)
    (reply,) = say(browser, "我手机丢了", "w_1")
    button = reply["buttons"][1]
    say(browser, button["payload"], "w_2")

    pressed = browser.get(PATH).json()["items"][2]
    assert (pressed["text"], pressed["pressed"]) == (button["title"], button["payload"])


def test_forwards_and_backwards_nothing_is_left_out(
    browser: TestClient, sign_in: Callable, house: House
) -> None:
    sign_in(MEI)
    ids = [tell(house, "mei", f"第{n}句") for n in range(7)]
    newest = browser.get(f"{PATH}?limit=3").json()
    older = browser.get(f"{PATH}?limit=3&before={newest['next']}").json()
    oldest = browser.get(f"{PATH}?limit=3&before={older['next']}").json()

    assert [i["id"] for page in (oldest, older, newest) for i in page["items"]] == ids
    assert oldest["next"] is None
    assert [i["id"] for i in browser.get(f"{PATH}?after={ids[4]}").json()["items"]] == ids[5:]
    assert browser.get(f"{PATH}?after={ids[-1]}").json() == {"items": [], "next": ids[-1]}


@pytest.mark.parametrize("query", ["after=-1", "before=0", "limit=0", "limit=999", "after=x"])
def test_a_bad_cursor_is_a_clear_answer(browser: TestClient, sign_in: Callable, query: str) -> None:
    sign_in(MEI)
    assert browser.get(f"{PATH}?{query}").status_code == 422


def test_what_is_read_has_left_and_its_alert_is_delivered(
    browser: TestClient, sign_in: Callable, house: House
) -> None:
    sign_in("13900000002")
    browser.post(
        "/webhooks/rest/webhook",
        json={"message": "胸口疼得厉害，喘不上气", "message_id": "w_1"},
        headers={"Authorization": f"Bearer {make(SECRET, 'mei', 60)}"},
    )
    (alert,) = browser.get(PATH).json()["items"]

    assert alert["urgent"]
    with house.store.read() as unit:
        assert unit.conversations.message(alert["id"]).state is State.SENT
        (ticket,) = unit.tickets.list(queues=("doctor",))
        delivered = {a.recipient_id for a in unit.tickets.alerts(ticket.id) if a.delivered_at}
    assert delivered == {"huan"}


def test_what_the_butler_prepared_is_not_shown_once_a_person_speaks(
    browser: TestClient, sign_in: Callable, house: House
) -> None:
    sign_in(MEI)
    say(browser, "转人工", "w_1")
    with house.store.write() as unit:
        conversation = unit.conversations.of("mei")
        put(unit, conversation, "慢了", key="late", now=house.now(), reply_to=1)
        hand_over.claim(house, unit, unit.people.get("life1"), unit.tickets.list(queues=("life",))[0].id)

    texts = [i["text"] for i in browser.get(PATH).json()["items"]]
    assert "慢了" not in texts
    assert texts[-1].startswith("生活管家")


def test_markup_is_text_in_every_field(browser: TestClient, sign_in: Callable, house: House) -> None:
    with house.store.write() as unit:
        unit.people.get("mei").address_as = "<b>梅</b>"
    sign_in(MEI)
    say(browser, EVIL, "w_1")
    with house.store.write() as unit:
        ticket = unit.tickets.list(queues=("life",))[0].id
        hand_over.claim(house, unit, unit.people.get("life1"), ticket)
        hand_over.reply(house, unit, unit.people.get("life1"), ticket, EVIL, "k")

    answer = browser.get(PATH)
    assert answer.headers["content-type"] == "application/json"
    texts = [i["text"] for i in answer.json()["items"]]
    assert texts[0] == texts[-1] == EVIL
    assert browser.get("/chat/session").json()["called"] == "<b>梅</b>"
    assert "<b>梅" not in browser.get("/chat").text


def test_a_watch_shows_each_line_once_also_what_was_committed_late(parts: Parts, house: House) -> None:
    watch = _Watch(parts, caller("mei"))
    ids = [tell(house, "mei", f"第{n}句") for n in range(3)]
    # The middle one becomes visible last, as with two processes on PostgreSQL.
    with house.store.write() as unit:
        unit.conversations.message(ids[1]).state = State.DROPPED
    first = [number for number, _ in watch.look(0)]
    with house.store.write() as unit:
        unit.conversations.message(ids[1]).state = State.SENT
    second = [number for number, _ in watch.look(ids[2])]

    assert (first, second) == ([ids[0], ids[2]], [ids[1]])
    assert watch.look(ids[2]) == []


def test_a_watch_ends_with_its_login(parts: Parts, house: House) -> None:
    watch = _Watch(parts, caller("mei"))
    with house.store.write() as unit:
        from actions.accounts import shut_out

        shut_out(house, unit, unit.people.get("mei"))
    with pytest.raises(LoginOver):
        watch.look(0)


class Browser:
    """As much of a request as a stream looks at."""

    async def is_disconnected(self) -> bool:
        return False


def test_a_stream_brings_what_is_said_and_ends_with_the_login(parts: Parts, house: House) -> None:
    async def story() -> list[str]:
        parts.bell.hang()
        who = caller("mei")
        events = _events(Browser(), parts, who, _Watch(parts, who).look, 0, ": alive\n\n")  # type: ignore[arg-type]
        heard = [await anext(events)]
        await asyncio.to_thread(tell, house, "mei", "到了")
        heard.append(await anext(events))
        await asyncio.to_thread(shut_out)
        return [*heard, *[event async for event in events]]

    def shut_out() -> None:
        from actions.accounts import shut_out as end

        with house.store.write() as unit:
            end(house, unit, unit.people.get("mei"))

    _, said, over = asyncio.run(story())
    assert json.loads(said.split("data: ")[1])["text"] == "到了"
    assert over == "event: over\ndata: login\n\n"


def test_a_stream_opened_a_thousand_times_is_a_handful() -> None:
    streams = Streams()
    held = [streams.open("mei") for _ in range(1000)]
    over = [place.__enter__() for place in held]

    assert streams.count("mei") == MOST
    assert [event.is_set() for event in over].count(False) == MOST
    assert not any(event.is_set() for event in over[-MOST:])
    for place in held:
        place.__exit__(None, None, None)
    assert streams.count("mei") == 0
    streams.stop()
