"""`guanjia import`: files on the command line, a bar while they are read, every problem on a line of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import typer
from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from actions.house import House
from actions.importing import Listener, Outcome, Problem, Progress, import_files, sheets, template
from bot.presence import is_open
from bot.troubles import Trouble
from domain.errors import OutOfDate

# On SQLite one transaction keeps every other writer waiting; it writes about so many rows a second.
ROWS_A_SECOND = 20_000
# So long a live reply may wait for it; beyond that it would be said to be slow, and beyond fifteen seconds fail.
MOST_SECONDS = 5
_STEPS = {"check": "checking", "write": "writing"}


def print_template(name: str) -> None:
    """An empty file for a sheet. Raises Trouble for a name that is none."""
    if name not in sheets():
        raise Trouble(f"there is no sheet {name}; the sheets are {', '.join(sheets())}")
    typer.echo(template(sheets()[name]), nl=False)


def take(house: House, files: list[Path], sheet: str | None, *, dry_run: bool) -> bool:
    """Take files in, telling of it; whether all of them were good. Raises Trouble for what is no file or no sheet."""
    if sheet is not None and sheet not in sheets():
        raise Trouble(f"there is no sheet {sheet}; the sheets are {', '.join(sheets())}")
    for path in files:
        if not path.is_file():
            raise Trouble(f"there is no file {path}")
    known = sheets()[sheet] if sheet is not None else None
    with _Bars(house) as bars:
        try:
            outcomes = import_files(
                house,
                files,
                Listener(bars.problem, bars.progress, lambda file, rows: _hold_up(house, file, rows)),
                sheet=known,
                dry_run=dry_run,
            )
        except OutOfDate:
            raise Trouble(
                "somebody changed the same data meanwhile; nothing of this file was written"
            ) from None
    for outcome in outcomes:
        typer.echo(told(outcome, dry_run=dry_run))
    return not any(outcome.problems for outcome in outcomes)


def _hold_up(house: House, file: str, rows: int) -> None:
    """Say how long others wait. Raises Trouble where that is too long for a butler that serves from the same file."""
    if not house.store.is_sqlite or not is_open(house.store):
        return
    seconds = max(1, round(rows / ROWS_A_SECOND))
    if seconds > MOST_SECONDS:
        raise Trouble(
            f"{file}: {rows} rows would keep the butler from answering for about {seconds} s; nothing of it was "
            "written. Stop the butler first, split the file, or use PostgreSQL"
        )
    typer.echo(f"{file}: while it is written the butler waits, for about {seconds} s", err=True)


def told(outcome: Outcome, *, dry_run: bool) -> str:
    """One line about a file."""
    counts = "; ".join(
        f"{name} {count.new} new, {count.changed} changed, {count.same} unchanged"
        + (f", {count.bad} bad" if count.bad else "")
        for name, count in outcome.sheets.items()
    )
    if outcome.problems:
        end = f"{outcome.problems} problems: nothing of this file was written"
    else:
        end = "dry run: nothing was written" if dry_run else "written"
    return f"{outcome.file}: {f'{counts}; ' if counts else ''}{end}"


class _Bars:
    """A bar for each step of each file; problems go above them, to standard output."""

    def __init__(self, house: House) -> None:
        self._words = house.words
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"))
        self._bars = Bars(*columns, TimeRemainingColumn(), console=Console(stderr=True))
        self._tasks: dict[tuple[str, str], TaskID] = {}

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def problem(self, problem: Problem) -> None:
        typer.echo(problem.told(self._words))

    def progress(self, step: Progress) -> None:
        key = (step.file, step.step)
        if key not in self._tasks:
            self._tasks[key] = self._bars.add_task(f"{_STEPS[step.step]} {step.file}", total=step.total)
        self._bars.update(self._tasks[key], completed=step.done, total=step.total)
