"""The way of a file: every row checked first, in one pass that writes nothing; then all of it in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

from actions.house import House
from actions.importing import alliance, benefits, crew, people
from actions.importing.cells import tidy
from actions.importing.desk import CHANGED, NEW, Batch, Carried, Desk, Handler, Row
from actions.importing.problems import FileWrong, Problem, Refused
from actions.importing.reading import Cells, Table, opened
from actions.importing.sheets import Column, Sheet
from domain.store import Unit
from domain.store.spool import Spool

AT_ONCE = 5_000
# How many rows are read between two steps of the bar.
_STEP = 1_000
_HANDLERS = {
    "members": Handler("pe", people.member_keys, people.take_members),
    "families": Handler("ks", people.family_keys, people.take_families),
    "plans": Handler("bf", benefits.plan_keys, benefits.take_plans),
    "grants": Handler("en", benefits.grant_keys, benefits.take_grants),
    "providers": Handler("of", alliance.provider_keys, alliance.take_providers),
    "sites": Handler("rm", alliance.site_keys, alliance.take_sites),
    "staff": Handler("sf", crew.staff_keys, crew.take_staff),
    "certificates": Handler("ct", crew.certificate_keys, crew.take_certificates),
}


@dataclass
class Counts:
    """What came of the rows of a sheet."""

    new: int = 0
    changed: int = 0
    same: int = 0
    bad: int = 0


@dataclass
class Outcome:
    """What came of a file: nothing of it is written where a row of it is bad."""

    file: str
    sheets: dict[str, Counts] = field(default_factory=dict)
    problems: int = 0
    written: bool = False

    @property
    def rows(self) -> int:
        return sum(c.new + c.changed + c.same + c.bad for c in self.sheets.values())


@dataclass(frozen=True)
class Progress:
    """How far a file is: `check` in bytes or rows of the file, `write` in rows; both of `total`."""

    file: str
    step: str
    done: int
    total: int


@dataclass(frozen=True)
class Listener:
    """Who hears of the run: each problem as it is found, and how far it is."""

    problem: Callable[[Problem], None] = lambda _: None
    progress: Callable[[Progress], None] = lambda _: None
    # Called with the file's name and its rows when all of them are good and none is written; what it raises ends the run.
    writing: Callable[[str, int], None] = lambda *_: None


def import_files(
    house: House,
    files: Sequence[Path],
    listener: Listener,
    *,
    sheet: Sheet | None = None,
    dry_run: bool = False,
) -> list[Outcome]:
    """Take files in, one after the other; each wholly or not at all.

    `sheet` says what stands in them where their names do not. A dry run checks each as if those before it had been
    taken, and writes nothing. The same file a second time changes nothing. Raises OSError where a file is not there.
    """
    outcomes = []
    carried = Carried()
    with Spool() as spool:
        for number, path in enumerate(files):
            file = _File(house, spool, number, path, listener, deepcopy(carried))
            outcome = file.take(sheet, dry_run=dry_run)
            if outcome.problems or not dry_run:
                # What has been written is found in the store, and what has been refused nobody may refer to.
                spool.forget(number)
            else:
                carried = file.carried
            spool.drop_batches()
            outcomes.append(outcome)
    return outcomes


class _File:
    def __init__(
        self, house: House, spool: Spool, number: int, path: Path, listener: Listener, carried: Carried
    ) -> None:
        self.house, self.spool, self.number, self.path, self.listener = house, spool, number, path, listener
        self.carried = carried
        self.outcome = Outcome(path.name)

    def take(self, sheet: Sheet | None, *, dry_run: bool) -> Outcome:
        try:
            with self.house.store.read() as unit, opened(self.path, sheet) as tables:
                self._check(unit, tables)
        except FileWrong as wrong:
            self._say(wrong.line, None, wrong, None)
        if not self.outcome.problems and not dry_run:
            self.listener.writing(self.path.name, self.outcome.rows)
            self._write()
            self.outcome.written = True
        return self.outcome

    def _check(self, unit: Unit, tables: Iterator[Table]) -> None:
        desk = Desk(self.house, unit, self.spool, self.number, lambda *_: None, self.carried)
        rows = 0
        for table in tables:
            desk.told = self._teller(table)
            before = rows
            for batch in self._batches(table):
                self._look(desk, table.sheet, batch)
                rows += len(batch)
            if rows == before:
                raise FileWrong("no_rows")

    def _teller(self, table: Table) -> Callable[[Row, str | None, Refused], None]:
        def tell(row: Row, name: str | None, refused: Refused) -> None:
            column = next((c for c in table.sheet.columns if c.name == name), None)
            self._say(row.line, column, refused, table.title)

        return tell

    def _say(self, line: int, column: Column | None, refused: Refused, title: str | None) -> None:
        self.outcome.problems += 1
        named = column.title if column is not None else None
        self.listener.problem(Problem(self.path.name, line, refused.code, named, title, refused.gaps))

    def _batches(self, table: Table) -> Iterator[list[Row]]:
        """Rows as they are read, some thousand at a time."""
        rows: list[Row] = []
        told = self._teller(table)
        for number, (line, cells) in enumerate(table.rows, 1):
            rows.append(_read(table.columns, line, cells, told))
            if number % _STEP == 0:
                self._progress("check", table.done(), table.total)
            if len(rows) >= AT_ONCE:
                yield rows
                rows = []
        if rows:
            yield rows
        self._progress("check", table.total, table.total)

    def _look(self, desk: Desk, sheet: Sheet, rows: list[Row]) -> None:
        handler = _HANDLERS[sheet.name]
        handler.claim(desk, rows)
        handler.take(desk, [row for row in rows if not row.bad])
        counts = self.outcome.sheets.setdefault(sheet.name, Counts())
        for row in rows:
            if row.bad:
                counts.bad += 1
            elif row.outcome == NEW:
                counts.new += 1
            elif row.outcome == CHANGED:
                counts.changed += 1
            else:
                counts.same += 1
        done, desk.batch = desk.batch, Batch()
        done.rows = len(rows)
        if not self.outcome.problems:
            self.spool.keep((dict(done.clear), dict(done.insert), dict(done.update), done.rows))

    def _write(self) -> None:
        """All batches in one transaction. Raises OutOfDate where the store has changed since the check."""
        total, done = self.outcome.rows, 0
        with self.house.store.write() as unit:
            for clear, insert, update, rows in self.spool.batches():
                for (table, column), values in clear.items():
                    unit.imports.clear(table, column, values)
                unit.imports.insert(insert)
                for table, changes in update.items():
                    unit.imports.update(table, changes)
                done += rows
                self._progress("write", done, total)

    def _progress(self, step: str, done: int, total: int) -> None:
        self.listener.progress(Progress(self.path.name, step, done, max(total, done, 1)))


def _read(
    columns: Sequence[Column | None],
    line: int,
    cells: Cells,
    told: Callable[[Row, str | None, Refused], None],
) -> Row:
    """A row with every cell read; what can not be read is said, cell by cell."""
    row = Row(line, {})
    values = row.values
    for column, cell in zip(columns, cells, strict=False):
        try:
            text = tidy(cell)
            if column is None:
                if text:
                    raise Refused("no_heading")
            elif text:
                values[column.name] = column.read(text)
        except Refused as refused:
            row.bad = True
            told(row, column.name if column else None, refused)
            if column is not None:
                # So that it is not said once more that the cell is empty.
                values.setdefault(column.name, None)
    if len(cells) > len(columns) and any(str(cell or "").strip() for cell in cells[len(columns) :]):
        row.bad = True
        told(row, None, Refused("too_many_cells"))
    for column in columns:
        if column is not None and column.must and column.name not in values:
            row.bad = True
            told(row, column.name, Refused("must"))
    return row
