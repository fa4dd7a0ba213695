"""Who is at the desk: its cookie, which no other page is sent, no script can read and no other site can use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, HTTPException, Request, Response

from actions import desk_access
from bot.api.access import Ports, from_here
from bot.parts import Parts
from domain.desk_door import LIVES, may_read_trail
from domain.people import Person

COOKIE = "guanjia_desk"
PATH = "/desk"
OVER = "这次登录已经结束了，请重新登录"
_SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class AtDesk:
    """Somebody who has signed in at the desk."""

    person: Person
    session_id: str
    door: str
    ends_at: datetime


def only_from_here(request: Request) -> None:
    """No other site may change anything here: the browser must say that our own page asks."""
    if request.method not in _SAFE and not from_here(request, needed=True):
        raise HTTPException(403, "这个请求不是从我们的网页来的")


def at_desk(request: Request, parts: Ports) -> AtDesk:
    """Who is asking. 401 where nobody has signed in, or the login is over; 403 for another site."""
    only_from_here(request)
    found = present(request, parts)
    if found is None:
        raise HTTPException(401, OVER)
    return found


def present(request: Request, parts: Parts) -> AtDesk | None:
    """Who has signed in in this browser; that the login was used is written down now and then."""
    secret = request.cookies.get(COOKIE, "")
    now = parts.entering.clock.now()
    if not secret:
        return None
    with parts.house.store.read() as unit:
        found = desk_access.who(unit, secret, now)
    if found is None:
        return None
    session, person = found
    if session.wants_touch(now):
        with parts.house.store.write() as unit:
            unit.desk_door.seen(session.id, now)
        session.seen_at = now
    return AtDesk(person, session.id, session.door, session.ends_at)


def still_here(parts: Parts, secret: str) -> Callable[[], bool]:
    """Whether a login still holds, for a stream, which is no use of it."""

    def holds() -> bool:
        with parts.house.store.read() as unit:
            return desk_access.who(unit, secret, parts.entering.clock.now()) is not None

    return holds


def keep_cookie(request: Request, response: Response, secret: str) -> None:
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(LIVES.total_seconds()),
        path=PATH,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


def drop_cookie(response: Response) -> None:
    response.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="strict")


def reader_of_trail(found: Annotated[AtDesk, Depends(at_desk)]) -> AtDesk:
    """A supervisor or the operator. 404 for others: what they may not see does not exist."""
    if not may_read_trail(found.person.role):
        raise HTTPException(404, "没有这一项")
    return found


Here = Annotated[AtDesk, Depends(at_desk)]
TrailReader = Annotated[AtDesk, Depends(reader_of_trail)]
