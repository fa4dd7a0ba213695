"""Writing many rows at once: the demo world, and later what is imported. Memory does not grow with the rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import func, select

from domain.store import tables as t
from domain.store.engine import Store

BATCH = 5_000
# Referred-to tables first, so that a batch never points at what is not there yet.
_ORDER = [table.name for table in t.metadata.sorted_tables]


def write_rows(
    store: Store, rows: Iterable[tuple[str, dict[str, Any]]], told: Callable[[str, int], None]
) -> None:
    """Write (table, row) pairs in transactions of some thousands; `told` hears each table's count as it goes."""
    waiting: dict[str, list[dict[str, Any]]] = defaultdict(list)
    count = 0
    for table, row in rows:
        waiting[table].append(row)
        count += 1
        if count >= BATCH:
            _flush(store, waiting, told)
            count = 0
    _flush(store, waiting, told)


def _flush(store: Store, waiting: dict[str, list[dict[str, Any]]], told: Callable[[str, int], None]) -> None:
    with store.engine.begin() as connection:
        for name in _ORDER:
            if rows := waiting.pop(name, None):
                connection.execute(t.metadata.tables[name].insert(), rows)
                told(name, len(rows))


def count(store: Store, table: str) -> int:
    """How many rows a table has."""
    with store.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(t.metadata.tables[table])).scalar_one()
