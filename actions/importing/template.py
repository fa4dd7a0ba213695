"""An empty file to fill in: the headings, and one line that explains them."""

from __future__ import annotations

import csv
import io

from actions.importing.sheets import Column, Sheet

# A line that begins with this is not read.
COMMENT = "#"


def template(sheet: Sheet) -> str:
    """The headings (`*` marks what must be filled in) and a line of examples, as CSV; the line is not read back."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow([f"{column.zh}*" if column.must else column.zh for column in sheet.columns])
    first, *rest = (_explained(column) for column in sheet.columns)
    lines.writerow([f"{COMMENT} {first}", *rest])
    return out.getvalue()


def _explained(column: Column) -> str:
    if not column.note:
        return column.example
    return f"{column.example}（{column.note}）" if column.example else column.note
