"""Fixtures that several tests of actions share: a desk for files, a visit that is booked."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.house import House
from tests.actions.importing import Desk
from tests.actions.visiting import add_carers, booked


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    return Desk(house, tmp_path)


@pytest.fixture
def visit_id(house: House) -> str:
    """A bath that is booked; its visit."""
    add_carers(house)
    return booked(house)
