"""When a broadcast goes out, as it is written: now, at a moment, or by a rule; 「每年立秋上午9点」 too."""

from __future__ import annotations

import contextlib
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
    """An ISO time, a rule, 「每年中秋上午9点」, 「12月1日上午9点」. Raises BadBroadcast (`when`)."""
    said = text.strip()
    if "FREQ=" in said.upper():
        return rule_of(said)
    # A day without an hour would be midnight.
    if len(said) > len("2026-12-01"):
        with contextlib.suppress(ValueError):
            return When(at=parse_moment(said))
    now = house.now()
    found = times.first(said, now, house.calendar)
    clock = _clock(found.value) if found.kind == "point" and found.grain in ("minute", "hour") else ""
    if said.startswith("每年"):
        named = next((name for name in (*TERMS, *FESTIVALS) if name in said), None)
        if named is not None:
            which = f"FREQ=YEARLY;X-TERM={named}" if named in TERMS else f"{_LUNAR}BYMONTH={FESTIVALS[named]}"
            return When(rule=which + clock)
    if found.kind == "recurring" and isinstance(found.value, str):
        return rule_of(found.value)
    if clock and isinstance(found.value, str):
        return When(at=datetime.fromisoformat(found.value).astimezone(SHANGHAI))
    raise BadBroadcast("when")


def _clock(value: object) -> str:
    if not isinstance(value, str) or "T" not in value:
        return ""
    moment = datetime.fromisoformat(value)
    return f";BYHOUR={moment.hour};BYMINUTE={moment.minute}"
