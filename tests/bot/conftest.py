"""The world behind the tables of who may do what."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.house import House
from domain.clock import FixedClock
from tests.bot.matrix import World


@pytest.fixture
def world(house: House, clock: FixedClock, tmp_path: Path) -> Iterator[World]:
    """One of everything, and everybody who could ask for it."""
    made = World(house, clock, tmp_path)
    with made.client:
        yield made
