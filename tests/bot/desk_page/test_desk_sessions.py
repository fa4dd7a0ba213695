"""Coming to the desk: both factors, codes that work once, tries that end, logins that end, other sites."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from structlog.testing import capture_logs
from typer.testing import CliRunner

from bot.cli import app
from bot.parts import Parts
from bot.tokens import make
from domain.clock import FixedClock
from domain.desk_door import FAILURES, IDLE, LIVES, LOCKED
from domain.people import Person
from tests.bot.desk_page.conftest import HERE, PASSWORD, Keys

Window = Callable[[], TestClient]
GiveKeys = Callable[[str], Keys]
DEMO = [{"demo": True}]


def test_password_and_code_open_the_desk_and_the_cookie_is_out_of_reach(
    window: Window, keys: GiveKeys
) -> None:
    browser, life = window(), keys("life1")
    assert browser.get("/desk/session").json() == {"who": None, "demo": []}

    answer = browser.post("/desk/session", json=life.typed())

    assert answer.json()["role"] == "life"
    assert answer.json()["queues"] == ["life"]
    cookie = {part.strip() for part in answer.headers["set-cookie"].split(";")}
    assert {"HttpOnly", "SameSite=strict", "Path=/desk"} <= cookie
    assert browser.get("/desk/session").json()["who"]["id"] == "life1"
    assert browser.get("/desk/api/v1/tickets").status_code == 200
    # What opens the desk opens nothing else.
    assert browser.get("/api/v1/tickets").status_code == 401


@pytest.mark.parametrize(("name", "status"), [("life1", 200), ("lin", 200), (" lin ", 200), ("LIN", 403)])
def test_the_names_by_which_one_signs_in(window: Window, keys: GiveKeys, name: str, status: int) -> None:
    answer = window().post("/desk/session", json=keys("life1").typed(name=name))

    assert answer.status_code == status


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "a wrong password"},
        {"code": "000000"},
        {"code": ""},
        {"name": "nobody"},
        {"name": "mei"},
        {"name": "doc1"},
        {"password": PASSWORD + " "},
        {"code": "１２３４５６"},
    ],
)
def test_whatever_was_wrong_the_answer_is_the_same(
    window: Window, keys: GiveKeys, wrong: dict[str, str]
) -> None:
    answer = window().post("/desk/session", json=keys("life1").typed(**wrong))

    if wrong == {"code": ""}:
        assert answer.status_code == 422
        return
    assert answer.status_code == 403
    assert answer.json()["detail"].startswith("名字、密码或者动态码不对")
    assert "set-cookie" not in answer.headers


def test_a_code_works_once_and_the_next_one_again(window: Window, keys: GiveKeys, real: FixedClock) -> None:
    life = keys("life1")
    typed = life.typed()
    assert window().post("/desk/session", json=typed).status_code == 200
    assert window().post("/desk/session", json=typed).status_code == 403
    # An older one is no way around it.
    assert window().post("/desk/session", json=life.typed(code=life.code(-1))).status_code == 403
    real.advance(timedelta(seconds=30))
    assert window().post("/desk/session", json=life.typed()).status_code == 200


@pytest.mark.parametrize(("off", "status"), [(-2, 403), (-1, 200), (0, 200), (1, 200), (2, 403)])
def test_the_window_is_one_step_to_each_side(window: Window, keys: GiveKeys, off: int, status: int) -> None:
    life = keys("life1")

    assert window().post("/desk/session", json=life.typed(code=life.code(off))).status_code == status


@pytest.mark.parametrize("name", ["life1", "nobody-of-that-name"])
def test_too_many_tries_are_stopped_kindly_whether_there_is_such_a_name_or_not(
    window: Window, keys: GiveKeys, real: FixedClock, name: str
) -> None:
    life = keys("life1")
    wrong = life.typed(name=name, password="not the password")
    answers = [window().post("/desk/session", json=wrong) for _ in range(FAILURES + 2)]

    assert [a.status_code for a in answers] == [403] * FAILURES + [429] * 2
    assert answers[-1].json()["detail"].startswith("试错的次数太多了，请过15分钟再试")
    assert int(answers[-1].headers["retry-after"]) > 0


def test_a_lock_holds_in_every_process_and_ends(
    window: Window, keys: GiveKeys, real: FixedClock, parts: Parts
) -> None:
    life = keys("life1")
    for _ in range(FAILURES):
        window().post("/desk/session", json=life.typed(code="000000"))
    # Another process has counted nothing yet.
    parts.entering.names.forget("life1")
    assert window().post("/desk/session", json=life.typed()).status_code == 429
    real.advance(LOCKED)
    parts.entering.names.forget("life1")
    assert window().post("/desk/session", json=life.typed()).status_code == 200


@pytest.mark.parametrize(
    ("pause", "times", "status"),
    [(IDLE - timedelta(seconds=61), 3, 200), (IDLE, 1, 401), (IDLE / 2, 48, 401)],
)
def test_a_login_ends_when_nothing_is_done_and_after_a_shift(
    at_desk: Callable[[str], TestClient], real: FixedClock, pause: timedelta, times: int, status: int
) -> None:
    browser = at_desk("life1")
    for _ in range(times):
        real.advance(pause)
        answer = browser.get("/desk/board")

    assert answer.status_code == status
    assert (times * pause >= LIVES) == (status == 401 and pause < IDLE)


def test_signing_out_ends_the_login_and_not_only_its_cookie(at_desk: Callable[[str], TestClient]) -> None:
    browser = at_desk("life1")
    secret = browser.cookies["guanjia_desk"]
    assert browser.delete("/desk/session").status_code == 204
    thief = {**HERE, "Cookie": f"guanjia_desk={secret}"}

    assert browser.get("/desk/board", headers=thief).status_code == 401
    assert browser.get("/desk/board").status_code == 401


def test_a_supervisor_ends_a_login_and_a_butler_only_their_own(
    at_desk: Callable[[str], TestClient],
) -> None:
    life, other, boss = at_desk("life1"), at_desk("life2"), at_desk("boss")
    everybody = boss.get("/desk/session/all").json()
    assert {one["person"] for one in everybody} == {"林管家", "方管家", "吴主管"}
    (own,) = other.get("/desk/session/all").json()
    (theirs,) = life.get("/desk/session/all").json()
    assert own["own"] is True

    assert other.delete(f"/desk/session/all/{theirs['id']}").status_code == 404
    assert boss.delete(f"/desk/session/all/{theirs['id']}").status_code == 204
    assert life.get("/desk/board").status_code == 401
    assert other.get("/desk/board").status_code == 200


def test_a_new_password_ends_every_login(at_desk: Callable[[str], TestClient], keys: GiveKeys) -> None:
    browser = at_desk("life1")
    keys("life1")

    assert browser.get("/desk/board").status_code == 401


def test_who_is_no_butler_any_more_is_out_at_once(at_desk: Callable[[str], TestClient], parts: Parts) -> None:
    browser = at_desk("life1")
    with parts.house.store.write() as unit:
        person = unit.people.get("life1")
        assert isinstance(person, Person)
        person.role = type(person.role).MEMBER

    assert browser.get("/desk/board").status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://elsewhere"},
        {"Origin": "null"},
        {"Origin": "", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "", "Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_site_can_do_nothing_with_the_cookie(
    at_desk: Callable[[str], TestClient], ticket: Callable[..., str], headers: dict[str, str]
) -> None:
    browser, one = at_desk("life1"), ticket()
    for path, body in (
        (f"/desk/api/v1/tickets/{one}/claim", {}),
        (f"/desk/tickets/{one}/words", {"text": "x", "message_id": "d_1"}),
        ("/desk/session", {"name": "life1", "password": "x", "code": "1"}),
        ("/desk/session/here", {}),
        ("/desk/session/demo", {"name": "lin"}),
    ):
        assert browser.post(path, json=body, headers=headers).status_code == 403
    assert browser.delete("/desk/session", headers=headers).status_code == 403


def test_a_cookie_that_says_nothing_of_where_it_comes_from_changes_nothing(
    at_desk: Callable[[str], TestClient], ticket: Callable[..., str]
) -> None:
    browser = at_desk("life1")
    del browser.headers["origin"]

    assert browser.post(f"/desk/api/v1/tickets/{ticket()}/claim", json={}).status_code == 403


def test_a_butlers_one_time_code_opens_no_desk(window: Window, parts: Parts) -> None:
    with parts.house.store.write() as unit:
        person = unit.people.get("life1")
        assert person is not None
        person.phone = "13900000077"
    token = make(parts.settings.signing_secret, "life1", 3600)
    browser = window()

    page = {"Cookie": f"guanjia_session={token}"}
    assert browser.get("/api/v1/tickets", headers=page).status_code == 401
    assert browser.get("/api/v1/tickets", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_outside_the_demo_nobody_comes_in_by_a_click(window: Window) -> None:
    answer = window().post("/desk/session/demo", json={"name": "lin"})

    assert answer.status_code == 404


@pytest.mark.parametrize("parts", DEMO, indirect=True)
def test_one_click_in_the_demo_for_those_who_work_there(window: Window, parts: Parts) -> None:
    browser = window()
    with parts.house.store.write() as unit:
        mei = unit.people.get("mei")
        assert mei is not None
        mei.handle = "liu-mei"
    assert browser.get("/desk/session").json()["demo"] == [
        {"name": "lin", "called": "林管家", "role": "life"}
    ]
    assert browser.post("/desk/session/demo", json={"name": "liu-mei"}).status_code == 404
    assert browser.post("/desk/session/demo", json={"name": "lin"}).json()["door"] == "demo"
    assert browser.get("/desk/session").json()["demo"] == []


def test_neither_password_nor_code_is_in_a_log_or_in_the_store(
    window: Window, keys: GiveKeys, parts: Parts, caplog: pytest.LogCaptureFixture
) -> None:
    life = keys("life1")
    with caplog.at_level(logging.DEBUG), capture_logs() as logs:
        window().post("/desk/session", json=life.typed())
        window().post("/desk/session", json=life.typed(password="another that is wrong"))
        window().post("/desk/session", json={**life.typed(), "password": ["not text"]})
    said = f"{caplog.text}{logs}"

    with parts.house.store.read() as unit:
        access = unit.desk_door.access("life1", locked=False)
        trail = unit.desk_door.trail()
    assert access is not None
    assert access.password.startswith("$argon2id$")
    for secret in (PASSWORD, life.code(), "another that is wrong", life.secret):
        assert secret not in said
        assert secret not in str([act.detail for act, _ in trail])
    assert [act.what for act, _ in trail][:2] == ["login.refused", "login.begun"]


def test_the_command_sets_a_password_and_prints_the_link_once(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, window: Window
) -> None:
    monkeypatch.setenv(
        "GUANJIA_DATABASE_URL", parts.house.store.engine.url.render_as_string(hide_password=False)
    )
    monkeypatch.setenv("GUANJIA_HOME", str(parts.settings.home))
    run = CliRunner()

    done = run.invoke(app, ["desk-access", "lin"], input="一句自己记得住的话就好\n")
    easy = run.invoke(app, ["desk-access", "lin"], input="lin\n")
    nobody = run.invoke(app, ["desk-access", "mei"], input="x\n")
    gone = run.invoke(app, ["desk-access", "lin", "--revoke"])

    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("otpauth://totp/")
    assert PASSWORD not in done.output
    assert easy.exit_code != 0
    assert nobody.exit_code != 0
    assert gone.exit_code == 0
    with parts.house.store.read() as unit:
        assert unit.desk_door.access("life1", locked=False) is None
