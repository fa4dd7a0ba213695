"""The same dialogues as the terminal's, over HTTP against a Bot API server, with the real Rasa."""

from __future__ import annotations

from typing import Any

import pytest

from tests.botapi import BotApi
from tests.live.conftest import Butler
from tests.live.talk import dialogues
from tests.live.telegram import play

pytestmark = pytest.mark.live
# One of each kind of dialogue and all of those in which the doors could differ; the rest is the terminal's.
TABLES = ("bad_input", "booking", "moving_and_dropping", "persons", "safety")
CHOSEN = [
    (name, dialogue)
    for name, dialogue in dialogues()
    # Telegram lets nobody send nothing.
    if name.partition(":")[0] in TABLES and all(turn["say"].strip() for turn in dialogue["turns"])
]


@pytest.mark.parametrize(("name", "dialogue"), CHOSEN, ids=[name for name, _ in CHOSEN])
def test_dialogue(butler: Butler, botapi: BotApi, name: str, dialogue: dict[str, Any]) -> None:
    answered = play(butler, botapi, dialogue)

    assert answered == [(turn["say"], turn["hear"]) for turn in dialogue["turns"]]
