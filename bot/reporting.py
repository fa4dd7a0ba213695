"""`guanjia report`: a report as a table in the terminal, as CSV, and as a page."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from actions.house import House
from actions.report import BadPeriod, Report
from actions.report import fulfilment as made
from actions.words import Words
from bot.report_lines import COLUMNS, as_csv
from bot.report_page import page
from bot.troubles import Trouble
from domain.reports import By

# Without a terminal there is no width to keep to.
_WIDE = 200


def fulfilment(
    house: House, by: str, since: str | None, until: str | None, to_csv: Path | None, to_html: Path | None
) -> None:
    """Print the table, or write the files. Raises Trouble for what is no day, no period, or nothing to report by."""
    if by not in list(By):
        raise Trouble(f"by what? one of {', '.join(By)}")
    try:
        with house.store.read() as unit:
            report = made(house, unit, None, By(by), _day(since), _day(until))
    except BadPeriod:
        raise Trouble("the period ends before it begins, or is longer than ten years") from None
    if to_csv is not None:
        to_csv.write_text(as_csv(report), encoding="utf-8")
    if to_html is not None:
        to_html.write_text(page(report, house.words), encoding="utf-8")
    for path in (to_csv, to_html):
        if path is not None:
            typer.echo(f"{path}: {len(report.lines)} lines")
    if to_csv is None and to_html is None:
        _print(report, house.words)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Trouble(f"{text} is no day; write it as 2026-11-01") from None


def _print(report: Report, words: Words) -> None:
    console = Console()
    if not console.is_terminal:
        console.width = _WIDE
    period = words.say("report_period", first=report.first, last=report.last)
    table = Table(title=f"{words.say(f'report_by_{report.by}')} {period}")
    table.add_column(words.say("report_name"), overflow="fold")
    for name, _ in COLUMNS:
        table.add_column(words.say(f"report_{name}"), justify="right")
    for line in report.lines:
        table.add_row(line.name, *(show(line) for _, show in COLUMNS))
    if not report.lines:
        table.caption = words.say("report_nothing")
    else:
        table.add_section()
        table.add_row(report.total.name, *(show(report.total) for _, show in COLUMNS), style="bold")
    console.print(table)
