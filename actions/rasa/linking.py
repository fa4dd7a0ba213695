"""The family form: who is to help whom, with what, each purpose apart; and the end of it.

`family_do` is `add` (an elder lets somebody), `ask` (somebody asks an elder), `remove` (leave is taken back) or `leave`
(a relative helps no more). `family_who` is a relation, or `id:<person>` where we know them. `family_scopes` is full
when each purpose has its answer in `family_answers`.
"""

from __future__ import annotations

import re
from typing import Any

from actions.accounts import phone_of
from actions.consent import scope_names
from actions.family import Relative
from actions.rasa.asking import confidence, is_aside, says_no, says_yes
from actions.rasa.linking_words import asks_who, closest_scopes, what_to_do
from actions.rasa.turn import Event, Turn, slot
from domain.family import ELDERS, EVERY_SCOPE, relative_to
from domain.people import Person, Scope

SLOTS = ("family_do", "family_who", "family_phone", "family_scopes", "family_ok")
ALL = (*SLOTS, "family_answers")
_AGREES = re.compile(r"^(?:行|可以|好|让|同意|要|能|嗯|对|成|中|没问题)")
_PHONE = re.compile(r"(?<!\d)1[3-9](?:[\s-]?\d){9}(?!\d)")
# 「不办了」 leaves; 「不要」 is an answer.
_SURE_TO_STOP, _A_WORD = 0.35, 2
Kept = dict[str, Any]


def validate(turn: Turn) -> list[Event]:
    """`validate_family_form`: take in what was said. No event means an aside."""
    kept: Kept = {name: turn.slots.get(name) for name in ALL}
    starting = turn.requested is None
    answers = not starting and _answers(turn)
    if not starting and not answers and is_aside(turn, answers=False, task="link_family"):
        return []
    if starting or (turn.intent == "link_family" and not answers):
        kept = dict.fromkeys(ALL)
        heard = True
        _begin(turn, kept)
    else:
        heard = _TAKE[str(turn.requested)](turn, kept)
    _settle(turn, kept)
    events = [slot(name, value) for name, value in kept.items()]
    if kept["family_ok"]:
        events.append(slot("requested_slot", None))
    events.append(slot("misses", 0 if heard or starting else int(turn.slots.get("misses") or 0) + 1))
    return events


def _answers(turn: Turn) -> bool:
    """Whether the words answer what was asked, whatever intent a model sees in so few of them."""
    if turn.choice is not None:
        return True
    if turn.intent == "stop" and confidence(turn) >= _SURE_TO_STOP and len(turn.text) > _A_WORD:
        return False
    match turn.requested:
        case "family_scopes" | "family_ok":
            return yes_or_no(turn) is not None
        case "family_phone":
            return _PHONE.search(turn.text) is not None
        case "family_who":
            return bool(turn.entity("person")) and turn.intent in ("inform", "link_family", "out_of_scope")
    return False


def yes_or_no(turn: Turn) -> bool | None:
    if says_no(turn):
        return False
    if says_yes(turn) or (not turn.pressed and _AGREES.search(turn.text)):
        return True
    return None


def _begin(turn: Turn, kept: Kept) -> None:
    """What the first words say already."""
    if turn.choice and turn.choice.startswith("do:"):
        _do(turn, kept)
        return
    if asks_who(turn.text):
        _list(turn, kept)
        return
    kin = next((word for word in turn.entity("person") if word not in ("self", "parents")), None)
    kept["family_do"] = what_to_do(turn.text, kin)
    if kept["family_do"] is None:
        return
    _named(turn, kept, kin)
    named = closest_scopes(turn.text, kept["family_do"])
    if named:
        kept["family_answers"] = {str(scope): scope in named for scope in EVERY_SCOPE}


def _named(turn: Turn, kept: Kept, kin: str | None) -> None:
    """Whom the words mean among those we know, or what they are to the one who speaks."""
    do = kept["family_do"]
    known = _known(turn, do)
    meant = [one for one in known if one.person.name in turn.text] or [
        one for one in known if kin is not None and one.relation == kin
    ]
    if do == "remove":
        meant = meant or (known if kin is None else [])
        if not known or (kin is not None and not meant):
            _no_such(turn, kept)
        elif len(meant) == 1:
            _take_known(turn, kept, meant[0].person)
        return
    if len(meant) == 1 and (do == "ask" or closest_scopes(turn.text, do)):
        kept["family_who"] = f"id:{meant[0].person.id}"
    elif kin is not None and not meant:
        kept["family_who"] = kin


def _known(turn: Turn, do: str) -> list[Relative]:
    """Those whom it can be about: one's relatives, one's elders, or (to end it) both."""
    relatives = [
        Relative(person, relative_to(kinship.relation))
        for kinship, person in turn.unit.people.relatives_of(turn.actor.id)
    ]
    elders = [
        Relative(person, kinship.relation) for kinship, person in turn.unit.people.elders_of(turn.actor.id)
    ]
    return {"add": relatives, "ask": elders, "remove": [*relatives, *elders]}.get(do, [])


def _take_known(turn: Turn, kept: Kept, person: Person) -> None:
    kept["family_who"] = f"id:{person.id}"
    if kept["family_do"] == "remove" and turn.unit.people.kinship(turn.actor.id, person.id) is None:
        kept["family_do"] = "leave"


def _no_such(turn: Turn, kept: Kept) -> None:
    turn.say("family_no_such", lines=family_lines(turn))
    kept["family_ok"] = "left"


def _list(turn: Turn, kept: Kept) -> None:
    turn.say("family_list", lines=family_lines(turn))
    elders = _known(turn, "ask")
    if elders:
        turn.say("family_list_elders", lines="\n".join(one.person.name for one in elders))
    kept["family_ok"] = "left"


def family_lines(turn: Turn) -> str:
    """Who is linked to the one who speaks, and may do what."""
    lines = []
    for _, relative in turn.unit.people.relatives_of(turn.actor.id):
        may = turn.unit.people.consents(turn.actor.id, relative.id, turn.now)
        scopes = scope_names(turn.house, may) or turn.word("scope_none")
        lines.append(turn.word("family_line", name=relative.name, scopes=scopes))
    return "\n".join(lines) or turn.word("family_nobody")


# What each question takes as its answer; False where it was none.


def _do(turn: Turn, kept: Kept) -> bool:
    choice = turn.choice or ""
    if choice == "do:list":
        _list(turn, kept)
        return True
    kin = next((word for word in turn.entity("person") if word != "self"), None)
    kept["family_do"] = choice.removeprefix("do:") if choice.startswith("do:") else what_to_do(turn.text, kin)
    if kept["family_do"] is None:
        return False
    if kept["family_do"] == "remove" or kin is not None:
        _named(turn, kept, kin)
    return True


def _who(turn: Turn, kept: Kept) -> bool:
    choice = turn.choice or ""
    do = kept["family_do"]
    if choice.startswith("who:"):
        who = choice.removeprefix("who:")
        person = turn.unit.people.get(who.removeprefix("id:")) if who.startswith("id:") else None
        if person is not None:
            _take_known(turn, kept, person)
        else:
            kept["family_who"] = who
        return True
    named = [one for one in _known(turn, do) if one.person.name in turn.text]
    if len(named) == 1:
        _take_known(turn, kept, named[0].person)
        return True
    kin = next((word for word in turn.entity("person") if word not in ("self", "parents")), None)
    if kin is None or (do == "ask" and kin not in ELDERS):
        return False
    if do == "remove":
        _named(turn, kept, kin)
    else:
        kept["family_who"] = kin if do == "ask" or kin in ("child", "spouse") else "other"
    return True


def _phone(turn: Turn, kept: Kept) -> bool:
    found = _PHONE.search(turn.text) if not turn.pressed else None
    phone = phone_of(found.group()) if found else None
    if phone is None or phone == turn.actor.phone:
        turn.say("phone_unclear")
        return False
    kept["family_phone"] = phone
    return True


def _scopes(turn: Turn, kept: Kept) -> bool:
    choice = turn.choice or ""
    if kept["family_do"] == "remove":
        named = closest_scopes(turn.text, "remove") if not turn.pressed else ()
        if choice.startswith("scope:"):
            wanted = choice.removeprefix("scope:")
            named = EVERY_SCOPE if wanted == "every" else (Scope(wanted),)
        if not named:
            return False
        kept["family_scopes"] = [str(scope) for scope in named]
        return True
    said = yes_or_no(turn)
    if said is None:
        return False
    answers: dict[str, bool] = dict(kept["family_answers"] or {})
    scope = next_scope(answers)
    if scope is not None:
        kept["family_answers"] = {**answers, str(scope): said}
    return True


def _ok(turn: Turn, kept: Kept) -> bool:
    if turn.choice == "keep_alerts":
        kept["family_scopes"] = [str(scope) for scope in EVERY_SCOPE if scope is not Scope.ALERTS]
        kept["family_ok"] = "yes"
        return True
    said = yes_or_no(turn)
    if said is None:
        return False
    kept["family_ok"] = "yes" if said else "left"
    if not said:
        turn.say("left_task")
    return True


_TAKE = {
    "family_do": _do,
    "family_who": _who,
    "family_phone": _phone,
    "family_scopes": _scopes,
    "family_ok": _ok,
}


def next_scope(answers: dict[str, bool]) -> Scope | None:
    """The purpose to be asked next."""
    return next((scope for scope in EVERY_SCOPE if str(scope) not in answers), None)


def _settle(turn: Turn, kept: Kept) -> None:
    """What needs no question any more."""
    do, who = kept["family_do"], kept["family_who"]
    if do is None or who is None:
        return
    if do != "ask" or str(who).startswith("id:"):
        kept["family_phone"] = kept["family_phone"] or "-"
    answers: dict[str, bool] | None = kept["family_answers"]
    if do == "leave":
        kept["family_scopes"] = kept["family_scopes"] or list(map(str, EVERY_SCOPE))
    elif answers is not None and next_scope(answers) is None and kept["family_scopes"] is None:
        kept["family_scopes"] = [scope for scope, wanted in answers.items() if wanted]
        if not kept["family_scopes"]:
            turn.say("family_no_scopes")
            kept["family_ok"] = "left"
