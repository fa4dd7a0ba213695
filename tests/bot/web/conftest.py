"""The application over the small world, and a browser's manners: cookies kept, its origin said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from actions.house import House
from bot.api.app import create
from bot.parts import Parts
from bot.settings import Settings
from bot.wiring import wire

SECRET = "a secret of the tests, long enough for SHA-256"
HERE = {"Origin": "http://testserver"}
MEI, HUAN = "13900000001", "13900000002"


@pytest.fixture
def parts(house: House, tmp_path: Path, request: pytest.FixtureRequest) -> Parts:
    """With `@pytest.mark.parametrize("parts", [{…}], indirect=True)` other settings."""
    settings = Settings(
        home=tmp_path, secret=SECRET, rasa_url="http://127.0.0.1:9", **getattr(request, "param", {})
    )
    return wire(settings, house, patience=0.1)


@pytest.fixture
def browser(parts: Parts) -> Iterator[TestClient]:
    with TestClient(create(parts), raise_server_exceptions=False, headers=HERE) as client:
        yield client


@pytest.fixture
def sign_in(browser: TestClient) -> Callable[[str], str]:
    """Sign somebody in by code; returns their id."""

    def inner(phone: str) -> str:
        code = browser.post("/chat/session/code", json={"phone": phone}).json()["code"]
        answer = browser.post("/chat/session", json={"phone": phone, "code": code})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])

    return inner
