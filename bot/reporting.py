"""`guanjia report`: a report as a table in the terminal, as CSV, and as a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from actions import desk_report, report
from actions.house import House
from actions.report import BadPeriod, Report
from actions.words import Words
from bot.report_lines import as_csv, layout
from bot.report_page import page
from bot.troubles import Trouble
from domain.desk_report import DeskBy
from domain.reports import By, SatisfactionBy

# Without a terminal there is no width to keep to.
_WIDE = 200


@dataclass(frozen=True)
class Wish:
    """What is asked for: by what, the days (both included), and the files that are to be written."""

    by: str
    since: str | None
    until: str | None
    to_csv: Path | None
    to_html: Path | None


def fulfilment(house: House, wish: Wish) -> None:
    """Print the table, or write the files. Raises Trouble for what is no day, no period, or nothing to report by."""
    _show(house, report.fulfilment, By, wish)


def satisfaction(house: House, wish: Wish) -> None:
    """The same for how what took place was liked."""
    _show(house, report.satisfaction, SatisfactionBy, wish)


def desk(house: House, wish: Wish) -> None:
    """The same for how the desks did."""
    _show(house, desk_report.desk, DeskBy, wish)


def _show(house: House, make: Callable[..., Report[Any]], kinds: type[StrEnum], wish: Wish) -> None:
    if wish.by not in list(kinds):
        raise Trouble(f"by what? one of {', '.join(kinds)}")
    try:
        with house.store.read() as unit:
            made = make(house, unit, None, kinds(wish.by), _day(wish.since), _day(wish.until))
    except BadPeriod:
        raise Trouble("the period ends before it begins, or is longer than ten years") from None
    if wish.to_csv is not None:
        wish.to_csv.write_text(as_csv(made), encoding="utf-8")
    if wish.to_html is not None:
        wish.to_html.write_text(page(made, house.words), encoding="utf-8")
    for path in (wish.to_csv, wish.to_html):
        if path is not None:
            typer.echo(f"{path}: {len(made.lines)} lines")
    if wish.to_csv is None and wish.to_html is None:
        _print(made, house.words)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Trouble(f"{text} is no day; write it as 2026-11-01") from None


def _print(made: Report[Any], words: Words) -> None:
    console, shown = Console(), layout(made)
    if not console.is_terminal:
        console.width = _WIDE
    period = words.say("report_period", first=made.first, last=made.last)
    table = Table(title=f"{words.say(f'report_by_{made.by}')} {period}")
    table.add_column(words.say("report_name"), overflow="fold")
    for name, _ in shown.columns:
        table.add_column(words.say(f"report_{name}"), justify="right")
    for line in made.lines:
        table.add_row(line.name, *(show(line) for _, show in shown.columns))
    if not made.lines:
        table.caption = words.say(f"report_nothing{shown.word}")
    else:
        table.add_section()
        table.add_row(made.total.name, *(show(made.total) for _, show in shown.columns), style="bold")
    console.print(table)
