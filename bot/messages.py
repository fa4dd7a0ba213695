"""What doors hand in and what they are to show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from actions.calendar_feed import filled
from actions.house import House
from domain.conversations import Message

# The lines that somebody in danger is told to call.
_CALLS = re.compile(r"12356|96110|120|119|110")


@dataclass(frozen=True)
class Attached:
    """What came in beside the words or without any: a picture, a voice, a place. `ref` is the door's own name for it,
    `size` in bytes where the door tells it. `kind` is one of the catalogue's `sent_…`. A door that is handed the bytes
    themselves has them in the house already: at `path` under the folder of data, of this `type`."""

    kind: str
    ref: str = ""
    size: int | None = None
    path: str = ""
    type: str = ""


@dataclass(frozen=True)
class Arrival:
    """Something that came in by a door. `external_id` is the door's own id of it, unique for the person.

    `account_id` is the chat it came from, where replies go back to by the outbox; `login_at` (real time) is when the
    person signed in, on doors where one does: a login from before a telephone was lost is over.
    `edits` is the external id of the message that this one corrects; `waited` how many seconds it has waited at its door
    already, where a cry for help is answered within one.
    """

    person_id: str
    channel: str
    text: str
    external_id: str
    account_id: str | None = None
    login_at: datetime | None = None
    attached: Attached | None = None
    edits: str | None = None
    waited: float = 0.0

    @property
    def key(self) -> str:
        return f"{self.channel}:{self.person_id}:{self.external_id}"


@dataclass(frozen=True)
class Reply:
    """What a door is to show. `id` is None for words that went out before the database had them.

    `urgent` marks what to do in a danger, and its alerts: it is read aloud at once, so a question after it is none; `keeps_login`: the login that this answers is to live on, whatever others have just been shut out.
    """

    id: int | None
    text: str
    role: str
    buttons: tuple[tuple[str, str], ...] = ()
    at: str | None = None
    alert: str | None = None
    urgent: bool = False
    keeps_login: bool = False


def shown(house: House, message: Message, *, leaving: bool = False) -> Reply:
    """A stored message as a door shows it to the one it is for; `leaving` tells that it goes out for the first time."""
    kept = message.payload.get("buttons")
    buttons = kept if isinstance(kept, list) else []
    alert = message.payload.get("alert")
    return Reply(
        id=message.id,
        text=filled(house, message, leaving=leaving),
        role=str(message.speaker),
        buttons=tuple((button["title"], button["payload"]) for button in buttons),
        at=message.created_at.isoformat(),
        alert=str(alert) if alert else None,
        urgent=bool(alert or (message.payload.get("danger") and _CALLS.search(message.text))),
        keeps_login=bool(message.payload.get("keeps_login")),
    )
