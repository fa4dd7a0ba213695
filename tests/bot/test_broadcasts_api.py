"""Broadcasts over HTTP: written, looked at, started, watched, ended; who may; what cannot be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from actions import broadcast_send
from actions.accounts import join
from actions.house import House
from bot.api.app import create
from bot.settings import Settings
from bot.tokens import make
from bot.wiring import wire
from domain.people import Person, Role

SECRET = "a secret of the tests, long enough for SHA-256"
TEXT = "周六上午有健康讲座。"


class Api:
    """The API as one person after the other."""

    def __init__(self, client: TestClient, house: House) -> None:
        self.client, self.house = client, house

    def call(self, person: str, method: str, path: str = "", body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {make(SECRET, person, 3600)}"}
        return self.client.request(method, f"/api/v1/broadcasts{path}", headers=headers, json=body)

    def write(self, person: str = "boss", **body: Any) -> str:
        answer = self.call(person, "POST", "", {"text": TEXT, **body})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])


@pytest.fixture
def api(house: House, tmp_path: Path) -> Iterator[Api]:
    few = replace(house, broadcast_alone=2)
    with few.store.write() as unit:
        unit.people.add(
            Person(id="boss", name="吴主管", role=Role.SUPERVISOR),
            Person(id="boss2", name="郑主管", role=Role.SUPERVISOR),
            Person(id="op", name="管理员", role=Role.ADMIN),
            Person(id="care", name="护理", role=Role.CARER),
        )
        unit.flush()
        for person, chat in (("mei", "1"), ("huan", "2")):
            join(few, unit, unit.people.get(person), "telegram", chat)  # type: ignore[arg-type]
    settings = Settings(home=tmp_path, secret=SECRET, rasa_url="http://127.0.0.1:9")
    with TestClient(create(wire(settings, few, patience=0.1)), raise_server_exceptions=False) as client:
        yield Api(client, few)


def test_the_whole_way(api: Api) -> None:
    made = api.write("life1", title="讲座", audience={"include": {"cities": ["试城"]}})
    found = api.call("life1", "GET", f"/{made}/preview").json()
    assert found["reach"] == {"people": 3, "chat": 2, "page": 0, "none": 1, "unwanted": 0}
    assert [one["name"] for one in found["examples"]] == ["何欢", "刘梅", "生人"]
    assert found["text"].endswith("请回复“退订”。")
    assert found["needs_approval"] is True

    assert api.call("life1", "POST", f"/{made}/test").status_code == 204
    assert api.call("life1", "POST", f"/{made}/start").json()["state"] == "waiting"
    assert api.call("life1", "POST", f"/{made}/approve").status_code == 403
    started = api.call("boss", "POST", f"/{made}/approve").json()
    assert (started["state"], started["approved_by"], started["asked"]) == ("scheduled", "boss", 3)
    assert api.call("op", "POST", f"/{made}/approve").status_code == 409
    broadcast_send.work_off(api.house)

    one = api.call("boss", "GET", f"/{made}").json()
    assert one["broadcast"]["state"] == "sending"
    assert one["broadcast"]["counts"] == {"handed": 2, "skipped": 1}
    assert one["broadcast"]["reasons"] == {"no_chat": 1}
    assert [event["what"] for event in one["events"]] == ["written", "started", "approved", "begun"]
    assert [run["total"] for run in one["runs"]] == [3]
    (row,) = api.call("boss", "GET", f"/{made}/recipients?state=skipped").json()["items"]
    assert (row["id"], row["name"], row["reason"]) == ("stranger", "生人", "no_chat")
    assert api.call("op", "GET", f"/{made}/recipients?limit=1").json()["items"][0]["name"] == "何＊"
    assert api.call("boss", "GET", f"/{made}/recipients?run=2").status_code == 404

    assert api.call("life1", "POST", f"/{made}/pause").json()["state"] == "paused"
    assert api.call("life1", "POST", f"/{made}/go-on").json()["state"] == "sending"
    assert api.call("life1", "POST", f"/{made}/take-back").json()["counts"] == {"skipped": 1, "taken_back": 2}
    assert api.call("life1", "POST", f"/{made}/stop").status_code == 409


def test_the_list_is_paged_the_newest_first(api: Api) -> None:
    made = [api.write(title=f"第{n}") for n in range(5)]
    api.call("boss", "POST", f"/{made[2]}/take-back")
    pages, cursor = [], ""
    while True:
        page = api.call("boss", "GET", f"?limit=2{cursor}").json()
        pages.append([one["id"] for one in page["items"]])
        if page["next"] is None:
            break
        cursor = f"&after={page['next']}"

    # Written within one moment of a clock that stands still.
    assert sorted(one for page in pages for one in page) == sorted(made)
    assert [len(page) for page in pages] == [2, 2, 1]
    (only,) = api.call("boss", "GET", "?state=taken_back").json()["items"]
    assert only["id"] == made[2]


def test_a_repeat_is_harmless_and_a_mended_draft_a_new_version(api: Api) -> None:
    made = api.write(key="once")
    assert api.write(key="once") == made
    mended = api.call("boss", "PUT", f"/{made}", {"text": "周日上午有健康讲座。"}).json()
    assert (mended["series"], mended["version"]) == (made, 2)
    assert api.call("boss", "PUT", f"/{made}", {"text": "又改"}).status_code == 409


@pytest.mark.parametrize(
    ("person", "reads", "approves"),
    [
        ("boss", 200, 403),
        ("boss2", 200, 409),
        ("op", 200, 409),
        ("life1", 200, 403),
        ("doc1", 404, 404),
        ("care", 404, 404),
        ("mei", 404, 404),
        ("huan", 404, 404),
    ],
)
def test_who_may(api: Api, person: str, reads: int, approves: int) -> None:
    """A draft of `boss`: nobody can approve yet what was not started (409), some never (403), for others there is none."""
    made = api.write()
    assert api.call(person, "GET", "").status_code == reads
    for path in (f"/{made}", f"/{made}/preview", f"/{made}/recipients"):
        assert api.call(person, "GET", path).status_code == reads
    assert api.call(person, "POST", f"/{made}/approve").status_code == approves
    for path, body in (("", {"text": TEXT}), ("/preview", {"text": TEXT})):
        answer = api.call(person, "POST", path, body)
        assert answer.status_code == (404 if reads == 404 else 201 if path == "" else 200)
    if reads == 404:
        for step in ("start", "pause", "go-on", "stop", "take-back", "test"):
            assert api.call(person, "POST", f"/{made}/{step}").status_code == 404
        assert api.call(person, "PUT", f"/{made}", {"text": TEXT}).status_code == 404
        assert api.call(person, "GET", f"/{made}/events").status_code == 404


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"text": " "}, "empty"),
        ({"text": "长" * 5_000}, "too_long"),
        ({"send_at": "2026-11-24T09:00"}, "past"),
        ({"send_at": "2020-01-01T00:00:00Z"}, "past"),
        ({"rule": "FREQ=HOURLY"}, "rule"),
        ({"when": "哪天都行"}, "when"),
        ({"when": "12月1日"}, "when"),
        ({"send_at": "2027-01-01T09:00", "rule": "FREQ=DAILY"}, "times"),
        ({"send_at": "2027-01-01T09:00", "when": "每年立秋上午9点"}, "times"),
        ({"useful_minutes": 1}, "useful"),
        ({"audience": {"include": {"cities": ["月亮"]}}}, "city"),
        ({"audience": {"include": {"plans": ["x"]}}}, "plan"),
        ({"audience": {"exclude": {"unused": ["x"]}}}, "benefit"),
        ({"audience": {"include": {"people": ["x"]}}}, "person"),
        ({"audience": {"include": {"min_age": 90, "max_age": 70}}}, "ages"),
    ],
)
def test_what_cannot_be_is_one_sentence(api: Api, body: dict[str, Any], problem: str) -> None:
    answer = api.call("boss", "POST", "", {"text": TEXT, **body})

    assert answer.status_code == 422
    assert answer.json()["problem"] == problem
    assert answer.json()["detail"] == api.house.words.say(f"broadcast_problem_{problem}")
    assert api.call("boss", "GET", "").json()["items"] == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": TEXT, "audience": {"include": {"towns": ["x"]}}},
        {"text": TEXT, "send_at": "soon"},
        {"text": 3},
    ],
)
def test_what_is_no_broadcast_is_refused(api: Api, body: dict[str, Any]) -> None:
    assert api.call("boss", "POST", "", body).status_code == 422


def test_nobody_is_not_started(api: Api) -> None:
    made = api.write(audience={"include": {"cities": ["别城"]}})
    answer = api.call("boss", "POST", f"/{made}/start")
    assert (answer.status_code, answer.json()["problem"]) == (422, "nobody")


def test_how_it_goes_as_a_stream(api: Api) -> None:
    made = api.write(audience={"include": {"people": ["stranger"]}})
    api.call("boss", "POST", f"/{made}/start")
    broadcast_send.work_off(api.house)

    lines = api.call("boss", "GET", f"/{made}/events").text.split("\n")

    told = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
    assert [(one["state"], one["counts"]) for one in told] == [("done", {"skipped": 1})]


def test_the_outbox_and_steps_that_are_not(api: Api) -> None:
    made = api.write()
    assert api.call("boss", "POST", f"/{made}/delete").status_code == 404
    assert api.call("boss", "GET", "/bc_none").status_code == 404
    assert api.call("boss", "POST", "/bc_none/start").status_code == 404
