"""What is heard in the reminding form: when, what, by how much; another wish than the open one; a time that there is not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from actions.rasa.reminding_change import About, changeable, meant
from actions.rasa.turn import Turn
from actions.remind_personal import Wish, shares
from domain.clock import local, local_day
from domain.recurrence import MORNING
from domain.slots import at
from nlu.zh import reminder_shift, reminder_wish, times
from nlu.zh.reminder_wish import When
from nlu.zh.times import TimeExpr
from nlu.zh.times.model import moment

_ASKS = re.compile("提醒|闹钟|闹铃|[叫喊催](?:我|俺|咱)|吱一?声")
_MORE = re.compile("^(?:还有|再加|另外|再来|再设)")
_LEAVES = re.compile(
    "(?:那|还是|就)?(?:算了|不要了|不用了|不设了|不弄了|别弄了|别设了|不提醒了|不用提醒了?)[吧啊呀。！!]*"
)
# What may stand around a service and its time, and says nothing more.
_AROUND = re.compile(r"一[次回趟遍]|[的给我约要想个，,。！!、\s]")
_ITS_PARTS = ("service", "person", "channel")
# What people do themselves as well as let be done: their blood pressure.
_ONESELF = frozenset({"home_vitals"})
_LEAP = re.compile("闰[一二三四五六七八九十正冬腊]+月")


@dataclass(frozen=True)
class Said:
    """One answer: `when` it comes, `what` of, so many `minutes` before it, by how much it is shifted (`shift`)."""

    time: TimeExpr
    when: When | None
    what: str | None
    minutes: int = 0
    shift: int | None = None


def hear(turn: Turn) -> Said:
    """What these words hold."""
    if turn.pressed:
        return Said(turn.time, reminder_wish.when(turn.time, turn.text) if turn.time.text else None, None)
    by = reminder_shift.shift(turn.text)
    minutes, rest = reminder_wish.lead(turn.text)
    heard = turn.time if not minutes else times.first(rest, turn.now, turn.house.calendar)
    every = times.find(rest, turn.now, turn.house.calendar)
    if heard.kind == "range" and "day" in heard.doubts:
        # 「晚饭后吃，天天六点半喊我」
        heard = next((one for one in every if one.kind == "recurring"), heard)
    others = [one for one in every if one.start >= heard.end]
    found = reminder_wish.when(heard, rest)
    if found is not None:
        found = reminder_wish.with_hours(found, others)
    return Said(heard, found, reminder_wish.what(rest, heard, _clocks(others)), minutes, by)


def _clocks(others: Sequence[TimeExpr]) -> list[TimeExpr]:
    return [one for one in others if one.kind == "point" and one.grain in ("hour", "minute")]


def is_another(turn: Turn, kept: dict[str, Any], said: Said) -> bool:
    """A whole wish of its own, where this form asks about another one: it is not the answer."""
    about = About(kept["reminding_for"], turn.actor)
    if turn.pressed or turn.intent != "set_reminder" or not (kept["reminding_what"] or about.which):
        return False
    if said.shift or reminder_wish.is_change(turn.text):
        return _another_change(turn, kept, about)
    if said.when is None or said.what is None or not (_ASKS.search(turn.text) or _MORE.search(turn.text)):
        return False
    if about.which:
        return meant(turn, about) is None
    return not _alike(str(kept["reminding_what"]), said.what)


def _another_change(turn: Turn, kept: dict[str, Any], about: About) -> bool:
    """Whether another one is named that is set already."""
    if about.which:
        return False
    named = [rule for rule in changeable(turn, about) if shares(rule.detail["what"], turn.text)]
    return (
        bool(named)
        and all(rule.id != about.rule for rule in named)
        and not shares(str(kept["reminding_what"]), turn.text)
    )


def _alike(one: str, other: str) -> bool:
    return one in other or other in one or shares(one, other)


def leaves_off(turn: Turn) -> bool:
    """「不要了」, said to a question of this form."""
    return not turn.pressed and _LEAVES.fullmatch(turn.text.strip()) is not None


def trouble(turn: Turn, kept: dict[str, Any], said: Said) -> bool:
    """Say that a time does not exist or is past, and ask for another; say what becomes of a leap month."""
    if turn.pressed or kept["reminding_ok"]:
        return False
    if said.time.kind == "vague" and "impossible" in said.time.doubts and kept["reminding_time"] is None:
        turn.say("remind_no_such_time", said=said.time.text)
        return True
    if said.when is not None and _LEAP.search(turn.text):
        turn.say("remind_leap_month")
    if _is_set(turn, kept):
        turn.say("remind_already", what=kept["reminding_what"])
        kept["reminding_ok"] = "left"
        return True
    if said.when is None or kept["reminding_time"] is None or wish_of(turn, kept).first_after(turn.now):
        return False
    turn.say("remind_time_past")
    kept["reminding_time"] = kept["reminding_days"] = None
    return True


def _is_set(turn: Turn, kept: dict[str, Any]) -> bool:
    """Whether the very same is set already: twice the same reminder of a medicine would be twice the medicine."""
    about = About(kept["reminding_for"], turn.actor)
    if about.rule is not None or about.which or not kept["reminding_what"] or not kept["reminding_time"]:
        return False
    rule = kept["reminding_time"]["rule"]
    same = (rule, kept["reminding_what"])
    return rule is not None and any(
        (r.detail.get("rule"), r.detail["what"]) == same for r in changeable(turn, about)
    )


def wish_of(turn: Turn, kept: dict[str, Any]) -> Wish:
    """What is to be set, of what the form has kept."""
    found, what = When(**kept["reminding_time"]), str(kept["reminding_what"])
    about = About(kept["reminding_for"], turn.actor)
    once = moment(found.once) if found.once else None
    if once is not None and not found.hour:
        once = at(local_day(once), MORNING)
    medicine, lead = reminder_wish.is_medicine(what), timedelta(minutes=about.lead)
    return Wish(what, found.rule, local(once) if once else None, found.hour, medicine, lead)


def is_service(turn: Turn) -> bool:
    """Nothing but a service, when, and for whom: 「每周四下午助浴」 is somebody who comes, not what one does oneself."""
    if turn.pressed or not set(turn.services) - _ONESELF or turn.time.kind == "none":
        return False
    parts = [(e["start"], e["end"]) for e in turn.heard.get("entities") or [] if e["entity"] in _ITS_PARTS]
    left = list(turn.text)
    for start, end in (*parts, (turn.time.start, turn.time.end)):
        left[start:end] = " " * (end - start)
    return not _AROUND.sub("", "".join(left))
