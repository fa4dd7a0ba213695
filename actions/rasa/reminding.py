"""The reminding form: of what, when, yes or no; and the answers about the reminders that there are."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from actions.rasa.asking import is_aside, says_no, says_yes
from actions.rasa.turn import Event, Turn, press, slot
from actions.remind_personal import Wish, mine, next_of, set_reminder, stop_reminder
from actions.say import Choice
from domain.clock import local, local_day
from domain.errors import NotAllowed, NotFound
from domain.people import Person
from domain.recurrence import MORNING
from domain.reminders import Rule
from domain.slots import at
from nlu.zh import reminder_wish
from nlu.zh.reminder_wish import When
from nlu.zh.times.model import moment

SLOTS = ("reminding_what", "reminding_time", "reminding_ok")
ALL = (*SLOTS, "reminding_days", "reminding_for")
_LEAST = 2


def validate(turn: Turn) -> list[Event]:
    """`validate_reminding_form`: what it is about and when. No event means an aside."""
    kept: dict[str, Any] = {name: turn.slots.get(name) for name in ALL}
    starting = turn.requested is None
    found = None if turn.pressed and not turn.time.text else reminder_wish.when(turn.time, turn.text)
    free = turn.requested == "reminding_what" and turn.intent in ("inform", "out_of_scope", "chitchat")
    answers = found is not None or bool(turn.choice) or free
    if not starting and is_aside(turn, answers=answers, task="set_reminder"):
        return []
    heard = _take_in(turn, kept, found, starting)
    events = [slot(name, value) for name, value in kept.items()]
    if kept["reminding_ok"]:
        events.append(slot("requested_slot", None))
    events.append(slot("misses", 0 if heard or starting else int(turn.slots.get("misses") or 0) + 1))
    return events


def _take_in(turn: Turn, kept: dict[str, Any], found: When | None, starting: bool) -> bool:
    heard = False
    if turn.requested == "reminding_ok" and found is None:
        if says_yes(turn):
            kept["reminding_ok"], heard = "yes", True
        elif turn.choice == "time":
            kept["reminding_time"] = kept["reminding_days"] = None
            heard = True
        elif says_no(turn):
            kept["reminding_ok"], heard = "left", True
            turn.say("left_task")
        return heard
    if starting:
        kept["reminding_for"] = _for(turn)
    if found is not None:
        _when(kept, found)
        heard = True
    if (
        kept["reminding_what"] is None
        and not turn.pressed
        and (starting or turn.requested == "reminding_what")
    ):
        kept["reminding_what"] = reminder_wish.what(turn.text, turn.time)
        heard = heard or kept["reminding_what"] is not None
    return heard


def _for(turn: Turn) -> str:
    """For whom: an elder only where the words ask to remind that one (「提醒我妈」)."""
    if any(
        f"{verb}{word}" in turn.text
        for verb in ("提醒我", "提醒", "给我", "叫我")
        for word in ("妈", "爸", "母亲", "父亲")
    ):
        try:
            return next(iter(turn.named())).person.id
        except (NotFound, StopIteration):
            return turn.actor.id
    return turn.actor.id


def _when(kept: dict[str, Any], found: When) -> None:
    """The days and the hour may come in two steps."""
    days = When(**kept["reminding_days"]) if kept["reminding_days"] else None
    whole = days.at_hour(found) if days is not None else found
    if whole.needs_hour:
        kept["reminding_days"], kept["reminding_time"] = asdict(whole), None
    else:
        kept["reminding_days"], kept["reminding_time"] = None, asdict(whole)


def ask_what(turn: Turn) -> list[Event]:
    """Of what?"""
    turn.say("ask_remind_what", (turn.button("leave", press("stop")),))
    return []


def ask_time(turn: Turn) -> list[Event]:
    """When, or where the days are known at what hour?"""
    days = turn.slots.get("reminding_days")
    if days:
        turn.say("ask_remind_hour", (turn.button("leave", press("stop")),), days=days["said"])
    else:
        turn.say("ask_remind_time", (turn.button("leave", press("stop")),), what=turn.slots["reminding_what"])
    return []


def ask_ok(turn: Turn) -> list[Event]:
    """Read back, with the first day on which it comes."""
    wish, person = _wish(turn), _person(turn)
    first = wish.first_after(turn.now)
    turn.say(
        "read_back_reminder" if wish.rule else "read_back_reminder_once",
        (
            turn.button("remind_yes", press("inform", choice="yes")),
            turn.button("remind_other_time", press("inform", choice="time")),
            turn.button("leave", press("stop")),
        ),
        **_gaps(turn, wish, person, turn.when(first) if first else turn.word("remind_past")),
    )
    return []


def _gaps(turn: Turn, wish: Wish, person: Person, first: str) -> dict[str, str]:
    gaps = {"who": turn.call(person), "what": wish.what, "first": first}
    return gaps | ({"said": turn.slots["reminding_time"]["said"]} if wish.rule else {})


def _wish(turn: Turn) -> Wish:
    found, what = When(**turn.slots["reminding_time"]), str(turn.slots["reminding_what"])
    once = moment(found.once) if found.once else None
    if once is not None and not found.hour:
        once = at(local_day(once), MORNING)
    medicine = reminder_wish.is_medicine(what)
    return Wish(what, found.rule, local(once) if once else None, found.hour, medicine)


def _person(turn: Turn) -> Person:
    found = turn.unit.people.get(turn.slots.get("reminding_for") or turn.actor.id)
    return found or turn.actor


def save(turn: Turn) -> None:
    """Set what was agreed."""
    wish, person = _wish(turn), _person(turn)
    try:
        rule = set_reminder(turn.house, turn.unit, turn.actor, person, wish, turn.key)
    except NotAllowed:
        turn.say("may_not_remind", who=turn.call(person))
    except NotFound:
        turn.say("remind_is_past", (turn.button("remind_again_set", press("set_reminder"), once=False),))
    else:
        following = next_of(turn.unit, rule)
        choices = (turn.button("my_reminders", press("query_reminder"), once=False),)
        turn.say("remind_set", choices, what=wish.what, first=turn.when(following) if following else "")


def listed(turn: Turn) -> list[Event]:
    """`action_my_reminders`: what there is, and when each comes next."""
    found = mine(turn.unit, turn.actor.id)
    if not found:
        turn.say("reminders_none")
        return []
    lines = "\n".join(_line(turn, rule) for rule in found[:8])
    turn.say("reminders_mine", [] if turn.loop else _stops(turn, found), count=len(found), lines=lines)
    return []


def _line(turn: Turn, rule: Rule) -> str:
    following = next_of(turn.unit, rule)
    return turn.word(
        "reminder_line", what=rule.detail["what"], when=turn.when(following) if following else ""
    )


def _stops(turn: Turn, found: Any) -> list[Choice]:
    return [
        turn.button(
            "reminder_stop", press("cancel_reminder", choice=f"stop:{rule.id}"), what=rule.detail["what"]
        )
        for rule in found[:4]
    ]


def stop(turn: Turn) -> list[Event]:
    """`action_stop_reminder`: the one that is meant; which one is asked where that is open."""
    found = list(mine(turn.unit, turn.actor.id))
    choice = turn.choice or ""
    if choice.startswith("stop:"):
        chosen = [rule for rule in found if rule.id == choice.removeprefix("stop:")]
    elif any(word in turn.text for word in ("都", "全", "所有")):
        chosen = found
    else:
        chosen = [rule for rule in found if _shares(rule.detail["what"], turn.text)] or found
        if len(chosen) > 1:
            turn.say("ask_which_reminder", _stops(turn, chosen))
            return []
    if not chosen:
        turn.say("reminders_none")
        return []
    for rule in chosen:
        stop_reminder(turn.house, turn.unit, turn.actor, rule.id)
    turn.say("reminder_stopped", what="、".join(rule.detail["what"] for rule in chosen))
    return []


def _shares(what: str, text: str) -> bool:
    """Whether two characters beside each other are in both: 降压药 in 「别提醒降压药了」."""
    return any(what[i : i + _LEAST] in text for i in range(len(what) - _LEAST + 1))
