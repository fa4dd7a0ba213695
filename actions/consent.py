"""Consent given and taken back: at once, kept in the elder's log, and told to the other side in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from actions.house import House
from actions.say import put
from domain.family import CONSENT_LIVES, EVERY_SCOPE, next_rank
from domain.ids import new_id
from domain.people import Consent, ConsentUse, Kinship, Person, Scope
from domain.policy import Basis
from domain.store import Unit

# Lines of the log that are no use of consent, but its giving and its end; behind it stands whose.
GIVEN, TAKEN_BACK = "given", "taken_back"


@dataclass(frozen=True)
class Bond:
    """An elder and a relative, and who of the two changes something: the other one is told."""

    elder: Person
    relative: Person
    by: Person


def scope_names(house: House, scopes: Iterable[Scope]) -> str:
    """Purposes as people say them, in their fixed order."""
    wanted = set(scopes)
    return "、".join(house.words.say(f"scope_{scope}") for scope in EVERY_SCOPE if scope in wanted)


def link(unit: Unit, elder: Person, relative: Person, relation: str) -> Kinship:
    """The two are kin from now on; `relation` is what the elder is to the relative."""
    found = unit.people.kinship(elder.id, relative.id)
    if found is not None:
        return found
    rank = next_rank([kinship for kinship, _ in unit.people.relatives_of(elder.id)])
    made = Kinship(elder_id=elder.id, relative_id=relative.id, relation=relation, rank=rank)
    unit.people.add(made)
    unit.flush()
    return made


def give(
    house: House,
    unit: Unit,
    bond: Bond,
    scopes: Sequence[Scope],
    key: str,
    sentence: str = "given",
) -> list[Scope]:
    """Let a relative do these things from now on; returns what is new."""
    now = house.now()
    held = unit.people.consents(bond.elder.id, bond.relative.id, now)
    fresh = [scope for scope in EVERY_SCOPE if scope in scopes and scope not in held]
    for scope in fresh:
        unit.people.add(
            Consent(
                id=new_id("cs"),
                elder_id=bond.elder.id,
                relative_id=bond.relative.id,
                scope=scope,
                granted_at=now,
                expires_at=now + CONSENT_LIVES,
            ),
            _logged(house, bond, scope, GIVEN),
        )
    unit.flush()
    if fresh:
        _tell(house, unit, bond, sentence, fresh, key)
    return fresh


def take_back(house: House, unit: Unit, bond: Bond, scopes: Sequence[Scope], key: str) -> list[Scope]:
    """These things are over at once; returns what really was taken back."""
    now = house.now()
    held = unit.people.consents(bond.elder.id, bond.relative.id, now)
    over = [scope for scope in EVERY_SCOPE if scope in scopes and scope in held]
    for scope in over:
        held[scope].revoked_at = now
        unit.people.add(_logged(house, bond, scope, TAKEN_BACK))
    unit.flush()
    if over:
        _tell(house, unit, bond, "over", over, key)
    return over


def part(house: House, unit: Unit, bond: Bond, key: str) -> None:
    """The relative is none any more: nothing may be seen or done, and no alert goes there."""
    if not take_back(house, unit, bond, EVERY_SCOPE, key):
        _tell(house, unit, bond, "over", (), key)
    kinship = unit.people.kinship(bond.elder.id, bond.relative.id)
    if kinship is not None:
        unit.people.remove(kinship)
    unit.flush()


def _logged(house: House, bond: Bond, scope: Scope, what: str) -> ConsentUse:
    return ConsentUse(
        elder_id=bond.elder.id,
        actor_id=bond.by.id,
        scope=scope,
        action=f"{what}:{bond.relative.id}",
        basis=str(Basis.SELF if bond.by.id == bond.elder.id else Basis.CONSENT),
        at=house.now(),
    )


def _tell(house: House, unit: Unit, bond: Bond, name: str, scopes: Sequence[Scope], key: str) -> None:
    other = bond.relative if bond.by.id == bond.elder.id else bond.elder
    side = "relative" if other.id == bond.relative.id else "elder"
    text = house.words.say(
        f"told_{side}_{name}" if scopes else f"told_{side}_parted",
        elder=bond.elder.name,
        relative=bond.relative.name,
        scopes=scope_names(house, scopes),
    )
    conversation = unit.conversations.of(other.id)
    put(unit, conversation, text, key=f"{key}:told:{other.id}", now=house.now())
