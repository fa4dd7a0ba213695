"""What the desk's page of broadcasts asks for beside the API: what may be chosen, and one of them in words."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from actions import broadcast, broadcast_look
from actions.broadcast_when import When
from bot.api.access import Ports
from bot.api.broadcast_shapes import BroadcastIn
from bot.desk_page.access import Here

router = APIRouter(prefix="/desk/broadcast", include_in_schema=False)


class WordsOut(BaseModel):
    """When it goes, in words; `first` where that is a rule; what the reader can do with it; who wrote and approved it."""

    when: str
    first: str | None
    can: list[str]
    author: str
    approved_by: str | None
    people: dict[str, str]


@router.get("/choices")
def choices(found: Here, parts: Ports) -> dict[str, Any]:
    """Cities, plans, benefits, days of the year, and the number above which a second person is asked."""
    with parts.house.store.read() as unit:
        return vars(broadcast_look.choices(parts.house, unit, found.person))


@router.post("/when")
def when(body: BroadcastIn, found: Here, parts: Ports) -> dict[str, str | None]:
    """How a time that is written is understood, before it is kept."""
    with parts.house.store.read() as unit:
        broadcast_look.choices(parts.house, unit, found.person)
    read = body.draft(parts.house).when
    read.first(parts.house.now())
    return {
        "when": broadcast_look.when_said(parts.house, read),
        "first": broadcast_look.first_said(parts.house, read),
    }


@router.get("/{broadcast_id}")
def words(broadcast_id: str, found: Here, parts: Ports) -> WordsOut:
    """Beside what the API says of it."""
    with parts.house.store.read() as unit:
        kept = broadcast.read(unit, found.person, broadcast_id)
        asked = [
            kept.author_id,
            kept.approved_by,
            *(event.actor_id for event in unit.broadcasts.events(kept.id)),
        ]
        people = {one: person.name for one in asked if one and (person := unit.people.get(one))}
        at = When(kept.send_at, kept.rule)
        return WordsOut(
            when=broadcast_look.when_said(parts.house, at),
            first=broadcast_look.first_said(parts.house, at),
            can=broadcast_look.possible(unit, found.person, kept),
            author=people.get(kept.author_id, ""),
            approved_by=people.get(kept.approved_by or ""),
            people=people,
        )
