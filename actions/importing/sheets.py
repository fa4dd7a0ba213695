"""The sheets that can be imported, read from `sheets.toml`: their columns, what stands in them, and how it is read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from actions.importing.cells import Read, reader
from actions.importing.problems import FileWrong

# In the order in which one refers to the other: people before families, plans before grants.
NAMES = ("members", "families", "plans", "grants", "providers", "sites", "staff", "certificates")


@dataclass(frozen=True, eq=False)
class Column:
    """A column: its heading in English (`name`) and in Chinese, and how a cell of it is read."""

    name: str
    zh: str
    also: tuple[str, ...]
    read: Read
    must: bool
    example: str
    note: str

    @property
    def title(self) -> str:
        """How the column is named in a message."""
        return f"{self.zh} ({self.name})"


@dataclass(frozen=True, eq=False)
class Sheet:
    """One kind of rows."""

    name: str
    zh: str
    columns: tuple[Column, ...]

    @cached_property
    def by_heading(self) -> Mapping[str, Column]:
        return {
            _folded(heading): column
            for column in self.columns
            for heading in (column.name, column.zh, *column.also)
        }

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def headed(self, headings: Sequence[object]) -> list[Column | None]:
        """Which column stands where; None where the heading is empty.

        Raises FileWrong for a heading that is unknown or stands twice, and where a column that must be there is not.
        What stands in a file without headings may be somebody's data, so an unknown one is told by its place.
        """
        found: list[Column | None] = []
        for number, heading in enumerate(headings, 1):
            text = _folded(str(heading or "")[:80])
            column = self.by_heading.get(text)
            if text and column is None:
                raise FileWrong("unknown_column", number=number, sheet=self.zh)
            if column is not None and column in found:
                raise FileWrong("column_twice", column=column.title)
            found.append(column)
        missing = [column.title for column in self.columns if column.must and column not in found]
        if missing:
            raise FileWrong("columns_missing", columns="、".join(missing), sheet=self.zh)
        return found


def _folded(heading: str) -> str:
    return heading.strip().strip("*＊\ufeff").strip().lower()


@cache
def sheets() -> Mapping[str, Sheet]:
    """Every sheet by its name, in the order in which they can refer to each other."""
    with (Path(__file__).parent / "sheets.toml").open("rb") as file:
        found: dict[str, Any] = tomllib.load(file)
    return {name: _sheet(name, found[name]) for name in NAMES}


def _sheet(name: str, row: Mapping[str, Any]) -> Sheet:
    columns = tuple(
        Column(
            name=spec["name"],
            zh=spec["zh"],
            also=tuple(spec.get("also", ())),
            read=reader(spec),
            must=bool(spec.get("must", False)),
            example=spec["example"],
            note=spec["note"],
        )
        for spec in row["columns"]
    )
    return Sheet(name, row["zh"], columns)


def named(text: str) -> Sheet | None:
    """The sheet that a file's or a worksheet's name begins with (members-2026, 会员名单)."""
    folded = _folded(text)
    for sheet in sheets().values():
        if folded.startswith((sheet.name, sheet.zh)):
            return sheet
    return None


def empty(cells: Sequence[object]) -> bool:
    """Whether nothing stands in a row."""
    return all(cell is None or (type(cell) is str and not cell.strip()) for cell in cells)
