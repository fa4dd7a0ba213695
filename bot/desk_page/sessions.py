"""Signing in and out at the desk: name, password and the second factor's code, all judged together."""

from __future__ import annotations

from datetime import datetime
from math import ceil
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from pydantic import BaseModel, Field

from actions import desk_access
from actions.accounts import Locked
from actions.sealing import seal_of
from bot.api.access import Ports
from bot.desk_page.access import (
    COOKIE,
    AtDesk,
    Here,
    drop_cookie,
    keep_cookie,
    only_from_here,
    present,
)
from bot.limits import place_of
from bot.parts import Parts
from domain.clock import local
from domain.desk_door import DESK_ROLES, LOCKED, DeskSession, may_read_trail
from domain.people import Person
from domain.policy import queues_of, runs_desk, writes_broadcasts

router = APIRouter(prefix="/desk/session", include_in_schema=False, dependencies=[Depends(only_from_here)])


class Enter(BaseModel):
    """What is typed; blanks in a code are how authenticators show it."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    password: Annotated[str, Field(min_length=1, max_length=200)]
    code: Annotated[str, Field(min_length=1, max_length=20)]


class DemoName(BaseModel):
    name: Annotated[str, Field(max_length=60)]


class WhoOut(BaseModel):
    """Who is at the desk, in which role, and when the login ends if nothing is done."""

    id: str
    name: str
    role: str
    queues: list[str]
    door: str
    ends_at: datetime
    reads_trail: bool
    broadcasts: bool
    runs_desk: bool


class DoorOut(BaseModel):
    """`who` is null where nobody has signed in; `demo` lists whom one may be in the demo, else it is empty."""

    who: WhoOut | None
    demo: list[dict[str, str]]


class LoginOut(BaseModel):
    id: str
    person: str
    role: str
    door: str
    begun_at: datetime
    seen_at: datetime
    own: bool


@router.get("")
def door(request: Request, parts: Ports) -> DoorOut:
    """Who is there, and the demo's door where this is the demo."""
    found = present(request, parts)
    people: list[dict[str, str]] = []
    if parts.settings.demo and found is None:
        with parts.house.store.read() as unit:
            people = [
                {"name": p.handle or p.id, "called": p.name, "role": str(p.role)}
                for p in unit.desk_door.people(*DESK_ROLES)
            ]
    return DoorOut(who=who_out(found) if found else None, demo=people)


@router.post("")
def enter(body: Enter, request: Request, response: Response, parts: Ports) -> WhoOut:
    """Sign in. 403 where something was wrong, and never which; 429 where it was tried too often."""
    words, name = parts.house.words, body.name.strip()
    place = place_of(request.client.host if request.client else None)
    if not parts.entering.places.allows(place) or not parts.entering.names.allows(name.casefold()):
        raise _locked(parts, int(LOCKED.total_seconds()))
    # Hashing takes its time, and nobody is to wait for it behind a lock.
    with parts.house.store.read() as unit:
        kept = desk_access.password_of(unit, name)
    right = desk_access.password_is(kept, body.password)
    now, seal = parts.entering.clock.now(), seal_of(parts.house)
    with parts.house.store.write() as unit:
        try:
            tried = desk_access.try_to_enter(
                unit, seal, name, body.code.replace(" ", ""), now, password_right=right
            )
        except Locked as locked:
            raise _locked(parts, ceil((locked.until - now).total_seconds())) from locked
        secret = desk_access.begin(unit, tried.person, "password", now) if tried.person else ""
    if not secret:
        raise HTTPException(403, words.say("desk_wrong"))
    parts.entering.names.forget(name.casefold())
    return _entered(request, response, parts, secret)


@router.post("/demo")
def enter_demo(body: DemoName, request: Request, response: Response, parts: Ports) -> WhoOut:
    """One click in the demo; 404 outside it."""
    if not parts.settings.demo:
        raise HTTPException(404, parts.house.words.say("desk_not_demo"))
    with parts.house.store.write() as unit:
        person = desk_access.named(unit, body.name)
        if person is None or person.handle != body.name:
            raise HTTPException(404, parts.house.words.say("no_demo_person"))
        secret = desk_access.begin(unit, person, "demo", parts.entering.clock.now())
    return _entered(request, response, parts, secret)


@router.post("/here", status_code=204)
def here(found: Here) -> None:
    """Somebody is typing or reading: the login goes on."""


@router.delete("", status_code=204)
def leave(request: Request, response: Response, parts: Ports) -> None:
    """Sign out: the login is over, not only its cookie."""
    with parts.house.store.write() as unit:
        session = unit.desk_door.session(desk_access.digest_of(request.cookies.get(COOKIE, "")))
        if session is not None:
            desk_access.end(unit, session, parts.entering.clock.now(), session.person_id)
    drop_cookie(response)


@router.get("/all")
def logins(found: Here, parts: Ports) -> list[LoginOut]:
    """One's own logins that hold; for who reads the trail, everybody's."""
    whose = None if may_read_trail(found.person.role) else found.person.id
    with parts.house.store.read() as unit:
        live = unit.desk_door.live(parts.entering.clock.now(), whose)
    return [_login(session, person, found) for session, person in live]


@router.delete("/all/{session_id}", status_code=204)
def end(session_id: str, found: Here, parts: Ports) -> None:
    """End a login at once: one's own, or (supervisor, operator) anybody's."""
    with parts.house.store.write() as unit:
        session = unit.desk_door.session_of(session_id)
        if session is None or not (session.person_id == found.person.id or may_read_trail(found.person.role)):
            raise HTTPException(404, "没有这一项")
        desk_access.end(unit, session, parts.entering.clock.now(), found.person.id)


def who_out(found: AtDesk) -> WhoOut:
    return WhoOut(
        id=found.person.id,
        name=found.person.name,
        role=str(found.person.role),
        queues=list(queues_of(found.person)),
        door=found.door,
        ends_at=local(found.ends_at),
        reads_trail=may_read_trail(found.person.role),
        broadcasts=writes_broadcasts(found.person),
        runs_desk=runs_desk(found.person),
    )


def _entered(request: Request, response: Response, parts: Parts, secret: str) -> WhoOut:
    keep_cookie(request, response, secret)
    with parts.house.store.read() as unit:
        found = desk_access.who(unit, secret, parts.entering.clock.now())
    assert found is not None
    session, person = found
    return who_out(AtDesk(person, session.id, session.door, session.ends_at))


def _login(session: DeskSession, person: Person, found: AtDesk) -> LoginOut:
    return LoginOut(
        id=session.id,
        person=person.name,
        role=str(person.role),
        door=session.door,
        begun_at=local(session.begun_at),
        seen_at=local(session.seen_at),
        own=session.id == found.session_id,
    )


def _locked(parts: Parts, seconds: int) -> HTTPException:
    sentence = parts.house.words.say("desk_locked", minutes=max(1, ceil(seconds / 60)))
    return HTTPException(429, sentence, {"Retry-After": str(max(1, seconds))})
