"""Lines of a conversation as the desk shows them, with what came beside the words: files, a place, a sign."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from pydantic import BaseModel

from actions.sent_files import place_of, words_with
from bot.api.sent_files import FileOut, file_out
from domain.clock import local
from domain.conversations import Message, Speaker
from domain.people import Person
from domain.policy import may_read_words
from domain.store import Unit
from domain.topics import Sent
from domain.travel import kilometres


class PlaceOut(BaseModel):
    """A place that somebody has shared; `home_km` is the way from where the member lives, as the crow flies."""

    lat: float
    lon: float
    home_km: float | None


class LineOut(BaseModel):
    """One line of a conversation. `author` is the person who said it where one did; `state` how far it got.

    `text` is null where it was said with a doctor and the reader works in the other queue. `seen`: somebody has put a
    sign below it; `edited`: it corrects an earlier line.
    """

    id: int
    who: str
    author: str | None
    text: str | None
    at: datetime
    state: str
    reason: str | None
    buttons: list[str]
    attached: str | None
    files: list[FileOut] = []
    place: PlaceOut | None = None
    seen: bool = False
    edited: bool = False
    urgent: bool

    @property
    def waits(self) -> bool:
        """Whether the line will change: a file is still being fetched, or the words have not gone out."""
        return self.state == "queued" or any(file.state == "waiting" for file in self.files)


class Names:
    """Who people are, asked once."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._known: dict[str, str | None] = {}

    def of(self, person_id: str | None) -> str | None:
        if person_id is None:
            return None
        if person_id not in self._known:
            found = self._unit.people.get(person_id)
            self._known[person_id] = found.name if found is not None else None
        return self._known[person_id]

    def person(self, person_id: str | None) -> Person | None:
        return self._unit.people.get(person_id) if person_id is not None else None


def lines_of(
    unit: Unit, names: Names, messages: Sequence[Message], queue_of: Callable[[Message], str]
) -> list[LineOut]:
    """Lines as those who work in a queue see them; reading them at the desk is no delivery."""
    files: dict[int, list[Sent]] = {}
    for one in unit.topics.files_of([m.id for m in messages if m.id is not None]):
        files.setdefault(one.message_id, []).append(one)
    return [line(names, m, queue_of(m), files.get(m.id or 0, ())) for m in messages]


def line(names: Names, message: Message, queue: str, files: Sequence[Sent] = ()) -> LineOut:
    """One line."""
    if not may_read_words(queue, message.payload):
        return _hidden(message)
    buttons, attached = message.payload.get("buttons"), message.payload.get("attached")
    return LineOut(
        id=message.id or 0,
        who=str(message.speaker),
        author=names.of(message.author_id) if message.speaker is not Speaker.AI else None,
        text=words_with(message),
        at=local(message.created_at),
        state=str(message.state),
        reason=message.reason,
        buttons=[str(button["title"]) for button in buttons] if isinstance(buttons, list) else [],
        attached=str(attached.get("kind")) if isinstance(attached, dict) else None,
        files=[file_out(one) for one in files],
        place=_place(names, message),
        seen=bool(message.payload.get("seen")),
        edited="edits" in message.payload,
        urgent=bool(message.payload.get("alert") or message.payload.get("danger")),
    )


def _place(names: Names, message: Message) -> PlaceOut | None:
    place = place_of(message)
    if place is None:
        return None
    member = names.person(message.author_id) if message.speaker is Speaker.MEMBER else None
    home = (member.lat, member.lon) if member is not None else (None, None)
    far = kilometres(place, (home[0], home[1])) if home[0] is not None and home[1] is not None else None
    return PlaceOut(lat=place[0], lon=place[1], home_km=round(far, 1) if far is not None else None)


def _hidden(message: Message) -> LineOut:
    """Something was said with a doctor; what it was is not told."""
    return LineOut(
        id=message.id or 0,
        who=str(message.speaker),
        author=None,
        text=None,
        at=local(message.created_at),
        state=str(message.state),
        reason=None,
        buttons=[],
        attached=None,
        urgent=False,
    )
