"""The one place for the butler's words: a catalogue of sentences with named gaps, read from `words/*.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter

import yaml

FOLDER = Path(__file__).parent / "words"


class Words:
    """Sentences by name. A name or a gap that is missing is a mistake of ours and raises KeyError."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        self.sentences = sentences

    def say(self, name: str, /, **gaps: object) -> str:
        """The sentence with its gaps filled."""
        return self.sentences[name].format(**gaps).strip()

    def gaps(self, name: str) -> set[str]:
        """The names of a sentence's gaps."""
        return {field for _, field, _, _ in Formatter().parse(self.sentences[name]) if field}


@cache
def load(folder: Path = FOLDER) -> Words:
    """The catalogue of a folder. Raises ValueError where a name stands twice."""
    sentences: dict[str, str] = {}
    for path in sorted(folder.glob("*.yml")):
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))
        doubled = sentences.keys() & rows.keys()
        if doubled:
            raise ValueError(f"{path.name}: {sorted(doubled)} stand twice")
        sentences |= rows
    return Words(sentences)


def price(cents: int) -> str:
    """Money as people say it; yuan only, for prices are in whole yuan or said with their jiao."""
    return f"{cents // 100}元" if cents % 100 == 0 else f"{cents / 100:.2f}元"
