"""Opening an invitation on the page: what it is for, and taking it up with a telephone that is proved, or as who one is."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from pydantic import BaseModel, Field

from actions import invite
from actions.accounts import LinkOver
from bot.api.access import Ports, from_here
from bot.api.cookie import sign_in
from bot.parts import Parts
from bot.web.sessions import Typed, count, only_from_here, phone_in, prove, signed_in
from domain.people import Person
from domain.store import Unit
from nlu.zh.text import clean

router = APIRouter(prefix="/chat/session/invite", tags=["page"], dependencies=[Depends(only_from_here)])


class Invitation(BaseModel):
    """Without `accept` it is only looked at. A telephone comes with its code; without one it is who is signed in."""

    token: Annotated[str, Field(max_length=80)]
    accept: bool = False
    phone: Typed | None = None
    code: Typed | None = None
    name: Typed | None = None


class InvitationOut(BaseModel):
    elder: str
    sentence: str
    telegram: str | None = None


@router.post("")
def open_invitation(body: Invitation, request: Request, response: Response, parts: Ports) -> InvitationOut:
    """What a link is for; with `accept`, taking it up."""
    count(parts, request)
    if not body.accept:
        with parts.house.store.write() as unit:
            found = _looked(parts, unit, body.token)
        there = parts.telegram.link_if_known(body.token) if parts.telegram is not None else None
        return InvitationOut(elder=found.elder.name, sentence=found.sentence, telegram=there)
    person_id = _proved(parts, body) if body.phone is not None else _present(request, parts)
    with parts.house.store.write() as unit:
        person = unit.people.get(person_id) if person_id else None
        if person is None:
            person = _newcomer(parts, unit, body)
        try:
            taken = invite.accept(parts.house, unit, body.token, person)
        except LinkOver as over:
            raise _over(parts) from over
        except invite.OwnInvitation as own:
            raise HTTPException(409, parts.house.words.say("invitation_own")) from own
    sign_in(request, response, parts.settings, person.id)
    return _out(taken)


def _proved(parts: Parts, body: Invitation) -> str | None:
    """Who holds the telephone whose code this is; nobody yet, where it is new to us."""
    phone = phone_in(parts, body.phone or "")
    with parts.house.store.write() as unit:
        _looked(parts, unit, body.token)
        known = unit.people.by_phone(phone)
    # Asked of everybody, so that it tells nobody whose number is known.
    if not clean(body.name or "").strip():
        raise HTTPException(422, parts.house.words.say("name_missing"))
    prove(parts, phone, body.code or "")
    return known.id if known is not None else None


def _present(request: Request, parts: Parts) -> str:
    """Who is signed in. 401 where nobody is, 403 where another site asks."""
    person = signed_in(request, parts)
    if person is None:
        raise HTTPException(401, "请先登录")
    if not from_here(request, needed=True):
        raise HTTPException(403, "这个请求不是从我们的网页来的")
    return person.id


def _newcomer(parts: Parts, unit: Unit, body: Invitation) -> Person:
    return invite.somebody(parts.house, unit, phone_in(parts, body.phone or ""), clean(body.name or ""))


def _looked(parts: Parts, unit: Unit, token: str) -> invite.Invited:
    try:
        return invite.look(parts.house, unit, token)
    except LinkOver as over:
        raise _over(parts) from over


def _over(parts: Parts) -> HTTPException:
    return HTTPException(410, parts.house.words.say("invitation_over"))


def _out(found: invite.Invited) -> InvitationOut:
    return InvitationOut(elder=found.elder.name, sentence=found.sentence)
