"""The whole conversation of the one who asks, both sides of it: page by page, and as a stream."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from actions.house import House
from actions.sent_files import place_of
from bot.api.access import Asking, Caller, Owner, Ports
from bot.api.sent_files import FileOut, file_out
from bot.api.shapes import ButtonOut, Page
from bot.api.streaming import begin_after, streamed
from bot.messages import shown
from bot.parts import Parts
from bot.showing import shown_first
from bot.way import LoginOver
from domain.clock import SHANGHAI
from domain.conversations import Message
from domain.topics import Sent

router = APIRouter(prefix="/api/v1/me/conversation", tags=["me"])
_PAGE = 50
# Where several processes write, a lower number may be committed after a higher one: a stream looks back so far.
_LOOK_BACK = 20
# A page cannot see a comment in a stream: this tells it that the line is not dead.
_ALIVE = "event: alive\ndata: 1\n\n"
# Channels whose message ids are chosen by the one who sends, who knows them again.
_OWN_IDS = ("web", "rest")
After = Annotated[int, Query(ge=0)]


class LineOut(BaseModel):
    """One line. `message_id` is the sender's own id of it; `pressed` the button that it was; `urgent` a danger.

    `files` are to be had at `/api/v1/me/attachments/ID` once they are `kept`; `place` is latitude and longitude;
    `seen`: the other side has put a sign below it.
    """

    id: int
    direction: str
    role: str
    text: str
    buttons: list[ButtonOut]
    at: datetime
    message_id: str | None = None
    pressed: str | None = None
    pushed: bool = False
    urgent: bool = False
    files: list[FileOut] = []
    place: str | None = None
    seen: bool = False


@router.get("")
def conversation(
    person: Owner,
    parts: Ports,
    after: Annotated[int | None, Query(ge=0)] = None,
    before: Annotated[int | None, Query(ge=1)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = _PAGE,
) -> Page[LineOut]:
    """Both sides, oldest first: the newest; those `after` a line, `next` the cursor to go on; or those `before` one,
    `next` the cursor to go on backwards, null at the beginning."""
    with parts.house.store.read() as unit:
        begun = unit.conversations.of_existing(person.id)
        if begun is None:
            return Page(items=[], next=after)
        if after is not None:
            found: Sequence[Message] = unit.conversations.both_ways(begun.id, after, limit)
        else:
            found = unit.conversations.both_ways_before(begun.id, before, limit)
    if after is not None:
        following = found[-1].id if found else after
    else:
        following = found[0].id if len(found) == limit else None
    lines = lines_of(parts.house, person.id, shown_first(parts.house, found))
    return Page(items=lines, next=following)


@router.get("/events")
async def events(
    request: Request, who: Asking, person: Owner, parts: Ports, after: After = 0
) -> StreamingResponse:
    """The same as a stream of server-sent events; `Last-Event-ID` takes up where it was cut."""
    start = begin_after(request, after)
    return streamed(request, parts, who, _Watch(parts, who).look, start, _ALIVE)


class _Watch:
    """What one stream has shown already, so that nothing is left out and nothing comes twice."""

    def __init__(self, parts: Parts, who: Caller) -> None:
        self.parts, self.who = parts, who
        self._seen: deque[int] = deque(maxlen=_LOOK_BACK)

    def look(self, after: int) -> list[tuple[int, dict[str, Any]]]:
        """New lines. Raises LoginOver."""
        with self.parts.house.store.read() as unit:
            person = unit.people.get(self.who.person_id)
            if person is None or not person.holds_login(self.who.login_at):
                raise LoginOver
            begun = unit.conversations.of_existing(person.id)
            if begun is None:
                return []
            since = min(self._seen) if self._seen else after
            found = unit.conversations.both_ways(begun.id, since, _PAGE + _LOOK_BACK)
        new = [message for message in found if message.id not in self._seen]
        lines = lines_of(self.parts.house, self.who.person_id, shown_first(self.parts.house, new))
        self._seen.extend(each.id for each in lines)
        return [(each.id, each.model_dump(mode="json")) for each in lines]


def lines_of(house: House, person_id: str, messages: Sequence[Message]) -> list[LineOut]:
    """Stored messages as lines, with their files."""
    files: dict[int, list[Sent]] = {}
    if messages:
        with house.store.read() as unit:
            for one in unit.topics.files_of([m.id for m in messages if m.id is not None]):
                files.setdefault(one.message_id, []).append(one)
    return [line(house, person_id, message, files.get(message.id or 0, ())) for message in messages]


def line(house: House, person_id: str, message: Message, files: Sequence[Sent] = ()) -> LineOut:
    """A stored message as a line."""
    reply = shown(house, message)
    assert reply.id is not None
    prefix = f"{message.channel}:{person_id}:"
    own = message.channel in _OWN_IDS and message.key.startswith(prefix)
    pressed, place = message.payload.get("button"), place_of(message)
    return LineOut(
        id=reply.id,
        direction=message.direction,
        role=reply.role,
        text=reply.text,
        buttons=[ButtonOut(title=title, payload=payload) for title, payload in reply.buttons],
        at=message.created_at.astimezone(SHANGHAI),
        message_id=message.key.removeprefix(prefix) if own else None,
        pressed=str(pressed) if pressed else None,
        pushed=message.pushed,
        urgent=reply.urgent,
        files=[file_out(one) for one in files],
        place=f"{place[0]},{place[1]}" if place else None,
        seen=bool(message.payload.get("seen")) and message.direction == "in",
    )
