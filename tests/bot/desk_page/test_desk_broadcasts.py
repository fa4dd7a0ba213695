"""Broadcasts at the desk: who sees them, what may be chosen, how a time is understood, what can be done next, the trail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from actions import broadcast_send
from bot.desk_page.access import still_here
from bot.parts import Parts
from domain.clock import FixedClock

AtDeskAs = Callable[[str], TestClient]
API = "/desk/api/v1/broadcasts"
TEXT = "周六上午有健康讲座。"


def written(browser: TestClient, **body: object) -> str:
    answer = browser.post(API, json={"text": TEXT, **body})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def can(browser: TestClient, one: str) -> set[str]:
    return set(browser.get(f"/desk/broadcast/{one}").json()["can"])


@pytest.mark.parametrize(("who", "writes"), [("life1", True), ("boss", True), ("op", True), ("doc1", False)])
def test_they_are_for_those_whom_the_policy_lets(at_desk: AtDeskAs, who: str, writes: bool) -> None:
    browser = at_desk(who)

    assert browser.get("/desk/session").json()["who"]["broadcasts"] is writes
    expected = 200 if writes else 404
    assert browser.get(API).status_code == expected
    assert browser.get("/desk/broadcast/choices").status_code == expected
    assert browser.post("/desk/broadcast/when", json={"text": TEXT}).status_code == expected
    assert browser.post(f"{API}/preview", json={"text": TEXT}).status_code == expected


def test_what_may_be_chosen_has_its_names(at_desk: AtDeskAs, parts: Parts) -> None:
    found = at_desk("boss").get("/desk/broadcast/choices").json()

    assert found["cities"] == {"c1": "试城", "c2": "别城"}
    assert {"立秋", "中秋"} <= set(found["days"])
    assert found["alone"] == parts.house.broadcast_alone


@pytest.mark.parametrize(
    ("body", "when", "first"),
    [
        ({}, "立刻", None),
        ({"when": "每年立秋9点"}, "每年立秋上午9点", "2027年8月8日，星期日，上午9点"),
        ({"when": "每月农历初一9点30分"}, "农历每月初一上午9点半", "12月9日，星期三，上午9点半"),
        ({"send_at": "2026-12-01T09:00"}, "12月1日，下个星期二，上午9点", None),
    ],
)
def test_a_time_is_read_back(at_desk: AtDeskAs, body: dict[str, str], when: str, first: str | None) -> None:
    found = at_desk("boss").post("/desk/broadcast/when", json={"text": TEXT, **body}).json()

    assert found == {"when": when, "first": first}


def test_a_time_that_nobody_understands_is_a_sentence(at_desk: AtDeskAs) -> None:
    answer = at_desk("boss").post("/desk/broadcast/when", json={"text": TEXT, "when": "改天吧"})

    assert (answer.status_code, answer.json()["detail"]) == (422, "这个时间看不懂，请写清哪一天几点")


def test_what_can_be_done_goes_with_the_state_and_the_person(at_desk: AtDeskAs, parts: Parts) -> None:
    parts.house = replace(parts.house, broadcast_alone=1)
    life, boss = at_desk("life1"), at_desk("boss")
    one = written(life)

    assert can(life, one) == {"start", "take-back", "revise", "test"}
    assert life.post(f"{API}/{one}/start").json()["state"] == "waiting"
    # Not the author's, and not a life butler's.
    assert "approve" not in can(life, one)
    assert "approve" in can(boss, one)
    assert boss.post(f"{API}/{one}/approve").status_code == 200
    assert can(boss, one) == {"pause", "stop", "take-back", "revise", "test"}
    broadcast_send.work_off(parts.house)
    assert "revise" not in can(boss, one)
    words = boss.get(f"/desk/broadcast/{one}").json()
    assert (words["author"], words["approved_by"], words["when"]) == ("林管家", "吴主管", "立刻")

    own = written(boss)
    assert boss.post(f"{API}/{own}/start").json()["state"] == "waiting"
    assert "approve" not in can(boss, own)


def test_what_is_done_is_in_the_trail(at_desk: AtDeskAs) -> None:
    browser = at_desk("boss")
    one = written(browser)
    browser.post(f"{API}/{one}/test")
    browser.get(f"{API}/{one}/recipients")

    lines = browser.get("/desk/trail").json()["items"]

    assert [line["what"] for line in lines[:3]] == [
        "GET /broadcasts/{broadcast_id}/recipients",
        "POST /broadcasts/{broadcast_id}/test",
        "POST /broadcasts",
    ]
    assert all(line["actor"] == "吴主管" for line in lines[:3])
    with_what = browser.get(f"{API}/{one}").json()["broadcast"]["title"]
    assert [line["detail"] for line in lines[:3]] == [
        {"broadcast_id": with_what},
        {"broadcast_id": with_what},
        {},
    ]


def test_its_stream_ends_with_the_login(at_desk: AtDeskAs, parts: Parts, real: FixedClock) -> None:
    browser = at_desk("boss")
    one = written(browser)
    secret = browser.cookies.get("guanjia_desk")
    assert secret
    holds = still_here(parts, secret)
    assert holds()
    browser.post(f"{API}/{one}/take-back")

    # A broadcast that is over tells so once, and the stream ends.
    with browser.stream("GET", f"{API}/{one}/events") as told:
        assert [line for line in told.iter_lines() if line.startswith("data:")]
    with parts.house.store.write() as unit:
        unit.desk_door.end_all("boss", real.now(), None)
    assert not holds()
    assert browser.get(f"{API}/{one}/events").status_code == 401
