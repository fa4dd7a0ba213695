"""What staff open and do at the desk goes into the trail before it is done; supervisors and the operator read it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel, Field

from actions import desk_access
from bot.api.access import Caller, Ports
from bot.api.shapes import Page
from bot.desk_page.access import COOKIE, Here, TrailReader, still_here
from domain.clock import local
from domain.people import Person, Role
from domain.policy import may_see_names
from domain.store import Unit

router = APIRouter(prefix="/desk", include_in_schema=False)
# What counts as opening something. Lists, clocks and what a ticket brings with it are read all the time, by nobody's wish.
_OPENINGS = (
    "/tickets/{ticket_id}",
    "/broadcasts/{broadcast_id}/recipients",
    "/members/",
    "/visits",
    "/reports",
    "/search",
    "/report/",
)

# It would go on when the login is over; the page has a stream of its own, which ends with it.
_STREAM = "/tickets/events"


class ActOut(BaseModel):
    """A line of the trail. `what` is a name of the page's words, or the request as it was."""

    id: int
    at: datetime
    actor: str | None
    role: str | None
    what: str
    ticket: str | None
    member: str | None
    detail: dict[str, str] = Field(default_factory=dict)


def noted(request: Request, found: Here, parts: Ports) -> None:
    """Say to the API who asks, and write down what is asked for: nothing is opened or done that is not on record."""
    at = parts.entering.clock.now()
    holds = still_here(parts, request.cookies.get(COOKIE, ""))
    request.state.caller = Caller(found.person.id, at, by_cookie=False, holds=holds)
    way = getattr(request.scope.get("route"), "path", "")
    name = way.removeprefix("/desk").removeprefix("/api/v1")
    if name == _STREAM:
        raise HTTPException(404, "没有这一项")
    if request.method == "GET" and not _is_opening(name):
        return
    asked = request.path_params
    with parts.house.store.write() as unit:
        desk_access.note(
            unit,
            at,
            found.person.id,
            f"{request.method} {name}",
            ticket_id=asked.get("ticket_id"),
            member_id=asked.get("member_id"),
            **{each: str(asked[each])[:60] for each in asked if each not in ("ticket_id", "member_id")},
        )


def _is_opening(name: str) -> bool:
    return name in _OPENINGS[:2] or name.startswith(_OPENINGS[2:])


@router.get("/trail")
def trail(
    found: TrailReader,
    parts: Ports,
    before: Annotated[int | None, Query(ge=1)] = None,
    actor: Annotated[str | None, Query(max_length=40)] = None,
    what: Annotated[str, Query(max_length=40)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[ActOut]:
    """The trail, newest first; `next` is the cursor to go on backwards."""
    with parts.house.store.read() as unit:
        rows = unit.desk_door.trail(before=before, actor_id=actor or None, what=what, limit=limit)
        tickets = {a.ticket_id: unit.tickets.get(a.ticket_id) for a, _ in rows if a.ticket_id}
        members = {a.member_id: unit.people.get(a.member_id) for a, _ in rows if a.member_id}
        details = {a.id: _told(unit, a.detail) for a, _ in rows}
    items = []
    for act, person in rows:
        ticket = tickets.get(act.ticket_id) if act.ticket_id else None
        member = members.get(act.member_id) if act.member_id else None
        items.append(
            ActOut(
                id=act.id or 0,
                at=local(act.at),
                actor=person.name if person else None,
                role=str(person.role) if person else None,
                what=act.what,
                ticket=ticket.number if ticket else None,
                member=_named(found.person, member) if member else None,
                detail=details[act.id],
            )
        )
    return Page(items=items, next=items[-1].id if len(items) == limit else None)


def _named(reader: Person, about: Person) -> str:
    """Colleagues by name; a member only where the reader may know who members are."""
    return about.name if about.role is not Role.MEMBER or may_see_names(reader) else f"{about.name[0]}＊"


def _told(unit: Unit, detail: dict[str, str]) -> dict[str, str]:
    """What an act was done with: a broadcast by its title."""
    kept = unit.broadcasts.get(detail["broadcast_id"]) if "broadcast_id" in detail else None
    return {**detail, "broadcast_id": kept.title} if kept is not None else detail
