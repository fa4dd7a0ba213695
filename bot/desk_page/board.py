"""What the page is shown of tickets and words, as JSON shapes. What somebody may not read is not in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from actions import hand_over
from bot.api.access import Ports
from bot.desk_page.access import Here
from bot.desk_page.lines import LineOut, Names, lines_of
from bot.desk_page.trail import noted
from bot.parts import Parts
from domain.clock import local
from domain.conversations import Message
from domain.people import Person
from domain.policy import may_read_words, queues_of
from domain.store.board import Row

router = APIRouter(prefix="/desk", include_in_schema=False)
_PREVIEW = 60
# Words are looked for in what was said within these days.
_WORDS_DAYS = 90


class ClockOut(BaseModel):
    """A clock that runs: `first_reply`, `next_reply`, `resolve`."""

    name: str
    due: datetime


class LastOut(BaseModel):
    id: int
    who: str
    text: str | None
    at: datetime


class RowOut(BaseModel):
    """A ticket in the list. `version` tells a newer one from an older."""

    id: str
    number: str
    conversation: str
    member: str
    name: str
    called: str
    queue: str
    topic: str
    priority: str
    state: str
    tier: int
    owner: str | None
    owner_name: str | None
    opened_at: datetime
    waiting_since: datetime | None
    silent_at: datetime | None
    until_at: datetime | None
    clocks: list[ClockOut]
    version: int
    unreachable: bool
    last: LastOut | None


def row(names: Names, found: Row) -> RowOut:
    """A ticket as the list shows it."""
    ticket, last = found.ticket, found.last
    return RowOut(
        id=ticket.id,
        number=ticket.number,
        conversation=ticket.conversation_id,
        member=ticket.member_id,
        name=found.member.name,
        called=found.member.called,
        queue=ticket.queue,
        topic=ticket.topic,
        priority=str(ticket.priority),
        state=str(ticket.state),
        tier=ticket.tier,
        owner=ticket.owner_id,
        owner_name=names.of(ticket.owner_id),
        opened_at=local(ticket.opened_at),
        waiting_since=_local(ticket.waiting_since),
        silent_at=_local(ticket.silent_at),
        until_at=_local(ticket.until_at),
        clocks=[ClockOut(name=str(name), due=local(due)) for name, due in ticket.clocks()],
        version=ticket.version,
        unreachable=found.unreachable,
        last=_last(last, ticket.queue) if last is not None else None,
    )


def _last(message: Message, queue: str) -> LastOut:
    return LastOut(
        id=message.id or 0,
        who=str(message.speaker),
        text=message.text[:_PREVIEW] if may_read_words(queue, message.payload) else None,
        at=local(message.created_at),
    )


def _local(moment: datetime | None) -> datetime | None:
    return None if moment is None else local(moment)


def rows(parts: Parts, person: Person) -> list[RowOut]:
    """Everything that waits in somebody's queues, and is being looked after."""
    with parts.house.store.read() as unit:
        names = Names(unit)
        return [row(names, one) for one in unit.board.open(queues_of(person))]


class BoardOut(BaseModel):
    """The house's time, everything open, and where the stream takes up."""

    now: datetime
    tickets: list[RowOut]
    after: int


@router.get("/board")
def board(found: Here, parts: Ports) -> BoardOut:
    """The list. Its marker is read first: what comes meanwhile comes once more, and nothing is left out."""
    with parts.house.store.read() as unit:
        after, _ = unit.board.marker()
    return BoardOut(now=local(parts.house.now()), tickets=rows(parts, found.person), after=after)


@router.get("/tickets/{ticket_id}/lines")
def lines(
    ticket_id: str,
    found: Here,
    parts: Ports,
    before: Annotated[int | None, Query(ge=1)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> list[LineOut]:
    """What was said, oldest first: the newest, or those before a line."""
    with parts.house.store.read() as unit:
        ticket = hand_over.readable(unit, found.person, ticket_id)
        names = Names(unit)
        said = unit.conversations.both_ways_before(ticket.conversation_id, before, limit)
        return lines_of(unit, names, said, lambda _: ticket.queue)


@router.get("/search", dependencies=[Depends(noted)])
def search(
    found: Here, parts: Ports, q: Annotated[str, Query(min_length=1, max_length=40)], limit: int = 30
) -> list[RowOut]:
    """Tickets of one's own queues, closed ones too: by number, name, a telephone's last four digits, words."""
    words = q.strip()
    if not words:
        return []
    since = parts.house.now() - timedelta(days=_WORDS_DAYS)
    with parts.house.store.read() as unit:
        names = Names(unit)
        hits = unit.board.search(queues_of(found.person), words, since, min(limit, 50))
        return [row(names, one) for one in hits]
