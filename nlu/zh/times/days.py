"""Which day, or which span of days, a word means, seen from a day."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta

from nlu.zh.numbers import to_int
from nlu.zh.tables import CalendarTables
from nlu.zh.times import lunar
from nlu.zh.times.lexemes import DAYS, FESTIVAL_DAYS, SHORT, Lexeme

WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 5} | {
    str(n): n - 1 for n in range(1, 8)
}
_WEEKS = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "大下": 2, "下下": 2, "下下下": 3}
_MONTHS = {"上": -1, "上个": -1, "这": 0, "这个": 0, "本": 0, "下": 1, "下个": 1, "下下": 2, "下下个": 2}
_LUNAR_MONTHS = {"正": 1, "冬": 11, "冬月": 11, "腊": 12}
_OFFICIAL = {"国庆节": "国庆", "中秋节": "中秋", "清明节": "清明", "端午节": "端午", "五一": "劳动节"}


@dataclass(frozen=True)
class Span:
    """Days [first, end); one day where `grain` is `day`. `part` are hours that the word itself brought along."""

    first: date
    end: date
    grain: str
    doubts: tuple[str, ...] = ()
    part: tuple[int, int] | None = None


@dataclass(frozen=True)
class Unknown:
    """A word that names no day: impossible, or beyond what the tables know."""

    doubts: tuple[str, ...] = field(default=())


def one(day: date, *doubts: str, part: tuple[int, int] | None = None) -> Span:
    return Span(day, day + timedelta(days=1), "day", doubts, part)


def month_of(year: int, month: int) -> Span:
    first = date(year, month, 1)
    return Span(first, date(year + month // 12, month % 12 + 1, 1), "month")


def shifted_month(today: date, months: int) -> tuple[int, int]:
    total = today.year * 12 + today.month - 1 + months
    return total // 12, total % 12 + 1


def _section(whole: Span, name: str | None) -> Span:
    """The beginning, middle or end of a month: its ten days."""
    first = whole.first
    if name in ("初", "上旬"):
        return Span(first, first + timedelta(days=10), "day")
    if name in ("中旬", "中"):
        return Span(first + timedelta(days=10), first + timedelta(days=20), "day")
    if name in ("底", "下旬"):
        return Span(first + timedelta(days=20), whole.end, "day")
    return whole


def resolve(lexeme: Lexeme, today: date, tables: CalendarTables | None) -> Span | Unknown | None:
    """The days that a lexeme of a day kind means; None where it is of another kind."""
    finder = _FINDERS.get(lexeme.kind)
    return finder(lexeme, today, tables) if finder else None


def _day(lexeme: Lexeme, today: date, _: CalendarTables | None) -> Span:
    shift = DAYS[lexeme.text]
    return one(today + timedelta(days=shift), *(("past",) if shift < 0 else ()))


def _short(lexeme: Lexeme, today: date, _: CalendarTables | None) -> Span:
    shift, part = SHORT[lexeme.text]
    return one(today + timedelta(days=shift), *(("past",) if shift < 0 else ()), part=part)


def _weekday(lexeme: Lexeme, today: date, _: CalendarTables | None) -> Span:
    groups, monday = lexeme.groups, today - timedelta(days=today.weekday())
    wanted = WEEKDAYS[groups["wd"]]
    if "wp" in groups:
        first = monday + timedelta(days=7 * _WEEKS[groups["wp"]] + wanted)
    else:
        first = monday + timedelta(days=wanted)
        if first < today:
            first += timedelta(days=7)
    if groups["wd"] == "末":
        return Span(first, first + timedelta(days=2), "day")
    return one(first, *(("past",) if first < today else ()))


def _week(lexeme: Lexeme, today: date, _: CalendarTables | None) -> Span:
    groups, monday = lexeme.groups, today - timedelta(days=today.weekday())
    if "twod" in groups:
        return Span(today, today + timedelta(days=3), "day", ("approximate",))
    if "we" in groups:
        saturday = monday + timedelta(days=5 + (7 if groups["we"].startswith("下") else 0))
        return Span(saturday, saturday + timedelta(days=2), "day")
    first = monday + timedelta(days=7 * _WEEKS[groups["wkp"]])
    return Span(
        first, first + timedelta(days=7), "week", ("past",) if first + timedelta(days=7) <= today else ()
    )


def _year(said: str | None, today: date) -> int | None:
    if said is None:
        return None
    if said in ("今年", "明年", "后年"):
        return today.year + ("今年", "明年", "后年").index(said)
    number = to_int(said.removesuffix("年"))
    return None if number is None else number + 2000 if number < 100 else number


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_day(lexeme: Lexeme, today: date, _: CalendarTables | None) -> Span | Unknown | None:
    month, day = to_int(lexeme.groups["mm"]), to_int(lexeme.groups["md"])
    if month is None or day is None or not 1 <= month <= 12 or not 1 <= day <= 31:
        return Unknown(("impossible",))
    year = _year(lexeme.groups.get("my"), today)
    if year is not None:
        found = _make(year, month, day)
        return (
            Unknown(("impossible",)) if found is None else one(found, *(("past",) if found < today else ()))
        )
    if day > (29 if month == 2 else monthrange(2025, month)[1]):
        return Unknown(("impossible",))
    for candidate in range(today.year, today.year + 5):
        found = _make(candidate, month, day)
        if found is not None and found >= today:
            return one(found)
    return Unknown(("impossible",))


def _month(lexeme: Lexeme, today: date, _: CalendarTables | None) -> Span | Unknown | None:
    month = to_int(lexeme.groups["mo"])
    if month is None or not 1 <= month <= 12:
        return Unknown(("impossible",))
    year = _year(lexeme.groups.get("moy"), today) or today.year + (month < today.month)
    return _section(month_of(year, month), lexeme.groups.get("mop"))


def _this_month(lexeme: Lexeme, today: date, _: CalendarTables | None) -> Span | Unknown | None:
    year, month = shifted_month(today, _MONTHS[lexeme.groups["tm"]])
    if "tmd" in lexeme.groups:
        found = _make(year, month, to_int(lexeme.groups["tmd"]) or 0)
        return (
            Unknown(("impossible",)) if found is None else one(found, *(("past",) if found < today else ()))
        )
    return _section(month_of(year, month), lexeme.groups.get("tmp"))


def _month_edge(lexeme: Lexeme, today: date, _: CalendarTables | None) -> Span:
    said = lexeme.groups["me"]
    if said in ("年底", "年末"):
        return Span(date(today.year, 12, 1), date(today.year + 1, 1, 1), "day")
    if said == "年初":
        return Span(date(today.year + 1, 1, 1), date(today.year + 1, 2, 1), "day")
    section = {"月底": "底", "月末": "底", "月初": "初", "月头": "初", "月中": "中"}[said]
    found = _section(month_of(today.year, today.month), section)
    if found.end <= today:
        found = _section(month_of(*shifted_month(today, 1)), section)
    return Span(max(found.first, today), found.end, "day")


def _day_of_month(lexeme: Lexeme, today: date, _: CalendarTables | None) -> Span | Unknown | None:
    day = to_int(lexeme.groups["dom"]) or 0
    if not 1 <= day <= 31:
        return Unknown(("impossible",))
    for months in range(3):
        found = _make(*shifted_month(today, months), day)
        if found is not None and found >= today:
            return one(found)
    return Unknown(("impossible",))


def _dom_range(lexeme: Lexeme, today: date, _: CalendarTables | None) -> Span | Unknown | None:
    first, last = to_int(lexeme.groups["d1"]) or 0, to_int(lexeme.groups["d2"]) or 0
    if not 1 <= first <= last <= 31:
        return Unknown(("impossible",))
    for months in range(3):
        begin, end = (_make(*shifted_month(today, months), day) for day in (first, last))
        if begin is not None and end is not None and end >= today:
            return Span(begin, end + timedelta(days=1), "day")
    return Unknown(("impossible",))


def _iso(lexeme: Lexeme, today: date, _: CalendarTables | None) -> Span | Unknown | None:
    found = _make(*(int(lexeme.groups[name]) for name in ("iy", "im", "id")))
    return Unknown(("impossible",)) if found is None else one(found, *(("past",) if found < today else ()))


def _festival(lexeme: Lexeme, today: date, _: CalendarTables | None) -> Span | Unknown | None:
    name = lexeme.text
    if name in FESTIVAL_DAYS:
        month, day = FESTIVAL_DAYS[name]
        year = today.year + ((month, day) < (today.month, today.day))
        return one(date(year, month, day))
    found = lunar.next_lunar(today, *lunar.FESTIVALS[name])
    return Unknown() if found is None else one(found)


def _eve(lexeme: Lexeme, today: date, _: CalendarTables | None) -> Span:
    return one(lunar.last_day_of_year(today), part=(18, 24) if lexeme.text.endswith("晚上") else None)


def _term(lexeme: Lexeme, today: date, _: CalendarTables | None) -> Span:
    return one(lunar.next_term(today, lexeme.text[:2]))


def _nines(lexeme: Lexeme, today: date, _: CalendarTables | None) -> Span | Unknown | None:
    number = to_int(lexeme.groups["nine"]) or 1
    for since in (today - timedelta(days=90), today):
        first = lunar.next_term(since, "冬至") + timedelta(days=9 * (number - 1))
        if first + timedelta(days=9) > today:
            return Span(first, first + timedelta(days=9), "day")
    return Unknown()


def _lunar(lexeme: Lexeme, today: date, _: CalendarTables | None) -> Span | Unknown | None:
    groups = lexeme.groups
    month_said = groups.get("lm") or groups.get("lm2") or groups.get("lm3") or groups.get("lm4")
    day_said = groups.get("ld") or groups.get("ld2") or groups.get("ld3") or groups["ld4"]
    day = to_int(day_said.removeprefix("初"))
    if day is None or not 1 <= day <= 30:
        return Unknown(("impossible",))
    if month_said is None:
        found = lunar.next_lunar_day(today, day)
    else:
        month = _LUNAR_MONTHS.get(month_said) or to_int(month_said.removesuffix("月"))
        if month is None or not 1 <= month <= 12:
            return Unknown(("impossible",))
        found = lunar.next_lunar(today, month, day)
    return Unknown() if found is None else one(found)


def _last_day(lexeme: Lexeme, today: date, _: CalendarTables | None) -> Span | Unknown | None:
    said = lexeme.groups["ldm"]
    number = to_int(said)
    if said in _MONTHS:
        year, month = shifted_month(today, _MONTHS[said])
    elif number is not None and 1 <= number <= 12:
        year, month = today.year + (number < today.month), number
    else:
        return Unknown(("impossible",))
    return one(month_of(year, month).end - timedelta(days=1))


def _nth(lexeme: Lexeme, today: date, tables: CalendarTables | None) -> Span | Unknown | None:
    groups, doubts = lexeme.groups, ()
    base = groups.get("nbase")
    if base is not None and base.endswith("后"):
        return _after_holiday(base, groups, today, tables)
    year, month = today.year, today.month
    if base is not None:
        said = base.removesuffix("月")
        if said in _MONTHS:
            year, month = shifted_month(today, _MONTHS[said])
        else:
            month = to_int(said) or month
            year = today.year + (month < today.month)
    for _attempt in range(2):
        found = _nth_in(month_of(year, month), groups)
        if found is not None and (found >= today or base is not None):
            return one(found, *doubts)
        year, month = shifted_month(date(year, month, 1), 1)
    return Unknown(("impossible",))


def _nth_in(month: Span, groups: dict[str, str]) -> date | None:
    days = [month.first + timedelta(days=n) for n in range((month.end - month.first).days)]
    fitting = [day for day in days if day.weekday() == WEEKDAYS[groups["nwd"]]]
    if "nlast" in groups:
        return fitting[-1]
    number = to_int(groups["nth"]) or 1
    return fitting[number - 1] if number <= len(fitting) else None


def _after_holiday(
    base: str, groups: dict[str, str], today: date, tables: CalendarTables | None
) -> Span | Unknown:
    name = base.rstrip("后").removesuffix("之").removesuffix("以")
    name = _OFFICIAL.get(name, name)
    for year in (today.year, today.year + 1):
        known = tables.holiday(name, year) if tables is not None else None
        if known is None:
            return Unknown(("beyond_calendar",))
        day = known[1]
        if day > today:
            day += timedelta(days=(WEEKDAYS[groups["nwd"]] - day.weekday()) % 7)
            return one(day + timedelta(weeks=(to_int(groups.get("nth", "一")) or 1) - 1))
    return Unknown(("beyond_calendar",))


_FINDERS = {
    "day": _day,
    "short": _short,
    "weekday": _weekday,
    "week": _week,
    "month_day": _month_day,
    "month": _month,
    "this_month": _this_month,
    "month_edge": _month_edge,
    "day_of_month": _day_of_month,
    "dom_range": _dom_range,
    "iso": _iso,
    "festival": _festival,
    "eve": _eve,
    "term": _term,
    "nines": _nines,
    "lunar": _lunar,
    "last_day": _last_day,
    "nth": _nth,
}
