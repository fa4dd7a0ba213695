"""What one person wants to hear from us of our own accord, and when; recorded, with every change."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from domain.calendar import Calendar
from domain.quiet import DEFAULT, Quiet, Window


@dataclass(eq=False, kw_only=True)
class Notices:
    """A person's wishes. `windows` None is the default; `fewer` leaves out what is not needed, `surveys` false asks no
    opinion.

    Between `paused_from` and `paused_until` it is quiet as well. Broadcasts end at once with 退订. What is urgent comes
    all the same.

    `to_id` is a relative who gets the person's notices of visits too. `own` false means: the relative instead of the
    person, as long as the relative may know of that visit and can be written to; else the person hears it after all.
    What the person asked to be reminded of (medicine, a birthday) stays the person's, whatever stands here.
    """

    person_id: str
    windows: list[dict[str, str]] | None = None
    fewer: bool = False
    broadcasts: bool = True
    to_id: str | None = None
    own: bool = True
    surveys: bool = True
    paused_from: datetime | None = None
    paused_until: datetime | None = None
    changed_at: datetime | None = None

    def quiet(self, calendar: Calendar) -> Quiet:
        """When this person is not to be written to."""
        windows = DEFAULT if self.windows is None else tuple(Window.read(row) for row in self.windows)
        if self.paused_from is None or self.paused_until is None:
            return Quiet(calendar, windows)
        return Quiet(calendar, windows, (self.paused_from, self.paused_until))


@dataclass(eq=False, kw_only=True)
class NoticeChange:
    """A line of what a person changed; only ever added."""

    person_id: str
    at: datetime
    actor_id: str
    what: str
    detail: dict[str, str] = field(default_factory=dict)
    id: int | None = None
