"""An invitation from an elder to a relative: a link that is good once, and what comes of opening it."""

from __future__ import annotations

from dataclasses import dataclass

from actions.accounts import LinkOver, invitation, one_time_link
from actions.consent import Bond, give, link, scope_names
from actions.house import House
from actions.say import put
from domain.doors import Invitation
from domain.errors import RuleBroken
from domain.family import elder_to
from domain.ids import new_id
from domain.people import Person, Scope
from domain.store import Unit

_LONGEST_NAME = 20


class OwnInvitation(RuleBroken):
    """The elder has opened the link that was made for somebody else."""

    code = "own_invitation"


@dataclass(frozen=True)
class Invited:
    """What is behind a link: who invites, and the sentence that says to what."""

    elder: Person
    sentence: str


def invite(house: House, unit: Unit, elder: Person, relative: str, scopes: tuple[Scope, ...]) -> str:
    """The address that the elder sends on; `relative` is what the elder calls them (`child`, `spouse`, `other`)."""
    token = one_time_link(house, unit, elder, elder_to(relative, elder.gender), tuple(map(str, scopes)))
    return f"{house.address}/chat?invite={token}"


def look(house: House, unit: Unit, token: str) -> Invited:
    """What a link is for, before it is accepted. Raises LinkOver."""
    _, elder, scopes = _behind(house, unit, token)
    sentence = house.words.say("invited", elder=elder.name, scopes=scope_names(house, scopes))
    return Invited(elder, sentence)


def somebody(house: House, unit: Unit, phone: str, name: str) -> Person:
    """Who holds this telephone, which has been proved; a new person where nobody did."""
    found = unit.people.by_phone(phone)
    if found is not None:
        return found
    made = Person(
        id=new_id("pe"),
        name=name.strip()[:_LONGEST_NAME] or house.words.say("relative_unnamed"),
        phone=phone,
        created_at=house.now(),
    )
    unit.people.add(made)
    unit.flush()
    return made


def accept(house: House, unit: Unit, token: str, relative: Person) -> Invited:
    """The link is used: the two are kin, what the elder allowed is allowed, both are told. Raises LinkOver."""
    found, elder, scopes = _behind(house, unit, token)
    if elder.id == relative.id:
        raise OwnInvitation(found.id)
    found.used_at, found.used_by = house.now(), relative.id
    link(unit, elder, relative, found.relation or "other")
    give(house, unit, Bond(elder, relative, by=elder), scopes, found.id)
    text = house.words.say(
        "invitation_used",
        relative=relative.name,
        tail=(relative.phone or "")[-4:],
        scopes=scope_names(house, scopes),
    )
    put(unit, unit.conversations.of(elder.id), text, key=f"{found.id}:used", now=house.now())
    return Invited(elder, text)


def _behind(house: House, unit: Unit, token: str) -> tuple[Invitation, Person, tuple[Scope, ...]]:
    found = invitation(house, unit, token)
    elder = unit.people.get(found.inviter_id)
    if elder is None or found.relation is None:
        raise LinkOver("link")
    return found, elder, tuple(Scope(scope) for scope in found.scopes)
