"""Intents of the measuring sets against what `guanjia parse` makes of them.

Run from the checkout: `.venv/bin/python -m nlu.evaluation.measure` reads the sets, asks the command, and prints for each
the share of intents that are right, and for the first one the confusions. `utterances` is the set that the project is
measured with, `development` what it is developed with, and `blind` was written and labelled apart, from the catalogue
alone, with no sight of this project's sentences or rules; nobody reads its misses, or it would be blind no longer.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    """Prints one JSON line a set, then the confusions of the first one, most frequent first."""
    confused = _measure("utterances", _mapped())
    for name in ("development", "blind"):
        _measure(name, [(row["text"], row["intent"]) for row in _rows(name)])
    for (wanted, got), count in confused.most_common():
        print(f"{count:3} {wanted} → {got}")


def _measure(name: str, wanted: list[tuple[str, str | None]]) -> Counter[tuple[str, str]]:
    parsed = _parse([text for text, _ in wanted])
    counted = [
        (intent, row["intent"]) for (_, intent), row in zip(wanted, parsed, strict=True) if intent is not None
    ]
    wrong = Counter((want, got) for want, got in counted if want != got)
    right, n = len(counted) - wrong.total(), len(counted)
    figures = {"right": right, "n": n, "share": round(right / n, 3), "left_out": len(wanted) - n}
    print(json.dumps({"set": name, **figures}))
    return wrong


def _mapped() -> list[tuple[str, str | None]]:
    """The measuring set with its own labels in the catalogue's words; None for what lies outside the catalogue."""
    mapping = json.loads((HERE / "mapping.json").read_text(encoding="utf-8"))
    labels, lines = mapping["labels"], mapping["lines"]
    return [
        (row["text"], lines[row["id"]]["intent"] if row["id"] in lines else labels[row["intent"]])
        for row in _rows("utterances")
    ]


def _rows(name: str) -> list[dict[str, str]]:
    text = (HERE / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def _parse(texts: list[str]) -> list[dict[str, str]]:
    command = [str(Path(sys.executable).parent / "guanjia"), "parse", "--now", "2026-11-23T10:00"]
    done = subprocess.run(command, input="\n".join(texts) + "\n", capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


if __name__ == "__main__":
    main()
