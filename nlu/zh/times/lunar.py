"""The lunar calendar and the solar terms, through `lunar-python`."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from lunar_python import Lunar, LunarMonth, LunarYear, Solar

TERMS = (
    "小寒 大寒 立春 雨水 惊蛰 春分 清明 谷雨 立夏 小满 芒种 夏至 小暑 大暑 立秋 处暑 白露 秋分 寒露 霜降 立冬 小雪 大雪 冬至"
).split()
# Festivals by lunar month and day.
FESTIVALS = {
    "春节": (1, 1),
    "大年初一": (1, 1),
    "正月十五": (1, 15),
    "元宵": (1, 15),
    "元宵节": (1, 15),
    "端午": (5, 5),
    "端午节": (5, 5),
    "七夕": (7, 7),
    "中元节": (7, 15),
    "中秋": (8, 15),
    "中秋节": (8, 15),
    "八月十五": (8, 15),
    "重阳": (9, 9),
    "重阳节": (9, 9),
    "腊八": (12, 8),
    "腊八节": (12, 8),
    "小年": (12, 23),
}


def lunar_of(day: date) -> tuple[int, int, int]:
    """Lunar year, month (negative for a leap month) and day."""
    found = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    return found.getYear(), found.getMonth(), found.getDay()


@lru_cache(maxsize=512)
def solar_of(year: int, month: int, day: int) -> date | None:
    """The day of a lunar date; None where that month has no such day."""
    found = LunarMonth.fromYm(year, month)
    if found is None or day > found.getDayCount():
        return None
    solar = Lunar.fromYmd(year, month, day).getSolar()
    return date(solar.getYear(), solar.getMonth(), solar.getDay())


def next_lunar(today: date, month: int, day: int) -> date | None:
    """The next such lunar date that is not before today; the 30th of a short month is its last day."""
    year = lunar_of(today)[0]
    for candidate in (year, year + 1):
        found = solar_of(candidate, month, day)
        if found is None and day == 30:
            found = solar_of(candidate, month, 29)
        if found is not None and found >= today:
            return found
    return None


def next_lunar_day(today: date, day: int) -> date | None:
    """The next day of any lunar month with this number (初五)."""
    _year, _month, current = lunar_of(today)
    moment = today - timedelta(days=current - 1)
    for _ in range(3):
        y, m, _day = lunar_of(moment)
        found = solar_of(y, m, day)
        if found is not None and found >= today:
            return found
        moment += timedelta(days=30)
        moment -= timedelta(days=lunar_of(moment)[2] - 1)
    return None


@lru_cache(maxsize=64)
def _terms(year: int) -> dict[str, date]:
    """Solar terms by name that fall into a calendar year."""
    found: dict[str, date] = {}
    for lunar_year in (year - 1, year, year + 1):
        for index, julian in enumerate(LunarYear.fromYear(lunar_year).getJieQiJulianDays()):
            solar = Solar.fromJulianDay(julian)
            if solar.getYear() == year:
                # The table begins with 大雪 of the year before (index 0).
                found[TERMS[(index + 22) % 24]] = date(solar.getYear(), solar.getMonth(), solar.getDay())
    return found


def next_term(today: date, name: str) -> date:
    """The next day of a solar term that is not before today."""
    for year in (today.year, today.year + 1):
        if _terms(year)[name] >= today:
            return _terms(year)[name]
    raise AssertionError("a term comes every year")


def last_day_of_year(today: date) -> date:
    """The coming 除夕: the day before the first of the first lunar month."""
    following = next_lunar(today + timedelta(days=1), 1, 1)
    assert following is not None
    return following - timedelta(days=1)
