"""Visits over HTTP, led whole; who may see and do what; photographs; the carer's chat and the elder's buttons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from actions.house import House
from bot.api.app import create
from bot.settings import Settings
from bot.staff_page.page import FOLDER
from bot.tokens import make
from bot.wiring import wire
from domain.clock import FixedClock
from domain.visits import Impossible, VisitState
from tests.actions.visiting import BATH, START, add_carers, balance, booked, read

SECRET = "a secret of the tests, long enough for SHA-256"
JPEG = b"\xff\xd8\xff\xe1\x00\x08Exif00\xff\xda\x00\x02rest"


class Api:
    """The API as one person after the other."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def _auth(self, person: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {make(SECRET, person, 3600)}"}

    def get(self, person: str, path: str) -> Any:
        return self.client.get(f"/api/v1{path}", headers=self._auth(person))

    def post(self, person: str, path: str, body: Any = None, **more: Any) -> Any:
        return self.client.post(f"/api/v1{path}", headers=self._auth(person), json=body, **more)

    def say(self, person: str, words: str) -> list[dict[str, Any]]:
        body = {"sender": "x", "message": words}
        found: list[dict[str, Any]] = self.client.post(
            "/webhooks/rest/webhook", json=body, headers=self._auth(person)
        ).json()
        return found

    def pushed(self, person: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get(person, "/me/messages").json()["items"]
        return found

    def press(self, person: str, title: str, shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Press a button of the newest message that has it."""
        for one in reversed(shown):
            for button in one["buttons"]:
                if button["title"] == title:
                    return self.say(person, button["payload"])
        raise AssertionError(f"no {title} in {shown}")


@pytest.fixture
def api(house: House, clock: FixedClock, tmp_path: Path) -> Iterator[Api]:
    add_carers(house)
    settings = Settings(home=tmp_path, secret=SECRET, rasa_url="http://127.0.0.1:9")
    with TestClient(create(wire(settings, house, patience=0.1)), raise_server_exceptions=False) as client:
        yield Api(client)


@pytest.fixture
def visit_id(api: Api, house: House, clock: FixedClock) -> str:
    made = booked(house)
    clock.moment = START - timedelta(minutes=30)
    return made


def test_a_visit_from_setting_out_to_verified(
    api: Api, house: House, clock: FixedClock, visit_id: str
) -> None:
    (mine,) = api.get("gao", "/me/visits").json()["items"]
    assert (mine["id"], mine["state"], mine["code"]) == (visit_id, "assigned", None)
    assert {"label": "狗", "value": "有狗"} in mine["card"]["facts"]
    assert [s["number"] for s in mine["card"]["steps"]] == BATH

    path = f"/visits/{visit_id}"
    out = api.post("gao", f"{path}/on_the_way", {"message_id": "1"}).json()
    assert (out["state"], out["expected_at"]) == ("on_the_way", "2026-11-26T15:00:00+08:00")
    (elders,) = api.get("mei", "/me/visits").json()["items"]
    assert elders["code"] == read(house, visit_id)[0].code
    assert (elders["card"], elders["flags"]) == (None, [])
    (childs,) = api.get("huan", "/me/visits?for=mei").json()["items"]
    assert (childs["state"], childs["code"]) == ("on_the_way", None)

    clock.moment = START
    wrong = api.post("gao", f"{path}/arrived", {"message_id": "2", "code": "0000"})
    assert wrong.status_code == (422 if elders["code"] != "0000" else 200)
    there = {"message_id": "3", "lat": 30.001, "lon": 120.0, "accuracy": 12}
    assert api.post("gao", f"{path}/arrived", there).json()["elements"]["place"] == {
        "method": "gps",
        "metres": pytest.approx(111, abs=1),
        "accuracy": 12,
    }
    assert api.post("gao", f"{path}/begin", {"message_id": "4"}).json()["state"] == "in_service"
    clock.advance(timedelta(minutes=80))
    body = {"message_id": "5", "steps": BATH, "records": {"blood_pressure": "132/78"}}
    for _ in range(2):
        done = api.post("gao", f"{path}/done", body).json()
    assert (done["state"], done["missing"], done["flags"]) == ("done", [], [])
    assert api.pushed("huan")[-1]["text"].startswith("【到家】您母亲的助浴做完了")

    said = api.post("mei", f"{path}/confirm", {"message_id": "6"}).json()
    assert (said["state"], said["confirmed"]) == ("verified", True)
    assert balance(house) == (0, 1, 2)
    kinds = [e["kind"] for e in api.get("life1", f"{path}/events").json()["items"]]
    assert kinds[-1] == "verified"


@pytest.mark.parametrize(
    ("person", "step"),
    [
        (p, s)
        for p in ("mei", "huan", "stranger")
        for s in ("on_the_way", "arrived", "begin", "done", "not_possible", "verify", "correct")
    ],
)
def test_for_others_the_steps_do_not_exist(api: Api, visit_id: str, person: str, step: str) -> None:
    body = {
        "message_id": "1",
        "steps": [],
        "reason": "weather" if step == "not_possible" else "x",
        "field": "began_at",
        "value": "2026-11-26T10:00",
    }

    assert api.post(person, f"/visits/{visit_id}/{step}", body).status_code == 404


@pytest.mark.parametrize(
    ("person", "status"), [("mei", 200), ("huan", 200), ("gao", 200), ("life1", 200), ("stranger", 404)]
)
def test_who_sees_a_visit(api: Api, visit_id: str, person: str, status: int) -> None:
    assert api.get(person, f"/visits/{visit_id}").status_code == status


def test_the_day_of_all_is_for_coordinators(api: Api, visit_id: str) -> None:
    assert api.get("mei", "/visits").status_code == 404
    assert api.get("gao", "/visits").status_code == 404
    assert [v["id"] for v in api.get("life1", "/visits").json()["items"]] == [visit_id]
    assert api.get("life1", "/visits?flagged=true").json()["items"] == []
    assert api.get("life1", "/visits?day=gestern").status_code == 422


@pytest.mark.parametrize(
    ("step", "body"),
    [
        ("on_the_way", {}),
        ("on_the_way", {"message_id": ""}),
        ("arrived", {"message_id": "1", "lat": 91, "lon": 0}),
        ("arrived", {"message_id": "1", "code": "12a4"}),
        ("not_possible", {"message_id": "1", "reason": "no reason of ours"}),
        ("done", {"message_id": "1"}),
    ],
)
def test_bad_reports_are_a_clear_error(api: Api, visit_id: str, step: str, body: dict[str, Any]) -> None:
    answer = api.post("gao", f"/visits/{visit_id}/{step}", body)

    assert answer.status_code == 422
    assert answer.json()["detail"] == "请求的内容不对"


def test_a_photograph_with_leave_lies_under_var_and_is_the_familys_to_see(
    api: Api, house: House, clock: FixedClock, visit_id: str, tmp_path: Path
) -> None:
    clock.moment = START
    path = f"/visits/{visit_id}"
    api.post("gao", f"{path}/arrived", {"message_id": "1", "lat": 30, "lon": 120})
    assert api.post("gao", f"{path}/photos", content=JPEG).status_code == 403
    assert api.post("gao", f"{path}/leave/photo").json() == {"kind": "photo", "leave": None}
    assert api.press("mei", "可以", api.pushed("mei"))[0]["text"] == "好，我告诉他可以。"
    assert api.post("gao", f"{path}/photos", content=b"GIF89a").status_code == 422

    made = api.post("gao", f"{path}/photos", content=JPEG)
    assert made.status_code == 201
    kept = list((tmp_path / "var" / "visits").rglob("*.jpg"))
    assert len(kept) == 1
    assert b"Exif" not in kept[0].read_bytes()
    for person, status in (("mei", 200), ("huan", 200), ("life1", 200), ("stranger", 404)):
        assert api.get(person, f"{path}/photos/{made.json()['id']}").status_code == status


def test_the_whole_standard_is_for_those_who_come(api: Api) -> None:
    found = api.get("gao", "/services/home_nursing/standard").json()
    assert (found["grades"][0], found["years"]) == ("护师", 5)
    assert api.get("mei", "/services/home_nursing/standard").status_code == 404
    assert api.get("gao", "/services/nothing/standard").status_code == 404


def test_the_carers_chat(api: Api, house: House, clock: FixedClock, visit_id: str) -> None:
    code = read(house, visit_id)[0].code
    shown = api.say("gao", "今天")
    assert [s["text"].splitlines()[0] for s in shown] == ["您今天有1家：", "没出发·下午3点 助浴"]
    assert "狗：有狗" in shown[1]["text"]

    shown = api.press("gao", "出发了", shown)
    assert shown[0]["text"] == "好，已经告诉刘梅您大约下午3点到。"
    clock.moment = START
    shown = api.press("gao", "到了", shown)
    assert shown[0]["text"].startswith("到刘梅家了？把位置发给我")
    wrong = "0000" if code != "0000" else "1111"
    assert api.say("gao", wrong)[0]["text"] == "这四个数不对，请老人再念一遍。还能试4次。"
    shown = api.say("gao", code)
    assert shown[0]["text"] == "好，下午3点到的，记下了。准备好了点「开始」。"
    shown = api.press("gao", "开始", shown)
    assert "＊" in shown[0]["text"]
    assert "不做：" in shown[0]["text"]
    assert api.say("gao", "记 胳膊上红了一块")[0]["text"].startswith("记话和拍照要老人同意")
    api.press("mei", "可以", api.pushed("mei"))
    assert api.say("gao", "记 胳膊上红了一块")[0]["text"] == "记下了。"
    clock.advance(timedelta(minutes=80))
    ask = api.press("gao", "做完了", shown)
    assert ask[0]["text"].endswith("这几样都做了吗？")
    assert api.press("gao", "有没做的", ask)[0]["text"].startswith("打没做的号码")
    assert api.say("gao", "没做 5")[0]["text"] == "好，下午4点20分做完，记下了。辛苦了。"
    visit, _ = read(house, visit_id)
    assert (5 in visit.steps, visit.note, visit.flags) == (False, "胳膊上红了一块", [])

    assert api.press("mei", "来过了", api.pushed("mei"))[0]["text"] == "好，记下了。谢谢您告诉我。"
    assert balance(house) == (0, 1, 2)
    # The daughter's card has the same question; it has been answered.
    assert api.press("huan", "来过了", api.pushed("huan"))[0]["text"] == "好，记下了。谢谢您告诉我。"
    assert balance(house) == (0, 1, 2)


def test_a_place_is_typed_as_doors_hand_it_in(api: Api, clock: FixedClock, visit_id: str) -> None:
    clock.moment = START
    assert api.say("gao", "geo:30.2,120.0;u=15")[0]["text"].startswith(
        "好，下午3点到的，记下了。位置离登记的地方有"
    )


def test_the_carers_chat_when_it_can_not_be_done(
    api: Api, house: House, clock: FixedClock, visit_id: str
) -> None:
    clock.moment = START
    shown = api.press("gao", "做不了", api.say("gao", "今天"))
    assert [b["title"] for b in shown[0]["buttons"]][-1] == "点错了"
    said = api.press("gao", "老人身体不方便", shown)
    assert said[0]["text"] == "好，记下了，管家会跟老人另约。您注意安全。"
    assert balance(house) == (0, 0, 3)
    assert "今天身体不方便" in api.pushed("mei")[-1]["text"]


def test_nobody_came_goes_to_a_person(api: Api, house: House, clock: FixedClock, visit_id: str) -> None:
    clock.moment = START
    path = f"/visits/{visit_id}"
    api.post("gao", f"{path}/arrived", {"message_id": "1"})
    api.post("gao", f"{path}/begin", {"message_id": "2"})
    clock.advance(timedelta(minutes=80))
    api.post("gao", f"{path}/done", {"message_id": "3", "steps": BATH})
    assert api.press("mei", "没来过", api.pushed("mei"))[0]["text"].startswith("让您白等了，对不起")

    topics = [t["topic"] for t in api.get("life1", "/tickets").json()["items"]]
    assert "visit_objected" in topics
    assert api.get("life1", "/visits?flagged=true").json()["items"][0]["flags"] == ["no_place", "objected"]


def test_a_carer_away_is_replaced(api: Api, visit_id: str) -> None:
    body = {"begin": "2026-11-26T08:00", "end": "2026-11-26T20:00", "reason": "ill"}
    assert api.post("gao", "/staff/s1/absences", body).status_code == 404
    assert api.post("life1", "/staff/s1/absences", body).json() == {"planned_anew": 1}
    assert api.get("gao", "/me/visits").json()["items"] == []
    assert api.post("life1", "/staff/s1/absences", {**body, "end": body["begin"]}).status_code == 422


def test_the_page_for_those_who_come(api: Api) -> None:
    page = api.client.get("/staff")

    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "geolocation=(self)" in page.headers["permissions-policy"]
    for name in ("staff.js", "staff.css"):
        assert f"/staff/static/{name}" in page.text
        assert api.client.get(f"/staff/static/{name}").status_code == 200
    assert api.client.get("/staff/static/page.py").status_code == 404


def test_the_page_knows_every_state_and_reason() -> None:
    script = (FOLDER / "staff.js").read_text(encoding="utf-8")

    assert [word for word in (*VisitState, *Impossible) if f"{word}:" not in script] == []
