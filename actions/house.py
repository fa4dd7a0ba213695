"""What every action is handed: the store, the clock, the calendar, the words. Made once, in `bot/wiring.py`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from secrets import token_urlsafe

from actions.words import Words
from domain.calendar import Calendar
from domain.catalogue import Catalogue
from domain.clock import Clock, local_day
from domain.store import Store


@dataclass(frozen=True)
class House:
    """The things that there are one of."""

    store: Store
    clock: Clock
    calendar: Calendar
    catalogue: Catalogue
    words: Words
    # Where people find the page, for links that they send to each other.
    address: str = ""
    # What secret addresses are made with, so that they need not be stored to be told.
    secret: str = field(default_factory=lambda: token_urlsafe(32), repr=False)
    # The secret before this one: what was sealed with it is still opened, and sealed anew at the next start.
    secret_before: str = field(default="", repr=False)
    # A broadcast to more people than this needs a second person's yes.
    broadcast_alone: int = 200

    def now(self) -> datetime:
        return self.clock.now()

    def today(self) -> date:
        """Today in Shanghai."""
        return local_day(self.now())
