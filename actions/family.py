"""Acting for somebody: whom the words mean, and how far the elder's consent reaches. Every use is logged."""

from __future__ import annotations

from dataclasses import dataclass

from actions.house import House
from domain.errors import NotAllowed, NotFound
from domain.people import ConsentUse, Person, Scope
from domain.policy import Basis, Reach, may_see_booking, reach
from domain.store import Unit

# What people call each other; the key is what the elder is to the relative.
KIN = {
    "mother": "您母亲",
    "father": "您父亲",
    "spouse": "您老伴",
    "grandmother": "您奶奶",
    "grandfather": "您爷爷",
    "mother_in_law": "您婆婆",
    "father_in_law": "您公公",
    "child": "您孩子",
    "other": "您家人",
}
_PARENTS = ("mother", "father")


@dataclass(frozen=True)
class Relative:
    """Somebody whom the actor may speak about, and what they are to the actor."""

    person: Person
    relation: str


def permit(house: House, unit: Unit, actor: Person, subject_id: str, scope: Scope, action: str) -> Reach:
    """The ground on which `actor` may do this; a use of consent is written to the elder's log.

    Raises NotFound where there is no bond, NotAllowed where the consent ends before it.
    """
    if actor.id == subject_id:
        return Reach(Basis.SELF)
    now = house.now()
    kinship = unit.people.kinship(subject_id, actor.id)
    consents = unit.people.consents(subject_id, actor.id, now) if kinship else {}
    found = reach(actor, subject_id, scope, kinship, consents)
    basis = f"{found.basis}:{found.consent_id}" if found.consent_id else str(found.basis)
    unit.people.add(
        ConsentUse(elder_id=subject_id, actor_id=actor.id, scope=scope, action=action, basis=basis, at=now)
    )
    return found


def permit_item(
    house: House,
    unit: Unit,
    actor: Person,
    subject_id: str,
    scope: Scope,
    action: str,
    *,
    item: str,
    private: bool,
) -> Reach:
    """As `permit`, for one visit, booking or plan: what the elder keeps private does not exist for relatives, so that
    none of them is told where their consent ends before it.

    Raises NotFound, NotAllowed.
    """
    try:
        found = permit(house, unit, actor, subject_id, scope, action)
    except NotAllowed as refused:
        if private:
            raise NotFound(item) from refused
        raise
    if not may_see_booking(found.basis, private=private):
        raise NotFound(item)
    return found


def elders_of(unit: Unit, actor: Person) -> list[Relative]:
    """Those for whom the actor may be able to act."""
    return [Relative(person, kinship.relation) for kinship, person in unit.people.elders_of(actor.id)]


def meant(unit: Unit, actor: Person, words: list[str]) -> list[Relative]:
    """Whom the relation words of a message mean among the actor's family; `parents` means both.

    Empty where nobody was named. Raises NotFound where somebody was named whom we do not know.
    """
    named = [word for word in words if word != "self"]
    if not named:
        return [Relative(actor, "self")] if "self" in words else []
    family = elders_of(unit, actor)
    found = []
    for word in named:
        wanted = _PARENTS if word == "parents" else (word,)
        found += [relative for relative in family if relative.relation in wanted]
    if not found:
        raise NotFound(named[0])
    return found


def called(actor: Person, relative: Relative) -> str:
    """How the butler speaks of somebody to the actor: 您, or 您母亲."""
    return "您" if relative.person.id == actor.id else KIN.get(relative.relation, relative.person.name)
