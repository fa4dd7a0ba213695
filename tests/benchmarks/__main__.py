"""`make bench`: runs the benchmarks, one JSON line a figure on standard output. `make bench BENCH=turn` runs one."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator

import structlog

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
    """Run the one that was named; or several, or all, each in a process of its own, so that none has another's memory."""
    names = sys.argv[1:] or list(NAMES)
    if len(names) > 1:
        for name in names:
            subprocess.run([sys.executable, "-m", "tests.benchmarks", name], check=True)
        return
    # Standard output is for the figures alone.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    (name,) = names
    figures: Iterator[Figure] = importlib.import_module(f"tests.benchmarks.{name}").figures()
    for figure, value, unit, n in figures:
        print(
            json.dumps({"bench": name, "figure": figure, "value": round(value, 3), "unit": unit, "n": n}),
            flush=True,
        )


if __name__ == "__main__":
    main()
