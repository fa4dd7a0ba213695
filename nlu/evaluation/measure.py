"""Intents of the measuring set against what `guanjia parse` makes of them.

Run from the checkout: `.venv/bin/python -m nlu.evaluation.measure` reads the set, asks the command, and prints the share
of intents that are right, and the confusions.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    """Prints one JSON line with the figures, then the confusions, most frequent first."""
    mapping = json.loads((HERE / "mapping.json").read_text(encoding="utf-8"))
    labels, lines = mapping["labels"], mapping["lines"]
    rows = [json.loads(line) for line in (HERE / "utterances.jsonl").read_text(encoding="utf-8").splitlines()]
    parsed = _parse([row["text"] for row in rows])
    right, left_out, confused = 0, 0, Counter[tuple[str, str]]()
    for row, found in zip(rows, parsed, strict=True):
        wanted = lines[row["id"]]["intent"] if row["id"] in lines else labels[row["intent"]]
        if wanted is None:
            left_out += 1
        elif wanted == found["intent"]:
            right += 1
        else:
            confused[wanted, found["intent"]] += 1
    n = len(rows) - left_out
    print(json.dumps({"right": right, "n": n, "share": round(right / n, 3), "left_out": left_out}))
    for (wanted, got), count in confused.most_common():
        print(f"{count:3} {wanted} → {got}")


def _parse(texts: list[str]) -> list[dict[str, str]]:
    command = [str(Path(sys.executable).parent / "guanjia"), "parse", "--now", "2026-11-23T10:00"]
    done = subprocess.run(command, input="\n".join(texts) + "\n", capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


if __name__ == "__main__":
    main()
