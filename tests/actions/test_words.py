"""The catalogue of words: everything that is said stands there, and nothing stands there that is never said."""

from __future__ import annotations

import re
from pathlib import Path

from actions.words import load
from domain.endings import Ending
from domain.judging import Refusal
from domain.people import Scope
from nlu.zh.danger import detect

ROOT = Path(__file__).parent.parent.parent
SOURCE = "\n".join(
    p.read_text(encoding="utf-8") for room in ("actions", "bot") for p in (ROOT / room).rglob("*.py")
)
WORDS = load()
_SAID = re.compile(r'(?:\.say|\.word|\bsay|_end)\(\s*(?:turn,\s*kept,\s*)?"([a-z_]+)"')
_BUTTON = re.compile(r'turn\.button\(\s*"([a-z_]+)"')
_MADE = re.compile(r'f"([a-z_]+)_\{|f"(button_guess)_')


def test_everything_said_is_in_the_catalogue() -> None:
    said = set(_SAID.findall(SOURCE)) | {f"button_{name}" for name in _BUTTON.findall(SOURCE)}

    assert said <= WORDS.sentences.keys()


def test_nothing_in_the_catalogue_is_never_said() -> None:
    prefixes = {found for pair in _MADE.findall(SOURCE) for found in pair if found} | {"button"}
    spare = [
        name
        for name in WORDS.sentences
        if f'"{name}"' not in SOURCE
        and not any(name.startswith(f"{prefix}_") for prefix in prefixes)
        and not name.endswith("_again")
    ]

    assert spare == []


def test_every_refusal_scope_and_danger_has_its_words() -> None:
    kinds = "illness fall choking bleeding poison fire gas violence missing despair scam".split()
    wanted = {f"refused_{code}" for code in Refusal} | {f"scope_{scope}" for scope in Scope}
    wanted |= {f"refused_{code}_child" for code in Refusal}
    wanted |= {f"ended_{ending}_{whom}" for ending in Ending for whom in ("elder", "family", "carer")}
    wanted |= {f"alarm_{kind}" for kind in kinds}
    wanted |= {f"{what}_{c}" for what in ("check", "alert") for c in ("emergency", "crisis", "fraud")}

    assert wanted <= WORDS.sentences.keys()


def test_the_words_themselves_raise_no_alarm_for_people_who_read_them_back() -> None:
    """An elder may read a question of ours aloud; that is no cry for help."""
    asked = [
        text for name, text in WORDS.sentences.items() if name.startswith(("ask_", "button_", "read_back"))
    ]

    assert [text for text in asked if (found := detect(text)) is not None and found.certain] == []
