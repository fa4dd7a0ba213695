"""Every dialogue of `tests/conversations`, word for word, against the real Rasa."""

from __future__ import annotations

from typing import Any

import pytest

from tests.live.conftest import Butler
from tests.live.talk import dialogues, play

pytestmark = pytest.mark.live


@pytest.mark.parametrize(("name", "dialogue"), dialogues(), ids=[name for name, _ in dialogues()])
def test_dialogue(butler: Butler, name: str, dialogue: dict[str, Any]) -> None:
    answered = play(butler, dialogue)

    assert [hear for _, hear in answered] == [turn["hear"] for turn in dialogue["turns"]]
