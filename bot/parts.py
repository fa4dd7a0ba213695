"""The parts of a running butler, and whether each answers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from actions.house import House
from bot.bell import Bell
from bot.demo_clock import DemoClock
from bot.desk_page.entering import Entering
from bot.doors.outbox import Outboxes
from bot.limits import Limit
from bot.rasa_child import RasaChild
from bot.rasa_client import RasaClient
from bot.settings import Settings
from bot.streams import Streams
from bot.telegram import TelegramDoor
from bot.way import Way

if TYPE_CHECKING:
    # Slow to import, and only a process that Rasa calls back needs it.
    from rasa_sdk.executor import ActionExecutor

# Codes asked for and tried, in seconds for one address: a house full of elders, and no machine that guesses.
_TRIES, _TRIES_SECONDS = 60, 600


# Files sent from the page, by one person: a whole album, and no disk that is full.
_FILES, _FILES_SECONDS = 60, 600


def _tries() -> Limit:
    return Limit(_TRIES, _TRIES_SECONDS)


def _files() -> Limit:
    return Limit(_FILES, _FILES_SECONDS)


@dataclass
class Parts:
    """Everything that there is one of in a process. Wired in `bot/wiring.py`."""

    settings: Settings
    house: House
    rasa: RasaClient
    way: Way
    outboxes: Outboxes
    bell: Bell
    own: Bell
    # None where Rasa does not call back.
    actions: ActionExecutor | None = None
    streams: Streams = field(default_factory=Streams)
    tries: Limit = field(default_factory=_tries)
    files: Limit = field(default_factory=_files)
    entering: Entering = field(default_factory=Entering)
    telegram: TelegramDoor | None = None
    clock: DemoClock | None = None
    child: RasaChild | None = None
    # What of the due work failed at the last tick, and how; None where this process does none.
    failing: dict[str, str] | None = None

    async def health(self) -> dict[str, str]:
        """What each part says: `ok`, or what is the matter."""
        found = {"database": await self._database(), "rasa": "ok" if await self.rasa.is_up() else "away"}
        for door in self.outboxes.doors:
            found[door.name] = await door.ping()
        if self.failing is not None:
            found["due"] = ", ".join(f"{name}: {error}" for name, error in self.failing.items()) or "ok"
        return found

    async def _database(self) -> str:
        try:
            async with asyncio.timeout(3):
                await asyncio.to_thread(self.house.store.ping)
        except Exception as error:  # noqa: BLE001  (whatever it is, the part does not answer)
            return type(error).__name__
        return "ok"
