"""The API over the real application, without Rasa: who may see what, and errors as clear sentences."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from actions.house import House
from bot.api.app import create
from bot.settings import Settings
from bot.tokens import make
from bot.wiring import wire

SECRET = "a secret of the tests, long enough for SHA-256"


@pytest.fixture
def api(house: House, tmp_path: Path) -> Iterator[TestClient]:
    settings = Settings(home=tmp_path, secret=SECRET, rasa_url="http://127.0.0.1:9")
    with TestClient(create(wire(settings, house, patience=0.1)), raise_server_exceptions=False) as client:
        yield client


def auth(person: str, seconds: float = 60) -> dict[str, str]:
    return {"Authorization": f"Bearer {make(SECRET, person, seconds)}"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer x"},
        {"Authorization": "Basic x"},
        auth("mei", -1),
        auth("nobody"),
        {"Authorization": f"Bearer {make('another secret of at least thirty-two bytes', 'mei', 60)}"},
    ],
)
def test_without_a_good_token_nothing(api: TestClient, headers: dict[str, str]) -> None:
    for path in ("/api/v1/me", "/api/v1/me/bookings", "/api/v1/me/messages", "/api/v1/tickets"):
        answer = api.get(path, headers=headers)
        assert answer.status_code == 401
        assert "登录" in answer.json()["detail"]


def test_my_entitlements(api: TestClient) -> None:
    (item,) = api.get("/api/v1/me/entitlements", headers=auth("mei")).json()["items"]

    assert item["left"] == item["allowed"] - item["used"] - item["held"] == 3
    assert (item["benefit"], item["expires_on"], item["services"]) == (
        "bath",
        "2026-12-31",
        ["assisted_bathing"],
    )


@pytest.mark.parametrize(("who", "status"), [("huan", 200), ("stranger", 404), ("doc1", 200), ("mei", 200)])
def test_a_relatives_entitlements_as_far_as_consent_goes(api: TestClient, who: str, status: int) -> None:
    assert api.get("/api/v1/me/entitlements?for=mei", headers=auth(who)).status_code == status


@pytest.mark.parametrize(
    "path", ["/api/v1/tickets", "/api/v1/tickets/tk_x", "/api/v1/members/mei", "/api/v1/members/mei/bookings"]
)
def test_the_desk_does_not_exist_for_members(api: TestClient, path: str) -> None:
    assert api.get(path, headers=auth("mei")).status_code == 404


def test_a_ticket_is_its_queues_own_and_full_circle(api: TestClient) -> None:
    said = api.post(
        "/webhooks/rest/webhook", json={"sender": "s", "message": "找医生管家"}, headers=auth("mei")
    ).json()
    assert (said[0]["recipient_id"], said[0]["custom"]["role"]) == ("s", "ai")

    assert api.get("/api/v1/tickets", headers=auth("life1")).json()["items"] == []
    (ticket,) = api.get("/api/v1/tickets", headers=auth("doc1")).json()["items"]
    path = f"/api/v1/tickets/{ticket['id']}"
    assert api.get(path, headers=auth("life1")).status_code == 404
    assert api.post(f"{path}/reply", json={"text": "在"}, headers=auth("doc1")).status_code == 403
    assert api.post(f"{path}/claim", headers=auth("doc1")).json()["state"] == "claimed"
    for _ in range(2):
        assert (
            api.post(
                f"{path}/reply", json={"text": "您说", "message_id": "1"}, headers=auth("doc1")
            ).status_code
            == 201
        )
    assert api.post("/webhooks/rest/webhook", json={"message": "我头晕"}, headers=auth("mei")).json() == []
    assert (
        api.post(f"{path}/close", json={"outcome": "讲清楚了"}, headers=auth("doc1")).json()["state"]
        == "closed"
    )

    pushed = api.get("/api/v1/me/messages", headers=auth("mei")).json()
    assert [m["text"] for m in pushed["items"] if m["role"] == "doctor"] == ["您说"]
    assert api.get(f"/api/v1/me/messages?after={pushed['next']}", headers=auth("mei")).json()["items"] == []


def test_an_alert_is_said_to_be_delivered_only_when_it_was(api: TestClient) -> None:
    api.post("/webhooks/rest/webhook", json={"message": "我摔倒了起不来"}, headers=auth("mei"))
    before = api.get("/api/v1/me/messages", headers=auth("mei")).json()["items"]

    (alert,) = api.get("/api/v1/me/messages", headers=auth("huan")).json()["items"]
    after = api.get("/api/v1/me/messages", headers=auth("mei")).json()["items"]

    assert "已经通知到何欢。" not in [m["text"] for m in before]
    assert "刘梅" in alert["text"]
    assert [m["text"] for m in after][len(before) :] == ["已经通知到何欢。"]


def test_the_same_message_id_is_answered_alike(api: TestClient) -> None:
    body = {"sender": "x", "message": "转人工", "message_id": "7"}
    first = api.post("/webhooks/rest/webhook", json=body, headers=auth("mei")).json()

    assert api.post("/webhooks/rest/webhook", json=body, headers=auth("mei")).json() == first
    assert len(api.get("/api/v1/tickets", headers=auth("life1")).json()["items"]) == 1


def test_with_rasa_away_it_says_so_and_offers_a_person(api: TestClient) -> None:
    (said,) = api.post("/webhooks/rest/webhook", json={"message": "约助浴"}, headers=auth("mei")).json()

    assert "一会儿就回" in said["text"]
    assert [b["title"] for b in said["buttons"]] == ["找真人管家"]
    assert api.get("/healthz").status_code == 503
    assert api.get("/livez").status_code == 200


@pytest.mark.parametrize(
    "body", ["", "{", "[]", '{"sender":1}', '{"message":null}', '{"message":"x","message_id":""}']
)
def test_a_bad_request_is_a_clear_error(api: TestClient, body: str) -> None:
    answer = api.post(
        "/webhooks/rest/webhook", content=body, headers={**auth("mei"), "Content-Type": "application/json"}
    )

    assert answer.status_code == 422
    assert answer.json()["detail"] == "请求的内容不对"


def test_sql_and_html_are_words_like_any_other(api: TestClient) -> None:
    for text in ("'; DROP TABLE persons; --", "<script>alert(1)</script>转人工"):
        assert (
            api.post("/webhooks/rest/webhook", json={"message": text}, headers=auth("mei")).status_code == 200
        )
    assert api.get("/api/v1/me", headers=auth("mei")).json()["name"] == "刘梅"


def test_actions_answer_only_to_the_secret(api: TestClient) -> None:
    assert api.post("/rasa/actions", json={"next_action": "action_help"}).status_code == 401
    assert api.post("/rasa/actions", json={}, headers={"X-Guanjia-Secret": "guess"}).status_code == 401


def test_there_is_a_description(api: TestClient) -> None:
    paths = api.get("/openapi.json").json()["paths"]

    assert {"/webhooks/rest/webhook", "/api/v1/me/entitlements", "/api/v1/tickets"} <= paths.keys()
    assert "/rasa/actions" not in paths
