"""How fast the demo world is laid, and how much memory that takes."""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bot.seeding import seed
from domain.store import Store
from domain.store.migrate import upgrade
from tests.conftest import NOW

MEMBERS = 70_000


def figures() -> Iterator[tuple[str, float, str, int]]:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'seed.db'}")
        upgrade(store)
        began = time.perf_counter()
        seed(store, MEMBERS, NOW.date())
        took = time.perf_counter() - began
        store.close()
    yield "rows_per_s", MEMBERS / took, "members/s", MEMBERS
    yield "peak_mb", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB", MEMBERS
