"""The journal on disk for cries for help: one line is written before the first sentence goes out, so that the
sentence need not wait for the database and what belongs to it (ticket, alerts) is still done after a crash.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cry:
    """A cry for help as it came in; `key` is the key of the stored message that follows."""

    key: str
    person_id: str
    channel: str
    text: str


class Journal:
    """Lines of cries and of what has been done; safe for several threads of one process."""

    def __init__(self, path: Path) -> None:
        self._path, self._lock = path, threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)

    def note(self, cry: Cry) -> None:
        """Write a cry down, through to the disk."""
        self._write({"cry": asdict(cry)})

    def done(self, key: str) -> None:
        """Note that everything a cry asks for is in the database."""
        self._write({"done": key})

    def open(self) -> Iterator[Cry]:
        """The cries of which the database may not know yet, oldest first."""
        if not self._path.exists():
            return
        cries: dict[str, Cry] = {}
        for line in self._path.read_text(encoding="utf-8").splitlines():
            try:
                row = json.loads(line)
            except ValueError:
                continue  # the last line of a process that was cut off
            if "cry" in row:
                cries[row["cry"]["key"]] = Cry(**row["cry"])
            else:
                cries.pop(row.get("done"), None)
        yield from cries.values()

    def _write(self, row: dict[str, object]) -> None:
        line = (json.dumps(row, ensure_ascii=False) + "\n").encode()
        with self._lock:
            number = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(number, line)
                os.fsync(number)
            finally:
                os.close(number)
