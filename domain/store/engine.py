"""Opens the database: SQLite with writers that wait, or PostgreSQL; and hands out units of work."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import sessionmaker

from domain.store import mapping as _mapping  # noqa: F401  (joins classes and tables)
from domain.store.failures import refuse_unstorable, translated
from domain.store.unit import Unit

# How long a writer waits for another on SQLite; a batch of the seed holds it for well under a second.
_BUSY_MS = 15_000
# What was confirmed outlives a power cut; NORMAL would lose what was written since the last checkpoint of SQLite.
SYNCHRONOUS = "FULL"
_DRIVERS = ("sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg")


class Store:
    """One database. `url` is an SQLAlchemy URL (`sqlite:///…`, `postgresql://…`)."""

    def __init__(self, url: str, *, pool_size: int = 16) -> None:
        self.url = url
        self.engine = _open(url, pool_size)
        self._writing = sessionmaker(self.engine, expire_on_commit=False)
        self._reading = sessionmaker(
            self.engine.execution_options(guanjia_reading=True), expire_on_commit=False
        )
        # Called after a commit that stored words for somebody, from whichever thread wrote them; and, apart, after one
        # that put something on its way to a chat.
        self.on_words: list[Callable[[], None]] = []
        self.on_deliveries: list[Callable[[], None]] = []
        # After one that stored a word of our own for the dialogue.
        self.on_own_words: list[Callable[[], None]] = []
        # SQLite has one writer at a time, and who waits for it there sleeps in growing steps; here the next is woken
        # at once. Other processes are still waited for as SQLite does.
        self._writer: AbstractContextManager[Any] = threading.Lock() if self.is_sqlite else nullcontext()

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @property
    def file(self) -> Path | None:
        """Where an SQLite store lies; None for one in memory and for a server."""
        name = self.engine.url.database if self.is_sqlite else None
        return Path(name) if name and name != ":memory:" else None

    @contextmanager
    def write(self) -> Iterator[Unit]:
        """A unit of work that commits at its end, or leaves nothing behind.

        Raises the errors of `domain.errors` where the database refused a rule (Taken, Exhausted).
        """
        with self._writer, translated(), self._writing.begin() as session:
            unit = Unit(session)
            yield unit
        heard = (self.on_words if unit.has_words else []) + (
            self.on_deliveries if unit.has_deliveries else []
        )
        heard += self.on_own_words if unit.has_own_words else []
        for hear in heard:
            hear()

    @contextmanager
    def read(self) -> Iterator[Unit]:
        """A unit of work that only reads; on SQLite it does not wait for writers."""
        with self._reading() as session:
            yield Unit(session)

    def ping(self) -> None:
        """Raises where the database does not answer."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")

    def close(self) -> None:
        self.engine.dispose()


def _open(url: str, pool_size: int) -> Engine:
    parsed = make_url(url)
    if parsed.drivername not in _DRIVERS:
        raise ArgumentError(f"no such database: {parsed.drivername}")
    if parsed.get_backend_name() != "sqlite":
        engine = create_engine(
            parsed, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True, hide_parameters=True
        )
        event.listen(engine, "handle_error", refuse_unstorable)
        return engine
    if parsed.database and parsed.database != ":memory:":
        _make_private(Path(parsed.database))
    engine = create_engine(
        parsed,
        pool_size=pool_size,
        max_overflow=pool_size,
        # What people say must not come into a log with an error of the database.
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": _BUSY_MS / 1000},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "handle_error", refuse_unstorable)
    return engine


def _make_private(path: Path) -> None:
    """A new file that only its owner reads: people's health stands in it. What SQLite lays beside it is as the file is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver must not begin by itself: `BEGIN IMMEDIATE` is what makes writers wait instead of fail.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        f"synchronous={SYNCHRONOUS}",
        "foreign_keys=ON",
        f"busy_timeout={_BUSY_MS}",
        "cache_size=-16000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("guanjia_reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
