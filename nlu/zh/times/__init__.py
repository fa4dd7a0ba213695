"""Chinese times: what day and hour somebody means. Never taken wrongly in silence: what is open is in `doubts`."""

from __future__ import annotations

from datetime import datetime

from nlu.zh.tables import CalendarTables
from nlu.zh.times.combine import read
from nlu.zh.times.model import NONE, TimeExpr
from nlu.zh.times.whole import side_by_side

__all__ = ["TimeExpr", "find", "first", "several"]
_LONGEST = 2000


def find(text: str, now: datetime, tables: CalendarTables | None = None) -> list[TimeExpr]:
    """All times in a sentence, in order, not overlapping. `now` is aware; everything is reckoned in Shanghai."""
    return [expr for expr, _ in read(text[:_LONGEST], now, tables)]


def several(text: str, now: datetime, tables: CalendarTables | None = None) -> TimeExpr | None:
    """「周三和周五上午」 as a rule for as many visits; None where not several days are named side by side."""
    return side_by_side(text[:_LONGEST], find(text, now, tables))


def first(text: str, now: datetime, tables: CalendarTables | None = None) -> TimeExpr:
    """The first time in a sentence; in a correction (不是明天，是后天) the corrected one; kind `none` where there is none."""
    found = read(text[:_LONGEST], now, tables)
    if not found:
        return NONE
    corrected = [expr for expr, lead in found if lead == "rather"]
    if corrected and len(found) > 1:
        return corrected[-1]
    wanted = [expr for expr, lead in found if lead != "not_this"]
    shut = [expr for expr, lead in found if lead == "not_this"]
    if shut and all(expr.kind == "vague" for expr in wanted):
        shut_out = shut[0]
        return TimeExpr("vague", None, None, shut_out.text, shut_out.start, shut_out.end, ("exclusion",))
    # A point or a range says more than a length of time or a vague word beside it.
    telling = [expr for expr in wanted if expr.kind in ("point", "range", "recurring")]
    return telling[0] if telling and wanted[0].kind in ("vague", "duration") else wanted[0]
