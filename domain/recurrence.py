"""What comes again and again: RFC 5545 rules, lunar ones with RFC 7529's RSCALE, from one occurrence to the next.

A day that a month does not have is its last one: the 31st, and 三十 in a month of 29 days. A rule of every lunar month
comes in a leap month too; a yearly lunar day comes once, in the month that is no leap month. A rule with `X-TERM` comes
on the day of a solar term (节气). Clock times are Shanghai's.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache

from lunar_python import LunarMonth, Solar

from domain.clock import local_day
from domain.slots import at

# Where no hour was said it comes in the morning.
MORNING = time(8)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
TERMS = (
    "小寒 大寒 立春 雨水 惊蛰 春分 清明 谷雨 立夏 小满 芒种 夏至 小暑 大暑 立秋 处暑 白露 秋分 寒露 霜降 立冬 小雪 大雪 冬至"
).split()
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_BOUNDS = {
    "BYHOUR": (0, 23),
    "BYMINUTE": (0, 59),
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (1, 31),
    "INTERVAL": (1, 366),
}
# A leap year's 29 February and a lunar year of thirteen months both come within this.
_FURTHEST = 800


@lru_cache(maxsize=4096)
def lunar_of(day: date) -> tuple[int, int, int]:
    """Lunar year, month (negative for a leap month) and day."""
    found = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    return found.getYear(), found.getMonth(), found.getDay()


@lru_cache(maxsize=512)
def _length(year: int, month: int) -> int:
    return int(LunarMonth.fromYm(year, month).getDayCount())


@lru_cache(maxsize=4096)
def term_of(day: date) -> str:
    """The solar term that begins on a day; empty where none does."""
    return str(Solar.fromYmd(day.year, day.month, day.day).getLunar().getJieQi())


def checked(rule: str) -> str:
    """The rule, in capitals. Raises ValueError for what `Recurrence` does not understand."""
    made = rule.strip().upper().removeprefix("RRULE:")
    parts = dict(part.split("=", 1) for part in made.split(";"))
    if len(parts) != made.count(";") + 1 or parts.get("FREQ") not in _FREQUENCIES:
        raise ValueError("FREQ")
    for name, value in parts.items():
        if not _fits(name, value):
            raise ValueError(name)
    if "X-TERM" in parts and parts["FREQ"] != "YEARLY":
        raise ValueError("X-TERM")
    # Every second month is in no rule that people here say, and would be taken for every one.
    if "INTERVAL" in parts and parts["FREQ"] in ("MONTHLY", "YEARLY"):
        raise ValueError("INTERVAL")
    return made


def _fits(name: str, value: str) -> bool:
    if name in _BOUNDS:
        low, high = _BOUNDS[name]
        many = name not in ("INTERVAL", "BYMINUTE")
        numbers = value.split(",") if many else [value]
        return all(one.isascii() and one.isdigit() and low <= int(one) <= high for one in numbers)
    if name == "BYDAY":
        return all(one in _DAYS for one in value.split(","))
    return (
        name == "FREQ" or (name == "RSCALE" and value == "CHINESE") or (name == "X-TERM" and value in TERMS)
    )


@dataclass(frozen=True)
class Recurrence:
    """A rule, and the day from which every second day, every third week is counted."""

    rule: str
    anchor: date

    @cached_property
    def parts(self) -> Mapping[str, str]:
        return dict(part.split("=", 1) for part in self.rule.split(";"))

    @cached_property
    def named_hour(self) -> bool:
        """Whether the person said at what hour."""
        return "BYHOUR" in self.parts or "X-CLOCKS" in self.parts

    def next_after(self, moment: datetime) -> datetime | None:
        """The next occurrence strictly after a moment; None where there is none within two years."""
        day = local_day(moment)
        for _ in range(_FURTHEST):
            if self.falls_on(day):
                for clock in self.clocks:
                    if at(day, clock) > moment:
                        return at(day, clock)
            day += timedelta(days=1)
        return None

    def falls_on(self, day: date) -> bool:
        """Whether the rule comes on a day."""
        if day < self.anchor or not self._begun(day):
            return False
        match self.parts["FREQ"]:
            case "DAILY":
                return (day - self.anchor).days % self._interval == 0
            case "WEEKLY":
                return self._weekly(day)
            case _:
                return self._dated(day)

    def _begun(self, day: date) -> bool:
        """Whether it has begun and is not over, where a first or a last day was said."""
        said, first, last = f"{day:%Y%m%d}", self.parts.get("DTSTART", ""), self.parts.get("UNTIL", "")
        return first[:8] <= said and (not last or said <= last[:8])

    @property
    def _interval(self) -> int:
        return int(self.parts.get("INTERVAL", "1"))

    @cached_property
    def clocks(self) -> list[time]:
        """At which hours of its day it comes. `X-CLOCKS=0800,2030` has hours whose minutes differ."""
        if "X-CLOCKS" in self.parts:
            return sorted(time(int(one[:2]), int(one[2:])) for one in self.parts["X-CLOCKS"].split(","))
        minute = int(self.parts.get("BYMINUTE", "0"))
        hours = self._numbers("BYHOUR")
        return sorted(time(hour, minute) for hour in hours) if hours else [MORNING]

    def _numbers(self, name: str) -> list[int]:
        return [int(number) for number in self.parts.get(name, "").split(",") if number]

    def _weekly(self, day: date) -> bool:
        first = self.anchor - timedelta(days=self.anchor.weekday())
        if (day - first).days // 7 % self._interval:
            return False
        days = self.parts.get("BYDAY", _DAYS[self.anchor.weekday()]).split(",")
        return _DAYS[day.weekday()] in days

    def _dated(self, day: date) -> bool:
        if "X-TERM" in self.parts:
            return term_of(day) == self.parts["X-TERM"]
        if self.parts.get("RSCALE") == "CHINESE":
            (year, month, number), (_, first, its_day) = lunar_of(day), lunar_of(self.anchor)
            length = _length(year, month)
        else:
            year, month, number = day.year, day.month, day.day
            first, its_day, length = self.anchor.month, self.anchor.day, monthrange(year, month)[1]
        if self.parts["FREQ"] == "YEARLY" and month not in (self._numbers("BYMONTH") or [abs(first)]):
            return False
        wanted = self._numbers("BYMONTHDAY") or [its_day]
        return any(number == min(one, length) for one in wanted)
