"""Whether a butler serves from an SQLite file, and whether one keeps a Rasa here: locks, which end with their process,
however that ends."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.troubles import Trouble
from domain.store import Store


def _beside(store: Store) -> Path | None:
    """The lock's path; None where the database is another's, which has many writers."""
    return Path(f"{store.file}.open") if store.file is not None else None


@contextmanager
def serving(store: Store) -> Iterator[None]:
    """While this lasts the house is open; any number of processes may be so."""
    path = _beside(store)
    if path is None:
        yield
        return
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


@contextmanager
def alone(var: Path) -> Iterator[None]:
    """While this lasts no other process keeps a Rasa for this home: each would end the other's. Raises Trouble."""
    with (var / "up.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble(
                f"a butler runs from {var.parent} already, with its Rasa; stop it, or start `guanjia serve` "
                "or `work` beside it"
            ) from None
        yield


def is_open(store: Store) -> bool:
    """Whether some process serves from this file now."""
    path = _beside(store)
    if path is None or not path.exists():
        return False
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
