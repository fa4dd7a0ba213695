"""Claiming 1,000 due reminders out of ten thousand, a hundred thousand and a million that are pending, in the batches
in which the worker claims them.

The sizes take turns, so that a busy machine slows all alike. What was claimed is put off to the far end, as the next
occurrence of a daily reminder is, so that each size stays what it is. PostgreSQL first; SQLite's figures say so.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, text

from actions.remind import _BATCH
from domain.store import Store
from domain.store.migrate import upgrade
from tests.benchmarks.world import databases
from tests.conftest import NOW

SIZES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000}
DUE, ROUNDS, WARM = 1_000, 24, 4
PEOPLE = 1_000
# One is due each 40 ms, as with two million daily reminders that are spread over a day.
_APART = timedelta(milliseconds=40)
_BEGIN = f"{NOW.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def figures() -> Iterator[tuple[str, float, str, int]]:
    with databases(len(SIZES)) as stores:
        yield from _on("", dict(zip(SIZES, stores, strict=True)))
    with ExitStack() as stack:
        stores = [stack.enter_context(_sqlite()) for _ in SIZES]
        yield from _on("sqlite_", dict(zip(SIZES, stores, strict=True)))


@contextmanager
def _sqlite() -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'due.db'}")
        upgrade(store)
        yield store
        store.close()


def _on(prefix: str, stores: dict[str, Store]) -> Iterator[tuple[str, float, str, int]]:
    for size, store in stores.items():
        _lay(store, SIZES[size])
    took: dict[str, list[float]] = {size: [] for size in stores}
    for number in range(ROUNDS + WARM):
        for size, store in stores.items():
            spent = _claimed(store, NOW + _APART * DUE * (number + 1), _APART * SIZES[size])
            if number >= WARM:
                took[size].append(spent * 1000)
    p95 = {size: statistics.quantiles(times, n=20)[-1] for size, times in took.items()}
    for size, times in took.items():
        yield f"{prefix}p50_ms_{size}", statistics.median(times), "ms", ROUNDS
        yield f"{prefix}p95_ms_{size}", p95[size], "ms", ROUNDS
    yield f"{prefix}ratio_1m_10k", p95["1m"] / p95["10k"], "", ROUNDS


def _claimed(store: Store, now: datetime, off: timedelta) -> float:
    """Seconds for claiming what is due, and only for that."""
    spent, done = 0.0, 0
    while done < DUE:
        with store.write() as unit:
            began = time.perf_counter()
            rows = unit.reminders.claim(now - timedelta(microseconds=1), _BATCH)
            spent += time.perf_counter() - began
            assert rows
            for instance, _ in rows:
                assert instance.due_at is not None
                instance.due_at += off
        done += len(rows)
    assert done == DUE
    return spent


def _lay(store: Store, size: int) -> None:
    """So many pending occurrences of daily rules: written by the database itself, which is quick about it."""
    with store.engine.begin() as connection:
        if store.is_sqlite:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        else:
            # Each row's references are right by its making, and a million checks take a minute.
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for statement in _statements(connection, size):
            connection.execute(text(statement), {"size": size, "people": PEOPLE})
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if store.is_sqlite else "VACUUM ANALYZE")


def _statements(connection: Connection, size: int) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        series = (
            "WITH RECURSIVE s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n < {most} - 1) "
            "INSERT INTO {what} FROM s"
        )
        moment = f"strftime('%Y-%m-%d %H:%M:%f', '{_BEGIN}', '+' || (n * 0.04) || ' seconds') || '000'"
        late = f"'{_BEGIN}.000000'"
        far = "'2027-11-24 00:00:00.000000'"
        yes, number = "1", "printf('%07d', n)"
    else:
        series = "INSERT INTO {what} FROM generate_series(0, {most} - 1) AS s(n)"
        late = f"timestamptz '{_BEGIN}+00'"
        moment = f"{late} + n * interval '40 milliseconds'"
        far = "timestamptz '2027-11-24 00:00:00+00'"
        yes, number = "true", "lpad(n::text, 7, '0')"
    yield series.format(
        most=":people",
        what="persons (id, name, role, notes) SELECT 'p' || n, '某', 'member', '{}'",
    )
    yield series.format(
        most=":size",
        what="reminder_rules (id, series, version, kind, person_id, created_at, created_by, detail) "
        f"SELECT 'r' || n, 'my:' || n, 1, 'personal', 'p' || (n % :people), {late}, 'p0', '{{}}'",
    )
    yield series.format(
        most=":size",
        what="reminder_instances (id, rule_id, person_id, occurrence, planned_at, useful_until, due_at, state, "
        "urgent, joins, attempts) "
        f"SELECT 'i' || {number}, 'r' || n, 'p' || (n % :people), 'o', {moment}, {far}, {moment}, 'pending', "
        f"{yes}, {yes}, 0",
    )
