"""The desk: what is shown and found, and told as a stream, to whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from bot.desk_page.access import AtDesk
from bot.desk_page.stream import Watch
from bot.parts import Parts
from domain.clock import FixedClock
from domain.conversations import State
from domain.tickets import Priority
from tests.bot.at_desk import SCRIPT, AtDeskAs, Ticket, claimed, said


@pytest.mark.parametrize(
    ("who", "sees"),
    [("life1", {"life"}), ("doc1", {"doctor"}), ("boss", {"life", "doctor"}), ("op", set())],
)
def test_everybody_sees_their_own_queues(at_desk: AtDeskAs, ticket: Ticket, who: str, sees: set[str]) -> None:
    tickets = {ticket("life"): "life", ticket("doctor"): "doctor"}
    browser = at_desk(who)

    found = browser.get("/desk/board").json()["tickets"]

    assert {row["queue"] for row in found} == sees
    for one, queue in tickets.items():
        expected = 200 if queue in sees else 404
        for way in ("lines", "answers", "booked"):
            assert browser.get(f"/desk/tickets/{one}/{way}").status_code == expected
        assert browser.get(f"/desk/api/v1/tickets/{one}").status_code == expected
    hits = browser.get("/desk/search", params={"q": "刘梅"}).json()
    assert {row["queue"] for row in hits} == sees


def test_a_row_has_its_clocks_and_last_words(at_desk: AtDeskAs, ticket: Ticket, parts: Parts) -> None:
    one = ticket(priority=Priority.HIGH)
    said(parts, "在吗")
    (row,) = at_desk("life1").get("/desk/board").json()["tickets"]

    assert (row["id"], row["name"], row["priority"], row["state"]) == (one, "刘梅", "high", "open")
    assert [clock["name"] for clock in row["clocks"]] == ["first_reply", "resolve"]
    assert row["last"]["text"] == "在吗"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("刘梅", True),
        ("梅", True),
        ("0001", True),
        ("13900000001", True),
        ("0002", False),
        ("001", False),
        ("膝盖", True),
        ("%", False),
        ("_", False),
        ("' OR 1=1 --", False),
    ],
)
def test_search(at_desk: AtDeskAs, ticket: Ticket, parts: Parts, words: str, found: bool) -> None:
    ticket()
    said(parts, "我膝盖疼")

    assert bool(at_desk("life1").get("/desk/search", params={"q": words}).json()) is found


def test_search_by_number_finds_what_is_closed_too(at_desk: AtDeskAs, ticket: Ticket, parts: Parts) -> None:
    browser = at_desk("life1")
    one = claimed(browser, ticket())
    browser.post(f"/desk/api/v1/tickets/{one}/close", json={"outcome": "都办好了"})
    with parts.house.store.read() as unit:
        kept = unit.tickets.get(one)
    assert kept is not None
    assert browser.get("/desk/board").json()["tickets"] == []

    (row,) = browser.get("/desk/search", params={"q": kept.number.lower()}).json()

    assert (row["id"], row["state"]) == (one, "closed")


def test_what_was_said_with_a_doctor_is_not_a_life_butlers_to_read_or_find(
    at_desk: AtDeskAs, ticket: Ticket, parts: Parts
) -> None:
    one, other = ticket("life"), ticket("doctor")
    said(parts, "大夫我痔疮犯了", audience="doctor")
    life, doctor = at_desk("life1"), at_desk("doc1")

    assert "痔疮" in doctor.get(f"/desk/tickets/{other}/lines").text
    assert "痔疮" not in life.get(f"/desk/tickets/{one}/lines").text
    assert "痔疮" not in life.get("/desk/board").text
    assert life.get("/desk/search", params={"q": "痔疮"}).json() == []
    assert len(doctor.get("/desk/search", params={"q": "痔疮"}).json()) == 1
    for person_id, hears in (("life1", False), ("doc1", True)):
        assert ("痔疮" in str(_watch(parts, person_id, doctor if hears else life).look())) is hears


def test_a_doctors_note_is_not_a_life_butlers(at_desk: AtDeskAs, ticket: Ticket) -> None:
    one = ticket("doctor")
    doctor, life, boss = at_desk("doc1"), at_desk("life1"), at_desk("boss")
    doctor.post(f"/desk/api/v1/tickets/{one}/notes", json={"text": "疑似骨折", "message_id": "d_n"})
    doctor.post(f"/desk/api/v1/tickets/{one}/transfer", json={"queue": "life", "reason": "要约救护车"})

    assert "疑似骨折" not in life.get(f"/desk/api/v1/tickets/{one}/notes").text
    assert "要约救护车" in life.get(f"/desk/api/v1/tickets/{one}/notes").text
    assert "疑似骨折" in boss.get(f"/desk/api/v1/tickets/{one}/notes").text


def test_a_name_and_words_that_are_markup_stay_text(at_desk: AtDeskAs, ticket: Ticket, parts: Parts) -> None:
    with parts.house.store.write() as unit:
        mei = unit.people.get("mei")
        assert mei is not None
        mei.name = SCRIPT
    one = ticket()
    said(parts, SCRIPT)
    browser = at_desk("life1")

    assert browser.get("/desk/board").headers["content-type"] == "application/json"
    assert browser.get("/desk/board").json()["tickets"][0]["name"] == SCRIPT
    assert browser.get(f"/desk/tickets/{one}/lines").json()[-1]["text"] == SCRIPT


def _watch(parts: Parts, person_id: str, browser: TestClient, after: int = 0) -> Watch:
    with parts.house.store.read() as unit:
        person = unit.people.get(person_id)
    assert person is not None
    here = AtDesk(person, "ds", "password", parts.entering.clock.now())
    return Watch(parts, here, browser.cookies["guanjia_desk"], after)


def test_the_stream_tells_what_is_new_once(at_desk: AtDeskAs, ticket: Ticket, parts: Parts) -> None:
    browser = at_desk("life1")
    one = ticket()
    watch = _watch(parts, "life1", browser)
    first = watch.look()
    assert first is not None
    assert [event for event, _, _ in first][-1] == "tickets"
    assert watch.look() == []

    said(parts, "在吗")
    news = watch.look()
    assert news is not None
    assert [(event, data.get("line", {}).get("text")) for event, _, data in news] == [
        ("line", "在吗"),
        ("tickets", None),
    ]
    claimed(browser, one)
    ((_, _, told),) = [item for item in watch.look() or [] if item[0] == "tickets"]
    assert [row["owner_name"] for row in told["tickets"]] == ["林管家"]
    browser.post(f"/desk/api/v1/tickets/{one}/close", json={"outcome": "办好了"})
    assert [data["gone"] for event, _, data in watch.look() or [] if event == "tickets"] == [[one]]


def test_a_stream_ends_with_its_login(at_desk: AtDeskAs, parts: Parts, real: FixedClock) -> None:
    browser = at_desk("life1")
    watch = _watch(parts, "life1", browser)
    assert watch.look() is not None
    real.advance(timedelta(hours=1))

    assert watch.look() is None


def test_the_stream_tells_when_words_have_gone_out(at_desk: AtDeskAs, ticket: Ticket, parts: Parts) -> None:
    browser = at_desk("life1")
    one = claimed(browser, ticket())
    browser.post(f"/desk/tickets/{one}/words", json={"text": "在的", "message_id": "d_1"})
    watch = _watch(parts, "life1", browser)
    first = [data["line"] for event, _, data in watch.look() or [] if event == "line"]
    assert {line["state"] for line in first} == {"queued"}
    with parts.house.store.write() as unit:
        unit.conversations.mark_sent([line["id"] for line in first], parts.house.now())

    again = [data["line"] for event, _, data in watch.look() or [] if event == "line"]

    assert [(line["id"], line["state"]) for line in again] == [(line["id"], "sent") for line in first]
    assert watch.look() == []


def test_no_stream_outlives_its_login(at_desk: AtDeskAs) -> None:
    assert at_desk("life1").get("/desk/api/v1/tickets/events").status_code == 404


def test_a_stream_tells_nothing_of_the_other_queue(at_desk: AtDeskAs, ticket: Ticket, parts: Parts) -> None:
    ticket("doctor")
    said(parts, "大夫在吗")
    watch = _watch(parts, "life1", at_desk("life1"))

    assert [event for event, _, _ in watch.look() or []] == []


def test_words_from_before_the_stream_are_told_of_once_they_have_gone_out(
    at_desk: AtDeskAs, ticket: Ticket, parts: Parts
) -> None:
    browser = at_desk("life1")
    one = claimed(browser, ticket())
    browser.post(f"/desk/tickets/{one}/words", json={"text": "您看一下", "message_id": "d_1"})
    shown = browser.get(f"/desk/tickets/{one}/lines").json()[-1]
    assert (shown["text"], shown["state"]) == ("您看一下", "queued")
    # The line was down meanwhile, and more has been said than a stream looks back for.
    watch = _watch(parts, "life1", browser, after=shown["id"] + 1_000)
    watch.look()

    with parts.house.store.write() as unit:
        (message,) = unit.board.messages([shown["id"]])
        message.state = State.SENT

    told = [data["line"] for event, _, data in watch.look() or [] if event == "line"]
    assert [(line["id"], line["state"]) for line in told] == [(shown["id"], "sent")]


def test_what_is_noted_of_somebody_stands_in_the_card_under_names_for_people(
    at_desk: AtDeskAs, ticket: Ticket, parts: Parts
) -> None:
    with parts.house.store.write() as unit:
        mei = unit.people.get("mei")
        assert mei is not None
        mei.notes = {
            "dog": "有一只小狗",
            "daily_routine": "中午睡到两点",
            "medicines": "降压药",
            "carer_gender": "female",
            "note_5": "门铃坏了，请敲门",
            "lat": "39.9",
        }

    card = at_desk("life1").get(f"/desk/api/v1/tickets/{ticket()}").json()["card"]

    assert [(one["name"], one["value"]) for one in card["notes_told"]] == [
        ("狗", "有一只小狗"),
        ("正在用的药", "降压药"),
        ("要谁来", "女的"),
        ("作息", "中午睡到两点"),
        ("说过", "门铃坏了，请敲门"),
    ]
