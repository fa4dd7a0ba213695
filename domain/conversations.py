"""Conversations, messages and buttons. One conversation a person, whichever door they come in by."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from domain.errors import OutOfDate

BUTLER = "butler"
QUEUE = "queue"
# The direction of a word that we put to the dialogue ourselves, so that an interrupted task goes on; nobody sees it.
OWN = "own"
BUTTON_LIVES = timedelta(days=14)


class Speaker(StrEnum):
    """Who speaks; every message says it."""

    MEMBER = "member"
    AI = "ai"
    LIFE = "life"
    DOCTOR = "doctor"


class State(StrEnum):
    """Of a message that came in: `received`, `answered`. Of one that goes out: `queued`, `sent`, `dropped`."""

    RECEIVED = "received"
    ANSWERED = "answered"
    QUEUED = "queued"
    SENT = "sent"
    DROPPED = "dropped"


class Lane(IntEnum):
    """Lower goes first. Bulk never delays a live reply."""

    LIVE = 0
    HUMAN = 1
    REMINDER = 2
    BROADCAST = 3


def human(person_id: str) -> str:
    """The owner's name where a person speaks."""
    return f"human:{person_id}"


@dataclass(eq=False, kw_only=True)
class Conversation:
    """`owner` says who may speak: `butler`, `queue` or `human:<id>`; `version` counts its changes.

    `topics` is what is being done at the moment: `task` with what has been answered, empty between tasks.
    """

    id: str
    person_id: str
    owner: str = BUTLER
    version: int = 1
    topics: dict[str, str] = field(default_factory=dict)

    @property
    def human_id(self) -> str | None:
        """The person who has taken over, if one has."""
        return self.owner.removeprefix("human:") if self.owner.startswith("human:") else None

    def hand_to(self, owner: str, *, expected: int | None = None) -> None:
        """Change the owner. Raises OutOfDate where somebody else did so first."""
        if expected is not None and expected != self.version:
            raise OutOfDate(self.id)
        if owner != self.owner:
            self.owner = owner
            self.version += 1


@dataclass(eq=False, kw_only=True)
class Message:
    """One message, `in`, `out` or `own` (ours to the dialogue). `key` makes it unique: the update's own id coming in, cause and place going out.

    `pushed` marks what was said of the butler's own accord, not in the reply to a request.
    """

    conversation_id: str
    direction: str
    speaker: Speaker
    channel: str
    text: str
    key: str
    state: State
    created_at: datetime
    author_id: str | None = None
    reply_to: int | None = None
    payload: dict[str, object] = field(default_factory=dict)
    pushed: bool = False
    lane: int = Lane.LIVE
    owner_version: int | None = None
    sent_at: datetime | None = None
    reason: str | None = None
    id: int | None = None


@dataclass(eq=False, kw_only=True)
class Button:
    """What a press means, kept here and not in the payload, so that a payload made by hand means nothing."""

    id: str
    conversation_id: str
    message_key: str
    title: str
    action: str
    created_at: datetime
    pressed_at: datetime | None = None
    once: bool = True


@dataclass(frozen=True)
class OwnWords:
    """Words of our own accord, before they are stored; `owner_version` is the conversation's as they were thought of."""

    conversation_id: str
    owner_version: int
    text: str
    key: str
    payload: dict[str, object]
