"""What somebody wants of our messages: none at these hours, fewer, none for now, no advertising, no opinion asked, to a
relative, as usual.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

from nlu.zh.tables import CalendarTables
from nlu.zh.times import find
from nlu.zh.times.model import TimeExpr, moment

What = Literal[
    "quiet", "pause", "fewer", "off", "on", "no_surveys", "to", "only_to", "not_to", "usual", "ask"
]
Hours = tuple[time, time, str]

_USUAL = re.compile(
    r"恢复|照常|照旧|照原来|跟原来一样|可以发了|接着发|重新发|(?:我)?要收|想收|打开(?:通知|推送|消息)"
)
_OFF = re.compile(
    r"退订|(?:取消|不)(?:了)?订阅|广告|推广|推销|推送|别推|不要推|群发|(?:活动|课堂|讲座)(?:的)?(?:消息|通知)?(?:就)?(?:别|不)"
)
_ON = re.compile(
    r"(?:活动|课堂|讲座|推广|广告|推送)(?:的)?(?:消息|通知|事儿?)?[^，。！？]{0,4}(?:想[听看收要]|要[听看收]|接着发|可以发|发我|再发|恢复|打开)"
    r"|(?:想[听看收]|恢复|打开|接着发)[^，。！？]{0,6}(?:活动|课堂|讲座|推广|推送)"
)
_AGAIN = re.compile(
    r"(?:可以|能|重新|接着|继续|照原来的?|照常|恢复)(?:接着|继续|重新|给我)*(?:发|收)(?:消息|信息|通知)?(?:给我)?(?:了|吧|啦)|恢复(?:原样|原来|正常)"
)
_NEVER = r"(?:别|不要|不用|不许|不准|甭|莫|停止|不想)(?:再|老|总|让你|你)?"
# 「别发给我儿子」: to that one no more.
_NOT_TO = re.compile(
    _NEVER + r"(?:把)?(?:[^，,。！!？?给到]{0,6})(?:发|传|转|送|告诉|通知|抄送|说)(?:一份)?(?:给|到)?"
    r"(?:我|俺|咱)?(?:家)?(?:的)?(?:女儿|闺女|姑娘|丫头|儿子|小子|孩子|老伴|老公|老婆|爱人|媳妇|女婿|孙|妹|姐|弟|哥|他|她)"
)
_TO = re.compile(
    r"(?:发|传|转|送|寄)(?:一份|消息|信息)?(?:给|到)|抄送|给.{1,8}(?:也)?(?:发|收|来)|(?:通知|告诉|提醒)(?:我|俺)?.{0,3}(?:就好|就行|吧)|(?:要|想)收一份"
)
_ONLY = re.compile(
    r"就行|就好|就可以|只(?:给|发|通知)|(?:别|不要|不用|甭)(?:再)?(?:发|给)(?:给)?(?:我|俺)(?!.{0,2}(?:女儿|闺女|儿子|老伴|老公|老婆|爱人))|改(?:发|成)"
)
_NO_SURVEYS = re.compile(
    r"(?:别|不要|不用|甭|莫)(?:再|老|总)?(?:来)?(?:问(?:我|俺)?(?:满意|好不好|怎么样|觉得)|回访|叫我(?:评|打分)|让我(?:评|打分))"
    r"|不(?:想|要|用)(?:让)?(?:你们?|您)?(?:再|老|总)?(?:来)?问(?:我|俺)?(?:满意|好不好|怎么样)"
    r"|(?:评价|打分|评分|回访|满意度)(?:的)?(?:消息|问题)?(?:就)?(?:别|不要|不用)"
)
_FEWER = re.compile(
    r"别老|少发|少来|老(?:是)?(?:给我)?发|总(?:是)?(?:给我)?发|太(?:多|勤|频)|别总|莫发|烦|吵|最多发|只发要紧|别(?:再)?(?:给我)?发|不要(?:再)?(?:给我)?发|关(?:了|掉|闭)?|不(?:想)?看"
)
_NOW = re.compile(r"这会儿|现在|眼下|这阵子|等会儿再")
_AWHILE = re.compile(r"这几天|这两天|过段时间|过一阵|先别(?:给我)?发|暂时")
_SLEEP, _NOON, _EVENING = (
    re.compile(r"夜里|半夜|深更|睡觉|晚上睡"),
    re.compile(r"中午|午觉|午睡|晌午"),
    "晚上",
)
_REST = re.compile(r"周末|礼拜天|礼拜六|星期天|星期六|节假日|过节|放假|休息日|假期")
_WORK = re.compile(r"上班|工作日")
_AFTER, _BEFORE = re.compile(r"以后|之后|过了|后"), re.compile(r"以前|之前|前")
_THEN = re.compile(r"再发|才发|再说|再给")
_PART = re.compile(r"早|晨|上午|中午|下午|晚|夜")
_NIGHT = (time(21), time(7))
_NAP = (time(12), time(14, 30))
_AWHILE_LONG, _NOW_LONG = timedelta(days=7), timedelta(hours=2)


@dataclass(frozen=True)
class NoticeWish:
    """`hours` are (from, until, days) with days `all`, `work` or `off`; `until` is the end of a pause."""

    what: What
    hours: tuple[Hours, ...] = ()
    until: datetime | None = None


def read(
    text: str, now: datetime, tables: CalendarTables | None = None, *, relative: bool = False
) -> NoticeWish:
    """The wish in a sentence about notices; `ask` where it is none that is known. `relative`: one was named."""
    if _NOT_TO.search(text):
        return NoticeWish("not_to")
    if relative and _TO.search(text):
        return NoticeWish("only_to" if _ONLY.search(text) else "to")
    if _ON.search(text) and not re.search("别|不", text):
        return NoticeWish("on")
    if _USUAL.search(text) and "不" not in text:
        return NoticeWish("usual")
    hours = _hours(text, now, tables)
    if hours:
        return NoticeWish("quiet", hours)
    if (until := _pause(text, now, tables)) is not None:
        return NoticeWish("pause", until=until)
    if _NO_SURVEYS.search(text):
        return NoticeWish("no_surveys")
    if _OFF.search(text):
        return NoticeWish("off")
    return NoticeWish("fewer" if _FEWER.search(text) else "ask")


def speaks_of_messages(text: str) -> bool:
    """Whether words that were heard as talk plainly change what we send: 「可以接着发了」, 「讲座还是想听」. Linear."""
    if re.search("[?？]|吗", text) is not None:
        return False
    if "不" not in text and "别" not in text:
        return _ON.search(text) is not None or _AGAIN.search(text) is not None
    return _NO_SURVEYS.search(text) is not None


def _pause(text: str, now: datetime, tables: CalendarTables | None) -> datetime | None:
    """「今天别发了」 until tomorrow morning, 「这会儿别发」 two hours, 「过段时间」 a week."""
    if _NOW.search(text):
        return now + _NOW_LONG
    if _AWHILE.search(text):
        return now + _AWHILE_LONG
    for found in find(text, now, tables):
        if found.kind == "point" and found.grain == "day":
            begin = moment(str(found.value))
            if begin <= now < begin + timedelta(days=1):
                return begin + timedelta(days=1, hours=_NIGHT[1].hour)
    return None


def _hours(text: str, now: datetime, tables: CalendarTables | None) -> tuple[Hours, ...]:
    days = "off" if _REST.search(text) else "work" if _WORK.search(text) else "all"
    clocks = [h for one in find(text, now, tables) if (h := _clock(one, text)) is not None]
    if not clocks and _NOON.search(text):
        clocks = [_NAP]
    if not clocks and _SLEEP.search(text):
        clocks = [_NIGHT]
    if not clocks and days != "all":
        clocks = [(time(0), time(0))] if days == "off" else [(time(9), time(17))]
    return tuple((begin, end, days) for begin, end in dict.fromkeys(clocks))


def _clock(found: TimeExpr, text: str) -> tuple[time, time] | None:
    """The hours of one expression; a bare 「晚上」 runs to the morning, 「八点以后」 too."""
    if found.grain not in ("hour", "minute"):
        return None
    if found.kind == "range" and isinstance(found.value, tuple):
        if _SLEEP.fullmatch(found.text):
            return _NIGHT
        if _NOON.fullmatch(found.text):
            return _NAP
        begin, end = (moment(value).time() for value in found.value)
        return begin, _NIGHT[1] if found.text.endswith(_EVENING) or end == time(0) else end
    if found.kind != "point":
        return None
    clock = moment(str(found.value)).time()
    if _BEFORE.search(found.text):
        return _NIGHT[0], clock
    if not _AFTER.search(found.text):
        return None
    if _THEN.search(text):
        return _NIGHT[0], clock
    if not _PART.search(found.text) and 6 <= clock.hour < 12:
        # 「九点以后别打扰」 is said of the evening.
        clock = clock.replace(hour=clock.hour + 12)
    return clock, _NIGHT[1]
