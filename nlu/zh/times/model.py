"""What a time is: the contract of `guanjia time`, with the doubts that a booking must settle before it commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

SHANGHAI = timezone(timedelta(hours=8))
MINUTES = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1)}


@dataclass(frozen=True)
class TimeExpr:
    """A time as said. `value` and `grain` as in `guanjia time`; `start`, `end` are code points, end exclusive.

    `doubts` name what was not said: `past`, `am_pm`, `day`, `lunar_or_solar`, `beyond_calendar`, `impossible`,
    `approximate`, `exclusion`, `weekday` (a date and a weekday that do not go together).
    """

    kind: str
    value: str | tuple[str, str] | None
    grain: str | None
    text: str = ""
    start: int = 0
    end: int = 0
    doubts: tuple[str, ...] = ()
    # The day from which on a rule is meant (ISO); the rule itself is the value.
    since: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The contract's line."""
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        return {"text": self.text, "kind": self.kind, "value": value, "grain": self.grain}

    def window(self) -> tuple[datetime, datetime] | None:
        """The half-open stretch of time that it covers, aware; None for what is no stretch."""
        if self.kind == "range" and isinstance(self.value, tuple):
            return moment(self.value[0]), moment(self.value[1])
        if self.kind != "point" or not isinstance(self.value, str):
            return None
        begin = moment(self.value)
        return begin, begin + MINUTES.get(self.grain or "", timedelta(days=1))


NONE = TimeExpr("none", None, None)


def moment(value: str) -> datetime:
    """An ISO day or time as an aware datetime in Shanghai."""
    if len(value) == 10:
        return datetime.combine(date.fromisoformat(value), time(0), SHANGHAI)
    return datetime.fromisoformat(value)


def at(day: date, hour: int, minute: int = 0) -> str:
    """A clock time of a day, as ISO; hour 24 and more runs into the next day."""
    begin = datetime.combine(day, time(0), SHANGHAI) + timedelta(hours=hour, minutes=minute)
    return begin.isoformat()
