"""Everything that people send, both ways between an elder's chat and the topic: pictures, voices, places, edits, signs."""

from __future__ import annotations

import pytest

from actions import send_picture
from actions.hand_over import reply
from bot.kept_files import write
from domain.topics import LARGEST
from tests.bot.telegram.group import PICTURE, VOICE, Desk


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


def claimed(desk: Desk, queue: str = "life") -> tuple[str, int]:
    """A ticket of 刘梅's that 林管家 has, and its topic."""
    ticket, thread = desk.ticket(queue), desk.thread()
    desk.api.presses(desk.chen, "我来", chat=desk.group)
    desk.stage.until(lambda: desk.now(ticket).owner_id == "life1")
    return ticket.id, thread


def test_a_place_goes_both_ways(desk: Desk) -> None:
    _ticket, thread = claimed(desk)

    desk.api.sends_location(desk.elder, 30.01, 120.0)
    desk.stage.until(lambda: "sendLocation" in methods(desk, desk.group, thread))
    desk.reads(thread, "发来一个位置")
    desk.api.sends_location(desk.chen, 30.02, 120.1, chat=desk.group, thread=thread)
    desk.stage.until(lambda: "sendLocation" in methods(desk, desk.elder))

    with desk.stage.client("mei") as own:
        lines = own.get("/api/v1/me/conversation").json()["items"]
        assert [line["place"] for line in lines if line["place"]] == ["30.01,120.0", "30.02,120.1"]


def test_a_card_of_somebody_is_told_with_its_number(desk: Desk) -> None:
    _, thread = claimed(desk)

    desk.api.shares_contact(desk.elder, phone="13900000009", owner=None)

    desk.reads(thread, "13900000009")


@pytest.mark.parametrize("verb", ["sends_sticker"])
def test_what_cannot_be_carried_is_said_to_the_coordinator(desk: Desk, verb: str) -> None:
    _, thread = claimed(desk)

    getattr(desk.api, verb)(desk.chen, chat=desk.group, thread=thread)

    desk.reads(thread, "老人没有收到")
    assert "发来" not in "".join(desk.api.texts(desk.elder))


def test_a_coordinators_file_that_is_too_large_is_not_said_to_have_gone(desk: Desk) -> None:
    _, thread = claimed(desk)

    desk.api.sends_document(desk.chen, size=LARGEST + 1, chat=desk.group, thread=thread)

    desk.reads(thread, "最大20兆")
    assert "发来" not in "".join(desk.api.texts(desk.elder))
    assert desk.files() == []


def test_an_elders_file_that_is_too_large_is_shown_as_lost_and_still_in_the_topic(desk: Desk) -> None:
    ticket, thread = claimed(desk)

    desk.api.sends_document(desk.elder, size=LARGEST + 1)

    desk.stage.until(lambda: "sendDocument" in methods(desk, desk.group, thread))
    with desk.stage.client("life1") as web:
        lines = web.get(f"/api/v1/tickets/{ticket}/messages").json()["items"]
        (file,) = [file for line in lines for file in line["attachments"]]
        assert (file["state"], file["type"]) == ("lost", None)
        assert web.get(f"/api/v1/tickets/{ticket}/attachments/{file['id']}").status_code == 404


def test_whatever_a_file_is_called_it_lies_under_a_name_of_our_own(desk: Desk) -> None:
    ticket, _thread = claimed(desk)
    page = b"<html><script>alert(1)</script></html>"

    desk.api.sends_document(desk.elder, "../../../etc/<script>.html", content=page, mime="text/html")
    desk.stage.until(lambda: [str(f.state) for f in desk.files()] == ["kept"])

    (file,) = desk.files()
    assert file.path == f"sent/{file.id[-2:]}/{file.id}"
    place = desk.stage.settings.var / file.path
    assert (place.read_bytes(), place.stat().st_mode & 0o777) == (page, 0o600)
    with desk.stage.client("life1") as web:
        got = web.get(f"/api/v1/tickets/{ticket}/attachments/{file.id}")
    assert got.headers["content-type"] == "application/octet-stream"
    assert got.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in got.headers["content-security-policy"]
    assert got.headers["x-content-type-options"] == "nosniff"


def test_a_file_that_telegram_no_longer_has_is_given_up(desk: Desk) -> None:
    claimed(desk)

    desk.api.break_next("bad_gateway", method="getFile", times=2)
    desk.api.sends_photo(desk.elder, content=PICTURE)
    desk.stage.until(lambda: [str(f.state) for f in desk.files()] == ["kept"])
    with desk.api.world.lock:
        desk.api.world.files.clear()
    desk.api.sends_photo(desk.elder, content=b"x")
    with desk.api.world.lock:
        desk.api.world.files.clear()

    desk.stage.until(lambda: sorted(str(f.state) for f in desk.files()) == ["kept", "lost"])


def test_a_picture_of_the_desk_is_in_the_chat_in_the_topic_and_on_the_page(desk: Desk) -> None:
    ticket, thread = claimed(desk)
    body, kept = send_picture.picture(PICTURE + b"\xff\xd9")
    write(desk.stage.settings.var, body.path, kept)
    with desk.house.store.write() as unit:
        chen = unit.people.get("life1")
        assert chen is not None
        reply(desk.house, unit, chen, ticket, "在这里签字", "k1", (body,))

    desk.stage.until(lambda: methods(desk, desk.elder)[-2:] == ["sendPhoto", "sendMessage"])
    desk.stage.until(lambda: "sendPhoto" in methods(desk, desk.group, thread))
    with desk.stage.client("mei") as own:
        (line,) = [x for x in own.get("/api/v1/me/conversation").json()["items"] if x["files"]]
        assert own.get(f"/api/v1/me/attachments/{line['files'][0]['id']}").content == kept


@pytest.mark.parametrize(
    ("kind", "body", "method"),
    [
        ("photo", PICTURE, "sendPhoto"),
        ("voice", VOICE, "sendVoice"),
        ("voice", b"\x1a\x45\xdf\xa3" + b"v" * 200, "sendDocument"),
    ],
)
def test_what_an_elder_sends_from_the_page_is_in_the_topic(
    desk: Desk, kind: str, body: bytes, method: str
) -> None:
    _, thread = claimed(desk)

    with desk.stage.client("mei") as own:
        for _ in range(2):
            way = f"/api/v1/me/attachments?kind={kind}&message_id=w_1"
            assert own.post(way, content=body).json() == []

    desk.stage.until(lambda: method in methods(desk, desk.group, thread))
    desk.reads(thread, desk.house.words.say(f"was_{kind}"))
    assert methods(desk, desk.group, thread).count(method) == 1
    assert [str(file.state) for file in desk.files()] == ["kept"]


def test_order_is_kept_where_a_file_takes_its_time(desk: Desk) -> None:
    _, thread = claimed(desk)

    desk.api.break_next("delay", method="getFile", ms=700)
    desk.api.sends_photo(desk.chen, content=PICTURE, chat=desk.group, thread=thread)
    desk.api.says(desk.chen, "就是这张", chat=desk.group, thread=thread)
    desk.api.says(desk.elder, "在等")

    desk.api.wait_sent(desk.elder, 1, text="就是这张")
    assert [text for _, text, _ in desk.stage.lines("mei")][-3:] == ["在等", "（发来一张照片）", "就是这张"]


def test_a_butlers_sign_in_the_topic_tells_the_elder_that_it_was_seen(desk: Desk) -> None:
    ticket, thread = claimed(desk)
    said = desk.api.says(desk.elder, "药放在哪儿")["message"]["message_id"]
    desk.reads(thread, "药放在哪儿")
    posts = {m["text"]: m["message_id"] for m in desk.api.sent(desk.group, thread=thread)}
    number = next(number for text, number in posts.items() if "药放在哪儿" in text)

    desk.stage.until(lambda: desk.post(number) is not None)
    stranger = desk.stage.user("huan")
    desk.api.reacts(stranger, number, chat=desk.group)
    desk.api.reacts(desk.chen, number, chat=desk.group)

    desk.stage.until(lambda: signs(desk, desk.elder, said) == ["👀"])
    with desk.stage.client("mei") as own:
        (line,) = [x for x in own.get("/api/v1/me/conversation").json()["items"] if x["text"] == "药放在哪儿"]
        assert line["seen"] is True
    with desk.house.store.read() as unit:
        looked = [e.actor_id for e in unit.tickets.history(ticket) if e.kind == "looked"]
    assert looked == ["life1"]


def methods(desk: Desk, chat: int, thread: int | None = None) -> list[str]:
    """How what stands in a chat was sent."""
    return [m["method"] for m in desk.api.sent(chat, thread=thread)]


def signs(desk: Desk, chat: int, number: int) -> list[str]:
    """The bot's own signs under a message."""
    return [r["emoji"] for r in desk.api.reactions(chat, number)]
