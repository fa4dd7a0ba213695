"""The record of a danger: who may read it, what stands in it, and that nobody changes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from actions.house import House
from bot.api.app import create
from bot.settings import Settings
from bot.tokens import make
from bot.wiring import wire
from domain.people import Person, Role
from tests.actions.test_alarm_family import cry

SECRET = "a secret of the tests, long enough for SHA-256"


@pytest.fixture
def api(house: House, tmp_path: Path) -> Iterator[TestClient]:
    with house.store.write() as unit:
        unit.people.add(Person(id="boss", name="吴主管", role=Role.SUPERVISOR))
    settings = Settings(home=tmp_path, secret=SECRET, rasa_url="http://127.0.0.1:9")
    with TestClient(create(wire(settings, house, patience=0.1)), raise_server_exceptions=False) as client:
        yield client


def auth(person: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {make(SECRET, person, 60)}"}


@pytest.mark.parametrize(
    ("who", "status"),
    [("doc1", 200), ("boss", 200), ("life1", 404), ("mei", 404), ("huan", 404), ("stranger", 404)],
)
def test_the_record_of_a_ticket_is_for_those_of_its_queue(
    api: TestClient, house: House, who: str, status: int
) -> None:
    ticket = cry(house)
    answer = api.get(f"/api/v1/tickets/{ticket}/incident", headers=auth(who))
    assert answer.status_code == status
    if status == 200:
        lines = answer.json()["items"]
        assert [line["detail"]["text"] for line in lines if line["happened"] == "said"] == ["胸口疼"]


def test_whom_it_happened_to_has_their_own_record_and_nobody_elses(api: TestClient, house: House) -> None:
    cry(house)
    mine = api.get("/api/v1/me/incidents", headers=auth("mei")).json()["items"]
    assert {"said", "told", "override"} <= {line["happened"] for line in mine}
    (override,) = [line for line in mine if line["happened"] == "override"]
    assert override["who_name"] == "何欢"
    assert "救命的事" in override["detail"]["policy"]
    assert api.get("/api/v1/me/incidents", headers=auth("stranger")).json()["items"] == []


@pytest.mark.parametrize(
    "statement", ["UPDATE incident_lines SET who_id = NULL", "DELETE FROM incident_lines"]
)
def test_a_line_stays_as_it_was_written(house: House, statement: str) -> None:
    cry(house)
    with pytest.raises(DBAPIError, match="append-only"), house.store.engine.begin() as connection:
        connection.execute(text(statement))
