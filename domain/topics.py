"""The desk in a staff group: which topic shows which ticket, and how far it has been told; files that people send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# A worker that has taken a topic in hand and says nothing for so long is taken for dead.
HAND_LIVES = timedelta(seconds=90)
# So long after its end a ticket's topic still tells what comes after it (how it was, a late note), and its end where the
# group could not be reached when it came.
TOLD_AFTER = timedelta(days=3)
# Telegram's largest download for a bot; what is larger can be fetched by nobody here.
LARGEST = 20 * 2**20
MOST_TRIES = 6
# What a file may be shown as; anything else is handed out as bytes to be saved, never opened in the page.
TYPES = {
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "audio/ogg": b"OggS",
}


# How browsers record a voice (Firefox, Chromium, Safari): what stands at which place of the file.
VOICES = {
    "audio/ogg": (0, b"OggS"),
    "audio/webm": (0, b"\x1a\x45\xdf\xa3"),
    "audio/mp4": (4, b"ftyp"),
}


@dataclass(eq=False, kw_only=True)
class Topic:
    """One ticket in one staff group. `thread` is the group's own id of the topic, None until it is made (again).

    `card` is the message under which the buttons hang, `shown` the ticket's version that it shows; `told_…` are the
    last event, message and note that stand in it. `made` counts how often it was made: more than once, it was deleted.
    """

    ticket_id: str
    chat: str
    thread: int | None = None
    card: int | None = None
    shown: int = 0
    told_event: int = 0
    told_message: int = 0
    told_note: int = 0
    made: int = 0
    over: bool = False
    held_by: str | None = None
    held_until: datetime | None = None


class Kept(StrEnum):
    """`waiting`: to be fetched from the door; `kept`: it lies in the house; `lost`: it could not be had."""

    WAITING = "waiting"
    KEPT = "kept"
    LOST = "lost"


@dataclass(eq=False, kw_only=True)
class Sent:
    """A file that came with a message, or goes out with one. `ref` is the door's own name for it.

    `path` is under the folder of data, made from our own id and never from what somebody called it.
    """

    id: str
    message_id: int
    kind: str
    door: str
    ref: str
    path: str
    at: datetime
    state: Kept = Kept.WAITING
    size: int | None = None
    type: str | None = None
    tries: int = 0


@dataclass(eq=False, kw_only=True)
class Post:
    """One message that stands in a topic, and the member's newest line that it told: what a sign under it is about."""

    chat: str
    number: int
    ticket_id: str
    message_id: int


def place_in(text: str) -> tuple[float, float] | None:
    """Latitude and longitude out of `30.1,120.2`; None for what is no place on earth."""
    try:
        lat, lon = (float(part) for part in text.split(","))
    except ValueError:
        return None
    return (lat, lon) if -90 <= lat <= 90 and -180 <= lon <= 180 else None


def type_of(body: bytes) -> str:
    """The type of a file by its first bytes, whatever it was said to be."""
    return next((kind for kind, start in TYPES.items() if body.startswith(start)), "application/octet-stream")


def voice_of(body: bytes) -> str | None:
    """The type of a recorded voice by what is in it; None for what is none that a browser records."""
    return next((kind for kind, (at, sign) in VOICES.items() if body.startswith(sign, at)), None)
