"""Pictures and voices from the page: kept once, with whom they belong to, and nothing kept of what is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from actions.photograph import LARGEST
from bot.limits import Limit
from bot.parts import Parts
from bot.tokens import make
from domain.conversations import State
from domain.topics import voice_of
from tests.bot.web.conftest import HUAN, MEI

WAY, TALK = "/api/v1/me/attachments", "/api/v1/me/conversation"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
JPEG = b"\xff\xd8\xff\xe1\x00\x08SECRET\xff\xda\x00\x02pixels\xff\xd9"
OGG, WEBM, MP4 = b"OggS" + b"v" * 40, b"\x1a\x45\xdf\xa3" + b"v" * 40, b"\0\0\0\x18ftypM4A " + b"v" * 40
SignIn = Callable[[str], str]


def send(browser: TestClient, kind: str, body: bytes, number: str = "w_1", **headers: str):
    return browser.post(f"{WAY}?kind={kind}&message_id={number}", content=body, headers=headers)


def kept(parts: Parts) -> list[Path]:
    return [path for path in (parts.settings.var / "sent").rglob("*") if path.is_file()]


def bearer(parts: Parts, person_id: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {make(parts.settings.signing_secret, person_id, 3600)}"}


@pytest.mark.parametrize(
    ("kind", "body", "type_", "said"),
    [
        ("photo", PNG, "image/png", "sent_photo"),
        ("photo", JPEG, "image/jpeg", "sent_photo"),
        ("voice", OGG, "audio/ogg", "sent_voice_life"),
        ("voice", WEBM, "audio/webm", "sent_voice_life"),
        ("voice", MP4, "audio/mp4", "sent_voice_life"),
    ],
)
def test_it_is_a_line_of_ones_own_and_answered_as_in_a_chat(
    browser: TestClient, sign_in: SignIn, parts: Parts, kind: str, body: bytes, type_: str, said: str
) -> None:
    sign_in(MEI)

    answer = send(browser, kind, body)

    words = parts.house.words
    assert answer.status_code == 200, answer.text
    assert [each["text"].split("\n")[0] for each in answer.json()] == [words.say(said)]
    mine, theirs = browser.get(TALK).json()["items"]
    (file,) = mine["files"]
    assert (mine["text"], mine["message_id"], mine["direction"]) == (words.say(f"was_{kind}"), "w_1", "in")
    assert (file["kind"], file["state"], file["type"]) == (kind, "kept", type_)
    assert theirs["id"] == answer.json()[0]["custom"]["id"]
    got = browser.get(f"{WAY}/{file['id']}")
    assert (got.status_code, got.headers["content-type"], file["size"]) == (200, type_, len(got.content))
    assert got.headers["content-disposition"].startswith("inline")
    assert b"SECRET" not in got.content
    (place,) = kept(parts)
    assert place.stat().st_mode & 0o777 == 0o600
    with parts.house.store.read() as unit:
        topics = [ticket.topic for ticket in unit.tickets.list(queues=["life"])]
    assert topics == (["voice"] if kind == "voice" else [])


@pytest.mark.parametrize(
    ("kind", "body", "code", "said"),
    [
        ("photo", b"", 422, "page_photo_bad"),
        ("photo", b"GIF89a", 422, "page_photo_bad"),
        ("photo", b"<svg onload=alert(1)>", 422, "page_photo_bad"),
        ("photo", OGG, 422, "page_photo_bad"),
        ("photo", PNG + b"\0" * LARGEST, 413, "sent_too_big"),
        ("voice", b"", 422, "page_voice_bad"),
        ("voice", PNG, 422, "page_voice_bad"),
        ("voice", b"<html><script>alert(1)</script>", 422, "page_voice_bad"),
        ("voice", OGG + b"\0" * LARGEST, 413, "sent_too_big"),
    ],
)
def test_what_is_none_changes_nothing(
    browser: TestClient, sign_in: SignIn, parts: Parts, kind: str, body: bytes, code: int, said: str
) -> None:
    sign_in(MEI)

    answer = send(browser, kind, body)

    assert (answer.status_code, answer.json()["detail"]) == (code, parts.house.words.say(said))
    assert browser.get(TALK).json()["items"] == []
    assert kept(parts) == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("kind=video&message_id=w_1", 422),
        ("kind=photo", 422),
        ("kind=photo&message_id=", 422),
        (f"kind=photo&message_id={'w' * 81}", 422),
        ("message_id=w_1", 422),
    ],
)
def test_a_request_that_says_too_little_is_refused(
    browser: TestClient, sign_in: SignIn, parts: Parts, query: str, code: int
) -> None:
    sign_in(MEI)

    assert browser.post(f"{WAY}?{query}", content=PNG).status_code == code
    assert kept(parts) == []


def test_who_is_not_signed_in_sends_and_sees_nothing(browser: TestClient, parts: Parts) -> None:
    assert send(browser, "photo", PNG).status_code == 401
    assert browser.get(f"{WAY}/fl_1").status_code == 401
    assert kept(parts) == []


def test_a_page_of_another_site_sends_nothing(browser: TestClient, sign_in: SignIn, parts: Parts) -> None:
    sign_in(MEI)

    assert send(browser, "photo", PNG, Origin="https://elsewhere.example").status_code == 403
    assert kept(parts) == []


def test_a_login_that_was_shut_out_sends_nothing(browser: TestClient, sign_in: SignIn, parts: Parts) -> None:
    sign_in(MEI)
    with parts.house.store.write() as unit:
        mei = unit.people.get("mei")
        assert mei is not None
        mei.logins_since = parts.house.now().replace(year=2100)

    assert send(browser, "voice", OGG).status_code == 401
    assert kept(parts) == []


def test_anothers_file_is_not_there_and_its_name_cannot_be_guessed(
    browser: TestClient, sign_in: SignIn, parts: Parts
) -> None:
    sign_in(MEI)
    send(browser, "voice", WEBM)
    (ticket,) = _tickets(parts)
    (file,) = browser.get(TALK).json()["items"][0]["files"]
    browser.cookies.clear()

    for other in ("huan", "stranger", "life1"):
        assert browser.get(f"{WAY}/{file['id']}", headers=bearer(parts, other)).status_code == 404, other
    of_desk = f"/api/v1/tickets/{ticket}/attachments/{file['id']}"
    found = {
        who: browser.get(of_desk, headers=bearer(parts, who)).status_code for who in ("life1", "doc1", "mei")
    }
    assert found == {"life1": 200, "doc1": 404, "mei": 404}
    assert len(file["id"]) >= 16
    assert file["id"] not in {path.name for path in kept(parts)}
    for bad in ("..%2F..%2Fsecret", "fl_none", "%00"):
        assert browser.get(f"{WAY}/{bad}", headers=bearer(parts, "mei")).status_code == 404


def test_the_same_again_is_one_line_one_file_one_ticket(
    browser: TestClient, sign_in: SignIn, parts: Parts
) -> None:
    sign_in(MEI)

    first = send(browser, "voice", WEBM)
    again = send(browser, "voice", WEBM)
    other = send(browser, "photo", PNG)

    assert first.json() == again.json() == other.json()
    assert len(browser.get(TALK).json()["items"]) == 2
    assert [path.read_bytes() for path in kept(parts)] == [WEBM]
    assert len(_tickets(parts)) == 1


def test_the_same_name_of_two_people_is_two_pictures(
    browser: TestClient, sign_in: SignIn, parts: Parts
) -> None:
    for phone in (MEI, HUAN):
        sign_in(phone)
        assert send(browser, "photo", PNG).status_code == 200

    assert len(kept(parts)) == 2


def test_while_a_person_speaks_the_butler_is_silent(
    browser: TestClient, sign_in: SignIn, parts: Parts
) -> None:
    sign_in(MEI)
    with parts.house.store.write() as unit:
        conversation = unit.conversations.of("mei")
        conversation.owner = "human:life1"

    assert send(browser, "photo", PNG).json() == []
    (mine,) = browser.get(TALK).json()["items"]
    assert [file["state"] for file in mine["files"]] == ["kept"]
    with parts.house.store.read() as unit:
        message = unit.conversations.message(mine["id"])
    assert message is not None
    assert message.state is State.ANSWERED


def test_nothing_is_left_behind_where_the_store_does_not_answer(
    browser: TestClient, sign_in: SignIn, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(MEI)

    async def fails(_: object) -> None:
        raise RuntimeError("no store")

    monkeypatch.setattr(parts.way, "take", fails)

    assert send(browser, "photo", PNG).status_code == 500
    assert kept(parts) == []


def test_one_person_does_not_fill_the_disk(browser: TestClient, sign_in: SignIn, parts: Parts) -> None:
    sign_in(MEI)
    parts.files = Limit(2, 600)

    codes = [send(browser, "photo", PNG, f"w_{at}").status_code for at in range(3)]

    assert codes == [200, 200, 429]
    assert len(kept(parts)) == 2


def test_the_page_may_ask_for_the_microphone_and_nothing_else(browser: TestClient) -> None:
    allowed = browser.get("/chat").headers["permissions-policy"]

    assert "microphone=(self)" in allowed
    assert "camera=()" in allowed
    assert "microphone=()" in browser.get("/desk").headers["permissions-policy"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [(OGG, "audio/ogg"), (WEBM, "audio/webm"), (MP4, "audio/mp4"), (b"ftyp", None), (PNG, None), (b"", None)],
)
def test_a_voice_is_known_by_what_is_in_it(body: bytes, kind: str | None) -> None:
    assert voice_of(body) == kind


def _tickets(parts: Parts) -> list[str]:
    with parts.house.store.read() as unit:
        return [ticket.id for ticket in unit.tickets.list(queues=["life"])]
