"""The reminding form: of what, when, yes or no; another time for one that there is."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

from actions.rasa import later
from actions.rasa.asking import is_aside, says_no, says_yes
from actions.rasa.reminding_change import (
    SHOWN,
    About,
    as_it_is,
    changeable,
    changes,
    chosen,
    is_gone,
    meant,
    on_days_of,
    on_its_days,
    shifted,
)
from actions.rasa.reminding_hear import Said, hear, is_another, is_service, leaves_off, trouble, wish_of
from actions.rasa.turn import Event, Turn, press, slot
from actions.remind_personal import change_reminder, next_of, set_reminder
from actions.remind_rules import long
from actions.say import Choice
from domain.errors import NotAllowed, NotFound
from domain.people import Person
from nlu.zh import reminder_wish
from nlu.zh.reminder_wish import When

_MISSES = 2
# 「我妈每天早上吃药，提醒她一声」
_HIM = re.compile("(?:提醒|叫|喊|催)(?:一下|一声)?[他她]")
SLOTS = ("reminding_what", "reminding_time", "reminding_ok")
# Whom it is for, and in the same slot which one is changed and by how much it comes before: see `About`.
ALL = (*SLOTS, "reminding_days", "reminding_for")


def validate(turn: Turn) -> list[Event]:
    """`validate_reminding_form`: what it is about and when. No event means an aside."""
    kept: dict[str, Any] = {name: turn.slots.get(name) for name in ALL}
    starting = turn.requested is None
    if starting and is_service(turn):
        return _not_ours(turn, kept, "book_service")
    if not starting and is_gone(turn, kept):
        # What was to be changed has been stopped meanwhile.
        return _not_ours(turn, kept)
    said = hear(turn)
    if not starting and is_another(turn, kept, said):
        if kept["reminding_what"] is not None:
            turn.say("remind_put_aside", what=kept["reminding_what"])
        kept, starting = dict.fromkeys(ALL), True
    free = turn.requested == "reminding_what" and turn.intent in ("inform", "out_of_scope", "chitchat")
    names = _names(turn, kept)
    answers = said.when is not None or bool(said.minutes or said.shift or turn.choice) or free or names
    leaves = not starting and said.when is None and leaves_off(turn)
    if not (starting or names or leaves) and is_aside(turn, answers=answers, task="set_reminder"):
        return []
    if leaves:
        kept["reminding_ok"] = "left"
        turn.say("left_task", (turn.button("help", press("help"), once=False),))
        heard = True
    else:
        heard = _take_in(turn, kept, said, starting=starting)
        heard = trouble(turn, kept, said) or heard
    events = [slot(name, value) for name, value in kept.items()]
    if kept["reminding_ok"]:
        events.append(slot("requested_slot", None))
    events.append(slot("misses", 0 if heard or starting else int(turn.slots.get("misses") or 0) + 1))
    return events


def _not_ours(turn: Turn, kept: dict[str, Any], intent: str | None = None) -> list[Event]:
    """The form ends, and the same words are heard again as what they are."""
    kept["reminding_ok"] = "left"
    events = [slot(name, value) for name, value in kept.items()]
    return [*events, slot("requested_slot", None), later.instead(turn, intent)]


def _names(turn: Turn, kept: dict[str, Any]) -> bool:
    """Whether the words say which one is to be changed, when that was asked."""
    about = About(kept["reminding_for"], turn.actor)
    return about.which and not turn.pressed and meant(turn, about) is not None


def _take_in(turn: Turn, kept: dict[str, Any], said: Said, *, starting: bool) -> bool:
    about, heard = About(kept["reminding_for"], turn.actor), bool(said.minutes)
    if turn.requested == "reminding_ok" and not (said.when or said.minutes or said.shift or starting):
        return _answered(turn, kept)
    if starting:
        about.person = _for(turn)
        changes(turn, kept, about)
        if kept["reminding_ok"]:
            return True
    if said.shift and (about.which or about.rule is not None or kept["reminding_time"] is not None):
        # 「往后推半个小时」 of one that is set is no 「提前半小时提醒」 of it.
        about.shift = said.shift
    else:
        about.lead = said.minutes or about.lead
    if not starting and (about.which or turn.pressed) and (which := meant(turn, about)) is not None:
        chosen(turn, kept, about, which)
        heard = True
    kept["reminding_for"] = about.row()
    if about.shift and not about.which:
        heard = shifted(turn, kept, about) or heard
    elif said.when is not None:
        _when(turn, kept, about, said.when)
        heard = True
    elif said.minutes and about.rule is not None and kept["reminding_time"] is None:
        # 「改成提前三天」: the days stay.
        kept["reminding_time"] = asdict(as_it_is(turn, about))
    wants_what = starting or turn.requested == "reminding_what"
    if kept["reminding_what"] is None and not turn.pressed and wants_what and not about.which:
        kept["reminding_what"] = said.what
        heard = heard or kept["reminding_what"] is not None
    return heard


def _answered(turn: Turn, kept: dict[str, Any]) -> bool:
    """What was said to the words that were read back."""
    if says_yes(turn):
        kept["reminding_ok"] = "yes"
    elif turn.choice == "time":
        kept["reminding_time"] = kept["reminding_days"] = None
    elif says_no(turn):
        kept["reminding_ok"] = "left"
        turn.say("left_task")
    else:
        return False
    return True


def _for(turn: Turn) -> str:
    """For whom: an elder only where the words ask to remind that one (「提醒我妈」), or speak of that one's reminder."""
    asked = any(
        f"{verb}{word}" in turn.text
        for verb in ("提醒我", "提醒", "给我", "叫我")
        for word in ("妈", "爸", "母亲", "父亲")
    )
    asked = asked or _HIM.search(turn.text) is not None
    if not asked and not reminder_wish.is_change(turn.text):
        return turn.actor.id
    try:
        return next(iter(turn.named())).person.id
    except (NotFound, StopIteration):
        return turn.actor.id


def _when(turn: Turn, kept: dict[str, Any], about: About, found: When) -> None:
    """The days and the hour may come in two steps; of one that is changed the days are known."""
    days = When(**kept["reminding_days"]) if kept["reminding_days"] else None
    whole = days.at_hour(found) if days is not None else found
    if turn.requested == "reminding_ok" and kept["reminding_time"] is not None:
        # 「九点吧」, said to what was read back: the days stay; 「不是明天，后天」: the hour does.
        whole = on_days_of(turn, When(**kept["reminding_time"]), whole)
    elif about.rule is not None:
        whole = on_its_days(turn, about, whole)
    # Which one is to be changed is asked first: with it come the days.
    if whole.needs_hour and not about.which:
        kept["reminding_days"], kept["reminding_time"] = asdict(whole), None
    else:
        kept["reminding_days"], kept["reminding_time"] = None, asdict(whole)


def _ways_out(turn: Turn) -> tuple[Choice, ...]:
    """Leave it; after two answers that were not understood, a person too."""
    leave = turn.button("leave", press("stop"))
    if int(turn.slots.get("misses") or 0) < _MISSES:
        return (leave,)
    return turn.button("human", press("request_human"), once=False), leave


def ask_what(turn: Turn) -> list[Event]:
    """Of what? Or which one is to be changed?"""
    about = About(turn.slots.get("reminding_for"), turn.actor)
    leave = _ways_out(turn)
    if about.which:
        choices = [
            turn.button("reminder_one", press("inform", choice=f"rule:{rule.id}"), what=rule.detail["what"])
            for rule in changeable(turn, about)[:SHOWN]
        ]
        turn.say("ask_which_change", (*choices, *leave))
    else:
        turn.say("ask_remind_what", leave)
    return []


def ask_time(turn: Turn) -> list[Event]:
    """When, or where the days are known at what hour?"""
    days, leave = turn.slots.get("reminding_days"), _ways_out(turn)
    about = About(turn.slots.get("reminding_for"), turn.actor)
    if days:
        turn.say("ask_remind_hour", leave, days=days["said"])
    elif about.rule is not None:
        turn.say("ask_new_time", leave, what=turn.slots["reminding_what"])
    else:
        turn.say("ask_remind_time", leave, what=turn.slots["reminding_what"])
    return []


def ask_ok(turn: Turn) -> list[Event]:
    """Read back, with the first day on which it comes."""
    about, wish, person = (
        About(turn.slots.get("reminding_for"), turn.actor),
        wish_of(turn, turn.slots),
        _person(turn),
    )
    first = wish.first_after(turn.now)
    name = "read_back_change" if about.rule is not None else "read_back_reminder"
    said = turn.slots["reminding_time"]["said"]
    if wish.lead:
        said = turn.word("remind_said_ahead", said=said, lead=long(turn.house, wish.lead))
    turn.say(
        name if wish.rule else f"{name}_once",
        (
            turn.button("remind_yes", press("inform", choice="yes")),
            turn.button("remind_other_time", press("inform", choice="time")),
            turn.button("leave", press("stop")),
        ),
        who=turn.call(person),
        what=wish.what,
        first=turn.when(first) if first else turn.word("remind_past"),
        **({"said": said} if wish.rule else {}),
    )
    return []


def _person(turn: Turn) -> Person:
    about = About(turn.slots.get("reminding_for"), turn.actor)
    return turn.unit.people.get(about.person) or turn.actor


def save(turn: Turn) -> None:
    """Set or change what was agreed."""
    about, wish, person = (
        About(turn.slots.get("reminding_for"), turn.actor),
        wish_of(turn, turn.slots),
        _person(turn),
    )
    house, unit, actor = turn.house, turn.unit, turn.actor
    try:
        if about.rule is not None:
            rule = change_reminder(house, unit, actor, about.rule, wish, turn.key)
        else:
            rule = set_reminder(house, unit, actor, person, wish, turn.key)
    except NotAllowed:
        turn.say("may_not_remind", who=turn.call(person))
    except NotFound:
        turn.say("remind_is_past", (turn.button("remind_again_set", press("set_reminder"), once=False),))
    else:
        following = next_of(unit, rule)
        choices = (turn.button("my_reminders", press("query_reminder"), once=False),)
        name = "remind_changed" if about.rule is not None else "remind_set"
        turn.say(name, choices, what=wish.what, first=turn.when(following) if following else "")
        if not unit.lapses.can_hear(person.id):
            turn.say("remind_unheard", who=turn.call(person))
