"""What no database can hold, in every path, every query and the ids of bodies: a kind no, never our fault."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from actions.house import House
from bot.api.app import create
from bot.settings import Settings
from bot.tokens import make
from bot.wiring import wire
from domain.people import Person, Role

SECRET = "a secret of the tests, long enough for SHA-256"
KIND = {"没有这一项", "里面有存不下的字或者太大的数，请改一改再试"}
VALUES = ("a%00b", "9" * 40)


@pytest.fixture
def api(house: House, tmp_path: Path) -> Iterator[TestClient]:
    with house.store.write() as unit:
        unit.people.add(Person(id="supervisor", name="主管", role=Role.SUPERVISOR))
        unit.people.add(Person(id="admin", name="管机器的", role=Role.ADMIN))
    settings = Settings(home=tmp_path, secret=SECRET, rasa_url="http://127.0.0.1:9")
    with TestClient(create(wire(settings, house, patience=0.1)), raise_server_exceptions=False) as client:
        yield client


def asks(api: TestClient, who: str, method: str, url: str, body: dict[str, Any] | None = None) -> Any:
    token = {"Authorization": f"Bearer {make(SECRET, who, 3600)}"}
    return api.request(method, url, headers=token, json=body)


def is_kind(sentence: str) -> bool:
    """Whether it is said in the language of those who read it."""
    return any("\u4e00" <= sign <= "\u9fff" for sign in sentence)


def ways(api: TestClient) -> Iterator[tuple[str, str]]:
    """Every way of the API with each of its ids and words, one at a time, as no database can hold it."""
    for path, methods in api.get("/openapi.json").json()["paths"].items():
        for method, way in methods.items():
            params = [one for one in way.get("parameters", []) if one["in"] in ("path", "query")]
            for bad in params:
                if bad["in"] == "query" and path.endswith("events") and "{" not in path:
                    continue  # a stream: it does not end
                for value in VALUES:
                    yield method, url_of(path, params, bad["name"], value)


def url_of(path: str, params: list[dict[str, Any]], bad: str, value: str) -> str:
    asked = []
    for one in params:
        name, said = one["name"], value if one["name"] == bad else "mei"
        if one["in"] == "path":
            path = path.replace(f"{{{name}}}", said)
        elif name == bad or one.get("required"):
            asked.append(f"{name}={said}")
    return f"{path}?{'&'.join(asked)}" if asked else path


def test_in_every_path_and_query_it_is_a_kind_no(api: TestClient) -> None:
    tried, wrong = 0, []
    for method, url in ways(api):
        for who in ("mei", "supervisor", "admin"):
            answer = asks(api, who, method, url)
            tried += 1
            if answer.status_code >= 500 or (
                answer.status_code >= 400 and not is_kind(answer.json()["detail"])
            ):
                wrong.append((answer.status_code, who, method, url[:80], answer.text[:80]))
    assert tried > 400
    assert not wrong


@pytest.mark.parametrize("way", ["", "/claim", "/messages", "/history", "/notes", "/alerts", "/incident"])
def test_the_desk_has_it_the_same(api: TestClient, way: str) -> None:
    method = "POST" if way == "/claim" else "GET"
    answer = asks(api, "supervisor", method, f"/api/v1/tickets/a%00b{way}", {} if way == "/claim" else None)
    assert answer.status_code in (404, 422)
    assert answer.json()["detail"] in KIND


@pytest.mark.parametrize("number", ["a\0b", "\ud800"])
@pytest.mark.parametrize("words", ["约助浴", "胸口疼得厉害"])
def test_the_number_of_a_message_is_refused_at_the_door(api: TestClient, number: str, words: str) -> None:
    body = {"sender": "x", "message": words, "message_id": number}
    if number == "\ud800":
        token = {"Authorization": f"Bearer {make(SECRET, 'mei', 3600)}", "Content-Type": "application/json"}
        raw = '{"sender": "x", "message": "' + words + '", "message_id": "\\ud800"}'
        answer = api.post("/webhooks/rest/webhook", content=raw.encode(), headers=token)
    else:
        answer = asks(api, "mei", "POST", "/webhooks/rest/webhook", body)
    assert answer.status_code == 422
    assert answer.json()["detail"] == "请求的内容不对"


def test_in_what_is_said_it_is_left_out(api: TestClient, house: House) -> None:
    body = {"sender": "x", "message": "胸口\0疼得厉害", "message_id": "1"}
    answer = asks(api, "mei", "POST", "/webhooks/rest/webhook", body)
    assert answer.status_code == 200
    assert "120" in answer.json()[0]["text"]
    with house.store.read() as unit:
        (ticket,) = unit.tickets.list(queues=("doctor",))
    assert ticket.card["said"] == "胸口疼"
