"""Surveys over HTTP: one's own, a relative's as far as consent goes, everybody's for coordinators; answered there too."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from actions.house import House
from bot.api.app import create
from bot.settings import Settings
from bot.ticking import advance
from bot.tokens import make
from bot.wiring import wire
from domain.clock import FixedClock
from domain.people import Scope
from tests.actions.reminded import go
from tests.actions.visiting import START, add_carers, booked, lead

SECRET = "a secret of the tests, long enough for SHA-256"


class Client:
    def __init__(self, house: House, folder: Path) -> None:
        settings = Settings(home=folder, secret=SECRET, rasa_url="http://127.0.0.1:9")
        self.http = TestClient(create(wire(settings, house, patience=0.1)), raise_server_exceptions=False)

    def get(self, person: str, path: str, **wanted: Any) -> tuple[int, Any]:
        answer = self.http.get(f"/api/v1{path}", headers=self._who(person), params=wanted)
        return answer.status_code, answer.json()

    def post(self, person: str, path: str, **body: Any) -> tuple[int, Any]:
        answer = self.http.post(f"/api/v1{path}", headers=self._who(person), json=body)
        return answer.status_code, answer.json()

    def _who(self, person: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {make(SECRET, person, 3600)}"}


@pytest.fixture
def client(house: House, clock: FixedClock, tmp_path: Path) -> Client:
    add_carers(house)
    with house.store.write() as unit:
        unit.conversations.of("mei")
        unit.conversations.of("huan")
    lead(house, clock, booked(house))
    go(house, clock, START.replace(hour=20))
    return Client(house, tmp_path)


def test_one_reads_and_answers_ones_own(client: Client) -> None:
    status, found = client.get("mei", "/me/surveys")
    (one,) = found["items"]
    assert (status, one["kind"], one["service"], one["score"]) == (200, "visit", "assisted_bathing", None)
    assert one["asked_at"] == "2026-11-26T19:25:00+08:00"

    status, told = client.post("mei", f"/me/surveys/{one['id']}", score=2, words="等了半天", message_id="1")
    assert (status, told["score"], told["words"]) == (200, 2, "等了半天")
    assert client.post("mei", f"/me/surveys/{one['id']}", score=5, message_id="1")[1]["score"] == 2
    assert client.post("mei", f"/me/surveys/{one['id']}", score=5, message_id="2")[1]["score"] == 5


@pytest.mark.parametrize("score", [0, 6, 10])
def test_a_score_that_is_none(client: Client, score: int) -> None:
    (one,) = client.get("mei", "/me/surveys")[1]["items"]

    assert client.post("mei", f"/me/surveys/{one['id']}", score=score, message_id="1")[0] == 404
    assert client.post("mei", f"/me/surveys/{one['id']}", score=11, message_id="1")[0] == 422
    assert client.get("mei", "/me/surveys")[1]["items"][0]["score"] is None


@pytest.mark.parametrize("person", ["huan", "stranger", "life1", "gao", "super"])
def test_nobody_answers_for_another(client: Client, person: str) -> None:
    (one,) = client.get("mei", "/me/surveys")[1]["items"]

    assert client.post(person, f"/me/surveys/{one['id']}", score=5, message_id="1")[0] == 404


def test_the_family_sees_the_score_and_not_the_words(client: Client, house: House) -> None:
    (one,) = client.get("mei", "/me/surveys")[1]["items"]
    client.post("mei", f"/me/surveys/{one['id']}", score=2, words="等了半天", message_id="1")

    status, found = client.get("huan", "/me/surveys", **{"for": "mei"})
    hers = next(item for item in found["items"] if item["person"] == "mei")
    assert (status, hers["score"], hers["words"], hers["why"], hers["ticket"]) == (200, 2, None, None, None)
    assert client.get("stranger", "/me/surveys", **{"for": "mei"})[0] == 404
    assert client.get("huan", "/me/surveys", **{"for": "nobody"})[0] == 404
    with house.store.write() as unit:
        assert "api:surveys" in [u.action for u in unit.people.uses_of("mei")]
        for consent in unit.people.consents_of("mei"):
            if consent.scope is Scope.SEE_VISITS:
                consent.revoked_at = house.now() - timedelta(minutes=1)
    assert client.get("huan", "/me/surveys", **{"for": "mei"})[0] == 403


def test_coordinators_see_all_and_others_nothing(client: Client) -> None:
    (one,) = client.get("mei", "/me/surveys")[1]["items"]
    client.post("mei", f"/me/surveys/{one['id']}", score=2, words="等了半天", message_id="1")

    for person in ("life1", "doc1", "super"):
        status, found = client.get(person, "/surveys")
        assert status == 200
        assert {item["person"] for item in found["items"]} == {"mei", "huan"}
    (hers,) = client.get("life1", "/surveys", answered=True, member="mei")[1]["items"]
    assert (hers["words"], bool(hers["ticket"])) == ("等了半天", True)
    first = client.get("life1", "/surveys", limit=1)[1]
    second = client.get("life1", "/surveys", limit=1, after=first["next"])[1]
    assert first["items"][0]["id"] != second["items"][0]["id"]
    for person in ("mei", "huan", "stranger", "gao"):
        assert client.get(person, "/surveys")[0] == 404


def test_the_report_over_http(client: Client) -> None:
    (one,) = client.get("mei", "/me/surveys")[1]["items"]
    client.post("mei", f"/me/surveys/{one['id']}", score=4, message_id="1")

    status, found = client.get("super", "/reports/satisfaction", by="carer")
    (line,) = found["items"]
    assert (status, line["name"], line["visits"], line["asked"], line["answered"]) == (200, "高师傅", 1, 2, 1)
    assert (line["response_rate"], line["mean"], line["good_rate"]) == (0.5, 4.0, 1.0)
    assert client.get("super", "/reports/satisfaction", by="moon")[0] == 422
    for person in ("mei", "huan", "life1", "gao"):
        assert client.get(person, "/reports/satisfaction")[0] == 404


def test_the_demos_clock_steps_to_each_question(house: House, clock: FixedClock, tmp_path: Path) -> None:
    add_carers(house)
    with house.store.write() as unit:
        unit.conversations.of("mei")
    lead(house, clock, booked(house))
    settings = Settings(home=tmp_path, secret=SECRET, rasa_url="http://127.0.0.1:9")
    parts = wire(settings, house, patience=0.1)
    parts.clock = clock  # type: ignore[assignment]

    asyncio.run(advance(parts, timedelta(days=2)))

    with house.store.read() as unit:
        ((survey, _),) = unit.surveys.page(person_id="mei")
    assert survey.asked_at == START.replace(hour=19, minute=25)
    assert survey.nudged_at == START.replace(day=27, hour=19, minute=25)
