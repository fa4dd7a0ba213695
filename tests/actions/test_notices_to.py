"""To whom of the family what we send goes as well: who was named, and what is said where that one is not known."""

from __future__ import annotations

import pytest

from actions.house import House
from actions.rasa import notifying
from tests.actions.care import who
from tests.actions.turns import buttons, turn


@pytest.mark.parametrize(
    ("gender", "said", "name", "shown"),
    [
        ("male", "发给我女儿", "notices_not_that_one", ["何欢", "加家里人"]),
        ("female", "发给我女儿", "notices_also_to", []),
        (None, "发给我女儿", "notices_which", ["何欢"]),
        ("male", "发给我孩子", "notices_also_to", []),
    ],
)
def test_the_one_who_was_named(
    house: House, gender: str | None, said: str, name: str, shown: list[str]
) -> None:
    with house.store.write() as unit:
        who(unit, "huan").gender = gender
        spoken = turn(house, unit, said, intent="manage_notifications")
        notifying.notifications(spoken)
        daughter = house.words.say("notices_female")
        assert spoken.said == [house.words.say(name, who=daughter, name="何欢")]
        assert buttons(house, unit, spoken) == shown
