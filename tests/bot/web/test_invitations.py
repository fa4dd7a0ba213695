"""From an elder's link to a child who helps, and the other way round, over the page's own requests."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from actions import ask_leave, invite
from actions.house import House
from domain.errors import NotFound
from domain.people import Scope
from tests.bot.web.conftest import HUAN, MEI

NEW = "13912345678"
ALLOWED = (Scope.SEE_VISITS, Scope.BOOK)


def link(house: House, relative: str = "child") -> str:
    with house.store.write() as unit:
        address = invite.invite(house, unit, unit.people.get("mei"), relative, ALLOWED)
    return re.search(r"invite=([\w-]+)$", address)[1]


def told(house: House, person_id: str) -> list[str]:
    with house.store.read() as unit:
        conversation = unit.conversations.of_existing(person_id)
        return [m.text for m in unit.conversations.last(conversation.id, 20)] if conversation else []


def take_up(browser: TestClient, token: str, phone: str, name: str = "刘欢欢"):
    code = browser.post("/chat/session/code", json={"phone": phone, "invite": token}).json()["code"]
    body = {"token": token, "accept": True, "phone": phone, "code": code, "name": name}
    return browser.post("/chat/session/invite", json=body)


def test_a_stranger_to_us_becomes_kin_with_just_what_was_allowed(browser: TestClient, house: House) -> None:
    token = link(house)
    looked = browser.post("/chat/session/invite", json={"token": token}).json()
    assert (looked["elder"], "看预约、代约" in looked["sentence"]) == ("刘梅", True)
    assert take_up(browser, token, NEW).status_code == 200

    me = browser.get("/api/v1/me").json()
    assert (me["name"], me["phone"]) == ("刘欢欢", NEW)
    assert browser.get("/api/v1/me/bookings?for=mei").status_code == 200
    assert browser.get("/api/v1/me/entitlements?for=mei").status_code == 403
    assert "刘欢欢（手机尾号5678）" in told(house, "mei")[-1]
    assert "刘梅同意您：看预约、代约" in told(house, me["id"])[-1]
    with house.store.read() as unit:
        kinship = unit.people.kinship("mei", me["id"])
        assert (kinship.relation, kinship.rank) == ("other", 2)
        assert {u.action for u in unit.people.uses_of("mei") if u.basis == "self"} == {f"given:{me['id']}"}


def test_a_link_is_good_once(browser: TestClient, house: House) -> None:
    token = link(house)
    assert take_up(browser, token, NEW).status_code == 200
    for body in ({"token": token}, {"token": token, "accept": True}, {"token": "guess"}):
        assert browser.post("/chat/session/invite", json=body).status_code == 410


def test_somebody_signed_in_takes_it_up_with_one_yes(
    browser: TestClient, house: House, sign_in: Callable
) -> None:
    token = link(house)
    assert sign_in(HUAN) == "huan"
    assert browser.post("/chat/session/invite", json={"token": token, "accept": True}).status_code == 200
    with house.store.read() as unit:
        # What was given before stays; what is new comes to it.
        assert set(unit.people.consents("mei", "huan", house.now())) == {Scope.SEE_PLAN, *ALLOWED}


def test_without_a_telephone_or_a_login_nothing(browser: TestClient, house: House) -> None:
    assert (
        browser.post("/chat/session/invite", json={"token": link(house), "accept": True}).status_code == 401
    )


def test_the_elder_cannot_be_her_own_child(browser: TestClient, house: House, sign_in: Callable) -> None:
    token = link(house)
    sign_in(MEI)
    assert browser.post("/chat/session/invite", json={"token": token, "accept": True}).status_code == 409
    assert browser.post("/chat/session/invite", json={"token": token}).status_code == 200


def test_a_wrong_code_leaves_the_link_as_it_is(browser: TestClient, house: House) -> None:
    token = link(house)
    browser.post("/chat/session/code", json={"phone": NEW, "invite": token})
    body = {"token": token, "accept": True, "phone": NEW, "code": "no", "name": "刘欢欢"}
    assert browser.post("/chat/session/invite", json=body).status_code == 403
    assert browser.post("/chat/session/invite", json={"token": token}).status_code == 200


def test_a_name_of_markup_is_a_name(browser: TestClient, house: House) -> None:
    assert take_up(browser, link(house), NEW, "<script>alert(1)</script>").status_code == 200
    assert browser.get("/api/v1/me").json()["name"] == "<script>alert(1)</sc"


def press(browser: TestClient, title: str, number: str) -> list[dict]:
    """Press the newest button of that title."""
    items = browser.get("/api/v1/me/conversation").json()["items"]
    button = [b for item in items for b in item["buttons"] if b["title"] == title][-1]
    return browser.post(
        "/webhooks/rest/webhook", json={"message": button["payload"], "message_id": number}
    ).json()


def asked(house: House, scopes: list[Scope]) -> str:
    with house.store.write() as unit:
        stranger, mei = unit.people.get("stranger"), unit.people.get("mei")
        return ask_leave.ask(house, unit, stranger, mei, "mother", scopes).id


def test_an_elder_is_asked_each_purpose_apart_and_the_child_hears(
    browser: TestClient, house: House, sign_in: Callable
) -> None:
    sign_in(MEI)
    asked(house, [Scope.SEE_PLAN, Scope.BOOK, Scope.CANCEL])
    assert "生人" in told(house, "mei")[-1]
    assert press(browser, "同意", "w_1") == []
    with house.store.read() as unit:
        # What is agreed to holds at once, whatever comes of the rest.
        assert set(unit.people.consents("mei", "stranger", house.now())) == {Scope.SEE_PLAN}
        assert unit.people.kinship("mei", "stranger").relation == "mother"
    # Typed instead of pressed.
    assert browser.post("/webhooks/rest/webhook", json={"message": "不同意"}).json() == []
    (last,) = press(browser, "同意", "w_3")

    assert "看权益、代取消" in last["text"]
    with house.store.read() as unit:
        may = unit.people.consents("mei", "stranger", house.now())
        assert set(may) == {Scope.SEE_PLAN, Scope.CANCEL}
        assert all(c.expires_at is not None for c in may.values())
    assert [t for t in told(house, "stranger") if "没有同意您：代约" in t]


def test_a_no_to_everything_makes_nobody_kin(browser: TestClient, house: House, sign_in: Callable) -> None:
    sign_in(MEI)
    asked(house, [Scope.SEE_PLAN])
    (last,) = press(browser, "不同意", "w_1")

    assert "都没有同意" in last["text"]
    with house.store.read() as unit:
        assert unit.people.kinship("mei", "stranger") is None


def test_an_answer_counts_once_and_is_the_elders_alone(house: House) -> None:
    request = asked(house, [Scope.SEE_PLAN])
    with house.store.write() as unit:
        with pytest.raises(NotFound):
            ask_leave.answer(house, unit, unit.people.get("huan"), request, "see_plan", yes=True)
        ask_leave.answer(house, unit, unit.people.get("mei"), request, "see_plan", yes=False)
        again = ask_leave.answer(house, unit, unit.people.get("mei"), request, "see_plan", yes=True)
    assert again == house.words.say("button_pressed")
    with house.store.read() as unit:
        assert unit.people.kinship("mei", "stranger") is None


def test_nobody_is_asked_twice_a_day(house: House) -> None:
    asked(house, [Scope.SEE_PLAN])
    with pytest.raises(ask_leave.AskedOften):
        asked(house, [Scope.BOOK])
