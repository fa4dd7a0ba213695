"""Signing in and out on the page: a telephone and its one-time code, or one click in the demo."""

from __future__ import annotations

from datetime import datetime
from math import ceil
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, HTTPException, Request, Response
from pydantic import BaseModel, Field

from actions import accounts
from bot.api.access import Ports, from_here, owner, reader
from bot.api.cookie import sign_in, sign_out
from bot.limits import place_of
from bot.parts import Parts
from bot.web.carrying import carry
from domain.doors import CODE_AGAIN
from domain.people import Person, Role
from domain.store import Unit


def only_from_here(request: Request) -> None:
    """No other site may sign anybody in or out."""
    if request.method != "GET" and not from_here(request, needed=False):
        raise HTTPException(403, "这个请求不是从我们的网页来的")


router = APIRouter(prefix="/chat/session", tags=["page"], dependencies=[Depends(only_from_here)])
Typed = Annotated[str, Field(max_length=40)]


class Telephone(BaseModel):
    phone: Typed
    invite: Annotated[str | None, Field(max_length=80)] = None


class TelephoneAndCode(BaseModel):
    phone: Typed
    code: Typed


class Name(BaseModel):
    name: Annotated[str, Field(max_length=60)]


class CodeOut(BaseModel):
    """`code` is there in the demo alone."""

    sentence: str
    again_in: int
    code: str | None = None


class WhoOut(BaseModel):
    id: str
    name: str
    called: str


class DemoPersonOut(BaseModel):
    name: str
    called: str
    kind: str


@router.post("/code")
async def ask_code(body: Telephone, request: Request, parts: Ports, later: BackgroundTasks) -> CodeOut:
    """Have a one-time code sent to a telephone. The answer is the same whoever's number it is."""
    words = parts.house.words
    phone = phone_in(parts, body.phone)
    count(parts, request)
    with parts.house.store.write() as unit:
        try:
            sent = accounts.ask_code(parts.house, unit, phone)
        except accounts.Locked as locked:
            raise halted(parts, locked.until) from locked
        wanted = sent.known or (body.invite is not None and accounts.opens(parts.house, unit, body.invite))
    again_in = int(CODE_AGAIN.total_seconds())
    if parts.settings.demo:
        return CodeOut(sentence=words.say("code_shown", code=sent.code), again_in=again_in, code=sent.code)
    if wanted:
        # After the answer, so that its time tells nobody who is a member.
        later.add_task(carry, parts, sent)
    return CodeOut(sentence=words.say("code_sent"), again_in=again_in)


@router.get("")
def present(request: Request, parts: Ports) -> WhoOut | None:
    """Who is signed in in this browser, or null."""
    person = signed_in(request, parts)
    return who(person) if person is not None else None


@router.post("")
def begin(body: TelephoneAndCode, request: Request, response: Response, parts: Ports) -> WhoOut:
    """Sign in with a telephone and its code."""
    phone = phone_in(parts, body.phone)
    count(parts, request)
    prove(parts, phone, body.code)
    with parts.house.store.read() as unit:
        person = unit.people.by_phone(phone)
    if person is None:
        raise HTTPException(404, parts.house.words.say("no_account"))
    sign_in(request, response, parts.settings, person.id)
    return who(person)


@router.get("/demo")
def demo_people(parts: Ports) -> list[DemoPersonOut]:
    """Whom one may be in the demo; 404 outside it."""
    _demo_only(parts)
    with parts.house.store.read() as unit:
        return [
            DemoPersonOut(name=person.handle or "", called=person.name, kind=_kind(unit, person))
            for person in unit.people.with_handles()
        ]


@router.post("/demo")
def begin_demo(body: Name, request: Request, response: Response, parts: Ports) -> WhoOut:
    """Sign in as a demo person with one click; 404 outside the demo."""
    _demo_only(parts)
    with parts.house.store.read() as unit:
        person = unit.people.by_handle(body.name)
    if person is None:
        raise HTTPException(404, parts.house.words.say("no_demo_person"))
    sign_in(request, response, parts.settings, person.id)
    return who(person)


@router.delete("", status_code=204)
def end(response: Response) -> None:
    """Sign out in this browser."""
    sign_out(response)


def signed_in(request: Request, parts: Parts) -> Person | None:
    """Who is signed in in this browser, if anybody."""
    try:
        return owner(request, reader(request, None))
    except HTTPException:
        return None


def who(person: Person) -> WhoOut:
    return WhoOut(id=person.id, name=person.name, called=person.called)


def phone_in(parts: Parts, typed: str) -> str:
    """The number that was typed. 422 where it is none."""
    phone = accounts.phone_of(typed)
    if phone is None:
        raise HTTPException(422, parts.house.words.say("phone_wrong"))
    return phone


def count(parts: Parts, request: Request) -> None:
    """One more try from this address. 429 where it is one too many."""
    if not parts.tries.allows(place_of(request.client.host if request.client else None)):
        raise HTTPException(429, parts.house.words.say("too_many_tries"), {"Retry-After": "600"})


def prove(parts: Parts, phone: str, code: str) -> None:
    """That this telephone is held by who asks. 403 where the code is wrong, 429 where it is locked."""
    with parts.house.store.write() as unit:
        try:
            good = accounts.use_code(parts.house, unit, phone, code)
        except accounts.Locked as locked:
            raise halted(parts, locked.until) from locked
    if not good:
        raise HTTPException(403, parts.house.words.say("code_wrong"))


def halted(parts: Parts, until: datetime) -> HTTPException:
    """Too soon, or too often: when it may be tried again."""
    seconds = max(ceil((until - parts.house.now()).total_seconds()), 1)
    soon = seconds <= CODE_AGAIN.total_seconds()
    name = "code_soon" if soon else "code_locked"
    sentence = parts.house.words.say(name, **({} if soon else {"minutes": ceil(seconds / 60)}))
    return HTTPException(429, sentence, {"Retry-After": str(seconds)})


def _demo_only(parts: Parts) -> None:
    if not parts.settings.demo:
        raise HTTPException(404, "没有这一项")


def _kind(unit: Unit, person: Person) -> str:
    if person.role is not Role.MEMBER:
        return str(person.role)
    return "relative" if unit.people.elders_of(person.id) else "elder"
