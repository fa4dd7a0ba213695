"""The calendar's tables as this library is handed them: it knows no holiday by itself."""

from __future__ import annotations

from datetime import date
from typing import Protocol


class CalendarTables(Protocol):
    """Days off of the official festivals, as far as they have been announced."""

    @property
    def valid_through(self) -> date:
        """The last day that the tables cover."""

    def holiday(self, name: str, year: int) -> tuple[date, date] | None:
        """The days off of 元旦 春节 清明 劳动节 端午 中秋 国庆 as [first, end), or None where not known."""
