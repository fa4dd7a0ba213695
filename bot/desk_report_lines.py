"""The report of the desks as it is shown: a table in the terminal, CSV, and a page that loads nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from html import escape
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from actions.desk_report import DeskReport, desk
from actions.house import House
from actions.report import BadPeriod
from actions.words import Words
from bot.report_lines import percent, stars
from bot.report_page import _STYLE, DRAWN, _bars
from bot.troubles import Trouble
from domain.desk_report import DeskBy, DeskLine

_WIDE = 200


def minutes(value: float | None) -> str:
    """Minutes of working time; hours from two of them on."""
    if value is None:
        return "—"
    return f"{value:.1f}" if value < 120 else f"{value / 60:.1f}h"


# What stands in the columns after the name; the headings are among the words (`report_desk_…`).
COLUMNS: tuple[tuple[str, Callable[[DeskLine], str]], ...] = (
    ("opened", lambda line: f"{line.opened:,}"),
    ("waiting", lambda line: f"{line.waiting:,}"),
    ("first_reply", lambda line: minutes(line.first_reply)),
    ("first_reply_p90", lambda line: minutes(line.first_reply_p90)),
    ("first_in_time_rate", lambda line: percent(line.first_in_time_rate)),
    ("resolved", lambda line: f"{line.resolved:,}"),
    ("resolution", lambda line: minutes(line.resolution)),
    ("resolved_in_time_rate", lambda line: percent(line.resolved_in_time_rate)),
    ("lost", lambda line: f"{line.lost:,}"),
    ("reopened", lambda line: f"{line.reopened:,}"),
    ("rating", lambda line: stars(line.rating)),
)
FIELDS = (
    "key name opened waiting answered first_in_time first_late first_in_time_rate first_reply first_reply_p90 resolved "
    "resolved_in_time resolved_late resolved_in_time_rate resolution lost reopened rated rating"
).split()


def values(line: DeskLine) -> dict[str, str | int | float | None]:
    """A line for programs; times in minutes, rates from 0 to 1."""
    found = {name: getattr(line, name) for name in FIELDS}
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in found.items()}


def as_csv(report: DeskReport) -> str:
    """The lines as CSV with a mark of UTF-8; the total is not among them."""
    out = io.StringIO()
    rows = csv.DictWriter(out, FIELDS, lineterminator="\n")
    rows.writeheader()
    for line in report.lines:
        row = values(line)
        name = str(row["name"])
        # A name that a spreadsheet would take for a formula is text.
        rows.writerow(row | {"name": f"'{name}" if name.startswith(("=", "+", "-", "@")) else name})
    return "\ufeff" + out.getvalue()


def page(report: DeskReport, words: Words) -> str:
    """The whole page. It loads nothing, and runs nothing."""

    def word(name: str, **gaps: object) -> str:
        return escape(words.say(f"report_{name}", **gaps))

    title = f"{word('desk_title')} · {word(f'by_{report.by}')}"
    period = word("period", first=report.first.isoformat(), last=report.last.isoformat())
    head = "".join(f"<th>{word(name)}</th>" for name in ("name", *(f"desk_{name}" for name, _ in COLUMNS)))
    rows = "".join(
        f"<tr><td>{escape(line.name)}</td>{''.join(f'<td>{show(line)}</td>' for _, show in COLUMNS)}</tr>"
        for line in (*report.lines, report.total)
    )
    plots = (
        f'<div class="plots">{_plots(report, word)}</div>'
        if report.lines
        else f"<p>{word('desk_nothing')}</p>"
    )
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{title}</title><style>{_STYLE}</style></head><body><h1>{title}</h1><p class="period">{period}</p>{plots}'
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
        f'<p class="notes">{word("desk_notes")}</p></body></html>\n'
    )


def _plots(report: DeskReport, word: Callable[..., str]) -> str:
    drawn = report.lines[:DRAWN]
    most = max(line.opened for line in drawn)
    slow = max((line.first_reply or 0.0 for line in drawn), default=0.0) or 1.0
    long = max((line.resolution or 0.0 for line in drawn), default=0.0) or 1.0
    return "".join(
        (
            _bars(word("desk_opened"), "one", [(x.name, x.opened / most, f"{x.opened:,}") for x in drawn]),
            _bars(
                word("desk_first_reply"),
                "two",
                [(x.name, _part(x.first_reply, slow), minutes(x.first_reply)) for x in drawn],
            ),
            _bars(
                word("desk_first_in_time_rate"),
                "four",
                [(x.name, x.first_in_time_rate, percent(x.first_in_time_rate)) for x in drawn],
            ),
            _bars(
                word("desk_resolution"),
                "three",
                [(x.name, _part(x.resolution, long), minutes(x.resolution)) for x in drawn],
            ),
        )
    )


def _part(value: float | None, most: float) -> float | None:
    return None if value is None else value / most


def run(
    house: House, by: str, since: str | None, until: str | None, to_csv: Path | None, to_html: Path | None
) -> None:
    """`guanjia report desk`: print the table, or write the files. Raises Trouble."""
    if by not in list(DeskBy):
        raise Trouble(f"by what? one of {', '.join(DeskBy)}")
    try:
        with house.store.read() as unit:
            report = desk(house, unit, None, DeskBy(by), _day(since), _day(until))
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


def _print(report: DeskReport, words: Words) -> None:
    console = Console()
    if not console.is_terminal:
        console.width = _WIDE
    period = words.say("report_period", first=report.first, last=report.last)
    table = Table(title=f"{words.say('report_desk_title')} {words.say(f'report_by_{report.by}')} {period}")
    table.add_column(words.say("report_name"), overflow="fold")
    for name, _ in COLUMNS:
        table.add_column(words.say(f"report_desk_{name}"), justify="right")
    for line in report.lines:
        table.add_row(line.name, *(show(line) for _, show in COLUMNS))
    if not report.lines:
        table.caption = words.say("report_desk_nothing")
    else:
        table.add_section()
        table.add_row(report.total.name, *(show(report.total) for _, show in COLUMNS), style="bold")
    console.print(table)
