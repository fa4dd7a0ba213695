"""The first days of the lunar months from November 2026 to January 2028, as the almanac has them.

Source: 香港天文台《公曆與農曆日期對照表》 2026, 2027 and 2028 (Hong Kong Observatory, Gregorian-Lunar Calendar Conversion
Table, https://www.hko.gov.hk/tc/gts/time/conversion.htm). Written by hand; the program reads no table of theirs, its
lunar calendar is lunar-python's. test_lunar_year.py proves these days a second time, from the moon herself.
"""

from __future__ import annotations

import itertools
from datetime import date, timedelta

# Lunar year, month, and the day on which its 初一 falls. No month of these is a leap month.
MONTHS = (
    (2026, 9, date(2026, 10, 10)),
    (2026, 10, date(2026, 11, 9)),
    (2026, 11, date(2026, 12, 9)),
    (2026, 12, date(2027, 1, 8)),
    (2027, 1, date(2027, 2, 6)),
    (2027, 2, date(2027, 3, 8)),
    (2027, 3, date(2027, 4, 7)),
    (2027, 4, date(2027, 5, 6)),
    (2027, 5, date(2027, 6, 5)),
    (2027, 6, date(2027, 7, 4)),
    (2027, 7, date(2027, 8, 2)),
    (2027, 8, date(2027, 9, 1)),
    (2027, 9, date(2027, 9, 30)),
    (2027, 10, date(2027, 10, 29)),
    (2027, 11, date(2027, 11, 28)),
    (2027, 12, date(2027, 12, 28)),
    (2028, 1, date(2028, 1, 26)),
)
# The last day of lunar 2026, which has 29 days in its last month.
NEW_YEARS_EVE = date(2027, 2, 5)
# What the reminders of the year are asked for.
FIRST, LAST = date(2026, 11, 1), date(2027, 12, 31)
# The solar terms (节气) of the same table that somebody may want to be reminded of.
TERMS = {
    "冬至": (date(2026, 12, 22), date(2027, 12, 22)),
    "立春": (date(2027, 2, 4),),
    "清明": (date(2027, 4, 5),),
    "立秋": (date(2027, 8, 8),),
}


def day_of(month: int, number: int) -> list[date]:
    """The days of the span on which a day of a lunar month falls; the last one where the month is shorter."""
    lengths = itertools.pairwise(MONTHS)
    found = [
        first + timedelta(days=min(number, (following[2] - first).days) - 1)
        for (_, own, first), following in lengths
        if month in (0, own)
    ]
    return [day for day in found if FIRST <= day <= LAST]
