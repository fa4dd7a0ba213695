"""The family form's questions: one at a time, two to five large choices, and a way out."""

from __future__ import annotations

from actions.consent import scope_names
from actions.family import KIN
from actions.rasa.linking import next_scope
from actions.rasa.turn import Event, Turn, press
from actions.say import Choice
from domain.family import EVERY_SCOPE
from domain.people import Scope

_KIN_TO_ADD = ("child", "spouse", "other")
_KIN_TO_ASK = ("mother", "father", "other")


def _inform(choice: str) -> str:
    return press("inform", choice=choice)


def _leave(turn: Turn) -> Choice:
    return turn.button("leave", press("stop"))


def who_it_is(turn: Turn) -> str:
    """How the butler speaks of the other one."""
    who = str(turn.slots.get("family_who") or "other")
    if who.startswith("id:"):
        person = turn.unit.people.get(who.removeprefix("id:"))
        if person is None:
            return turn.word("relative_other")
        return turn.call(person) if turn.unit.people.kinship(person.id, turn.actor.id) else person.name
    if turn.slots.get("family_do") == "ask":
        return KIN.get(who, turn.word("relative_other"))
    return turn.word(f"relative_{who if who in _KIN_TO_ADD else 'other'}")


def ask_do(turn: Turn) -> list[Event]:
    """What is it about?"""
    choices = [turn.button(f"family_{do}", _inform(f"do:{do}")) for do in ("add", "ask", "remove", "list")]
    turn.say("ask_family_do", [*choices, _leave(turn)])
    return []


def ask_who(turn: Turn) -> list[Event]:
    """Whom is it about?"""
    do = str(turn.slots.get("family_do"))
    people = turn.unit.people
    relatives = [person for _, person in people.relatives_of(turn.actor.id)]
    elders = [person for _, person in people.elders_of(turn.actor.id)]
    known = {"add": relatives, "ask": elders, "remove": [*relatives, *elders]}[do]
    choices = [Choice(person.name, _inform(f"who:id:{person.id}")) for person in known[:4]]
    if do == "add":
        choices += [turn.button(f"kin_{kin}", _inform(f"who:{kin}")) for kin in _KIN_TO_ADD]
    if do == "ask":
        choices += [turn.button(f"kin_{kin}", _inform(f"who:{kin}")) for kin in _KIN_TO_ASK]
    turn.say(f"ask_family_who_{do}", [*choices, _leave(turn)])
    return []


def ask_phone(turn: Turn) -> list[Event]:
    """By which number is the elder known?"""
    turn.say("ask_family_phone", (_leave(turn),), who=who_it_is(turn))
    return []


def ask_scopes(turn: Turn) -> list[Event]:
    """One purpose after the other; to take back, which of those that are given."""
    do, who = str(turn.slots.get("family_do")), who_it_is(turn)
    if do == "remove":
        relative = str(turn.slots.get("family_who")).removeprefix("id:")
        held = turn.unit.people.consents(turn.actor.id, relative, turn.now)
        given = [scope for scope in EVERY_SCOPE if scope in held]
        choices = [turn.button("scope_every", _inform("scope:every"))]
        choices += [Choice(turn.word(f"scope_{scope}"), _inform(f"scope:{scope}")) for scope in given]
        turn.say("ask_family_scope_remove", [*choices, _leave(turn)], who=who)
        return []
    answers: dict[str, bool] = dict(turn.slots.get("family_answers") or {})
    scope = next_scope(answers) or EVERY_SCOPE[0]
    yes, no = ("yes_short", "no_short") if do == "add" else ("want", "want_not")
    choices = [turn.button(yes, _inform("yes")), turn.button(no, _inform("no")), _leave(turn)]
    may = turn.word(f"may_{scope}", elder="您" if do == "add" else who)
    question = turn.word(f"ask_family_scope_{do}", who=who, may=may)
    turn.say_text(question if answers else f"{turn.word('ask_family_scope_first')}\n{question}", choices)
    return []


def ask_ok(turn: Turn) -> list[Event]:
    """Read it back."""
    do, who = str(turn.slots.get("family_do")), who_it_is(turn)
    scopes = [Scope(scope) for scope in turn.slots.get("family_scopes") or []]
    every = do == "remove" and len(scopes) == len(EVERY_SCOPE)
    choices = [turn.button("yes", _inform("yes"))]
    if every:
        choices.append(turn.button("keep_alerts", _inform("keep_alerts")))
    choices.append(_leave(turn))
    name = "read_back_family_part" if every else f"read_back_family_{do}"
    turn.say(name, choices, who=who, scopes=scope_names(turn.house, scopes))
    return []
