"""The end of the family form: what was agreed is done, in one transaction with the words that tell both sides."""

from __future__ import annotations

from collections.abc import Callable

from actions import ask_leave, consent, invite
from actions.consent import Bond, scope_names
from actions.rasa import linking
from actions.rasa.linking_questions import who_it_is
from actions.rasa.turn import Event, Turn, slot
from domain.family import EVERY_SCOPE
from domain.people import Person, Scope


def link_family(turn: Turn) -> list[Event]:
    """`action_link_family`: do what was agreed, if it was."""
    if turn.slots.get("family_ok") == "yes":
        _DONE[str(turn.slots.get("family_do"))](turn, _scopes(turn))
    return [slot(name, None) for name in linking.ALL]


def _scopes(turn: Turn) -> list[Scope]:
    return [Scope(scope) for scope in turn.slots.get("family_scopes") or []]


def _known(turn: Turn) -> Person | None:
    who = str(turn.slots.get("family_who"))
    return turn.unit.people.get(who.removeprefix("id:")) if who.startswith("id:") else None


def _add(turn: Turn, scopes: list[Scope]) -> None:
    relative = _known(turn)
    if relative is None:
        who = str(turn.slots.get("family_who"))
        address = invite.invite(turn.house, turn.unit, turn.actor, who, tuple(scopes))
        turn.say("invite_ready", who=who_it_is(turn), link=address)
        return
    fresh = consent.give(turn.house, turn.unit, Bond(turn.actor, relative, turn.actor), scopes, turn.key)
    name = "family_given" if fresh else "family_given_nothing"
    turn.say(name, who=relative.name, scopes=scope_names(turn.house, fresh))


def _ask(turn: Turn, scopes: list[Scope]) -> None:
    """The answer is the same whether somebody has that number or not: who is a member is nobody's business."""
    known = _known(turn)
    elder = known or turn.unit.people.by_phone(str(turn.slots.get("family_phone")))
    if elder is not None and elder.id != turn.actor.id:
        relation = "other" if known else str(turn.slots.get("family_who"))
        try:
            ask_leave.ask(turn.house, turn.unit, turn.actor, elder, relation, scopes)
        except ask_leave.AskedOften:
            if known:
                turn.say("family_asked_often")
                return
    turn.say("family_asked")


def _remove(turn: Turn, scopes: list[Scope]) -> None:
    relative = _known(turn)
    if relative is None:
        return
    bond = Bond(turn.actor, relative, turn.actor)
    if len(scopes) == len(EVERY_SCOPE):
        consent.part(turn.house, turn.unit, bond, turn.key)
        turn.say("family_parted", who=relative.name)
        return
    over = consent.take_back(turn.house, turn.unit, bond, scopes, turn.key)
    name = "family_taken_back" if over else "family_taken_back_nothing"
    turn.say(name, who=relative.name, scopes=scope_names(turn.house, over))


def _leave(turn: Turn, _: list[Scope]) -> None:
    elder = _known(turn)
    if elder is not None:
        called = who_it_is(turn)
        consent.part(turn.house, turn.unit, Bond(elder, turn.actor, turn.actor), turn.key)
        turn.say("family_left", who=called)


_DONE: dict[str, Callable[[Turn, list[Scope]], None]] = {
    "add": _add,
    "ask": _ask,
    "remove": _remove,
    "leave": _leave,
}
