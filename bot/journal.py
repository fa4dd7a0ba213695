"""The journal on disk for cries for help: one line is written before the first sentence goes out, so that the
sentence need not wait for the database and what belongs to it (ticket, alerts) is still done after a crash.

On a door that must be written to, the sentence goes out by itself where the database is slow. That is noted here too,
under the key of the row that follows, so that the outbox does not say it a second time.
"""

from __future__ import annotations

import errno
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Cry:
    """A cry for help as it came in; `key` is the key of the stored message that follows, `account_id` the chat."""

    key: str
    person_id: str
    channel: str
    text: str
    account_id: str | None = None


@dataclass(frozen=True)
class Told:
    """Words that go out, or went (`out`), before their row was there; `external_id` is the door's id of them."""

    out: bool
    external_id: str | None = None


class Journal:
    """Lines of cries and of what has been done; safe for several threads of one process."""

    def __init__(self, path: Path) -> None:
        self._path, self._lock = path, threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._told = {row["told"]: Told(True, row.get("as")) for row in self._rows() if "told" in row}

    def note(self, cry: Cry) -> None:
        """Write a cry down, through to the disk."""
        self._write({"cry": asdict(cry)})

    def done(self, key: str) -> None:
        """Note that everything a cry asks for is in the database."""
        self._write({"done": key})

    def open(self) -> Iterator[Cry]:
        """The cries of which the database may not know yet, oldest first."""
        cries: dict[str, Cry] = {}
        for row in self._rows():
            if "cry" in row:
                cries[row["cry"]["key"]] = Cry(**row["cry"])
            else:
                cries.pop(row.get("done", ""), None)
        yield from cries.values()

    def begin(self, key: str) -> bool:
        """Words are about to go out before their row; False where they have, or are on their way already."""
        with self._lock:
            if key in self._told:
                return False
            self._told[key] = Told(out=False)
            return True

    def went_out(self, key: str, external_id: str | None) -> None:
        """They are out; written through to the disk."""
        self._told[key] = Told(True, external_id)
        self._write({"told": key, "as": external_id})

    def did_not(self, key: str) -> None:
        """They did not go out: it is left to their row."""
        with self._lock:
            self._told.pop(key, None)

    def told(self, key: str) -> Told | None:
        """What has become of words that were to go out before their row."""
        return self._told.get(key)

    def _rows(self) -> Iterator[dict[str, Any]]:
        if not self._path.exists():
            return
        for line in self._path.read_bytes().split(b"\n"):
            try:
                yield json.loads(line)
            except ValueError:
                continue  # what a cut or a full disk left half, perhaps in the middle of a character

    def _write(self, row: dict[str, object]) -> None:
        line = (json.dumps(row, ensure_ascii=False) + "\n").encode()
        with self._lock:
            number = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                size = os.fstat(number).st_size
                if size and os.pread(number, 1, size - 1) != b"\n":
                    line = b"\n" + line  # a line that a full disk or a cut left half must not spoil this one
                if os.write(number, line) < len(line):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._path))
                os.fsync(number)
            finally:
                os.close(number)
