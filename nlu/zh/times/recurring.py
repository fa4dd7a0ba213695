"""What comes again and again, as RFC 5545 rules (lunar ones with RFC 7529's RSCALE)."""

from __future__ import annotations

import re

from nlu.zh.numbers import to_int
from nlu.zh.times.lexemes import Lexeme

_BY = {
    "一": "MO",
    "二": "TU",
    "三": "WE",
    "四": "TH",
    "五": "FR",
    "六": "SA",
    "日": "SU",
    "天": "SU",
    "末": "SA",
} | dict(zip("1234567", ("MO", "TU", "WE", "TH", "FR", "SA", "SU"), strict=True))
_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}
_CHINESE = "RSCALE=CHINESE;"


def rule(lexeme: Lexeme) -> tuple[str, str, tuple[str, ...]] | None:
    """(rule without hours, grain, doubts) of a recurring lexeme; None for another kind."""
    finder = _RULES.get(lexeme.kind)
    return finder(lexeme) if finder else None


Rule = tuple[str, str, tuple[str, ...]]


def _daily(lexeme: Lexeme) -> Rule:
    hours = {"早晚": ";BYHOUR=8,20", "早中晚": ";BYHOUR=8,11,18"}
    return "FREQ=DAILY" + next((v for k, v in hours.items() if lexeme.text.endswith(k)), ""), "day", ()


def _every(lexeme: Lexeme) -> Rule:
    # 隔一天 and 每隔一天 are both every second day.
    return f"FREQ=DAILY;INTERVAL={(to_int(lexeme.groups.get('gap', '一')) or 1) + 1}", "day", ()


def _weekly(lexeme: Lexeme) -> Rule:
    said = lexeme.groups.get("rw", lexeme.text)
    days = list(dict.fromkeys(_BY[c] for c in said if c in _BY))
    return f"FREQ=WEEKLY;BYDAY={','.join(days)}", "day", ()


def _weeks(lexeme: Lexeme) -> Rule:
    every = to_int(lexeme.groups.get("rwn", "两")) or 2
    return f"FREQ=WEEKLY;INTERVAL={every};BYDAY={_BY[lexeme.groups['rww']]}", "day", ()


def _span(lexeme: Lexeme) -> Rule:
    """每周一到周五."""
    groups, week = lexeme.groups, ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
    first, last = _BY[groups.get("rsa") or groups["rsc"]], _BY[groups.get("rsb") or groups["rsd"]]
    begin, end = week.index(first), week.index(last)
    days = week[begin : end + 1] if begin <= end else (*week[: end + 1], *week[begin:])
    return f"FREQ=WEEKLY;BYDAY={','.join(days)}", "day", ()


def _times(lexeme: Lexeme) -> Rule:
    return "FREQ=WEEKLY", "week", (f"times_{to_int(lexeme.groups['times'])}",)


def _work(lexeme: Lexeme) -> Rule:
    days = "SA,SU" if lexeme.text.endswith("周末") else "MO,TU,WE,TH,FR"
    return f"FREQ=WEEKLY;BYDAY={days}", "day", ()


def _lunar(lexeme: Lexeme) -> Rule:
    groups, asked = lexeme.groups, ("lunar_or_solar",)
    if "逢五逢十" in lexeme.text:
        return f"{_CHINESE}FREQ=MONTHLY;BYMONTHDAY=5,10,15,20,25,30", "day", asked
    if groups.keys() & {"rl", "rc", "ra"}:
        said = groups.get("rl") or groups.get("ra") or groups["rc"]
        day = to_int(said.removeprefix("初")) or 1
        return f"{_CHINESE}FREQ=MONTHLY;BYMONTHDAY={day}", "day", ()
    return f"{_CHINESE}FREQ=MONTHLY;BYMONTHDAY=1,15", "day", () if "历" in lexeme.text else asked


def _yearly(lexeme: Lexeme) -> Rule:
    said = lexeme.groups["rym"]
    month, day = _LUNAR_MONTHS.get(said) or to_int(said) or 1, to_int(lexeme.groups["ryd"]) or 1
    lunar = said in _LUNAR_MONTHS or "历" in lexeme.text or "初" in lexeme.text
    return f"{_CHINESE if lunar else ''}FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}", "day", ()


def _monthly(lexeme: Lexeme) -> Rule:
    if "rb" in lexeme.groups:
        # 初一、十五 are lunar to most: which one was meant is read back with its days.
        return f"FREQ=MONTHLY;BYMONTHDAY={to_int(lexeme.groups['rb']) or 1}", "day", ("lunar_or_solar",)
    if "rm" not in lexeme.groups:
        return "FREQ=MONTHLY", "month", ()
    days = [to_int(said) or 1 for said in re.split("[号日、,，和跟]+", lexeme.groups["rm"]) if said]
    return f"FREQ=MONTHLY;BYMONTHDAY={','.join(map(str, days))}", "day", ()


_RULES = {
    "recur_day": _daily,
    "recur_days": _every,
    "recur_week": _weekly,
    "recur_weeks": _weeks,
    "recur_span": _span,
    "recur_times": _times,
    "recur_work": _work,
    "recur_lunar": _lunar,
    "recur_year": _yearly,
    "recur_month": _monthly,
}
