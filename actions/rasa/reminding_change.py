"""Another time for a reminder that there is: which one, on the days as they are; said kindly where there is none."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from actions.rasa.reminding_list import may_see, may_undo
from actions.rasa.turn import Turn, press
from actions.remind_personal import lead_of, mine, next_of, shares
from actions.remind_rules import HOURS, moved_to, said_of, without_hours
from domain.clock import local, local_day
from domain.people import Person
from domain.recurrence import MORNING, Recurrence
from domain.reminders import Rule
from domain.slots import at
from nlu.zh import reminder_shift, reminder_wish
from nlu.zh.reminder_wish import When
from nlu.zh.times.model import moment

SHOWN = 4
_ORDINAL = re.compile(r"第(?P<n>[一二三四1-4])(?:个|条|项)?")
_ASKS = re.compile("提醒|闹钟|闹铃|[叫喊催](?:我|俺|咱)")
_THAT_ONE = re.compile(r"的(?:那个)?(?:提醒|闹钟|闹铃)|[那这]个|^(?:提醒|闹钟|闹铃)(?!我|俺|咱)")
# When somebody is up: 「改到七点」 of a reminder of the evening means the evening.
_UP_FROM, _UP_TILL = 6, 22


class About:
    """What the form keeps beside its questions: `person` it is for, `rule` that is changed, `lead` and `shift` in minutes.

    `which` tells that one is to be changed and it is not clear which.
    """

    def __init__(self, kept: Any, actor: Person) -> None:
        known: dict[str, Any] = kept if isinstance(kept, dict) else {}
        self.person: str = known.get("person") or actor.id
        self.rule: str | None = known.get("rule")
        self.lead: int = known.get("lead") or 0
        self.shift: int = known.get("shift") or 0
        self.which: bool = bool(known.get("which"))

    def row(self) -> dict[str, Any]:
        """As the slot keeps it."""
        return vars(self).copy()


def changes(turn: Turn, kept: dict[str, Any], about: About) -> None:
    """「吃药的提醒改成九点」: which of those that there are; words that plainly change one need one."""
    if (turn.choice or "").startswith("change:"):
        chosen(turn, kept, about, (turn.choice or "").removeprefix("change:"))
        return
    if turn.pressed:
        return
    found = changeable(turn, about)
    fitting = [rule for rule in found if shares(rule.detail["what"], turn.text)]
    # 「阿司匹林晚半个钟头」 of one that is set.
    by = reminder_shift.shift(turn.text) is not None and (
        bool(fitting) or _THAT_ONE.search(turn.text) is not None or not _ASKS.search(turn.text)
    )
    if not (by or reminder_wish.is_change(turn.text)):
        return
    if len(fitting) == 1 or (not fitting and len(found) == 1):
        chosen(turn, kept, about, (fitting or found)[0].id)
    elif found:
        about.which = True
    elif by or reminder_wish.changes_one(turn.text) or not _ASKS.search(turn.text):
        _none(turn, about)
        kept["reminding_ok"] = "left"


def _none(turn: Turn, about: About) -> None:
    """There is none to change; or it is an elder's, and who may not see them does not learn whether there is one."""
    person = turn.unit.people.get(about.person) or turn.actor
    if not may_see(turn, person.id) or mine(turn.unit, person.id):
        turn.say("may_not_change_reminder", who=turn.call(person))
    elif person.id == turn.actor.id:
        turn.say("reminders_none_to_change", (turn.button("remind_new", press("set_reminder"), once=False),))
    else:
        turn.say("reminders_none", who=turn.call(person))


def changeable(turn: Turn, about: About) -> list[Rule]:
    """Those of this person that the speaker may change."""
    return [rule for rule in mine(turn.unit, about.person) if may_undo(turn, rule)]


def meant(turn: Turn, about: About) -> str | None:
    """Which one is to be changed, by its button, its words or its place among those that were shown."""
    if turn.pressed:
        choice = turn.choice or ""
        return choice.removeprefix("rule:") if choice.startswith("rule:") else None
    found = changeable(turn, about)
    ordinal = _ORDINAL.search(turn.text)
    if ordinal is not None:
        number = "一二三四".find(ordinal["n"]) + 1 or int(ordinal["n"])
        return found[number - 1].id if number <= min(len(found), SHOWN) else None
    fitting = [rule for rule in found if shares(rule.detail["what"], turn.text)]
    return fitting[0].id if len(fitting) == 1 else None


def chosen(turn: Turn, kept: dict[str, Any], about: About, rule_id: str) -> None:
    rule = turn.unit.reminders.rule(rule_id)
    if rule is None or rule.ended_at is not None or not may_undo(turn, rule):
        return
    about.rule, about.person, about.which = rule.id, rule.person_id, False
    about.lead = about.lead or lead_of(rule) // timedelta(minutes=1)
    kept["reminding_what"] = rule.detail["what"]
    if about.shift and kept["reminding_time"] is None:
        shifted(turn, kept, about)
    elif kept["reminding_time"] is not None:
        whole = on_its_days(turn, about, When(**kept["reminding_time"]))
        kept["reminding_days"], kept["reminding_time"] = (
            (asdict(whole), None) if whole.needs_hour else (None, asdict(whole))
        )


def on_its_days(turn: Turn, about: About, found: When) -> When:
    """Only an hour was said: on the days as they are."""
    return on_days_of(turn, as_it_is(turn, about), found)


def on_days_of(turn: Turn, before: When, found: When) -> When:
    """What was said, with the half that was not said again: the days, or (of one day for another) the hour."""
    if (
        found.once is not None
        and before.once is not None
        and before.hour
        and not (found.hour or found.open_day)
    ):
        return replace(found, once=moved_to(moment(found.once), moment(before.once)).isoformat(), hour=True)
    if found.rule is not None and before.rule is not None and before.hour and not found.hour:
        # 「改成隔一天」: at its hours.
        hours = [part for part in before.rule.split(";") if part.startswith(HOURS)]
        rule = ";".join([found.rule, *hours])
        return replace(found, said=said_of(turn.house, rule), rule=rule, hour=True)
    if not found.open_day or found.once is None:
        return found
    if not found.hour and before.rule is not None:
        # 「换到晚上」: at what hour is asked.
        days = without_hours(before.rule)
        return When(f"{said_of(turn.house, days)}{found.said}", rule=days, open_day=True)
    clock = _half(moment(found.once), before) if found.open_half else moment(found.once)
    if before.rule is not None:
        days = without_hours(before.rule)
        rule = f"{days};BYHOUR={clock.hour};BYMINUTE={clock.minute}"
        return When(said_of(turn.house, rule), rule=rule, hour=True)
    assert before.once is not None
    return replace(found, once=moved_to(moment(before.once), clock).isoformat(), open_day=False)


def is_gone(turn: Turn, kept: dict[str, Any]) -> bool:
    """Whether the one that is being changed has ended meanwhile."""
    rule = changed(turn, About(kept["reminding_for"], turn.actor))
    return rule is not None and rule.ended_at is not None


def shifted(turn: Turn, kept: dict[str, Any], about: About) -> bool:
    """Later or earlier by so much than it is, or was just read back; False where that leaves the day of a rule."""
    by, about.shift = timedelta(minutes=about.shift), 0
    kept["reminding_for"] = about.row()
    known = kept["reminding_time"]
    if known is None and about.rule is None:
        return False
    before = When(**known) if known is not None else as_it_is(turn, about)
    if before.once is not None:
        once = moment(before.once) if before.hour else at(local_day(moment(before.once)), MORNING)
        kept["reminding_time"] = asdict(replace(before, once=local(once + by).isoformat(), hour=True))
        return True
    assert before.rule is not None
    today = turn.house.today()
    clocks = [at(today, clock) + by for clock in Recurrence(before.rule, today).clocks]
    if any(local_day(clock) != today for clock in clocks):
        return False
    hours = ",".join(f"{local(clock):%H%M}" for clock in clocks)
    one = f"BYHOUR={local(clocks[0]).hour};BYMINUTE={local(clocks[0]).minute}"
    rule = f"{without_hours(before.rule)};{f'X-CLOCKS={hours}' if len(clocks) > 1 else one}"
    kept["reminding_time"] = asdict(When(said_of(turn.house, rule), rule=rule, hour=True))
    return True


def _half(clock: datetime, before: When) -> datetime:
    """The morning or the evening, where neither was said: the one nearer to the hour as it is, in the waking hours."""
    hour = _hour_of(before)
    either = [h for h in (clock.hour % 12, clock.hour % 12 + 12) if _UP_FROM <= h <= _UP_TILL]
    if hour is None or len(either) < 2:
        return clock
    return clock.replace(hour=min(either, key=lambda h: abs(h - hour)))


def _hour_of(before: When) -> int | None:
    if not before.hour:
        return None
    if before.once is not None:
        return moment(before.once).hour
    found = re.search(r"BYHOUR=(\d+)(?![\d,])", before.rule or "")
    return int(found[1]) if found else None


def as_it_is(turn: Turn, about: About) -> When:
    rule = changed(turn, about)
    assert rule is not None
    named = bool(rule.detail["hour"])
    if "rule" in rule.detail:
        return When(said_of(turn.house, rule.detail["rule"]), rule=rule.detail["rule"], hour=named)
    following = next_of(turn.unit, rule) or turn.now
    return When("", once=local(following + lead_of(rule)).isoformat(), hour=named)


def changed(turn: Turn, about: About) -> Rule | None:
    return turn.unit.reminders.rule(about.rule) if about.rule is not None else None
