"""What came beside the words at the desk: pictures that a coordinator sends, a member's pictures, voices and places."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from actions import receipts, sent_files
from actions.photograph import LARGEST
from bot.desk_page.access import AtDesk
from bot.desk_page.stream import Watch
from bot.kept_files import place_of, write
from bot.parts import Parts
from bot.tokens import make
from domain.conversations import Message, Speaker, State
from domain.doors import Account, Delivery
from domain.topics import Kept

AtDeskAs = Callable[[str], TestClient]
Ticket = Callable[..., str]
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
JPEG = b"\xff\xd8\xff\xe1\x00\x08SECRET\xff\xda\x00\x02pixels\xff\xd9"
VOICE = b"OggS" + b"v" * 40


def claimed(browser: TestClient, one: str) -> str:
    answer = browser.post(f"/desk/api/v1/tickets/{one}/claim", json={})
    assert answer.status_code == 200, answer.text
    return one


def came(
    parts: Parts, kind: str, ref: str = "x", body: bytes | None = None, key: str = "k1", **beside: object
) -> str:
    """Something of 刘梅's that came by Telegram; the file's id, fetched already where there is a `body`."""
    with parts.house.store.write() as unit:
        message = Message(
            conversation_id=unit.conversations.of("mei").id,
            direction="in",
            speaker=Speaker.MEMBER,
            channel="telegram",
            text=parts.house.words.say(f"was_{kind}"),
            key=key,
            state=State.ANSWERED,
            created_at=parts.house.now(),
            author_id="mei",
            payload={"attached": {"kind": kind, "ref": ref, "size": None}, **beside},
        )
        unit.conversations.add(message)
        unit.flush()
        file = sent_files.came(parts.house, unit, message, message.payload["attached"])
        if file is None:
            return ""
        if body is not None:
            keep(parts, file.id, body)
            file.state, file.size, file.type = Kept.KEPT, len(body), "audio/ogg"
        return file.id


def keep(parts: Parts, file_id: str, body: bytes) -> None:
    write(parts.settings.var, sent_files.path_of(file_id), body)


def fetch(parts: Parts, window: Callable[[], TestClient], person_id: str, file_id: str):
    token = make(parts.settings.signing_secret, person_id, 3600)
    headers = {"Authorization": f"Bearer {token}"}
    return window().get(f"/api/v1/me/attachments/{file_id}", headers=headers)


def watch(parts: Parts, person_id: str, browser: TestClient) -> Watch:
    with parts.house.store.read() as unit:
        person = unit.people.get(person_id)
    assert person is not None
    here = AtDesk(person, "ds", "password", parts.entering.clock.now())
    return Watch(parts, here, browser.cookies["guanjia_desk"], 0)


def lines(one: Watch) -> list[dict]:
    return [data["line"] for event, _, data in one.look() or [] if event == "line"]


@pytest.mark.parametrize(("body", "kind"), [(PNG, "image/png"), (JPEG, "image/jpeg")])
def test_a_picture_goes_to_its_member_and_nobody_else(
    at_desk: AtDeskAs, ticket: Ticket, parts: Parts, window: Callable[[], TestClient], body: bytes, kind: str
) -> None:
    browser = at_desk("life1")
    one = claimed(browser, ticket())
    answer = browser.post(f"/desk/tickets/{one}/picture?message_id=d_1&text=在这里签字", content=body)
    assert answer.status_code == 201, answer.text
    (line,) = [x for x in browser.get(f"/desk/tickets/{one}/lines").json() if x["files"]]
    (file,) = line["files"]

    mine = fetch(parts, window, "mei", file["id"])

    assert (line["text"], file["kind"], file["type"], file["state"]) == ("在这里签字", "photo", kind, "kept")
    assert (mine.status_code, mine.headers["content-type"]) == (200, kind)
    assert mine.headers["content-disposition"].startswith("inline")
    assert b"SECRET" not in mine.content
    for other in ("huan", "stranger", "life2"):
        assert fetch(parts, window, other, file["id"]).status_code == 404
    way = f"/desk/api/v1/tickets/{one}/attachments"
    assert browser.get(f"{way}/{file['id']}").status_code == 200
    assert at_desk("doc1").get(f"{way}/{file['id']}").status_code == 404
    for bad in ("..%2F..%2Fsecret", "fl_none", "%00", "a" * 300, "<script>"):
        assert browser.get(f"{way}/{bad}").status_code == 404


def test_the_same_picture_twice_is_one(at_desk: AtDeskAs, ticket: Ticket, parts: Parts) -> None:
    browser = at_desk("life1")
    one = claimed(browser, ticket())

    first, again = (
        browser.post(f"/desk/tickets/{one}/picture?message_id=d_1", content=PNG) for _ in range(2)
    )

    assert (first.status_code, again.json()) == (201, first.json())
    assert len([p for p in (parts.settings.var / "sent").rglob("*") if p.is_file()]) == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", 422),
        (b"GIF89a", 422),
        (b"<svg onload=alert(1)>", 422),
        (b"%PDF-1.7", 422),
        (b"\x89PNG" + b"\0" * LARGEST, 413),
    ],
)
def test_what_is_no_picture_changes_nothing(
    at_desk: AtDeskAs, ticket: Ticket, body: bytes, code: int, parts: Parts
) -> None:
    browser = at_desk("life1")
    one = claimed(browser, ticket())
    before = browser.get(f"/desk/tickets/{one}/lines").json()

    answer = browser.post(f"/desk/tickets/{one}/picture?message_id=d_1", content=body)

    assert (answer.status_code, answer.json()["detail"]) == (code, "图片要 JPEG 或者 PNG，最大八兆。")
    assert browser.get(f"/desk/tickets/{one}/lines").json() == before
    assert not (parts.settings.var / "sent").exists()


def test_only_who_has_claimed_it_sends_a_picture(at_desk: AtDeskAs, ticket: Ticket, parts: Parts) -> None:
    one = claimed(at_desk("life1"), ticket())

    answer = at_desk("life2").post(f"/desk/tickets/{one}/picture?message_id=d_2", content=PNG)

    assert answer.status_code == 403
    assert not (parts.settings.var / "sent").exists()


def test_a_file_is_shown_once_it_is_there(at_desk: AtDeskAs, ticket: Ticket, parts: Parts) -> None:
    browser, one = at_desk("life1"), ticket()
    file = came(parts, "voice")
    seen = watch(parts, "life1", browser)
    assert [x["files"][0]["state"] for x in lines(seen)] == ["waiting"]
    assert browser.get(f"/desk/api/v1/tickets/{one}/attachments/{file}").status_code == 404
    assert lines(seen) == []

    keep(parts, file, VOICE)
    with parts.house.store.write() as unit:
        row = unit.topics.file(file)
        assert row is not None
        row.state, row.type, row.size = Kept.KEPT, "audio/ogg", len(VOICE)

    assert [x["files"][0]["state"] for x in lines(seen)] == ["kept"]
    assert lines(seen) == []
    got = browser.get(f"/desk/api/v1/tickets/{one}/attachments/{file}")
    assert (got.content, got.headers["content-type"]) == (VOICE, "audio/ogg")
    part = browser.get(f"/desk/api/v1/tickets/{one}/attachments/{file}", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"OggS")


def test_what_was_sent_to_the_doctor_is_not_a_life_butlers_to_see(
    at_desk: AtDeskAs, ticket: Ticket, parts: Parts
) -> None:
    one, other = ticket("life"), ticket("doctor")
    file = came(parts, "photo", body=VOICE, audience="doctor")

    hidden = at_desk("life1").get(f"/desk/tickets/{one}/lines").json()[-1]

    assert (hidden["text"], hidden["files"], hidden["place"]) == (None, [], None)
    assert at_desk("life1").get(f"/desk/api/v1/tickets/{one}/attachments/{file}").status_code == 404
    assert at_desk("doc1").get(f"/desk/api/v1/tickets/{other}/attachments/{file}").status_code == 200


@pytest.mark.parametrize(
    ("ref", "place"),
    [
        ("30.0,120.0", {"lat": 30.0, "lon": 120.0, "home_km": 0.0}),
        ("30.1,120.0", {"lat": 30.1, "lon": 120.0, "home_km": 11.1}),
        ("91,120", None),
        ("here", None),
        ("1,2,3", None),
        ("nan,nan", None),
    ],
)
def test_a_place_is_shown_with_how_far_it_is_from_home(
    at_desk: AtDeskAs, ticket: Ticket, parts: Parts, ref: str, place: dict | None
) -> None:
    one = ticket()
    with parts.house.store.write() as unit:
        mei = unit.people.get("mei")
        assert mei is not None
        mei.lat, mei.lon = 30.0, 120.0
    came(parts, "place", ref)

    assert at_desk("life1").get(f"/desk/tickets/{one}/lines").json()[-1]["place"] == place


def test_a_path_that_leads_out_of_the_house_is_refused(parts: Parts) -> None:
    for path in ("../secret", "/etc/passwd", "sent/../../x"):
        with pytest.raises(ValueError, match="leads out"):
            place_of(parts.settings.var, path)


def test_a_row_whose_file_is_gone_is_not_there(at_desk: AtDeskAs, ticket: Ticket, parts: Parts) -> None:
    one, file = ticket(), came(parts, "voice", body=VOICE)
    place_of(parts.settings.var, sent_files.path_of(file)).unlink()

    assert at_desk("life1").get(f"/desk/api/v1/tickets/{one}/attachments/{file}").status_code == 404


def test_a_sign_shows_at_the_desk_at_once(at_desk: AtDeskAs, ticket: Ticket, parts: Parts) -> None:
    browser = at_desk("life1")
    one = claimed(browser, ticket())
    body = {"text": "周五九点", "message_id": "d_1"}
    said = browser.post(f"/desk/tickets/{one}/words", json=body).json()["id"]
    with parts.house.store.write() as unit:
        account = Account(
            id="ac", person_id="mei", door="telegram", external_id="7", joined_at=parts.house.now()
        )
        unit.doors.add(account)
        unit.flush()
        delivery = Delivery(account_id="ac", message_id=said, lane=0, due_at=parts.house.now())
        delivery.external_id = "55"
        unit.doors.add(delivery)
    seen = watch(parts, "life1", browser)
    lines(seen)

    for _ in range(2):
        with parts.house.store.write() as unit:
            account = unit.doors.account("ac")
            assert account is not None
            receipts.seen(parts.house, unit, account, "55", "👍")
            receipts.seen(parts.house, unit, account, "99", "👍")

    assert [(x["id"], x["seen"]) for x in lines(seen) if x["seen"]] == [(said, True)]
    assert lines(seen) == []


def test_the_name_of_a_card_is_text(at_desk: AtDeskAs, ticket: Ticket, parts: Parts) -> None:
    one = ticket()
    came(parts, "contact", "<script>alert(1)</script> 139")

    line = at_desk("life1").get(f"/desk/tickets/{one}/lines").json()[-1]

    assert line["text"].endswith("<script>alert(1)</script> 139")
