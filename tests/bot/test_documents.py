"""The README is held to what the program is: every setting, every command, every room."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from actions.rasa.registry import WORKS
from bot.cli import app
from bot.settings import Settings
from domain.catalogue import load

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOMAIN = yaml.safe_load((ROOT / "nlu" / "domain.yml").read_text(encoding="utf-8"))


def test_every_setting_is_in_the_readme_and_none_besides() -> None:
    named = set(re.findall(r"`(GUANJIA_[A-Z_]+)`", README))

    assert named == {f"GUANJIA_{name.upper()}" for name in Settings.model_fields}


def test_every_command_is_in_the_readme() -> None:
    commands = {c.name or c.callback.__name__ for c in app.registered_commands}

    assert commands <= set(re.findall(r"`guanjia ([a-z-]+)", README))


@pytest.mark.parametrize("room", ["bot", "actions", "nlu", "domain", "tests"])
def test_every_room_has_its_page(room: str) -> None:
    assert (ROOT / room / "README.md").read_text(encoding="utf-8").startswith(f"# {room}")


def test_rasa_and_the_registry_know_the_same_actions() -> None:
    assert set(DOMAIN["actions"]) == set(WORKS)


def test_every_intent_of_the_catalogue_is_trained_and_has_a_rule() -> None:
    rules = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "nlu/data/rules").glob("*.yml"))

    assert len(DOMAIN["intents"]) == 33
    for intent in DOMAIN["intents"]:
        assert (ROOT / "nlu/data/nlu" / intent / "core.yml").exists()
        assert f"intent: {intent}\n" in rules


def test_there_are_33_services_over_three_channels() -> None:
    services = load().services.values()

    assert len(services) == 33
    assert {c for s in services for c in s.channels} == {"home", "online", "store"}


def _spoken(text: str) -> str:
    """A sentence without blanks and signs: the same words are the same sentence."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


def _trained() -> Iterator[tuple[str, str, str]]:
    """Every training sentence with its intent and the name of its file."""
    for path in sorted((ROOT / "nlu/data/nlu").rglob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in block["examples"].splitlines():
                yield line.removeprefix("- ").strip(), block["intent"], f"{path.parent.name}/{path.name}"


def test_what_is_measured_with_is_never_trained_on() -> None:
    measured = {
        _spoken(json.loads(line)["text"])
        for name in ("utterances", "development", "blind")
        for line in (ROOT / f"nlu/evaluation/{name}.jsonl").read_text(encoding="utf-8").splitlines()
    }
    trained = {_spoken(text) for text, _, _ in _trained()}

    assert measured & trained <= {""}


def test_sentences_lie_where_their_intent_is_looked_for_and_mean_one_thing() -> None:
    meant: dict[str, str] = {}
    for text, intent, where in _trained():
        assert where.startswith(f"{intent}/"), where
        if spoken := _spoken(text):
            assert meant.setdefault(spoken, intent) == intent, text


def test_every_action_is_on_the_map() -> None:
    """A newcomer looks there first: a file that is not named is not found."""
    page = (ROOT / "actions" / "README.md").read_text(encoding="utf-8")
    files = {path.stem for path in (ROOT / "actions").glob("*.py")} - {"__init__"}
    named = set(re.findall(r"`([a-z_]+)(?:\.py)?`", page))
    assert files <= named, files - named
