"""What somebody wants to be reminded of, and when it comes: the words without the time, and the time as a rule."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from nlu.zh.times import TimeExpr
from nlu.zh.times.lunar import lunar_of
from nlu.zh.times.model import moment

_ASK = re.compile(
    r"(?:记得|请|麻烦|帮我|你|您|给我|到时候|到点|别忘了|再|每次)*(?:提醒|叫|喊|催|告诉|念叨|吱|说)(?:我|俺|咱|一下|一声|着|点儿?)*"
)
_FILLER = re.compile(
    r"^(?:请|麻烦|帮我|给我|到时候|到点|我要|我想|我得|要|得|记得|别让我忘了|别忘了|记个事|设置|设个?|定个?|加个?|(?:妈|爸)(?:妈|爸)?(?=[，每天去吃])|一个|个|闹钟|闹铃|提醒|的时候|去?提醒|[，,。！!、\s])+"
    r"|(?:的?提醒|吧|啊|呀|哦|啦|好吗|行吗|可以吗|[，,。！!？?、\s])+$"
)
_MEDICINE = re.compile(r"药|胰岛素|降压|降糖|胶囊|吃片|片儿")
_YEARLY = re.compile(r"生日|忌日|周年|纪念日|寿辰")
_LUNAR = re.compile(r"初|腊|正月|冬月|农历|阴历|闰")


@dataclass(frozen=True)
class When:
    """A rule that comes again, or one moment; `hour` tells that it was named. `said` is the phrase."""

    said: str
    rule: str | None = None
    once: str | None = None
    hour: bool = False

    @property
    def needs_hour(self) -> bool:
        """Every day, and some day, say nothing yet about when on that day."""
        return not self.hour and (self.once is not None or (self.rule or "").startswith("FREQ=DAILY"))

    def at_hour(self, other: When) -> When:
        """The same days at the hour that another phrase names."""
        if other.once is None or not other.hour:
            return other if other.rule else self
        clock = moment(other.once)
        if self.rule is not None:
            rule = f"{self.rule};BYHOUR={clock.hour};BYMINUTE={clock.minute}"
            return replace(self, rule=rule, hour=True, said=f"{self.said}{other.said}")
        assert self.once is not None
        begin = moment(self.once).replace(hour=clock.hour, minute=clock.minute)
        return replace(self, once=begin.isoformat(), hour=True, said=f"{self.said}{other.said}")


def is_medicine(what: str) -> bool:
    """Whether 「吃过了」 is to be asked for."""
    return _MEDICINE.search(what) is not None


def when(found: TimeExpr, text: str) -> When | None:
    """When it comes, as far as it was said; a birthday comes every year."""
    if found.kind == "recurring" and isinstance(found.value, str):
        since = f";DTSTART={found.since.replace('-', '')}" if found.since else ""
        return When(found.text, rule=found.value + since, hour="BYHOUR" in found.value)
    if found.kind == "point" and isinstance(found.value, str):
        if found.grain in ("hour", "minute"):
            return When(found.text, once=found.value, hour=True)
        if found.grain == "day" and _YEARLY.search(text):
            return When(f"每年{found.text}", rule=_yearly(moment(found.value), text))
        return When(found.text, once=moment(found.value).isoformat())
    if found.kind == "range" and isinstance(found.value, tuple):
        return When(found.text, once=moment(found.value[0]).isoformat())
    return None


def _yearly(day: datetime, text: str) -> str:
    if _LUNAR.search(text):
        _, month, number = lunar_of(day.date())
        return f"RSCALE=CHINESE;FREQ=YEARLY;BYMONTH={abs(month)};BYMONTHDAY={number}"
    return f"FREQ=YEARLY;BYMONTH={day.month};BYMONTHDAY={day.day}"


def what(text: str, found: TimeExpr) -> str | None:
    """What it is about: the words after 提醒我, else all without the time; None where nothing is left."""
    rest = text[: found.start] + "，" + text[found.end :] if found.text else text
    asked = list(_ASK.finditer(rest))
    after = rest[asked[-1].end() :] if asked else ""
    before = rest[: asked[0].start()] if asked else rest
    for part in (after, before):
        said = part
        while (trimmed := _FILLER.sub("", said)) != said:
            said = trimmed
        if said:
            return re.sub(r"^(?:我|俺)(?=[^们]{2,})", "您", said)[:40]
    return None
