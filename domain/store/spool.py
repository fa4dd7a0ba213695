"""What a check of a file must remember, on disk: memory does not grow with the file.

A file of our own in the folder for temporary things, gone when it is closed: the keys that stood in a file (to find what
stands there twice, and what other rows refer to) and what is to be written once everything has been found good.
"""

from __future__ import annotations

import pickle
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self

_AT_ONCE = 5_000


class Kept(NamedTuple):
    """Where a key stood first, and the id of what it names."""

    file: int
    line: int
    id: str


class Spool:
    """Keys and batches of one run. To be used in a `with`."""

    def __enter__(self) -> Self:
        # The folder can be entered by its owner alone: there are people's data in it.
        self._folder = tempfile.TemporaryDirectory(prefix="guanjia-import-")
        self._file = sqlite3.connect(Path(self._folder.name) / "spool", isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-24000", "locking_mode=EXCLUSIVE"):
            self._file.execute(f"PRAGMA {pragma}")
        self._file.execute(
            "CREATE TABLE keys (key TEXT PRIMARY KEY, file INTEGER, line INTEGER, id TEXT) WITHOUT ROWID"
        )
        self._file.execute("CREATE TABLE batches (number INTEGER PRIMARY KEY, batch BLOB)")
        self._file.execute("BEGIN")
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._folder.cleanup()

    def find(self, keys: Sequence[str]) -> dict[str, Kept]:
        """What is known of these keys."""
        found: dict[str, Kept] = {}
        for first in range(0, len(keys), _AT_ONCE):
            some = keys[first : first + _AT_ONCE]
            marks = ",".join("?" * len(some))
            asked = f"SELECT key, file, line, id FROM keys WHERE key IN ({marks})"  # noqa: S608  (marks alone)
            for key, *kept in self._file.execute(asked, some):
                found[key] = Kept(*kept)
        return found

    def claim(self, rows: Sequence[tuple[str, Kept]]) -> list[Kept | None]:
        """Keep keys that are new; for each of the others, in order, who has it already."""
        known = self.find([key for key, _ in rows])
        new: list[tuple[str, int, int, str]] = []
        answers: list[Kept | None] = []
        for key, kept in rows:
            before = known.setdefault(key, kept)
            answers.append(None if before is kept else before)
            if before is kept:
                new.append((key, *kept))
        # In the order of the tree: each page of it is touched once.
        self._file.executemany("INSERT INTO keys VALUES (?, ?, ?, ?)", sorted(new))
        return answers

    def mean(self, keys: Sequence[str], id_: str) -> None:
        """These keys name something that was there before the file."""
        self._file.executemany("UPDATE keys SET id = ? WHERE key = ?", [(id_, key) for key in keys])

    def forget(self, file: int) -> None:
        """Let go of the keys of a file."""
        self._file.execute("DELETE FROM keys WHERE file = ?", (file,))

    def keep(self, batch: Any) -> None:
        """Put something by, to be taken up in order."""
        self._file.execute("INSERT INTO batches (batch) VALUES (?)", (pickle.dumps(batch, 5),))

    def batches(self) -> Iterator[Any]:
        """What was put by, in order, one at a time."""
        last = 0
        while row := self._file.execute(
            "SELECT number, batch FROM batches WHERE number > ? ORDER BY number LIMIT 1", (last,)
        ).fetchone():
            last = row[0]
            yield pickle.loads(row[1])  # noqa: S301  (what this process wrote a moment ago)

    def drop_batches(self) -> None:
        """Let go of what was put by."""
        self._file.execute("DELETE FROM batches")
