"""A rule with what belongs to it elsewhere in the sentence: from when on, until when, at which further hours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from nlu.zh.times.model import TimeExpr

Found = tuple[TimeExpr, str]
_SINCE_BEFORE = re.compile("(?:从|自|打)$")
_SINCE_AFTER = re.compile("(?:开始|起(?!床|来|身))")
_UNTIL_BEFORE = re.compile("(?:到|至|直到)$")
_SPAN = re.compile("到|至|~|-")
_AND = re.compile("[、,，和跟与及 ]|还有|再加")
# Who says 「周三和周五都行」 wants one of them.
_EITHER = re.compile("都行|都可以|都成|都好|都有空|都能|随便|哪天|或|要么")
# What may stand between the two in one phrase.
_LINKS = re.compile("[，,、 的从自打到至直做一和跟与及]|还有|再加")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_MORNING = 8
_FEW = 7


def merged(text: str, found: list[Found]) -> list[Found]:
    """The times of a sentence, a lone rule with what belongs to it taken in."""
    rules = [number for number, (expr, _) in enumerate(found) if expr.kind == "recurring"]
    if not rules:
        return [(_begins(text, expr), lead) for expr, lead in found]
    if len(rules) != 1:
        return found
    place = rules[0]
    rule, lead = found[place]
    left: list[Found] = []
    for number, (expr, other) in enumerate(found):
        if number == place:
            continue
        taken = _taken(text, rule, expr)
        if taken is None:
            left.append((expr, other))
        else:
            rule = taken
    return sorted([*left, (rule, lead)], key=lambda each: each[0].start)


def _begins(text: str, expr: TimeExpr) -> TimeExpr:
    """「从下周开始」 by itself: from when on something is meant that was said before."""
    window = expr.window() if expr.grain != "hour" else None
    if window is None or _SINCE_AFTER.match(text, expr.end) is None:
        return expr
    return replace(expr, since=window[0].date().isoformat())


def _taken(text: str, rule: TimeExpr, expr: TimeExpr) -> TimeExpr | None:
    """The rule with this time taken in; None where it is another matter."""
    window = expr.window()
    if window is None:
        return None
    first, last = window[0].date(), (window[1] - timedelta(seconds=1)).date()
    since = _SINCE_AFTER.match(text, expr.end)
    from_there = _SINCE_BEFORE.search(text[: expr.start]) is not None
    if (since or from_there) and expr.grain != "hour":
        whole = _around(text, rule, expr, since.end() if since else expr.end)
        spans = since is None and _SPAN.search(expr.text) is not None
        return (
            _until(replace(whole, since=first.isoformat()), last)
            if spans
            else replace(whole, since=first.isoformat())
        )
    if _UNTIL_BEFORE.search(text[: expr.start]) is not None and "day" not in expr.doubts:
        return _until(_around(text, rule, expr, expr.end), last)
    between = text[rule.end : expr.start]
    if expr.start >= rule.end and between and not _AND.sub("", between) and "day" in expr.doubts:
        return _also_at(_around(text, rule, expr, expr.end), expr, window[0])
    return None


def _around(text: str, rule: TimeExpr, expr: TimeExpr, end: int) -> TimeExpr:
    """The rule with the words of both, where nothing of another matter stands between them."""
    between = text[rule.end : expr.start] if expr.start >= rule.end else text[end : rule.start]
    if _LINKS.sub("", between):
        return rule
    start, end = min(rule.start, expr.start), max(rule.end, end)
    return replace(rule, text=text[start:end], start=start, end=end)


def _until(rule: TimeExpr, last: date) -> TimeExpr:
    return replace(rule, value=f"{rule.value};UNTIL={last:%Y%m%d}")


def _also_at(rule: TimeExpr, expr: TimeExpr, begin: datetime) -> TimeExpr | None:
    """「每天早上和晚上」: a further hour, where both are of one kind and on the same minute."""
    parts = dict(part.split("=", 1) for part in str(rule.value).split(";"))
    exact = expr.kind == "point"
    if "BYHOUR" not in parts or exact != ("BYMINUTE" in parts):
        return None
    if exact and begin.minute != int(parts["BYMINUTE"]):
        return None
    hour = begin.hour if exact else max(begin.hour, _MORNING)
    parts["BYHOUR"] = f"{parts['BYHOUR']},{hour}"
    return replace(rule, value=";".join(f"{name}={value}" for name, value in parts.items()))


def side_by_side(text: str, found: Sequence[TimeExpr]) -> TimeExpr | None:
    """「周三和周五上午」: as many visits as days are named, as a rule of one week; None where it is something else."""
    if (
        _EITHER.search(text)
        or not 2 <= len(found) <= _FEW
        or any(e.kind not in ("point", "range") for e in found)
    ):
        return None
    gaps = [text[a.end : b.start] for a, b in pairwise(found)]
    if any(not gap or _AND.sub("", gap) for gap in gaps):
        return None
    windows = [expr.window() for expr in found]
    days = [window[0].date() for window in windows if window is not None]
    whole = [w is not None and w[1] - w[0] <= timedelta(days=1) for w in windows]
    apart = days[-1] - days[0] if days else timedelta()
    told = [set(e.doubts) & {"day", "past", "impossible", "weekday"} for e in found]
    if (
        not all(whole)
        or any(told)
        or days != sorted(set(days))
        or not timedelta() < apart < timedelta(days=_FEW)
    ):
        return None
    hours = {_hours(expr) for expr in found} - {""}
    if len(hours) > 1:
        return None
    said = ",".join(_DAYS[day.weekday()] for day in sorted(days, key=date.weekday))
    value = f"FREQ=WEEKLY;BYDAY={said}{''.join(hours)};COUNT={len(days)}"
    start, end = found[0].start, found[-1].end
    return TimeExpr("recurring", value, "day", text[start:end], start, end, since=days[0].isoformat())


def _hours(expr: TimeExpr) -> str:
    """The hours of one of these days, as a rule has them."""
    window = expr.window()
    assert window is not None
    if expr.kind == "point" and expr.grain != "day":
        return f";BYHOUR={window[0].hour};BYMINUTE={window[0].minute}"
    if expr.kind == "range" and expr.grain == "hour":
        return f";BYHOUR={max(window[0].hour, _MORNING)}"
    return ""
