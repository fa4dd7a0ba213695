"""A report's lines as they are shown: the columns of the table and the page, and the same as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from actions.report import Report
from domain.reports import Fulfilment


def percent(rate: float | None) -> str:
    return "—" if rate is None else f"{rate:.1%}"


def stars(rating: float | None) -> str:
    return "—" if rating is None else f"{rating:.2f}"


# What stands in the columns of the table and of the page, after the name; the headings are among the words.
COLUMNS: tuple[tuple[str, Callable[[Fulfilment], str]], ...] = (
    ("booked", lambda line: f"{line.booked:,}"),
    ("cancelled", lambda line: f"{line.cancelled:,}"),
    ("ahead", lambda line: f"{line.ahead:,}"),
    ("verified", lambda line: f"{line.verified:,}"),
    ("verified_rate", lambda line: percent(line.verified_rate)),
    ("late", lambda line: f"{line.late:,}"),
    ("late_rate", lambda line: percent(line.late_rate)),
    ("no_shows", lambda line: f"{line.no_shows:,}"),
    ("no_show_rate", lambda line: percent(line.no_show_rate)),
    ("rating", lambda line: stars(line.rating)),
)
FIELDS = (
    "key name booked cancelled ahead came verified verified_rate late late_rate nobody_home nobody_came no_show_rate failed "
    "rated rating"
).split()


def values(line: Fulfilment) -> dict[str, str | int | float | None]:
    """A line with its rates as numbers (0 to 1), for programs."""
    found = {name: getattr(line, name) for name in FIELDS}
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in found.items()}


def as_csv(report: Report) -> str:
    """The lines as CSV with a mark of UTF-8, so that Excel reads the Chinese; rates from 0 to 1, the total not among them."""
    out = io.StringIO()
    lines = csv.DictWriter(out, FIELDS, lineterminator="\n")
    lines.writeheader()
    lines.writerows({k: _harmless(v) for k, v in values(line).items()} for line in report.lines)
    return "\ufeff" + out.getvalue()


def _harmless(value: str | float | None) -> str | int | float | None:
    """A name that a spreadsheet would take for a formula is text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@")) else value
