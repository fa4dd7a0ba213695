"""Puts the words of time together: a day, a part of it, a clock; ranges; offsets; corrections."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from nlu.zh.numbers import to_int
from nlu.zh.tables import CalendarTables
from nlu.zh.times import clocks, days, recurring
from nlu.zh.times.clocks import Clock
from nlu.zh.times.days import Span, Unknown
from nlu.zh.times.lexemes import PARTS, Lexeme, scan
from nlu.zh.times.model import SHANGHAI, TimeExpr, at
from nlu.zh.times.whole import merged

_UNITS = {
    "小时": "hour",
    "钟头": "hour",
    "分钟": "minute",
    "天": "day",
    "星期": "week",
    "礼拜": "week",
    "周": "week",
    "月": "month",
    "年": "year",
    "刻钟": "quarter",
}
# What may stand between two words of one time.
_BETWEEN = re.compile("[，, 、的在那就给我您你把请]+")
_CLOCKS = ("clock", "hhmm", "ampm", "minus")


@dataclass
class _Group:
    """What belongs together so far."""

    start: int
    end: int
    span: Span | Unknown | None = None
    kind: str = ""
    part: tuple[int, int] | None = None
    clock: Clock | None = None
    rule: tuple[str, str, tuple[str, ...]] | None = None
    count: int | None = None
    ready: TimeExpr | None = None
    doubts: tuple[str, ...] = ()
    bound: str | None = None

    @property
    def empty(self) -> bool:
        return not (self.span or self.part or self.clock or self.rule or self.ready)


def read(text: str, now: datetime, tables: CalendarTables | None) -> list[tuple[TimeExpr, str]]:
    """Times in order, each with the word that led to it (`not_this`, `rather`, or nothing)."""
    return merged(text, _Reader(text, now.astimezone(SHANGHAI), tables).read())


class _Gathering:
    """Gathers words of time into groups, and takes in the small words between them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.groups: list[tuple[_Group, str, str]] = []
        self.group, self.lead, self.joined, self.last_end = _Group(0, 0), "", "", 0

    def close(self) -> None:
        """The group is whole; the next word begins another."""
        if not self.group.empty:
            self.groups.append((self.group, self.lead, self.joined))
            self.lead, self.joined = "", ""
        self.group = _Group(0, 0)

    def links(self, lexeme: Lexeme) -> bool:
        """Take in a word that is no time itself; True where it was one."""
        gap = self.text[self.last_end : lexeme.start]
        apart = bool(_BETWEEN.sub("", gap)) or len(gap) > 4
        if lexeme.kind == "count":
            self._count(lexeme)
            return True
        if lexeme.kind in ("join", "not"):
            if lexeme.kind == "not" or any(c in lexeme.text for c in "和或"):
                self.close()
                self.last_end = lexeme.end
            elif not apart:
                self.last_end = lexeme.end
            return True
        if apart:
            self.close()
            if lexeme.kind != "to" and len(gap) > 2:
                self.lead = ""
        return self._leads(lexeme) or self._bounds(lexeme)

    def _leads(self, lexeme: Lexeme) -> bool:
        if lexeme.kind in ("not_this", "rather"):
            self.close()
            self.lead, self.joined, self.last_end = lexeme.kind, "", lexeme.end
            return True
        if lexeme.kind == "to":
            if not self.group.empty:
                self.close()
                self.joined = "to"
            self.last_end = lexeme.end
            return True
        return False

    def _bounds(self, lexeme: Lexeme) -> bool:
        if lexeme.kind not in ("after", "before", "about"):
            return False
        if not self.group.empty and lexeme.start == self.group.end:
            self.group.end = self.last_end = lexeme.end
            if lexeme.kind == "about":
                self.group.doubts += ("approximate",)
            else:
                self.group.bound = lexeme.kind
        return True

    def _count(self, lexeme: Lexeme) -> None:
        """一共八次 belongs to the rule before it, even past some other words."""
        if self.group.rule is not None:
            self.group.count, self.group.end = to_int(lexeme.groups["count"]), lexeme.end
        elif self.group.empty and self.groups and self.groups[-1][0].rule is not None:
            self.groups[-1][0].count = to_int(lexeme.groups["count"])


class _Reader:
    def __init__(self, text: str, now: datetime, tables: CalendarTables | None) -> None:
        self.text, self.now, self.tables = text, now, tables
        self.today = now.date()
        self.lexemes = scan(text)

    def read(self) -> list[tuple[TimeExpr, str]]:
        groups = self._groups()
        found: list[tuple[TimeExpr, str]] = []
        index = 0
        while index < len(groups):
            group, lead, _joined = groups[index]
            following = groups[index + 1] if index + 1 < len(groups) else None
            if following is not None and following[2] == "to":
                ranged = self._range(group, following[0])
                if ranged is not None:
                    found.append((ranged, lead))
                    index += 2
                    continue
            said = self._say(group)
            if said is not None:
                found.append((said, lead))
            index += 1
        return found

    def _groups(self) -> list[tuple[_Group, str, str]]:
        """Groups of neighbouring words, the word that led to each, and what joined it to the one before."""
        gathering = _Gathering(self.text)
        for lexeme in self.lexemes:
            if gathering.links(lexeme):
                continue
            if not self._fits(gathering.group, lexeme):
                gathering.close()
            self._put(gathering.group, lexeme)
            gathering.last_end = lexeme.end
        gathering.close()
        return gathering.groups

    def _fits(self, group: _Group, lexeme: Lexeme) -> bool:
        if group.empty:
            return True
        if group.ready is not None or group.bound is not None:
            return False
        if lexeme.kind in _CLOCKS:
            return group.clock is None
        if lexeme.kind in ("part", "meal"):
            return group.part is None and group.clock is None
        if lexeme.kind in ("offset", "duration", "vague", "vague_days"):
            return False
        if lexeme.kind.startswith("recur"):
            return group.rule is None and group.span is None
        if group.rule is not None:
            return False
        return group.span is None or self._again(group, lexeme)

    def _again(self, group: _Group, lexeme: Lexeme) -> bool:
        """The same day said twice, as it is read out: 明天，11月25日，星期三."""
        if not isinstance(group.span, Span) or group.part is not None or group.clock is not None:
            return False
        if lexeme.kind == "weekday" and group.kind != "weekday":
            return group.span.end - group.span.first == timedelta(days=1)
        found = days.resolve(lexeme, self.today, self.tables)
        return isinstance(found, Span) and (found.first, found.end) == (group.span.first, group.span.end)

    def _put(self, group: _Group, lexeme: Lexeme) -> None:
        if group.empty:
            group.start = lexeme.start
        group.end = max(group.end, lexeme.end)
        if lexeme.kind in _CLOCKS:
            group.clock = clocks.read(lexeme)
            if group.clock is None:
                group.span = group.span or Unknown(("impossible",))
        elif lexeme.kind == "part":
            group.part = PARTS[lexeme.text]
        elif lexeme.kind == "meal":
            group.part = clocks.meal(lexeme)
        elif lexeme.kind == "offset":
            group.ready = self._offset(lexeme)
        elif lexeme.kind == "duration":
            group.ready = _duration(lexeme)
        elif lexeme.kind in ("vague", "vague_days"):
            group.ready = TimeExpr("vague", None, None)
        elif (rule := recurring.rule(lexeme)) is not None:
            group.rule = rule
        elif isinstance(group.span, Span):
            wanted = days.WEEKDAYS[lexeme.groups["wd"]] if lexeme.kind == "weekday" else None
            if wanted is not None and wanted != group.span.first.weekday():
                group.doubts += ("weekday",)
        else:
            group.span, group.kind = days.resolve(lexeme, self.today, self.tables), lexeme.kind
            if isinstance(group.span, Span) and group.span.part is not None:
                group.part = group.part or group.span.part

    def _text(self, start: int, end: int) -> dict[str, Any]:
        return {"text": self.text[start:end], "start": start, "end": end}

    def _say(self, group: _Group) -> TimeExpr | None:
        where = self._text(group.start, group.end)
        if group.ready is not None:
            return replace(group.ready, **where)
        if group.rule is not None:
            return self._recurring(group)
        if isinstance(group.span, Unknown):
            return TimeExpr("vague", None, None, doubts=group.span.doubts, **where)
        if group.bound is not None and isinstance(group.span, Span):
            return self._bounded(group, group.span)
        if group.clock is not None:
            return self._point(group)
        if group.part is not None:
            return self._part(group)
        if isinstance(group.span, Span):
            return self._span(group, group.span)
        return None

    def _span(self, group: _Group, span: Span) -> TimeExpr:
        where, doubts = self._text(group.start, group.end), (*span.doubts, *group.doubts)
        if span.end - span.first == timedelta(days=1):
            return TimeExpr("point", span.first.isoformat(), "day", doubts=doubts, **where)
        value = (span.first.isoformat(), span.end.isoformat())
        return TimeExpr("range", value, span.grain, doubts=doubts, **where)

    def _bounded(self, group: _Group, span: Span) -> TimeExpr:
        """周五之前, 明天以后: from now until then, or from then on for two weeks."""
        if group.bound == "before":
            value = (self.today.isoformat(), span.first.isoformat())
        else:
            value = (span.end.isoformat(), (span.end + timedelta(days=14)).isoformat())
        doubts = (*span.doubts, *group.doubts, "approximate")
        return TimeExpr("range", value, "day", doubts=doubts, **self._text(group.start, group.end))

    def _point(self, group: _Group) -> TimeExpr:
        clock = group.clock
        assert clock is not None
        hour, doubts = clocks.settle(clock, group.part)
        doubts = (*group.doubts, *doubts, *(("approximate",) if clock.approximate else ()))
        if isinstance(group.span, Span):
            day, doubts = group.span.first, (*group.span.doubts, *doubts)
            if group.span.end - group.span.first > timedelta(days=1):
                doubts = (*doubts, "day")
        else:
            day, more = self._near_day(hour, clock.minute)
            doubts = (*doubts, *more)
        if group.part is not None and group.part[1] == 24 and hour < 6 and isinstance(group.span, Span):
            day += timedelta(days=1)
        value = at(day, hour, clock.minute)
        if datetime.fromisoformat(value) < self.now and day == self.today and "past" not in doubts:
            doubts = (*doubts, "past")
        return TimeExpr("point", value, clock.grain, doubts=doubts, **self._text(group.start, group.end))

    def _near_day(self, hour: int, minute: int) -> tuple[date, tuple[str, ...]]:
        """No day was said: today where that hour is still ahead, else tomorrow; that is doubtful and read back."""
        if datetime.fromisoformat(at(self.today, hour, minute)) > self.now:
            return self.today, ("day",)
        return self.today + timedelta(days=1), ("day",)

    def _part(self, group: _Group) -> TimeExpr:
        assert group.part is not None
        first, last = group.part
        doubts = group.doubts
        if isinstance(group.span, Span):
            day, end_day = group.span.first, group.span.end - timedelta(days=1)
            doubts = (*group.span.doubts, *doubts)
            if end_day != day:
                doubts = (*doubts, "day")
                end_day = day
        else:
            day = (
                self.today
                if datetime.fromisoformat(at(self.today, last)) > self.now
                else self.today + timedelta(days=1)
            )
            doubts = (*doubts, "day")
        value = (at(day, first), at(day, last))
        return TimeExpr("range", value, "hour", doubts=doubts, **self._text(group.start, group.end))

    def _recurring(self, group: _Group) -> TimeExpr:
        assert group.rule is not None
        rule, grain, doubts = group.rule
        if group.clock is not None:
            hour, more = clocks.settle(group.clock, group.part)
            rule, doubts = f"{rule};BYHOUR={hour % 24};BYMINUTE={group.clock.minute}", (*doubts, *more)
            grain = "minute"
        elif group.part is not None:
            rule, grain = f"{rule};BYHOUR={max(group.part[0], 8 if group.part[0] < 12 else 0)}", "hour"
            doubts = (*doubts, "approximate")
        if group.count:
            rule = f"{rule};COUNT={group.count}"
        return TimeExpr("recurring", rule, grain, doubts=doubts, **self._text(group.start, group.end))

    def _offset(self, lexeme: Lexeme) -> TimeExpr:
        groups = lexeme.groups
        said, unit_said = groups.get("on") or groups["on2"], groups.get("ou") or groups["ou2"]
        unit = _unit(unit_said)
        half = said == "半"
        number = 0 if half else to_int(said) or 0
        extra_half = "oh" in groups
        if unit in ("minute", "hour", "quarter"):
            minutes = {"minute": 1, "hour": 60, "quarter": 15}[unit] * number
            minutes += {"minute": 1, "hour": 60, "quarter": 15}[unit] // 2 if half or extra_half else 0
            value = (self.now + timedelta(minutes=minutes)).replace(microsecond=0).isoformat()
            return TimeExpr("point", value, "minute")
        if unit == "day":
            day = self.today + timedelta(days=number)
        elif unit == "week":
            day = self.today + timedelta(days=7 * number)
        elif unit == "month":
            day = self.today + timedelta(days=15) if half else _months_later(self.today, number)
        else:
            day = _months_later(self.today, 6 if half else 12 * number)
        if lexeme.text.endswith("内"):
            return TimeExpr("range", (self.today.isoformat(), (day + timedelta(days=1)).isoformat()), "day")
        return TimeExpr("point", day.isoformat(), "day")

    def _range(self, first: _Group, last: _Group) -> TimeExpr | None:
        """下午两点到五点, 周三到周五, 25到27号, 晚上十点到早上六点."""
        where = self._text(first.start, last.end)
        if first.clock is not None and last.clock is not None:
            begin = self._point(first)
            assert isinstance(begin.value, str)
            start = datetime.fromisoformat(begin.value)
            hour, _ = clocks.settle(last.clock, last.part or (first.part if last.span is None else None))
            day = last.span.first if isinstance(last.span, Span) else start.date()
            end = datetime.fromisoformat(at(day, hour, last.clock.minute))
            small = first.part is not None and first.part[1] == 24 and hour < 6
            if end <= start and last.part is None and last.clock.open and not small:
                end += timedelta(hours=12)
            if end <= start:
                end += timedelta(days=1)
            doubts = tuple(d for d in begin.doubts if d != "am_pm" or first.part is None)
            value = (start.isoformat(), end.isoformat())
            return TimeExpr(
                "range",
                value,
                "minute" if last.clock.minute or first.clock.minute else "hour",
                doubts=doubts,
                **where,
            )
        if isinstance(first.span, Span) and isinstance(last.span, Span) and not (first.clock or last.clock):
            end_day = last.span.end
            while end_day <= first.span.first:
                end_day += timedelta(days=7)
            value = (first.span.first.isoformat(), end_day.isoformat())
            return TimeExpr("range", value, "day", doubts=first.span.doubts, **where)
        return None


def _unit(said: str) -> str:
    return next(unit for word, unit in _UNITS.items() if said.endswith(word))


def _months_later(day: date, months: int) -> date:
    year, month = days.shifted_month(day, months)
    return min(
        date(year, month, 1) + timedelta(days=day.day - 1), days.month_of(year, month).end - timedelta(days=1)
    )


def _duration(lexeme: Lexeme) -> TimeExpr | None:
    groups = lexeme.groups
    unit, half = _unit(groups["du"]), groups["dn"] == "半"
    number = 0 if half else to_int(groups["dn"]) or 0
    half = half or "dhalf" in groups or "dh" in groups
    if unit in ("minute", "quarter"):
        return TimeExpr("duration", f"PT{number * (15 if unit == 'quarter' else 1)}M", "minute")
    if unit == "hour":
        hours = f"{number}H" if number else ""
        return TimeExpr("duration", f"PT{hours}{'30M' if half else ''}", "hour")
    if unit == "day" and half:
        return TimeExpr("duration", "PT12H" if not number else f"P{number}DT12H", "day")
    if unit == "month" and half and not number:
        return TimeExpr("duration", "P15D", "day")
    letter = {"day": "D", "week": "W", "month": "M", "year": "Y"}[unit]
    return TimeExpr("duration", f"P{number}{letter}", unit)
