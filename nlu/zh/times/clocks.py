"""Which minute a clock phrase means, and what a bare hour means in a day of an old person."""

from __future__ import annotations

from dataclasses import dataclass

from nlu.zh.numbers import to_int
from nlu.zh.times.lexemes import MEALS, Lexeme


@dataclass(frozen=True)
class Clock:
    """Hour (0 to 24, or as said where `open`), minute; `open` where it may be morning or afternoon."""

    hour: int
    minute: int
    open: bool
    grain: str = "minute"
    approximate: bool = False


def read(lexeme: Lexeme) -> Clock | None:
    """The clock of a lexeme of a clock kind; None where it is of another kind or no hour of a day."""
    groups = lexeme.groups
    if lexeme.kind == "clock":
        return _spoken(groups)
    if lexeme.kind == "hhmm":
        written = int(groups["hh"])
        return Clock(written, int(groups["hm"]), open=written < 8 and not groups["hh"].startswith("0"))
    if lexeme.kind == "ampm":
        half = 12 if groups["ap"].lower() == "pm" else 0
        return Clock(int(groups["ah"]) % 12 + half, int(groups.get("am", "0")), open=False)
    if lexeme.kind == "minus":
        hour = to_int(groups.get("ch") or groups["ch2"])
        said = groups.get("cm") or groups["cm2"]
        minutes = 15 if said == "一刻" else to_int(said)
        if hour is None or minutes is None or not 1 <= hour <= 24 or minutes >= 60:
            return None
        return Clock(hour - 1, 60 - minutes, open=hour <= 12)
    return None


def _spoken(groups: dict[str, str]) -> Clock | None:
    hour = to_int(groups["h"])
    if hour is None or hour > 24:
        return None
    end = groups.get("ce", "")
    minute, approximate = 0, end in ("来钟", "多", "多钟")
    if end == "半":
        minute = 30
    elif end in ("一刻", "三刻"):
        minute = 15 if end == "一刻" else 45
    elif end and not approximate and end not in ("整", "钟"):
        minute = to_int(end.strip("过分钟")) or 0
        if minute > 59:
            return None
    grain = "minute" if minute or (end and not approximate) else "hour"
    return Clock(hour, minute, open=1 <= hour <= 12, grain=grain, approximate=approximate)


def settle(clock: Clock, part: tuple[int, int] | None) -> tuple[int, tuple[str, ...]]:
    """The hour on a clock of 24, and the doubt that is left where no part of the day was said.

    Services are given by day: one to six is the afternoon, seven to eleven the morning, twelve noon.
    """
    hour = clock.hour
    if part is not None:
        if part[1] == 24 and hour <= (3 if part[0] < 19 else 5):
            # 「夜里三点」, 「晚上一点」: the small hours.
            return hour, ()
        if clock.open or hour < 12:
            fitting = [h for h in (hour, hour + 12) if part[0] <= h < part[1]]
            if fitting:
                return fitting[0], ()
            if part[0] >= 12 and hour < 12:
                return hour + 12, ()
            if part[0] >= 18 and hour == 12:
                return 24, ()
        return hour, ()
    if not clock.open:
        return hour, ()
    if hour < 7:
        return hour + 12, ("am_pm",)
    return hour, ("am_pm",) if hour < 12 else ()


def meal(lexeme: Lexeme) -> tuple[int, int]:
    """The hours before or after a meal."""
    first, last = MEALS[lexeme.groups["meal"]]
    return (first - 2, first) if "前" in lexeme.groups["mealp"] else (last, last + 2)
