"""The application over the small world, its real time standing still, and people who sign in at the desk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from actions import desk_access
from actions.hand_over import Cause, open_ticket
from actions.house import House
from actions.sealing import seal_of
from bot.api.app import create
from bot.desk_page.entering import Entering
from bot.parts import Parts
from bot.settings import Settings
from bot.wiring import wire
from domain.clock import FixedClock
from domain.people import Person, Role
from domain.tickets import Priority
from domain.totp import code_at, step_of
from tests.conftest import NOW

HERE = {"Origin": "http://testserver"}
PASSWORD = "一句自己记得住的话就好"


@pytest.fixture
def real() -> FixedClock:
    """The real time, by which logins live."""
    return FixedClock(NOW)


@pytest.fixture
def parts(house: House, tmp_path: Path, real: FixedClock, request: pytest.FixtureRequest) -> Parts:
    settings = Settings(
        home=tmp_path,
        secret="a secret of the tests, long enough for SHA-256",
        rasa_url="http://127.0.0.1:9",
        **getattr(request, "param", {"demo": False}),
    )
    with house.store.write() as unit:
        unit.people.add(
            Person(id="boss", name="吴主管", role=Role.SUPERVISOR),
            Person(id="op", name="管理员", role=Role.ADMIN),
        )
        life = unit.people.get("life1")
        assert life is not None
        life.handle = "lin"
    made = wire(settings, house, patience=0.1)
    made.entering = Entering(clock=real)
    return made


@pytest.fixture
def window(parts: Parts) -> Iterator[Callable[[], TestClient]]:
    """A fresh browser; several share one application."""
    app = create(parts)
    opened: list[TestClient] = []

    def inner() -> TestClient:
        opened.append(TestClient(app, raise_server_exceptions=False, headers=HERE))
        return opened[-1]

    yield inner
    for client in opened:
        client.close()


class Keys:
    """What somebody holds: a password, and a second factor that makes codes."""

    def __init__(self, parts: Parts, person_id: str, real: FixedClock) -> None:
        self.real, self.person_id = real, person_id
        with parts.house.store.write() as unit:
            person = unit.people.get(person_id)
            assert person is not None
            made = desk_access.give(unit, seal_of(parts.house), person, PASSWORD, real.now())
        found = re.search(r"secret=([A-Z2-7]+)", made)
        assert found is not None
        self.secret = found[1]

    def code(self, off: int = 0) -> str:
        return code_at(self.secret, step_of(self.real.now()) + off)

    def typed(self, **changes: str) -> dict[str, str]:
        return {"name": self.person_id, "password": PASSWORD, "code": self.code(), **changes}


@pytest.fixture
def keys(parts: Parts, real: FixedClock) -> Callable[[str], Keys]:
    return lambda person_id: Keys(parts, person_id, real)


@pytest.fixture
def at_desk(window: Callable[[], TestClient], keys: Callable[[str], Keys]) -> Callable[[str], TestClient]:
    """Somebody signed in at the desk, in a browser of their own."""

    def inner(person_id: str) -> TestClient:
        browser = window()
        answer = browser.post("/desk/session", json=keys(person_id).typed())
        assert answer.status_code == 200, answer.text
        return browser

    return inner


@pytest.fixture
def ticket(parts: Parts) -> Callable[..., str]:
    """A ticket of 刘梅's in a queue, and its id."""

    def inner(queue: str = "life", topic: str = "request", priority: Priority = Priority.NORMAL) -> str:
        with parts.house.store.write() as unit:
            mei = unit.people.get("mei")
            assert mei is not None
            conversation = unit.conversations.of("mei")
            cause = Cause(queue, topic, priority)
            return open_ticket(parts.house, unit, conversation, mei, cause, f"{queue}:{topic}").id

    return inner
