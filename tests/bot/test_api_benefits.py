"""Benefits over the API: what is left in people's units, why not, and how a booking ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from actions.house import House
from bot.api.app import create
from bot.settings import Settings
from bot.tokens import make
from bot.wiring import wire
from domain.clock import FixedClock
from domain.providers import Certificate, Staff
from tests.actions.care import AFTERNOON, book, plan

SECRET = "a secret of the tests, long enough for SHA-256"


@pytest.fixture
def api(house: House, tmp_path: Path) -> Iterator[TestClient]:
    settings = Settings(home=tmp_path, secret=SECRET, rasa_url="http://127.0.0.1:9")
    with TestClient(create(wire(settings, house, patience=0.1)), raise_server_exceptions=False) as client:
        yield client


def auth(person: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {make(SECRET, person, 60)}"}


def test_amounts_are_in_the_unit_that_stands_beside_them(api: TestClient, house: House) -> None:
    plan(house, {"unit": "hour", "amount": 600, "priority": 1, "period": "month"})
    book(house)

    items = api.get("/api/v1/me/entitlements", headers=auth("mei")).json()["items"]
    (hours,) = [i for i in items if i["unit"] == "hour"]

    assert (hours["allowed"], hours["used"], hours["held"], hours["left"]) == (10, 0, 1.5, 8.5)
    assert (hours["term"], hours["starts_on"], hours["earliest_on"]) == ("month", "2026-11-01", "2026-11-01")
    assert (hours["expires_on"], hours["renews_on"], hours["covered"]) == (
        "2026-11-30",
        "2026-12-01",
        ["mei"],
    )


def test_why_not_for_the_elder_and_for_the_child(api: TestClient, house: House) -> None:
    for days in range(3):
        book(house, near=AFTERNOON + timedelta(days=days))
    path = "/api/v1/me/eligibility?service=assisted_bathing"

    elder = api.get(path, headers=auth("mei")).json()
    child = api.get(f"{path}&for=mei", headers=auth("huan")).json()

    assert (elder["ok"], elder["code"], elder["changes_on"]) == (False, "none_left", "2027-01-01")
    assert (
        elder["sentence"] == elder["for_elder"] == "您的「洗澡」没有剩的了。到2027年1月1日，星期五就可以了。"
    )
    assert child["sentence"] == child["for_child"]
    assert "您母亲的「洗澡」每年一共3次，约着3次，没有剩的了。" in child["sentence"]
    assert [step["title"] for step in elder["next"]] == ["约1月1日", "找真人管家"]
    assert elder["next"][0]["intent"] == "book_service"
    assert child["next"][0]["facts"] == {
        "service": "assisted_bathing",
        "person": "mother",
        "time": "2027年1月1日",
    }
    assert elder["entitlement"]["left"] == 0


def test_yes_says_out_of_what_and_what_is_to_be_paid(api: TestClient, house: House) -> None:
    plan(house, {"unit": "cny", "amount": 100_000, "copay_percent": 10, "priority": 1})

    told = api.get("/api/v1/me/eligibility?service=assisted_bathing", headers=auth("mei")).json()

    assert (told["ok"], told["code"], told["own_cents"], told["next"]) == (True, None, 1500, [])
    assert told["entitlement"]["unit"] == "cny"


@pytest.mark.parametrize(
    "query",
    ["service=nothing", "service=assisted_bathing&channel=moon", "service=assisted_bathing&day=2020-01-01"],
)
def test_a_question_that_makes_no_sense_is_a_clear_error(api: TestClient, query: str) -> None:
    answer = api.get(f"/api/v1/me/eligibility?{query}", headers=auth("mei"))

    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_an_elder_cancels_and_a_second_time_changes_nothing(api: TestClient, house: House) -> None:
    path = f"/api/v1/bookings/{book(house)}/cancel"

    assert api.post(path, headers=auth("stranger")).status_code == 404
    assert api.post(path, headers=auth("huan")).status_code == 403
    for _ in range(2):
        told = api.post(path, headers=auth("mei")).json()
        assert (told["booking"]["status"], told["ending"], told["benefit"]) == (
            "cancelled",
            "timely",
            "given_back",
        )


def test_staff_report_a_failure(api: TestClient, house: House, clock: FixedClock) -> None:
    path = f"/api/v1/bookings/{book(house)}/fail"

    assert api.post(path, json={"reason": "carer_ill"}, headers=auth("mei")).status_code == 404
    assert api.post(path, json={"reason": "bored"}, headers=auth("life1")).status_code == 422
    assert api.post(path, json={"reason": "elder_no_show"}, headers=auth("life1")).status_code == 409
    assert api.post(path, json={"reason": "late"}, headers=auth("life1")).status_code == 403
    told = api.post(path, json={"reason": "carer_ill"}, headers=auth("life1")).json()
    assert (told["booking"]["status"], told["ending"], told["benefit"]) == (
        "failed",
        "carer_ill",
        "given_back",
    )
    (ticket,) = api.get("/api/v1/tickets", headers=auth("life1")).json()["items"]
    assert (ticket["priority"], ticket["member"]) == ("high", "mei")


def test_an_ability_level_is_a_certified_persons_finding(api: TestClient, house: House) -> None:
    plan(house, {"min_ability": 2, "priority": 1})
    with house.store.write() as unit:
        unit.providers.add(
            Staff(
                id="s9",
                provider_id="p1",
                name="评",
                gender="female",
                city_id="c1",
                lat=30.0,
                lon=120.0,
                person_id="life2",
            )
        )
        unit.flush()
        unit.providers.add(
            Certificate(
                id="c9",
                staff_id="s9",
                kind="assessor",
                number="9",
                valid_from=date(2026, 1, 1),
                valid_until=date(2026, 11, 23),
            )
        )
    body = {"level": 3, "assessed_on": "2026-11-23", "valid_until": "2027-05-23"}
    path = "/api/v1/members/mei/assessments"

    assert api.post(path, json=body, headers=auth("mei")).status_code == 404
    assert api.post(path, json=body, headers=auth("life1")).status_code == 403
    # The certificate ran out the day before.
    late = {**body, "assessed_on": "2026-11-24"}
    assert api.post(path, json=late, headers=auth("life2")).status_code == 403
    assert api.post(path, json={**body, "level": 5}, headers=auth("life2")).status_code == 422
    first, again = (api.post(path, json=body, headers=auth("life2")) for _ in range(2))
    assert (first.status_code, first.json()) == (201, again.json())
    told = api.get("/api/v1/me/eligibility?service=assisted_bathing", headers=auth("mei")).json()
    assert (told["ok"], told["needs_assessment"]) == (True, True)


def test_a_case_is_a_doctor_butlers_to_open(api: TestClient, house: House) -> None:
    plan(house, {"period": "case", "services": ["home_vitals"]})
    path = "/api/v1/members/mei/cases"

    assert api.post(path, json={"key": "a"}, headers=auth("mei")).status_code == 404
    assert api.post(path, json={"key": "a"}, headers=auth("life1")).status_code == 403
    made = {api.post(path, json={"key": "a"}, headers=auth("doc1")).json()["id"] for _ in range(2)}
    assert len(made) == 1
    told = api.get("/api/v1/me/eligibility?service=home_vitals", headers=auth("mei")).json()
    assert told["ok"]
