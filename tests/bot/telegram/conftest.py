"""The stage for Telegram's tests: a strict Bot API server on loopback, by polling and by webhook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.house import House
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
