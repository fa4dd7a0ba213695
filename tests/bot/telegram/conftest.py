"""The stage for Telegram's tests: a strict Bot API server on loopback, by polling and by webhook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.house import House
from bot.telegram import desk as desk_module
from tests.bot.telegram.group import Desk
from tests.bot.telegram.stage import Stage
from tests.botapi import BotApi


@pytest.fixture
def botapi() -> Iterator[BotApi]:
    with BotApi() as api:
        yield api


@pytest.fixture(params=["polling", "webhook"])
def both(request: pytest.FixtureRequest, house: House, botapi: BotApi, tmp_path: Path) -> Iterator[Stage]:
    """The same whichever way updates come in."""
    made = Stage(house, botapi, tmp_path, mode=request.param).start()
    yield made
    made.stop()


@pytest.fixture
def hooked(house: House, botapi: BotApi, tmp_path: Path) -> Iterator[Stage]:
    """Where Telegram posts."""
    made = Stage(house, botapi, tmp_path, mode="webhook").start()
    yield made
    made.stop()


@pytest.fixture
def stage(house: House, botapi: BotApi, tmp_path: Path) -> Iterator[Stage]:
    made = Stage(house, botapi, tmp_path).start()
    yield made
    made.stop()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Topics are made without the pause between them."""
    monkeypatch.setattr(desk_module, "BETWEEN_TOPICS", 0.0)


@pytest.fixture
def desk(house: House, botapi: BotApi, tmp_path: Path, at_once: None) -> Iterator[Desk]:
    """One group, of life butlers."""
    made = Desk(house, botapi, tmp_path)
    yield made
    made.stage.stop()


@pytest.fixture
def two(house: House, botapi: BotApi, tmp_path: Path, at_once: None) -> Iterator[Desk]:
    """One group for each queue."""
    made = Desk(house, botapi, tmp_path, doctors=True)
    yield made
    made.stage.stop()
