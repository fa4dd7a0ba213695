"""What an import asks of the tables and writes into them, many rows at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as AnyOf
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.exc import IntegrityError

from domain.errors import OutOfDate
from domain.store import tables as t
from domain.store.collection import Collection

Row = dict[str, Any]
# Fewer than both databases take as parameters of one statement.
_AT_ONCE = 10_000


@contextmanager
def _since_changed() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        # Not the database's own words: they name what it was.
        raise OutOfDate("import") from error


class Imports(Collection):
    """Rows by the name of their table, the classes of `domain` left aside: a million of them pass through here."""

    def rows(self, table: str, column: str, values: AnyOf[Any]) -> list[Row]:
        """The rows of a table that have one of these values in a column."""
        found: list[Row] = []
        wanted = list(dict.fromkeys(value for value in values if value is not None))
        source = t.metadata.tables[table]
        for first in range(0, len(wanted), _AT_ONCE):
            asked = select(source).where(source.c[column].in_(wanted[first : first + _AT_ONCE]))
            found += [dict(row) for row in self._session.execute(asked).mappings()]
        return found

    def all(self, table: str) -> list[Row]:
        """The whole of a small table."""
        return [dict(row) for row in self._session.execute(select(t.metadata.tables[table])).mappings()]

    def clear(self, table: str, column: str, values: AnyOf[Any]) -> None:
        """Take the rows out that have one of these values in a column."""
        source = t.metadata.tables[table]
        self._session.execute(delete(source).where(source.c[column].in_(list(values))))

    def insert(self, rows: Mapping[str, Sequence[Row]]) -> None:
        """New rows by table, those that others refer to first.

        Raises OutOfDate where somebody else has written one of them since it was looked for.
        """
        for source in t.metadata.sorted_tables:
            if found := rows.get(source.name):
                with _since_changed():
                    self._session.connection().execute(source.insert(), found)

    def update(self, table: str, rows: Iterable[Row]) -> None:
        """Change rows by their primary key; each names the columns that change and no others."""
        source = t.metadata.tables[table]
        keys = [column.name for column in source.primary_key]
        alike: dict[tuple[str, ...], list[Row]] = defaultdict(list)
        for row in rows:
            alike[tuple(sorted(row.keys() - set(keys)))].append(row)
        for names, found in alike.items():
            # SQLAlchemy keeps the names of columns for itself, so every parameter has one of its own.
            change = source.update().where(*(source.c[key] == bindparam(f"of_{key}") for key in keys))
            change = change.values({name: bindparam(f"to_{name}") for name in names})
            told = [
                {**{f"of_{k}": row[k] for k in keys}, **{f"to_{n}": row[n] for n in names}} for row in found
            ]
            with _since_changed():
                self._session.connection().execute(change, told)
