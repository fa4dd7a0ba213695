"""What somebody wants to be reminded of, and when it comes: the words without the time, and the time as a rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from nlu.zh.numbers import to_int
from nlu.zh.times import TimeExpr
from nlu.zh.times.lunar import FESTIVALS, TERMS, lunar_of
from nlu.zh.times.model import moment

_ASK = re.compile(
    r"(?:记得|请|麻烦|帮我|你|您|给我|到时候|到点|别忘了|再|每次)*(?:提醒|叫|喊|催|告诉|念叨|吱|说)(?:我|俺|咱|他|她|一下|一声|一嗓子|着|点儿?)*"
)
_FILLER = re.compile(
    r"^(?:再?给(?:我|俺)?(?:妈妈?|爸爸?|老伴)?(?:再)?[设定加弄](?:上)?(?:一)?个|(?:我|俺)(?:妈妈?|爸爸?)(?=[，,])|还有|另外|刚才|再加(?:一)?个|再来(?:一)?个|管家[呀啊]|那个|请|麻烦|帮我|给我(?![妈爸儿女孙老闺姐弟哥妹])|到时候|到点|我要|我想|我得|要|得|记得|别让我忘了|别忘了|记个事|设置|设个?|定个?|加个?|(?:妈|爸)(?:妈|爸)?(?=[，每天去吃])|一个|个|闹钟|闹铃|提醒|的时候|去?提醒|[，,。！!、\s])+"
    r"|(?:的?提醒|吧|啊|呀|哦|啦|[好行成中]吗|可以吗|[好行成中]不[好行成中]?|得不得行|要得不|[，,](?:[你您]|就|年年|每年)|(?<=[忌生]日)是|[，,。！!？?、\s])+$"
)
_MEDICINE = re.compile(
    r"药|胰岛素|降[压糖脂]|胶囊|吃片|片儿|(?:吃|服|含)(?!.{0,3}(?:薯|饼|面))[^，,。]{0,6}[片丸粒]|钙片|口服液|冲剂|颗粒"
    r"|阿司匹林|双胍|他汀|洛尔|地平|沙坦|普利|华法林|甘油|救心|维生素"
)
# 「去医院拿药」 is an errand: nobody is asked whether it has been taken.
_ERRAND = re.compile(
    r"(?:拿|取|买|开|配|抓|领|送|寄|晒|煎|熬|退|换)[^，,。吃服]{0,4}药(?!.{0,4}[吃服])|药(?:店|房|铺)"
)
_YEARLY = re.compile(r"生日|忌日|周年|纪念日|寿辰|大寿|过寿|每年|年年|每一年")
_TERM = re.compile("|".join(TERMS))
# The thirtieth of the last month: its last day, where it has 29.
_FESTIVALS = {**FESTIVALS, "除夕": (12, 30), "大年三十": (12, 30), "年三十": (12, 30)}
_FESTIVAL = re.compile("|".join(sorted(_FESTIVALS, key=len, reverse=True)))
_N = r"[一二两三四五六七八九十半\d]+"
_LEAD = re.compile(
    rf"(?:提前|提早|早|前)(?P<many>{_N})个?(?P<unit>天|日|周|星期|礼拜|月|小时|钟头|分钟|刻钟)(?:左右)?(?:就|给|来|再)?"
)
_MINUTES = {"天": 1440, "日": 1440, "周": 10080, "星期": 10080, "礼拜": 10080, "月": 43200}
_MINUTES |= {"小时": 60, "钟头": 60, "分钟": 1, "刻钟": 15}
# What a new time begins with, so that 「换成新的床单」 is none.
_TIME = r"[早中下晚上午半夜凌清傍明后今每天周星礼隔提前月初饭睡\d零两二三四五六七八九十]|大后|一(?!个[^小钟月星礼])|吃完"
_CHANGE = re.compile(
    r"改(?:成|到|为|一下|一改|个|在|改|早|晚|时间|做|去)|要改|该[成到](?="
    + _TIME
    + r")|整(?:到|早|晚)|搁到|提早到|换(?:一换|一下|个(?:时间|钟点|日子|点)|[成到](?="
    + _TIME
    + r"))"
    r"|(?:往[后前])?挪(?:到|一下)|推(?:迟)?到|提前到|往[后前](?:推|挪|调)|调(?:到|成|整|一下|早|晚)"
)
# 「提醒我把床单换一下」: what stands behind is to be done and not to be changed, but for a new time.
_TO_DO = re.compile(r"(?:提醒|叫|喊|催|告诉)(?:我|俺|咱|额|他|她|您|一下|一声|我?[爸妈])")
_NEW_TIME = re.compile(r"(?:改|换|挪|推|提前|调)[成到为](?:" + _TIME + ")")
# The reminder itself is what is changed: 「吃药的提醒改到七点」, 「收衣服那个改到五点叫我」.
_OF_ONE = re.compile(
    r"(?:提醒|闹钟|闹铃|脑钟|[提体]星|体醒)(?!我|俺|咱|额|他|她|您|一下|一声|我?[爸妈])[^。；！？;!?]{0,10}?(?:改|该|换|挪|推|提[前早]到|调|整|搁)"
    r"|(?:提醒|叫|喊)我[^。；！？;!?]{1,8}(?:时间|那个|的)[，,]?(?:给)?(?:改|换|挪|推|调)"
    r"|每天[^。；！？;!?]{0,6}提醒我[，,]改成"
    r"|(?:时间|那个|这个)(?:改|换|挪|推|调)[^，。；！？,;!?]{0,8}(?:提醒|叫|喊)"
    r"|改(?:个|一下|改|一改)?[，,]?(?:我的?|那个)?[^。；！？;!?]{0,6}提醒|换(?:个|一个|一下)提醒"
)
# 「我这降压片老是忘了吃，你……」: what is to be done stands in what is forgotten.
_FORGETS = re.compile(
    r"(?:我|俺)?(?:这|那|的)?(?P<thing>[^，,。我俺老总]{1,8}?)(?:老是|总是|经常|老|总|常)?(?:忘了?|忘记|记不住|记不得|想不起来)(?P<does>[吃喝打抹滴量测服])"
)
_ROUGHLY = re.compile(r"早中?晚$")
_LATE = re.compile(r"晚|夜|下午|后晌|下昼|后半晌")
_LUNAR = re.compile(r"初|腊|正月|冬月|农历|阴历|闰")


@dataclass(frozen=True)
class When:
    """A rule that comes again, or one moment; `hour` tells that it was named. `said` is the phrase.

    `open_day` tells that only an hour was said, and no day; `open_half`, that it may be of the morning or the evening.
    """

    said: str
    rule: str | None = None
    once: str | None = None
    hour: bool = False
    open_day: bool = False
    open_half: bool = False

    @property
    def needs_hour(self) -> bool:
        """Every day, and some day, say nothing yet about when on that day."""
        daily = (self.rule or "").startswith("FREQ=DAILY")
        return not self.hour and (self.once is not None or daily or self.open_day)

    def at_hour(self, other: When) -> When:
        """The same days at the hour that another phrase names."""
        if other.once is None or not other.hour:
            return other if other.rule else self
        clock = moment(other.once)
        if other.open_half and clock.hour < 12 and _LATE.search(self.said):
            clock = clock.replace(hour=clock.hour + 12)
        if self.rule is not None:
            rule = f"{self.rule};BYHOUR={clock.hour};BYMINUTE={clock.minute}"
            return replace(self, rule=rule, hour=True, said=f"{self.said}{other.said}")
        assert self.once is not None
        begin = moment(self.once).replace(hour=clock.hour, minute=clock.minute)
        return replace(self, once=begin.isoformat(), hour=True, said=f"{self.said}{other.said}")


def is_medicine(what: str) -> bool:
    """Whether 「吃过了」 is to be asked for."""
    return _MEDICINE.search(what) is not None and _ERRAND.search(what) is None


def when(found: TimeExpr, text: str) -> When | None:
    """When it comes, as far as it was said; a birthday comes every year."""
    if found.kind == "recurring" and isinstance(found.value, str):
        since = f";DTSTART={found.since.replace('-', '')}" if found.since else ""
        return When(found.text, rule=found.value + since, hour="BYHOUR" in found.value)
    if found.kind == "point" and isinstance(found.value, str):
        if found.grain in ("hour", "minute"):
            doubts = found.doubts
            return When(
                found.text, once=found.value, hour=True, open_day="day" in doubts, open_half="am_pm" in doubts
            )
        if found.grain == "day" and _YEARLY.search(text):
            each = "" if found.text.startswith("每年") else "每年"
            return When(f"{each}{found.text}", rule=_yearly(moment(found.value), text, found.text))
        return When(found.text, once=moment(found.value).isoformat())
    if found.kind == "range" and isinstance(found.value, tuple):
        begin = moment(found.value[0]).isoformat()
        return When(found.text, once=begin, open_day="day" in found.doubts)
    return None


def with_hours(first: When, others: Sequence[TimeExpr]) -> When:
    """「每天早上八点和晚上八点半」: the other hours belong to the same days."""
    clocks = [
        moment(other.value)
        for other in others
        if other.kind == "point" and other.grain in ("hour", "minute") and isinstance(other.value, str)
    ]
    if first.rule is None or not clocks:
        return first
    if "BYHOUR" not in first.rule:
        # 「隔一天吃一回，早饭后八点」
        return first.at_hour(when(others[0], "") or first) if len(clocks) == 1 else first
    parts = dict(part.split("=", 1) for part in first.rule.split(";"))
    minute = int(parts.pop("BYMINUTE", "0"))
    named = {(int(hour), minute) for hour in parts.pop("BYHOUR").split(",")}
    if _ROUGHLY.search(first.said) and len(clocks) >= len(named):
        # 「每天早晚，早上七点和晚上八点」 says first roughly what it then says in hours.
        named = set()
        first = replace(first, said=_ROUGHLY.sub("", first.said) + others[0].text)
        others = others[1:]
    named |= {(clock.hour, clock.minute) for clock in clocks}
    parts["X-CLOCKS"] = ",".join(f"{hour:02}{minute:02}" for hour, minute in sorted(named))
    said = "、".join([first.said, *(other.text for other in others)])
    return replace(first, rule=";".join(f"{name}={value}" for name, value in parts.items()), said=said)


def lead(text: str) -> tuple[int, str]:
    """「提前三天提醒我」: by how many minutes, and the text without those words; 0 where it is not said."""
    found = _LEAD.search(text)
    if found is None:
        return 0, text
    said = found["many"]
    each = _MINUTES[found["unit"]]
    minutes = each // 2 if said == "半" else each * (to_int(said) or 0)
    return minutes, text[: found.start()] + text[found.end() :]


def is_change(text: str) -> bool:
    """Whether something that is set already is to come at another time."""
    task = _TO_DO.search(text)
    found = _CHANGE.search(text)
    if found is None:
        return False
    return task is None or found.start() < task.start() or _NEW_TIME.search(text, task.end()) is not None


def changes_one(text: str) -> bool:
    """Whether a reminder that is set is plainly what is to change; without one there is nothing to do."""
    return is_change(text) and _OF_ONE.search(text) is not None


def _yearly(day: datetime, text: str, said: str) -> str:
    if (term := _TERM.search(said)) is not None:
        return f"FREQ=YEARLY;X-TERM={term.group()}"
    if (festival := _FESTIVAL.search(said)) is not None:
        month, number = _FESTIVALS[festival.group()]
        return f"RSCALE=CHINESE;FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={number}"
    if _LUNAR.search(text):
        _, month, number = lunar_of(day.date())
        return f"RSCALE=CHINESE;FREQ=YEARLY;BYMONTH={abs(month)};BYMONTHDAY={number}"
    return f"FREQ=YEARLY;BYMONTH={day.month};BYMONTHDAY={day.day}"


def what(text: str, found: TimeExpr, others: Sequence[TimeExpr] = ()) -> str | None:
    """What it is about: the words after 提醒我, else all without the times; None where nothing is left."""
    rest = text
    for each in sorted({*others, *([found] if found.text else ())}, key=lambda one: one.start, reverse=True):
        rest = rest[: each.start] + "，" + rest[each.end :]
    asked = list(_ASK.finditer(rest))
    after = rest[asked[-1].end() :] if asked else ""
    before = rest[: asked[0].start()] if asked else rest
    for part in (after, before):
        said = part
        while (trimmed := _FILLER.sub("", said)) != said:
            said = trimmed
        if part is before and (forgets := _FORGETS.search(said)) is not None:
            said = f"{forgets['does']}{forgets['thing']}"
        if said:
            said = re.sub(r"[，,]{2,}", "，", said)
            return re.sub(r"^([给跟陪带帮])?(?:我|俺)(?=[^们]{2,})", r"\1您", said)[:40]
    return None
