"""The rule of a reminder as somebody would say it: 「每天上午8点、晚上8点」, 「每年立秋」, 「每年农历腊月初八，提前3天」."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from actions.house import House
from actions.series_words import rule_in_words
from domain.recurrence import Recurrence
from domain.series import read_rule
from domain.slots import at
from nlu.zh.say import say_clock

# What of a rule says at which hours.
HOURS = ("BYHOUR=", "BYMINUTE=", "X-CLOCKS=")
_DAY, _WEEK, _HOUR = timedelta(days=1), timedelta(days=7), timedelta(hours=1)


def said_of(house: House, rule: str, lead: timedelta = timedelta(0)) -> str:
    """The days and the hours of a rule; an hour that was not named is not said."""
    recurrence = Recurrence(rule, house.today())
    term = recurrence.parts.get("X-TERM")
    days = house.words.say("rule_term", term=term) if term else rule_in_words(house, read_rule(rule))
    hours = "、".join(say_clock(at(house.today(), clock)) for clock in _named(recurrence))
    if not lead:
        return days + hours
    return house.words.say("remind_said_ahead", said=days + hours, lead=long(house, lead))


def _named(recurrence: Recurrence) -> list[time]:
    if not recurrence.named_hour:
        return []
    return recurrence.clocks


def long(house: House, lead: timedelta) -> str:
    """「3天」, 「一个星期」, 「10分钟」."""
    if lead == _WEEK:
        return house.words.say("remind_long_week")
    for unit, name in ((_DAY, "days"), (_HOUR, "hours")):
        if lead >= unit and not lead % unit:
            return house.words.say(f"remind_long_{name}", many=lead // unit)
    return house.words.say("remind_long_minutes", many=lead // timedelta(minutes=1))


def without_hours(rule: str) -> str:
    """The days of a rule alone."""
    return ";".join(part for part in rule.split(";") if not part.startswith(HOURS))


def moved_to(moment: datetime, clock: datetime) -> datetime:
    """The day of one moment at the hour of another, both in Shanghai."""
    return moment.replace(hour=clock.hour, minute=clock.minute)
