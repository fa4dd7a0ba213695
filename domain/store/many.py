"""Many rows in one statement, and one of many values: what the workers need who look at hundreds of things at once.

PostgreSQL is given one value for all of them. A statement with a parameter for each value would be parsed anew, by the
driver and the server, every time, and that costs more than the rows themselves.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, Table, any_, literal, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session


def among(
    session: Session, column: Column[Any], values: Collection[str] | Collection[int]
) -> ColumnElement[bool]:
    """The condition that a column has one of these values."""
    if session.get_bind().dialect.name == "sqlite":
        return column.in_(values)
    return column == any_(literal(list(values), ARRAY(column.type)))


def put_many(
    session: Session,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    returning: Sequence[Column[Any]] = (),
) -> Sequence[Row[Any]]:
    """Write rows that all have the same columns; what is asked for of each comes back in no order.

    Raises ValueError for a naive datetime, as the columns themselves do.
    """
    if not rows:
        return ()
    if session.get_bind().dialect.name == "sqlite":
        put = table.insert().returning(*returning) if returning else table.insert()
        done = session.execute(put, list(rows))
    else:
        names = ", ".join(f'"{name}"' for name in rows[0])
        put_all = (
            f"INSERT INTO {table.name} ({names}) "  # noqa: S608  (names of our own columns)
            f"SELECT {names} FROM json_populate_recordset(NULL::{table.name}, CAST(:rows AS json))"
        )
        if returning:
            put_all += " RETURNING " + ", ".join(f'"{column.name}"' for column in returning)
        done = session.execute(
            text(put_all), {"rows": json.dumps(list(rows), ensure_ascii=False, default=_told)}
        )
    return done.all() if returning else ()


def _told(value: object) -> str:
    if not isinstance(value, datetime):
        raise TypeError(f"no way to write a {type(value).__name__}")
    if value.tzinfo is None:
        raise ValueError("a naive datetime cannot be stored")
    return value.isoformat()
