"""Ready answers kept by a supervisor: who may, what cannot be kept, who comes second, the history, what colleagues get."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from actions import ready
from bot.parts import Parts
from domain.ready_answers import ReadyAnswer

AtDeskAs = Callable[[str], TestClient]
Ticket = Callable[..., str]
WISH = {"title": "问好", "queue": "both", "text": "{called}，您好，我是{me}，今天我值班。"}


def of(browser: TestClient, code: str) -> dict[str, object]:
    return next(one for one in browser.get("/desk/answers").json()["items"] if one["code"] == code)


@pytest.mark.parametrize("who", ["life1", "doc1", "op"])
def test_only_a_supervisor_keeps_them(at_desk: AtDeskAs, who: str) -> None:
    browser = at_desk(who)

    assert browser.get("/desk/session").json()["who"]["runs_desk"] is False
    assert browser.get("/desk/answers").status_code == 403
    assert browser.post("/desk/answers", json=WISH).status_code == 403
    assert browser.put("/desk/answers/hello", json=WISH).status_code == 403
    assert browser.delete("/desk/answers/hello").status_code == 403
    assert browser.get("/desk/answers/hello/history").status_code == 403


def test_what_is_kept_is_what_colleagues_get(at_desk: AtDeskAs, ticket: Ticket) -> None:
    boss, life, one = at_desk("boss"), at_desk("life1"), ticket("life")
    shipped = of(boss, "hello")
    assert shipped["version"] == 0

    assert boss.put("/desk/answers/hello", json={**WISH, "version": 0}).status_code == 200
    added = boss.post("/desk/answers", json={**WISH, "title": "只给医生", "queue": "doctor"}).json()["code"]

    got = {each["code"]: each for each in life.get(f"/desk/tickets/{one}/answers").json()}
    assert got["hello"]["text"] == "刘梅，您好，我是林管家，今天我值班。"
    assert added not in got
    assert of(boss, "hello")["shipped"] == {key: shipped[key] for key in ("title", "queue", "text")}
    assert of(boss, added)["shipped"] is None


def test_one_that_is_taken_away_is_gone_and_can_come_back(at_desk: AtDeskAs, ticket: Ticket) -> None:
    boss, one = at_desk("boss"), ticket("life")
    assert boss.delete("/desk/answers/hello", params={"version": 0}).status_code == 204

    assert "hello" not in {each["code"] for each in boss.get("/desk/answers").json()["items"]}
    assert "hello" not in {each["code"] for each in boss.get(f"/desk/tickets/{one}/answers").json()}
    assert boss.delete("/desk/answers/hello", params={"version": 1}).status_code == 404
    assert boss.put("/desk/answers/hello", json={**WISH, "version": 1}).status_code == 200
    assert of(boss, "hello")["version"] == 2


def test_who_comes_second_is_told_so(at_desk: AtDeskAs) -> None:
    boss = at_desk("boss")
    assert boss.put("/desk/answers/hello", json={**WISH, "version": 0}).status_code == 200
    late = boss.put("/desk/answers/hello", json={**WISH, "text": "别的", "version": 0})

    assert (late.status_code, late.json()["code"]) == (409, "out_of_date")
    assert of(boss, "hello")["text"] == WISH["text"]
    assert boss.put("/desk/answers/nothing", json=WISH).status_code == 404


@pytest.mark.parametrize(
    "bad",
    [
        {"title": "  "},
        {"text": ""},
        {"text": "话" * 501},
        {"title": "名" * 31},
        {"queue": "all"},
        {"text": "{password}"},
        {"text": "{called.phone}"},
        {"text": "{called!r}"},
        {"text": "{called:>99999999}"},
        {"text": "{}"},
        {"text": "{called"},
        {"text": "}"},
    ],
)
def test_what_cannot_be_kept_is_a_sentence_and_changes_nothing(
    at_desk: AtDeskAs, bad: dict[str, str], parts: Parts
) -> None:
    answer = at_desk("boss").put("/desk/answers/hello", json={**WISH, **bad})

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_answer")
    with parts.house.store.read() as unit:
        assert unit.ready_answers.of("hello") is None


def test_who_changed_what_stays(at_desk: AtDeskAs, parts: Parts) -> None:
    boss = at_desk("boss")
    boss.put("/desk/answers/hello", json=WISH)
    boss.delete("/desk/answers/hello", params={"version": 1})

    found = boss.get("/desk/answers/hello/history").json()

    assert [(one["version"], one["gone"], one["who"]) for one in found] == [
        (2, True, "吴主管"),
        (1, False, "吴主管"),
    ]
    assert [line["what"] for line in boss.get("/desk/trail").json()["items"][:2]] == [
        "DELETE /answers/{code}",
        "PUT /answers/{code}",
    ]
    with pytest.raises(Exception, match="append-only"), parts.house.store.write() as unit:  # noqa: PT012
        kept = unit.ready_answers.of("hello")
        assert isinstance(kept, ReadyAnswer)
        kept.text = "改了"


def test_nothing_that_is_shipped_changes_by_being_kept(at_desk: AtDeskAs, parts: Parts) -> None:
    before = ready.load()
    at_desk("boss").put("/desk/answers/hello", json=WISH)

    assert ready.load() == before
