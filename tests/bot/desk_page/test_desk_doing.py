"""The desk: words with choices and pictures, booking on somebody's behalf, ready answers, the trail, reports."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from actions import ready
from actions.say import put
from actions.words import Words
from bot.parts import Parts
from domain.clock import FixedClock, local_day
from domain.conversations import State
from domain.errors import RuleBroken
from tests.bot.at_desk import PNG, AtDeskAs, Ticket, claimed


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


def test_who_runs_the_machine_does_not_read_in_the_trail_who_members_are(at_desk: AtDeskAs) -> None:
    at_desk("boss").get("/desk/api/v1/members/mei/bookings")
    for reader, name in (("boss", "刘梅"), ("op", "刘＊")):
        opened = [a for a in at_desk(reader).get("/desk/trail").json()["items"] if "/members/" in a["what"]]
        assert [a["member"] for a in opened] == [name]


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
