"""The one injected clock.

UTC in the database, Asia/Shanghai for people. Nothing in `domain` or `actions` asks the machine for the time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Tells the present moment as an aware datetime in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class FixedClock:
    """A clock that moves only when told to; for tests."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        self.moment += by


def local(moment: datetime) -> datetime:
    """The same moment on a clock in Shanghai."""
    return moment.astimezone(SHANGHAI)


def local_day(moment: datetime) -> date:
    """The calendar day in Shanghai on which the moment falls."""
    return local(moment).date()


def parse_moment(text: str) -> datetime:
    """An ISO 8601 time; without a zone it is Shanghai's.

    Raises ValueError when the text is no ISO time.
    """
    moment = datetime.fromisoformat(text.strip())
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
