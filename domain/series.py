"""A plan of visits: the days of a recurring wish (RFC 5545; lunar months after RFC 7529), moved where a holiday is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from lunar_python import Lunar, Solar

from domain.calendar import Calendar

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# A plan without a number of visits is made for so many; further ones are planned at the review.
USUAL, MOST = 4, 30
_HORIZON = timedelta(days=400)


@dataclass(frozen=True)
class Rule:
    """What of an RFC 5545 rule the plans need. `lunar` counts months by the Chinese calendar (RSCALE=CHINESE)."""

    freq: str
    interval: int = 1
    count: int | None = None
    until: date | None = None
    weekdays: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    lunar: bool = False


@dataclass(frozen=True)
class Occurrence:
    """One day of the plan. `moved_from` is the day that a holiday took; `is_known` whether the calendar covers it."""

    day: date
    moved_from: date | None = None
    holiday: str | None = None
    is_known: bool = True


def read_rule(text: str) -> Rule:
    """The rule of a text like `FREQ=WEEKLY;BYDAY=WE;COUNT=8`. Raises ValueError for a part that is none."""
    parts = dict(part.split("=", 1) for part in text.removeprefix("RRULE:").split(";") if part)
    freq = parts.get("FREQ", "")
    if freq not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        raise ValueError(f"no such frequency: {freq!r}")
    until = parts.get("UNTIL")
    return Rule(
        freq=freq,
        interval=int(parts.get("INTERVAL", "1")),
        count=int(parts["COUNT"]) if "COUNT" in parts else None,
        until=date.fromisoformat(until[:8]) if until else None,
        weekdays=tuple(_WEEKDAYS.index(day[-2:]) for day in parts.get("BYDAY", "").split(",") if day),
        month_days=tuple(int(day) for day in parts.get("BYMONTHDAY", "").split(",") if day),
        months=tuple(int(month.rstrip("L")) for month in parts.get("BYMONTH", "").split(",") if month),
        lunar=parts.get("RSCALE") == "CHINESE",
    )


def days_of(rule: Rule, first: date) -> list[date]:
    """The days of the rule from a day on, as many as it counts, in order."""
    wanted = min(rule.count or USUAL, MOST)
    found: list[date] = []
    for day in _matching(rule, first):
        if rule.until is not None and day > rule.until:
            break
        found.append(day)
        if len(found) == wanted:
            break
    return found


def _matching(rule: Rule, first: date) -> Iterator[date]:
    # The first day that fits sets the beat of an interval (the week, the month), as DTSTART does.
    anchor: date | None = None
    for number in range(_HORIZON.days * max(1, rule.interval)):
        day = first + timedelta(days=number)
        if not _fits(rule, day):
            continue
        anchor = anchor or day
        if _beat(rule, anchor, day) % rule.interval == 0:
            yield day


def _fits(rule: Rule, day: date) -> bool:
    if rule.weekdays and day.weekday() not in rule.weekdays:
        return False
    if not (rule.month_days or rule.months):
        return rule.freq in ("DAILY", "WEEKLY")
    month, number, length = _lunar(day) if rule.lunar else (day.month, day.day, _length(day))
    if rule.months and month not in rule.months:
        return False
    # The thirtieth of a month that has none is its last day (RFC 7529: SKIP=BACKWARD).
    wanted = rule.month_days or (number,)
    return any(number == (min(want, length) if want > 0 else length + 1 + want) for want in wanted)


def _beat(rule: Rule, anchor: date, day: date) -> int:
    """How many of the rule's periods lie between two days."""
    if rule.freq == "DAILY":
        return (day - anchor).days
    if rule.freq == "WEEKLY":
        return (_monday(day) - _monday(anchor)).days // 7
    if rule.freq == "YEARLY":
        return day.year - anchor.year
    if rule.lunar:
        return round((day - anchor).days / 29.53)
    return (day.year - anchor.year) * 12 + day.month - anchor.month


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _length(day: date) -> int:
    after = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return (after - timedelta(days=1)).day


def _lunar(day: date) -> tuple[int, int, int]:
    """Lunar month (a leap one is negative), day, and length of the month."""
    solar = Solar.fromYmd(day.year, day.month, day.day)
    found: Lunar = solar.getLunar()
    number = int(found.getDay())
    thirtieth = solar.next(30 - number).getLunar()
    return int(found.getMonth()), number, 30 if thirtieth.getDay() == 30 else 29


def planned(rule: Rule, first: date, calendar: Calendar, *, on_holidays: bool) -> list[Occurrence]:
    """The days of the plan, each on which nobody works moved to the next working day that is no other's.

    Days past the calendar's tables stay where they are and are provisional: whether they are off is not known yet.
    """
    days = days_of(rule, first)
    taken, plan = set(days), []
    for day in days:
        holiday = calendar.holiday_on(day)
        if holiday is None or on_holidays:
            plan.append(Occurrence(day, is_known=on_holidays or calendar.knows(day)))
            continue
        instead = day
        while calendar.holiday_on(instead) is not None or instead in taken:
            instead += timedelta(days=1)
        taken.add(instead)
        plan.append(Occurrence(instead, moved_from=day, holiday=holiday, is_known=calendar.knows(instead)))
    return plan
