"""A bath that has ended, and people who have been talked with."""

from __future__ import annotations

import pytest

from actions.house import House
from domain.clock import FixedClock
from tests.actions.reminded import listen
from tests.actions.visiting import add_carers, booked, lead


@pytest.fixture(autouse=True)
def they_listen(house: House) -> None:
    add_carers(house)
    listen(house)


@pytest.fixture
def visit_id(house: House, clock: FixedClock) -> str:
    """A bath that ended at 16:25."""
    made = booked(house)
    lead(house, clock, made)
    return made
