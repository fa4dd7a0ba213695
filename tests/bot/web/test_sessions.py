"""Signing in and out: codes, limits, other sites, a telephone that was lost."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import httpx
import pytest
from fastapi.testclient import TestClient
from structlog.testing import capture_logs

from actions.accounts import Sent
from actions.house import House
from bot.parts import Parts
from bot.web import carrying
from domain.clock import FixedClock
from domain.doors import CODE_LOCKED
from nlu.zh.lost_phone import lost_phone
from tests.bot.web.conftest import HERE, HUAN, MEI

LIVE = [{"demo": False, "sms_url": "http://gateway/send"}]


def said(browser: TestClient, text: str, number: str = "w_1") -> list[dict]:
    answer = browser.post("/webhooks/rest/webhook", json={"message": text, "message_id": number})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_code_signs_in_and_the_cookie_is_out_of_reach(browser: TestClient, sign_in: Callable) -> None:
    assert browser.get("/chat/session").json() is None
    assert sign_in("139 0000 0001") == "mei"

    assert browser.get("/api/v1/me").json()["name"] == "刘梅"
    assert browser.get("/chat/session").json() == {"id": "mei", "name": "刘梅", "called": "刘梅"}
    code = browser.post("/chat/session/code", json={"phone": HUAN}).json()["code"]
    cookie = browser.post("/chat/session", json={"phone": HUAN, "code": code}).headers["set-cookie"]
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}


def test_signing_out_ends_it(browser: TestClient, sign_in: Callable) -> None:
    sign_in(MEI)
    assert browser.delete("/chat/session").status_code == 204
    assert browser.get("/api/v1/me").status_code == 401


def test_a_code_is_good_once_and_for_five_minutes(browser: TestClient, clock: FixedClock) -> None:
    code = browser.post("/chat/session/code", json={"phone": MEI}).json()["code"]
    clock.advance(timedelta(minutes=5))
    assert browser.post("/chat/session", json={"phone": MEI, "code": code}).status_code == 403
    code = browser.post("/chat/session/code", json={"phone": MEI}).json()["code"]
    assert browser.post("/chat/session", json={"phone": MEI, "code": code}).status_code == 200
    assert browser.post("/chat/session", json={"phone": MEI, "code": code}).status_code == 403


def test_a_code_tried_a_thousand_times_is_locked_and_the_place_stopped(
    browser: TestClient, clock: FixedClock
) -> None:
    code = browser.post("/chat/session/code", json={"phone": MEI}).json()["code"]
    wrong = "000000" if code != "000000" else "111111"
    answers = [browser.post("/chat/session", json={"phone": MEI, "code": wrong}) for _ in range(1000)]
    assert [a.status_code for a in answers[:5]] == [403] * 5
    assert {a.status_code for a in answers[5:]} == {429}
    assert all(int(a.headers["retry-after"]) > 0 for a in answers[5:])
    # The right one is no good any more either, and the place that tried it has to wait.
    assert browser.post("/chat/session", json={"phone": MEI, "code": code}).status_code == 429
    clock.advance(CODE_LOCKED)
    assert browser.post("/chat/session/code", json={"phone": HUAN}).status_code == 429


def test_asking_again_at_once_is_put_off(browser: TestClient) -> None:
    assert browser.post("/chat/session/code", json={"phone": MEI}).status_code == 200
    again = browser.post("/chat/session/code", json={"phone": MEI})
    assert (again.status_code, again.headers["retry-after"]) == (429, "60")


@pytest.mark.parametrize("phone", ["", "12345", "<script>", "1390000000１１", "139" * 12])
def test_what_is_no_number_gets_a_kind_sentence(browser: TestClient, phone: str) -> None:
    answer = browser.post("/chat/session/code", json={"phone": phone})
    assert answer.status_code == 422
    assert "手机号" in answer.json()["detail"]


@pytest.mark.parametrize("parts", LIVE, indirect=True)
def test_asking_tells_nobody_who_is_a_member(
    browser: TestClient, parts: Parts, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    carried = []

    async def carry(_: Parts, sent) -> None:
        carried.append(sent.phone)

    monkeypatch.setattr("bot.web.sessions.carry", carry)
    with caplog.at_level(logging.DEBUG):
        answers = [browser.post("/chat/session/code", json={"phone": p}).json() for p in (MEI, "13911112222")]
    assert answers[0] == answers[1] == {"sentence": answers[0]["sentence"], "again_in": 60, "code": None}
    assert carried == [MEI]
    assert MEI not in caplog.text


@pytest.mark.parametrize("parts", LIVE, indirect=True)
def test_a_code_goes_to_the_gateway_and_into_no_log(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    posted = []

    def gateway(request: httpx.Request) -> httpx.Response:
        posted.append(json.loads(request.content))
        return httpx.Response(500)

    client = partial(httpx.AsyncClient, transport=httpx.MockTransport(gateway))
    monkeypatch.setattr(carrying.httpx, "AsyncClient", client)
    with capture_logs() as logs:
        asyncio.run(carrying.carry(parts, Sent(MEI, "482913", known=True)))

    assert posted == [{"phone": MEI, "text": parts.house.words.say("code_text", code="482913")}]
    logged = str(logs)
    assert "code_not_carried" in logged
    assert MEI not in logged
    assert "482913" not in logged


def test_the_demo_is_only_in_the_demo(browser: TestClient) -> None:
    assert browser.get("/chat/session/demo").json() == []
    assert browser.post("/chat/session/demo", json={"name": "nobody"}).status_code == 404


@pytest.mark.parametrize("parts", LIVE, indirect=True)
def test_outside_the_demo_nobody_comes_in_by_a_click(browser: TestClient) -> None:
    assert browser.get("/chat/session/demo").status_code == 404
    assert browser.post("/chat/session/demo", json={"name": "wang-xiulan"}).status_code == 404


def test_one_click_in_the_demo(browser: TestClient, house: House) -> None:
    with house.store.write() as unit:
        unit.people.get("mei").handle = "liu-mei"
        unit.people.get("huan").handle = "he-huan"
    assert browser.get("/chat/session/demo").json() == [
        {"name": "he-huan", "called": "何欢", "kind": "relative"},
        {"name": "liu-mei", "called": "刘梅", "kind": "elder"},
    ]
    assert browser.post("/chat/session/demo", json={"name": "liu-mei"}).json()["id"] == "mei"
    assert browser.get("/api/v1/me").json()["id"] == "mei"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://elsewhere"},
        {"Origin": "null"},
        {"Origin": "", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_another_site_can_do_nothing_with_the_cookie(
    browser: TestClient, sign_in: Callable, headers: dict[str, str]
) -> None:
    sign_in(MEI)
    for path, body in (
        ("/webhooks/rest/webhook", {"message": "转人工"}),
        ("/chat/session", {"phone": MEI, "code": "1"}),
        ("/chat/session/code", {"phone": HUAN}),
    ):
        assert browser.post(path, json=body, headers=headers).status_code == 403
    assert browser.delete("/chat/session", headers=headers).status_code == 403
    assert browser.get("/api/v1/me", headers=headers).status_code == 200


def test_a_cookie_without_a_word_about_where_it_comes_from_changes_nothing(
    browser: TestClient, sign_in: Callable
) -> None:
    sign_in(MEI)
    del browser.headers["origin"]
    assert browser.post("/webhooks/rest/webhook", json={"message": "转人工"}).status_code == 403


def test_a_lost_telephone_ends_every_login_but_this_one(
    browser: TestClient, sign_in: Callable, parts: Parts
) -> None:
    sign_in(MEI)
    lost = dict(browser.cookies)
    code = browser.post("/chat/session/code", json={"phone": MEI}).json()["code"]
    browser.post("/chat/session", json={"phone": MEI, "code": code})
    (asked,) = said(browser, "我手机丢了")
    (done,) = said(browser, asked["buttons"][0]["payload"], "w_2")

    assert done["text"] == parts.house.words.say("shut_out_done")
    assert browser.get("/api/v1/me").status_code == 200
    browser.cookies.clear()
    thief = {**HERE, "Cookie": "; ".join(f"{k}={v}" for k, v in lost.items())}
    assert browser.get("/api/v1/me", headers=thief).status_code == 401
    assert browser.post("/webhooks/rest/webhook", json={"message": "在吗"}, headers=thief).status_code == 401
    # A cry for help from there is no cry of hers: nobody is alarmed, in silence or later.
    assert browser.post("/webhooks/rest/webhook", json={"message": "救命"}, headers=thief).status_code == 401
    assert list(parts.way.journal.open()) == []


@pytest.mark.parametrize("text", ["我手机丢了", "手机被偷了", "我的手机找不到了", "电话丢在公交车上了"])
def test_a_lost_telephone_is_heard(text: str) -> None:
    assert lost_phone(text)


@pytest.mark.parametrize(
    "text", ["我妈手机丢了", "手机没丢", "手机费找不到了", "药找不到了", "手机里找不到预约"]
)
def test_and_nothing_else_is(text: str) -> None:
    assert not lost_phone(text)
