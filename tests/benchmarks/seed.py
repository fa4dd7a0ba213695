"""How fast the demo world is laid at two sizes, and how much memory that takes.

Each size is laid into an empty SQLite store by a process of its own, so that the peak is that of the seed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bot.seeding import world
from domain.store import Store
from domain.store.bulk import write_rows
from domain.store.migrate import upgrade
from tests.benchmarks.memory import peak_mb
from tests.conftest import NOW

SIZES = (70_000, 1_000_000)


def figures() -> Iterator[tuple[str, float, str, int]]:
    for members in SIZES:
        command = [sys.executable, "-m", "tests.benchmarks.seed", str(members)]
        found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        yield "members_per_s", members / found["seconds"], "members/s", members
        yield "rows_per_s", found["rows"] / found["seconds"], "rows/s", members
        yield "peak_mb", found["peak_mb"], "MB", members


def lay(members: int) -> dict[str, float]:
    """Lay a world of so many members; seconds, rows, and the most memory that this process had."""
    rows = 0

    def count(_: str, written: int) -> None:
        nonlocal rows
        rows += written

    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'seed.db'}")
        upgrade(store)
        began = time.perf_counter()
        write_rows(store, world(members, NOW.date()), count)
        took = time.perf_counter() - began
        store.close()
    peak = peak_mb()
    return {"seconds": took, "rows": rows, "peak_mb": peak}


if __name__ == "__main__":
    print(json.dumps(lay(int(sys.argv[1]))))
