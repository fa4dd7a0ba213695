"""The port for channels: what a door that must be written to can do, and how a send can end.

A door only carries. It hands arrivals to `Way.receive`, and is handed `Outgoing` words by the outbox. A third door
with other limits (say five messages within 48 hours of the person's last word) is one folder more: it answers
`allowance` from its own rule, and everything else stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from domain.doors import Account


@dataclass(frozen=True)
class Attachment:
    """A picture, a voice message, a file or a place beside the words. `kind`: `photo`, `voice`, `document`, `place`.

    The `path` of a place is its latitude and longitude.
    """

    kind: str
    path: Path


@dataclass(frozen=True)
class Outgoing:
    """One message for one account. `role` says who speaks; a button's payload is at most 64 bytes by its making.

    `parts_out` says how many pieces of it have gone out already, where a door cuts long words in pieces and an
    earlier try got only so far. `welcome` marks the first words after joining: what a door shows to strangers only
    is taken away with them.
    """

    message_id: int | None
    text: str
    role: str
    buttons: tuple[tuple[str, str], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    parts_out: int = 0
    welcome: bool = False


@dataclass(frozen=True)
class Allowance:
    """Whether one may write to an account now. `after` says when, if not now but later; None there means never.

    `left` is how many more messages the door allows before the person writes again; None means no such count.
    """

    now: bool
    after: timedelta | None = None
    left: int | None = None


class SendError(Exception):
    """A message did not go out, or nobody knows whether it did. `parts_out` pieces of it did for certain."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason, self.parts_out = reason, 0


class Later(SendError):
    """Not now: the door named a pause (`wait`), which is no failure, or is in trouble itself (`wait` None)."""

    def __init__(self, reason: str, wait: timedelta | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class Blocked(SendError):
    """The person has blocked the door, or the chat is no more."""


class Refused(SendError):
    """The door will never take this message; trying again changes nothing."""


class Unknown(SendError):
    """The connection was cut after the request was out: the message may have arrived."""


class Door(Protocol):
    """A channel that must be written to."""

    name: str

    def allowance(self, account: Account, last_word: datetime | None, now: datetime) -> Allowance:
        """Whether, and how much, one may write to this account now; `last_word` is when the person last wrote."""

    async def turn(self, account: Account, lane: int) -> bool:
        """Wait for this message's place under the door's limits; True where that took time.

        Raises Later where the place is so far off that the message had better go back to the outbox.
        """

    def share(self, workers: int, settled: bool) -> None:
        """So many workers send by this door and share its limits; `settled` where the others know of this one."""

    async def send(self, account: Account, outgoing: Outgoing) -> str | None:
        """Carry one message; returns the door's own id of it. Raises a SendError."""

    async def start(self) -> None:
        """Begin to receive."""

    async def stop(self) -> None:
        """Receive no more, and let what came in become safe. Sending goes on until `close`."""

    async def close(self) -> None:
        """Send no more."""

    async def ping(self) -> str:
        """`ok`, or what is the matter."""
