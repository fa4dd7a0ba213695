"""What the words of a family matter say: to add, to ask, to take back; and which purposes they name."""

from __future__ import annotations

import re

from domain.family import ELDERS, EVERY_SCOPE
from domain.people import Scope

_LISTS = re.compile(r"谁能|谁可以|谁绑|谁在|有谁|哪些人|都有谁|谁连")
_REMOVES = re.compile(
    r"(?:不|别|莫|甭|不要|不许|不想|不用)再?(?:让|给|叫|准|许)|去掉|去除|删|移[除走]|踢|解绑|解除|收回|撤|闹翻|不管了|不想管"
    r"|取消.{0,8}(?:权限|授权|绑定|许可|资格|关联)|(?:权限|授权).{0,4}取消|关掉.{0,4}权限|做主"
)
_ASKS = re.compile(
    r"我(?:要|想|能|可以|来)?(?:不能)?(?:帮|替|代|管|给)(?:我)?(?:老?妈|老?爸|父|母|爹|娘|奶|爷|外|姥|公|婆|老人)|老人绑"
)
_ALL_OF_IT = re.compile(r"管|办事|做主|去掉|解绑|解除|踢|删|移")
_BAN = re.compile(r"(?:不|别|莫|甭|不要|不许|不想|不用)再?(?:让|给|叫|准|许)(?P<rest>.*)")
# 预约 is a thing that is looked at, 约 is what is done.
_SEES_BOOKINGS = re.compile(r"预约|(?:看|知道|查|瞧)[^，。！？,]{0,6}约")
_LET = re.compile(r"(?:让|授权|许|准|给)(?P<rest>.*)")


def asks_who(text: str) -> bool:
    """现在谁绑着我: a question, and nothing to be changed."""
    return _LISTS.search(text) is not None


def what_to_do(text: str, kin: str | None) -> str | None:
    """`add`, `ask`, `remove`, or None where the words leave it open. `kin` is the relative they name."""
    if _REMOVES.search(text):
        return "remove"
    if kin in ELDERS or _ASKS.search(text):
        return "ask"
    return "add" if kin is not None else None


def closest_scopes(text: str, do: str) -> tuple[Scope, ...]:
    """The purposes that the words name; none where they name none, or mean everything."""
    found = None if do == "ask" else (_BAN if do == "remove" else _LET).search(text)
    words = found["rest"] if found else text
    if do == "remove" and not found and _ALL_OF_IT.search(words):
        return ()
    named: set[Scope] = set()
    if re.search(r"看|知道|瞧|查", words):
        visits, plan = re.search(r"预约|约了|行程|服务", words), re.search(r"权益|计划|额度|还剩", words)
        if visits or not plan:
            named.add(Scope.SEE_VISITS)
        if plan or not visits:
            named.add(Scope.SEE_PLAN)
    if re.search(r"取消|退", words) and not re.search(r"权限|授权|绑定", words):
        named.add(Scope.CANCEL)
    if re.search(r"约|订", _SEES_BOOKINGS.sub("", words)):
        named.add(Scope.BOOK)
    if re.search(r"通知|消息|急事|紧急", words):
        named.add(Scope.ALERTS)
    return tuple(scope for scope in EVERY_SCOPE if scope in named)
