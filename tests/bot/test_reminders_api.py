"""Personal reminders over the API: one's own and an elder's, as far as consent goes."""

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

SECRET = "a secret of the tests, long enough for SHA-256"
ALL = "/api/v1/me/reminders"
PILLS = {"what": "吃降压药", "rule": "FREQ=DAILY;BYHOUR=8,20", "message_id": "1"}


@pytest.fixture
def api(house: House, tmp_path: Path) -> Iterator[TestClient]:
    settings = Settings(home=tmp_path, secret=SECRET, rasa_url="http://127.0.0.1:9")
    with TestClient(create(wire(settings, house, patience=0.1)), raise_server_exceptions=False) as client:
        yield client


def auth(person: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {make(SECRET, person, 60)}"}


def test_set_read_changed_and_stopped(api: TestClient) -> None:
    made = api.post(ALL, json=PILLS, headers=auth("mei"))
    assert made.status_code == 201
    assert api.post(ALL, json=PILLS, headers=auth("mei")).json() == made.json()
    assert made.json() | {"id": ""} == {
        "id": "",
        "member": "mei",
        "created_by": "mei",
        "kind": "medicine",
        "what": "吃降压药",
        "rule": "FREQ=DAILY;BYHOUR=8,20",
        "said": "每天上午8点、晚上8点",
        "lead_minutes": 0,
        "next": "2026-11-24T20:00:00+08:00",
        "ended_at": None,
    }
    one = f"{ALL}/{made.json()['id']}"
    changed = api.put(
        one, json={**PILLS, "rule": "FREQ=DAILY;BYHOUR=9", "message_id": "2"}, headers=auth("mei")
    )
    assert changed.json()["next"] == "2026-11-25T09:00:00+08:00"
    listed = api.get(ALL, headers=auth("mei")).json()
    assert listed == {"items": [changed.json()], "next": None}

    for _ in range(2):
        stopped = api.delete(f"{ALL}/{changed.json()['id']}", headers=auth("mei")).json()
        assert (stopped["next"], stopped["ended_at"]) == (None, "2026-11-24T10:00:00+08:00")
    assert api.get(ALL, headers=auth("mei")).json()["items"] == []


def test_once_and_before_a_birthday(api: TestClient) -> None:
    once = {"what": "去医院", "at": "2026-11-26T15:00", "lead_minutes": 1440, "message_id": "1"}
    assert api.post(ALL, json=once, headers=auth("mei")).json()["next"] == "2026-11-25T15:00:00+08:00"
    rule = "RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=8"
    birthday = {"what": "爸爸生日", "rule": rule, "lead_minutes": 3 * 1440, "message_id": "2"}
    made = api.post(ALL, json=birthday, headers=auth("mei")).json()
    assert (made["said"], made["next"]) == ("每年农历腊月初八，提前3天", "2027-01-12T08:00:00+08:00")


def test_a_relative_as_far_as_consent_goes(api: TestClient) -> None:
    hers = api.post(ALL, json=PILLS, headers=auth("mei")).json()["id"]
    theirs = api.post(f"{ALL}?for=mei", json=PILLS, headers=auth("huan")).json()["id"]
    assert len(api.get(f"{ALL}?for=mei", headers=auth("huan")).json()["items"]) == 2
    assert api.delete(f"{ALL}/{hers}", headers=auth("huan")).status_code == 403
    assert api.delete(f"{ALL}/{theirs}", headers=auth("huan")).status_code == 200

    for stranger in ("stranger", "life1"):
        seen = api.get(f"{ALL}?for=mei", headers=auth(stranger)).status_code
        assert seen == (404 if stranger == "stranger" else 200)
    assert api.delete(f"{ALL}/{hers}", headers=auth("stranger")).status_code == 404
    assert api.post(f"{ALL}?for=mei", json=PILLS, headers=auth("stranger")).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"rule": "FREQ=DAILY", "at": "2026-11-26T15:00"},
        {"rule": "FREQ=HOURLY"},
        {"rule": "FREQ=DAILY;BYHOUR=25"},
        {"rule": "FREQ=YEARLY;X-TERM=大热"},
        {"rule": "'; DROP TABLE"},
        {"at": "昨天"},
        {"what": " ", "rule": "FREQ=DAILY"},
        {"rule": "FREQ=DAILY", "lead_minutes": -1},
    ],
)
def test_a_bad_wish_is_a_clear_error(api: TestClient, body: dict[str, Any]) -> None:
    answer = api.post(ALL, json={"what": "吃药", "message_id": "1", **body}, headers=auth("mei"))

    assert answer.status_code == 422
    assert api.get(ALL, headers=auth("mei")).json()["items"] == []


def test_what_never_comes_is_not_there(api: TestClient) -> None:
    past = {"what": "吃药", "at": "2026-11-23T10:00", "message_id": "1"}
    assert api.post(ALL, json=past, headers=auth("mei")).status_code == 404
