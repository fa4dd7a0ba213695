"""Everything that people send, both ways between an elder's chat and the topic: pictures, voices, places, edits, signs."""

from __future__ import annotations

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
