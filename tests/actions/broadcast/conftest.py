"""People who have chats."""

from __future__ import annotations

import pytest

from actions.accounts import join
from actions.house import House


@pytest.fixture
def chats(house: House) -> House:
    """刘梅 and her daughter have chats, 生人 has none."""
    with house.store.write() as unit:
        for person, chat in (("mei", "1"), ("huan", "2")):
            found = unit.people.get(person)
            assert found is not None
            join(house, unit, found, "telegram", chat)
    return house
