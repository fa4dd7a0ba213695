"""The reminders that there are: told, stopped, one's own and an elder's as far as consent goes; wished for meanwhile."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.family import elders_of
from actions.rasa.turn import Event, Turn, press, slot
from actions.remind_personal import (
    KINDS,
    lead_of,
    mine,
    next_of,
    reminders_of,
    shares,
    stop_reminder,
    to_undo,
)
from actions.remind_rules import said_of
from actions.remind_words import title
from actions.say import Choice
from domain.clock import local, local_day
from domain.errors import NotAllowed, NotFound
from domain.people import Person, Scope
from domain.reminders import Rule
from nlu.zh.say import say_clock
from nlu.zh.times.model import moment

_LISTED, _BUTTONS = 10, 4
_STOP_ALL = "stop:all"
_NAMES_THEM = re.compile("提醒|闹钟|闹铃")
# What may stand around the name of one that is to be stopped.
_SAYS_STOP = re.compile(
    r"提醒|闹钟|闹铃|设的|定的|每天|天天|以后|已经|不需要|不想要|那个|这个|哪个|一个|取消|停止|停|关|删除?|撤|掉|不要|不用|别|甭|莫|"
    r"再|了|吧|啊|呀|哦|啦|嘛|请|的|一下|我|俺|您|你|都|全部|全|所有|叫|喊|催|响|把|给|帮|麻烦|可以|行|好|吗|就|妈妈?|爸爸?|[，,。！!？?\s]"
)
_NAME = 2
_ITS_BUTTONS = ("cancel_reminder", "query_reminder", "set_reminder")
# 「夜里的提醒别停」 stops none.
_GO_ON = re.compile(r"(?:别|甭|莫|不要|不用|不能|不许|千万别)(?:给我|再|都|全)?(?:停|取消|删|关|撤)")


def listed(turn: Turn) -> list[Event]:
    """`action_my_reminders`: what there is, and when each comes next."""
    for person in _whose(turn):
        who = turn.call(person)
        try:
            found = reminders_of(turn.house, turn.unit, turn.actor, person.id)
        except NotAllowed:
            turn.say("may_not_see_reminders", who=who)
            continue
        if not found:
            turn.say("reminders_none", who=who)
            continue
        told = [_line(turn, rule) for rule in found[:_LISTED]]
        if len(found) > _LISTED:
            told.append(turn.word("reminders_more", count=len(found) - _LISTED))
        lines = "\n".join(told)
        choices = [] if turn.loop else _stops(turn, [rule for rule in found if may_undo(turn, rule)])
        turn.say("reminders_mine", choices, who=who, count=len(found), lines=lines)
    return []


def _whose(turn: Turn) -> list[Person]:
    """Oneself, or the elder that was named."""
    try:
        named = [relative.person for relative in turn.named() if relative.person.id != turn.actor.id]
    except NotFound:
        named = []
    return named or [turn.actor]


def _line(turn: Turn, rule: Rule) -> str:
    following, what = next_of(turn.unit, rule), title(rule, turn.actor.id)
    when = turn.when(following) if following else ""
    if "rule" not in rule.detail:
        return turn.word("reminder_line_once", what=what, when=when)
    said = said_of(turn.house, rule.detail["rule"], lead_of(rule))
    return turn.word("reminder_line", what=what, said=said, when=when)


def _stops(turn: Turn, found: Sequence[Rule]) -> list[Choice]:
    return [
        turn.button(
            "reminder_stop",
            press("cancel_reminder", choice=f"stop:{rule.id}"),
            what=title(rule, turn.actor.id),
        )
        for rule in found[:_BUTTONS]
    ]


def stop(turn: Turn) -> list[Event]:
    """`action_stop_reminder`: the one that is meant; which one is asked where that is open."""
    choice = turn.choice or ""
    if not turn.pressed and _GO_ON.search(turn.text):
        turn.say("reminders_go_on")
        return listed(turn)
    if choice == _STOP_ALL:
        chosen = mine(turn.unit, turn.actor.id)
    elif choice.startswith("stop:"):
        rule = turn.unit.reminders.rule(choice.removeprefix("stop:"))
        chosen = [rule] if rule is not None and rule.ended_at is None else []
    else:
        people = _whose(turn)
        found = [rule for person in people for rule in _known(turn, person)]
        if any(word in turn.text for word in ("都", "全", "所有")):
            if len(found) > 1 and not (_NAMES_THEM.search(turn.text) or told_of_them(turn)):
                # All of them by one press are one's own only.
                own = people == [turn.actor]
                every = turn.button("reminder_stop_all", press("cancel_reminder", choice=_STOP_ALL))
                turn.say("ask_which_reminder", [*_stops(turn, found), *([every] if own else [])])
                return []
            chosen = found
        else:
            fitting = [rule for rule in found if shares(rule.detail["what"], turn.text)]
            chosen = fitting or found
            theirs = [rule for rule in chosen if may_undo(turn, rule)]
            if len(theirs) > 1 or (theirs and not fitting and _names_another(turn)):
                turn.say("ask_which_reminder", _stops(turn, theirs))
                return []
            chosen = theirs or chosen
    if not chosen:
        person = _whose(turn)[0]
        told = "reminders_none" if may_see(turn, person.id) else "may_not_stop_reminder"
        turn.say(told, who=turn.call(person))
        return []
    _stop_all(turn, chosen)
    return []


def _names_another(turn: Turn) -> bool:
    """Whether the words name something: 「喝水的停了吧」 stops no other one, be it the only one."""
    rest = _SAYS_STOP.sub("", turn.text)
    for said in (turn.heard.get("entities") or []) if not turn.pressed else ():
        rest = rest.replace(turn.text[said["start"] : said["end"]], "")
    return len(rest) >= _NAME


def told_of_them(turn: Turn) -> bool:
    """Whether the last thing that was said is a reminder of one's own, or is about them."""
    said = [
        m
        for m in turn.unit.conversations.last(turn.conversation.id, 6)
        if m.direction == "out" and (m.reply_to is None or m.reply_to != turn.message_id)
    ][-1:]
    if not said:
        return False
    if any(name in b.action for b in turn.unit.conversations.buttons(said[0].key) for name in _ITS_BUTTONS):
        return True
    rules = [turn.unit.reminders.rule(i.rule_id) for i in turn.unit.reminders.of_message(said[0].key)]
    return any(rule is not None and rule.kind in KINDS for rule in rules)


def _stop_all(turn: Turn, chosen: Sequence[Rule]) -> None:
    """Those that the speaker may stop; of the others it is said who can."""
    done, others = [], {}
    for rule in chosen:
        try:
            stop_reminder(turn.house, turn.unit, turn.actor, rule.id)
            done.append(rule.detail["what"])
        except (NotAllowed, NotFound):
            others[rule.person_id] = rule
    if done:
        turn.say("reminder_stopped", what="、".join(done))
    for person_id in others:
        person = turn.unit.people.get(person_id)
        known = person is not None and person_id in {r.person.id for r in elders_of(turn.unit, turn.actor)}
        if person is not None and known:
            turn.say("may_not_undo_reminder", who=turn.call(person))
        elif not done:
            turn.say("button_unknown")


def _known(turn: Turn, person: Person) -> list[Rule]:
    """Those of a person of which the speaker may know that they are there."""
    sees = may_see(turn, person.id)
    return [rule for rule in mine(turn.unit, person.id) if sees or may_undo(turn, rule)]


def may_see(turn: Turn, person_id: str) -> bool:
    """Whether the speaker may know what somebody has; asked without leaving a line in the elder's log."""
    if person_id == turn.actor.id:
        return True
    return Scope.SEE_VISITS in turn.unit.people.consents(person_id, turn.actor.id, turn.now)


def may_undo(turn: Turn, rule: Rule) -> bool:
    """Whether the speaker may stop or change it; asked without leaving a line in the elder's log."""
    if rule.person_id == turn.actor.id:
        return True
    return to_undo(rule, turn.actor) in turn.unit.people.consents(rule.person_id, turn.actor.id, turn.now)


def meanwhile(turn: Turn) -> list[Event]:
    """A reminder wished for in the middle of something else: kept, and taken up when that is done."""
    if turn.pressed:
        return []
    kept = list(turn.slots.get("later") or [])
    if any(each["message_id"] == turn.message_id for each in kept):
        return []
    text = _absolute(turn)
    wish = {
        "text": text,
        "intent": {"name": "set_reminder", "confidence": 1.0},
        "entities": turn.heard.get("entities") or [],
        "message_id": turn.message_id,
    }
    turn.say("kept_for_later", said=turn.text)
    return [slot("later", [*kept, wish])]


def _absolute(turn: Turn) -> str:
    """「半个钟头以后」 counts from when it was said."""
    time = turn.time
    if time.kind != "point" or time.grain not in ("hour", "minute") or "后" not in time.text:
        return turn.text
    due = local(moment(str(time.value)))
    day = "" if local_day(due) == local_day(turn.now) else f"{due.month}月{due.day}日"
    return f"{turn.text[: time.start]}{day}{say_clock(due)}{turn.text[time.end :]}"
