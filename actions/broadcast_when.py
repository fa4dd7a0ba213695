"""When a broadcast goes out, as it is written: now, at a moment, or by a rule; 「每年立秋上午9点」 too."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from datetime import datetime

from actions.house import House
from domain.broadcasts import BadBroadcast
from domain.clock import SHANGHAI, local_day, parse_moment
from domain.recurrence import TERMS, Recurrence, checked
from nlu.zh import times

_LUNAR = "RSCALE=CHINESE;FREQ=YEARLY;"
FESTIVALS = {
    "春节": "1;BYMONTHDAY=1",
    "元宵": "1;BYMONTHDAY=15",
    "端午": "5;BYMONTHDAY=5",
    "七夕": "7;BYMONTHDAY=7",
    "中秋": "8;BYMONTHDAY=15",
    "重阳": "9;BYMONTHDAY=9",
    "腊八": "12;BYMONTHDAY=8",
    "除夕": "12;BYMONTHDAY=30",
}
_YEARLY = re.compile(rf"每年(?P<name>{'|'.join((*TERMS, *FESTIVALS))})节?(?:那天|当天)?(?P<rest>.*)")
_FILLERS = re.compile(r"[\s，,。的]|发送|发出|发")


@dataclass(frozen=True)
class When:
    """One moment, or a rule; neither is at once."""

    at: datetime | None = None
    rule: str | None = None

    def first(self, now: datetime) -> datetime:
        """When it goes out first. Raises BadBroadcast (`past`, `never`)."""
        if self.rule is not None:
            found = Recurrence(self.rule, local_day(now)).next_after(now)
            if found is None:
                raise BadBroadcast("never")
            return found
        if self.at is not None and self.at <= now:
            raise BadBroadcast("past")
        return self.at or now


NOW = When()


def rule_of(text: str) -> When:
    """By an RFC 5545 rule. Raises BadBroadcast (`rule`)."""
    try:
        return When(rule=checked(text))
    except ValueError as error:
        raise BadBroadcast("rule") from error


def read(house: House, text: str) -> When:
    """An ISO time, a rule, 「每年中秋上午9点」, 「12月1日上午9点」. Raises BadBroadcast (`when`).

    All that is written must be understood: of 「每年母亲节上午9点」 the hour alone would be tomorrow's.
    """
    said = text.strip()
    if "FREQ=" in said.upper():
        return rule_of(said)
    # A day without an hour would be midnight.
    if len(said) > len("2026-12-01"):
        with contextlib.suppress(ValueError):
            return When(at=parse_moment(said))
    yearly = _YEARLY.fullmatch(said)
    if yearly is not None:
        return _of_the_year(house, yearly["name"], yearly["rest"])
    found = _understood(house, said)
    if found.kind == "recurring" and isinstance(found.value, str):
        return rule_of(found.value)
    return When(at=_hour(found).astimezone(SHANGHAI))


def _of_the_year(house: House, name: str, rest: str) -> When:
    """A festival or a solar term, at the hour that was said, if one was."""
    which = f"FREQ=YEARLY;X-TERM={name}" if name in TERMS else f"{_LUNAR}BYMONTH={FESTIVALS[name]}"
    if not rest.strip():
        return When(rule=which)
    clock = _hour(_understood(house, name + rest))
    return When(rule=f"{which};BYHOUR={clock.hour};BYMINUTE={clock.minute}")


def _understood(house: House, said: str) -> times.TimeExpr:
    """The time in the words, if nothing but a filler is left of them. Raises BadBroadcast (`when`)."""
    found = times.first(said, house.now(), house.calendar)
    if not found.text or _FILLERS.sub("", said.replace(found.text, "", 1)):
        raise BadBroadcast("when")
    return found


def _hour(found: times.TimeExpr) -> datetime:
    """The moment of one that names an hour. Raises BadBroadcast (`when`)."""
    if found.kind != "point" or found.grain not in ("minute", "hour") or not isinstance(found.value, str):
        raise BadBroadcast("when")
    return datetime.fromisoformat(found.value)
