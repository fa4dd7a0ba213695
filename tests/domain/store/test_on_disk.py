"""An SQLite store outlives a power cut, and is read by its owner alone."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from domain.store import Store, engine
from domain.store.migrate import upgrade
from tests.conftest import SYNCHRONOUS


def test_what_was_committed_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In WAL mode anything below FULL loses what was committed since the last checkpoint."""
    monkeypatch.setattr(engine, "SYNCHRONOUS", SYNCHRONOUS)  # as it is served
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
    store.close()


def test_nobody_else_on_the_machine_reads_it(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'var' / 'store.db'}")
    upgrade(store)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
        found = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "var").iterdir()}
    store.close()

    assert found == dict.fromkeys(("store.db", "store.db-shm", "store.db-wal"), 0o600)
