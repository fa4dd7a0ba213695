"""`make bench`: runs the benchmarks, one JSON line a figure on standard output. `make bench BENCH=turn` runs one."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator

NAMES = (
    "turn",
    "web_turn",
    "telegram_turn",
    "times",
    "book",
    "seed",
    "import",
    "benefits",
    "due",
    "remind",
    "broadcast",
    "desk",
)
Figure = tuple[str, float, str, int]


def main() -> None:
    """Run those that were named, or all."""
    for name in sys.argv[1:] or NAMES:
        figures: Iterator[Figure] = importlib.import_module(f"tests.benchmarks.{name}").figures()
        for figure, value, unit, n in figures:
            print(
                json.dumps({"bench": name, "figure": figure, "value": round(value, 3), "unit": unit, "n": n}),
                flush=True,
            )


if __name__ == "__main__":
    main()
