"""Reports as they are shown: the columns of the table and the page, what is drawn, and the same as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from actions.report import Report
from domain.desk_report import DeskLine
from domain.reports import Fulfilment, Satisfaction


def percent(rate: float | None) -> str:
    return "—" if rate is None else f"{rate:.1%}"


def stars(rating: float | None) -> str:
    return "—" if rating is None else f"{rating:.2f}"


def signed(score: float | None) -> str:
    return "—" if score is None else f"{score:+.0f}"


def minutes(value: float | None) -> str:
    """Minutes of working time; hours from two of them on."""
    if value is None:
        return "—"
    return f"{value:.1f}" if value < 120 else f"{value / 60:.1f}h"


def counted(name: str) -> Callable[[Any], str]:
    """A column of whole numbers."""
    return lambda line: f"{getattr(line, name):,}"


def shared(name: str) -> Callable[[Any], str]:
    """A column of parts of a whole."""
    return lambda line: percent(getattr(line, name))


@dataclass(frozen=True)
class Plot:
    """Bars of one column in a colour of the page. `of` is the length that fills the width; None: the greatest does.

    `least` is the value that has no length.
    """

    name: str
    colour: str
    of: float | None = None
    least: float = 0.0


@dataclass(frozen=True)
class Layout:
    """How one report is shown. `word` names it among the words (`report_title…`, `report_notes…`); `columns` come after
    the name, with headings among the words; `fields` are for programs; `sums` stand on top of the page.
    """

    word: str
    columns: tuple[tuple[str, Callable[[Any], str]], ...]
    fields: tuple[str, ...]
    sums: tuple[str, ...]
    plots: tuple[Plot, ...]


FULFILMENT = Layout(
    word="",
    columns=(
        ("booked", counted("booked")),
        ("cancelled", counted("cancelled")),
        ("ahead", counted("ahead")),
        ("verified", counted("verified")),
        ("verified_rate", shared("verified_rate")),
        ("late", counted("late")),
        ("late_rate", shared("late_rate")),
        ("no_shows", counted("no_shows")),
        ("no_show_rate", shared("no_show_rate")),
        ("rating", lambda line: stars(line.rating)),
    ),
    fields=(
        "key",
        "name",
        "booked",
        "cancelled",
        "ahead",
        "came",
        "verified",
        "verified_rate",
        "late",
        "late_rate",
        "nobody_home",
        "nobody_came",
        "no_show_rate",
        "failed",
        "rated",
        "rating",
    ),
    sums=("booked", "verified_rate", "late_rate", "no_show_rate", "rating"),
    plots=(
        Plot("booked", "one"),
        Plot("verified_rate", "four", of=1),
        # Rates that are small are drawn against the greatest of them, or nobody could tell one bar from another.
        Plot("late_rate", "two"),
        Plot("no_show_rate", "three"),
        Plot("rating", "one", of=5),
    ),
)
SATISFACTION = Layout(
    word="_satisfaction",
    columns=(
        ("visits", counted("visits")),
        ("asked", counted("asked")),
        ("answered", counted("answered")),
        ("response_rate", shared("response_rate")),
        ("rated", counted("rated")),
        ("mean", lambda line: stars(line.mean)),
        ("good_rate", shared("good_rate")),
        ("recommended", counted("recommended")),
        ("recommendation", lambda line: signed(line.recommendation)),
        ("complaints", counted("complaints")),
    ),
    fields=(
        "key",
        "name",
        "visits",
        "asked",
        "answered",
        "response_rate",
        "rated",
        "mean",
        "good",
        "good_rate",
        "recommended",
        "promoters",
        "detractors",
        "recommendation",
        "complaints",
    ),
    sums=("response_rate", "mean", "good_rate", "recommendation", "complaints"),
    plots=(
        Plot("response_rate", "one", of=1),
        Plot("mean", "four", of=5),
        Plot("good_rate", "four", of=1),
        Plot("recommendation", "two", of=100, least=-100),
        Plot("complaints", "three"),
    ),
)

DESK = Layout(
    word="_desk",
    columns=(
        ("opened", counted("opened")),
        ("waiting", counted("waiting")),
        ("first_reply", lambda line: minutes(line.first_reply)),
        ("first_reply_p90", lambda line: minutes(line.first_reply_p90)),
        ("first_in_time_rate", shared("first_in_time_rate")),
        ("resolved", counted("resolved")),
        ("resolution", lambda line: minutes(line.resolution)),
        ("resolved_in_time_rate", shared("resolved_in_time_rate")),
        ("lost", counted("lost")),
        ("reopened", counted("reopened")),
        ("rating", lambda line: stars(line.rating)),
    ),
    fields=(
        "key",
        "name",
        "opened",
        "waiting",
        "answered",
        "first_in_time",
        "first_late",
        "first_in_time_rate",
        "first_reply",
        "first_reply_p90",
        "resolved",
        "resolved_in_time",
        "resolved_late",
        "resolved_in_time_rate",
        "resolution",
        "lost",
        "reopened",
        "rated",
        "rating",
    ),
    sums=("opened", "first_reply", "first_in_time_rate", "resolution", "resolved_in_time_rate"),
    plots=(
        Plot("opened", "one"),
        Plot("first_reply", "two"),
        Plot("first_in_time_rate", "four", of=1),
        Plot("resolution", "three"),
    ),
)
_LAYOUTS: dict[type, Layout] = {Fulfilment: FULFILMENT, Satisfaction: SATISFACTION, DeskLine: DESK}


def layout(report: Report[Any]) -> Layout:
    """How a report is shown, by what its lines are."""
    return _LAYOUTS[type(report.total)]


def values(line: Fulfilment | Satisfaction | DeskLine) -> dict[str, str | int | float | None]:
    """A line with its rates as numbers (0 to 1) and its times in minutes, for programs."""
    found = {name: getattr(line, name) for name in _LAYOUTS[type(line)].fields}
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in found.items()}


def as_csv(report: Report[Any]) -> str:
    """The lines as CSV with a mark of UTF-8, so that Excel reads the Chinese; rates from 0 to 1, the total not among them."""
    out = io.StringIO()
    lines = csv.DictWriter(out, layout(report).fields, lineterminator="\n")
    lines.writeheader()
    lines.writerows({k: _harmless(v) for k, v in values(line).items()} for line in report.lines)
    return "\ufeff" + out.getvalue()


def _harmless(value: str | float | None) -> str | int | float | None:
    """A name that a spreadsheet would take for a formula is text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@")) else value
