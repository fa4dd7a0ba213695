"""The desk: what is shown to whom, words with choices and pictures, booking on somebody's behalf, the trail, the stream."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from actions import ready
from actions.say import put
from actions.words import Words
from bot.desk_page.access import AtDesk
from bot.desk_page.stream import Watch
from bot.parts import Parts
from domain.clock import FixedClock, local_day
from domain.conversations import Message, Speaker, State
from domain.errors import RuleBroken
from domain.tickets import Priority

AtDeskAs = Callable[[str], TestClient]
Ticket = Callable[..., str]
# The smallest things that are a PNG and a JPEG by their beginnings.
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
JPEG = b"\xff\xd8\xff\xe1\x00\x08SECRET\xff\xda\x00\x02pixels\xff\xd9"
SCRIPT = "<img src=x onerror=alert(1)><script>alert(1)</script>"


def claimed(browser: TestClient, one: str) -> str:
    answer = browser.post(f"/desk/api/v1/tickets/{one}/claim", json={})
    assert answer.status_code == 200, answer.text
    return one


def said(parts: Parts, text: str, key: str = "k1", **beside: object) -> None:
    """A word of 刘梅's."""
    with parts.house.store.write() as unit:
        conversation = unit.conversations.of("mei")
        unit.conversations.add(
            Message(
                conversation_id=conversation.id,
                direction="in",
                speaker=Speaker.MEMBER,
                channel="web",
                text=text,
                key=key,
                state=State.ANSWERED,
                created_at=parts.house.now(),
                author_id="mei",
                payload=dict(beside),
            )
        )


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


def test_words_with_choices_come_to_the_member_once(at_desk: AtDeskAs, ticket: Ticket, parts: Parts) -> None:
    browser = at_desk("life1")
    one = claimed(browser, ticket())
    body = {"text": "您要哪天？", "message_id": "d_1", "choices": ["明天", "后天"]}

    first, second = (browser.post(f"/desk/tickets/{one}/words", json=body) for _ in range(2))

    assert (first.status_code, second.json()) == (201, first.json())
    with parts.house.store.read() as unit:
        lines = unit.conversations.last(unit.conversations.of_existing("mei").id, 10)
    (asked,) = [m for m in lines if m.text == "您要哪天？"]
    assert [b["title"] for b in asked.payload["buttons"]] == ["明天", "后天"]
    (shown,) = [x for x in browser.get(f"/desk/tickets/{one}/lines").json() if x["text"] == "您要哪天？"]
    assert (shown["buttons"], shown["author"], shown["who"]) == (["明天", "后天"], "林管家", "life")


@pytest.mark.parametrize("choices", [["一个"], ["同", "同"], ["好"] * 5, ["一", ""], ["长" * 21, "短"]])
def test_choices_that_are_none_get_a_kind_sentence(
    at_desk: AtDeskAs, ticket: Ticket, choices: list[str]
) -> None:
    browser = at_desk("life1")
    one = claimed(browser, ticket())
    body = {"text": "？", "message_id": "d_1", "choices": choices}

    answer = browser.post(f"/desk/tickets/{one}/words", json=body)

    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("选项要两到四个")


def test_only_who_has_claimed_it_speaks_books_and_sends(at_desk: AtDeskAs, ticket: Ticket) -> None:
    one, day = claimed(at_desk("life1"), ticket()), "2026-11-26"
    other = at_desk("life2")
    for path, body in (
        ("words", {"text": "x", "message_id": "d_1"}),
        ("times", {"day": day, "service": "assisted_bathing", "channel": "home"}),
        (
            "bookings",
            {
                "begin": f"{day}T10:00+08:00",
                "message_id": "d_1",
                "service": "assisted_bathing",
                "channel": "home",
            },
        ),
    ):
        assert other.post(f"/desk/tickets/{one}/{path}", json=body).status_code == 403
    assert other.post(f"/desk/tickets/{one}/picture?message_id=d_2", content=PNG).status_code == 403


def test_booking_and_moving_on_her_behalf_is_told_in_the_chat(
    at_desk: AtDeskAs, ticket: Ticket, parts: Parts, clock: FixedClock
) -> None:
    browser = at_desk("life1")
    one = claimed(browser, ticket())
    day = local_day(clock.now()) + timedelta(days=2)
    wish = {"service": "assisted_bathing", "channel": "home"}
    found = browser.post(f"/desk/tickets/{one}/times", json={"day": day.isoformat(), **wish}).json()
    assert len(found["times"]) == 3
    assert found["refusal"] is None

    body = {"begin": found["times"][0]["begin"], "message_id": "d_1", **wish}
    first, again = (browser.post(f"/desk/tickets/{one}/bookings", json=body) for _ in range(2))
    assert (first.status_code, again.json()["id"]) == (201, first.json()["id"])
    assert (first.json()["booked_by"], first.json()["member"]) == ("life1", "mei")
    (standing,) = browser.get(f"/desk/tickets/{one}/booked").json()
    later = {"day": (day + timedelta(days=1)).isoformat(), "booking": standing["id"]}
    other = browser.post(f"/desk/tickets/{one}/times", json=later).json()["times"][1]["begin"]
    moved = browser.post(
        f"/desk/tickets/{one}/bookings", json={"begin": other, "message_id": "d_2", "booking": standing["id"]}
    )

    assert moved.json()["start"] == other
    told = [x["text"] for x in browser.get(f"/desk/tickets/{one}/lines").json() if x["who"] == "life"]
    assert any(t.startswith("我替您约好了：助浴，后天，11月26日，星期四") for t in told)
    assert any(t.startswith("我替您改好了：助浴，") for t in told)
    with parts.house.store.read() as unit:
        assert [b.status for b in unit.bookings.of("mei")] == ["confirmed"]


def test_a_time_that_has_gone_and_a_benefit_that_says_no(at_desk: AtDeskAs, ticket: Ticket) -> None:
    browser = at_desk("life1")
    one = claimed(browser, ticket())
    gone = {"begin": "2026-11-26T03:00+08:00", "message_id": "d_1"}
    wish = {"service": "health_checkup", "channel": "store"}
    assert (
        browser.post(
            f"/desk/tickets/{one}/bookings", json={**gone, "service": "assisted_bathing", "channel": "home"}
        ).status_code
        == 409
    )

    found = browser.post(f"/desk/tickets/{one}/times", json={"day": "2026-11-26", **wish}).json()
    body = {"begin": found["times"][0]["begin"], "message_id": "d_2", **wish}
    refused = browser.post(f"/desk/tickets/{one}/bookings", json=body)
    paid = browser.post(f"/desk/tickets/{one}/bookings", json={**body, "self_pay": True})

    assert found["refusal"]
    assert found["own_cents"] == 30000
    assert (refused.status_code, refused.json()["detail"]) == (402, found["refusal"])
    assert paid.status_code == 201
    for bad in (
        {"service": "nothing", "channel": "home"},
        {"service": "assisted_bathing", "channel": "store"},
    ):
        day = {"day": "2026-11-26", **bad}
        assert browser.post(f"/desk/tickets/{one}/times", json=day).status_code == 404


def test_ready_answers_are_filled_in_and_blanks_are_left(at_desk: AtDeskAs, ticket: Ticket) -> None:
    one, other = ticket("life"), ticket("doctor")
    life = {a["code"]: a for a in at_desk("life1").get(f"/desk/tickets/{one}/answers").json()}
    doctor = {a["code"]: a for a in at_desk("doc1").get(f"/desk/tickets/{other}/answers").json()}

    assert life["hello"]["text"].startswith("刘梅，您好，我是林管家。")
    assert life["next_visit"]["blanks"] is True
    assert "＿＿＿" in life["next_visit"]["text"]
    assert {"measure", "go_now"} <= doctor.keys()
    assert not {"measure", "go_now"} & life.keys()


def test_no_ready_answer_of_the_life_butler_speaks_of_medicine_or_illness() -> None:
    for one in ready.load():
        if one.queue in ("life", "both"):
            assert not any(word in one.text for word in ("血压", "吃药前", "剂量", "医院", "停药"))


def test_a_gap_that_nobody_fills_is_a_mistake_of_ours(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("- {code: a, title: t, queue: life, text: 'x {nobody}'}\n", "utf-8")
    with pytest.raises(ValueError, match="nobody"):
        ready.load(tmp_path)


def test_what_is_opened_and_done_is_in_the_trail_and_stays(
    at_desk: AtDeskAs, ticket: Ticket, parts: Parts
) -> None:
    one = ticket()
    life, boss = at_desk("life1"), at_desk("boss")
    life.get(f"/desk/api/v1/tickets/{one}")
    claimed(life, one)
    life.post(f"/desk/tickets/{one}/words", json={"text": "我的秘密话", "message_id": "d_1"})
    life.get("/desk/search", params={"q": "刘梅"})
    at_desk("life2").post(f"/desk/api/v1/tickets/{one}/claim", json={})

    page = boss.get("/desk/trail").json()["items"]

    done = [
        (a["actor"], a["what"], a["ticket"] is not None)
        for a in page
        if not a["what"].startswith(("login", "access"))
    ]
    assert done == [
        ("方管家", "POST /tickets/{ticket_id}/claim", True),
        ("林管家", "GET /search", False),
        ("林管家", "POST /tickets/{ticket_id}/words", True),
        ("林管家", "POST /tickets/{ticket_id}/claim", True),
        ("林管家", "GET /tickets/{ticket_id}", True),
    ]
    assert "我的秘密话" not in str(page)
    assert "刘梅" not in str(page)
    assert life.get("/desk/trail").status_code == 404
    assert at_desk("op").get("/desk/trail").status_code == 200
    from sqlalchemy import text
    from sqlalchemy.exc import DatabaseError

    for statement in ("UPDATE desk_acts SET what = 'x'", "DELETE FROM desk_acts"):
        with pytest.raises((DatabaseError, RuleBroken)), parts.house.store.engine.begin() as connection:
            connection.execute(text(statement))


def test_the_trail_goes_on_backwards(at_desk: AtDeskAs) -> None:
    boss = at_desk("boss")
    for _ in range(4):
        boss.get("/desk/search", params={"q": "x"})
    first = boss.get("/desk/trail", params={"limit": 3}).json()
    rest = boss.get("/desk/trail", params={"limit": 50, "before": first["next"]}).json()

    assert len(first["items"]) == 3
    assert max(a["id"] for a in rest["items"]) < min(a["id"] for a in first["items"])


def test_reports_are_for_supervisors_and_run_nothing(at_desk: AtDeskAs, ticket: Ticket) -> None:
    ticket()
    boss = at_desk("boss")
    for path in (
        "/desk/report/desk",
        "/desk/report/fulfilment?by=city",
        "/desk/report/satisfaction?by=carer",
    ):
        answer = boss.get(path)
        assert answer.status_code == 200
        assert "<script" not in answer.text
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert at_desk("life1").get(path).status_code == 404


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


def test_the_words_of_the_desk_are_kind(parts: Parts) -> None:
    words: Words = parts.house.words

    assert all("错误" not in text for name, text in words.sentences.items() if name.startswith("desk_"))


def test_put_is_what_carries_the_butlers_own_words(parts: Parts, at_desk: AtDeskAs, ticket: Ticket) -> None:
    """A line of the AI's is shown at the desk with how far it got, and reading it there is no delivery."""
    one = ticket()
    with parts.house.store.write() as unit:
        put(unit, unit.conversations.of("mei"), "提醒您明天助浴", key="r1", now=parts.house.now())
    line = at_desk("life1").get(f"/desk/tickets/{one}/lines").json()[-1]

    assert (line["who"], line["state"], line["author"]) == ("ai", "queued", None)
    with parts.house.store.read() as unit:
        stored = unit.conversations.by_key("r1")
    assert stored is not None
    assert stored.state is State.QUEUED
