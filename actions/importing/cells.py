"""What stands in a cell, read: days in the ways in which people write them, telephones with blanks, words, lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any

from actions.accounts import phone_of
from actions.importing.problems import Refused
from domain import standards
from domain.catalogue import CHANNELS, load

Read = Callable[[str], Any]
Spec = Mapping[str, Any]

LONGEST = 200
_WIDE = str.maketrans("０１２３４５６７８９／－．：；，＝（）～　", "0123456789/-.:;,=()~ ")
_LIST = re.compile(r"[、,，;；|]+\s*")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]00:00(?::00)?)?")
_TIGHT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,39}")
_PERIOD = re.compile(r"(\d{1,2}):(\d{2})\s*[-~至到—–]+\s*(\d{1,2}):(\d{2})")
_WEEK = "一二三四五六日"
_SPAN = re.compile(r"([一二三四五六日1-7])(?:\s*[-~至到—–]\s*([一二三四五六日1-7]))?")
_YES = {"是": True, "有": True, "1": True, "yes": True, "true": True, "y": True}
_NO = {"否": False, "无": False, "0": False, "no": False, "false": False, "n": False}
_CHANNEL = {"到店": "store", "到线": "online", "线上": "online", "到家": "home", "上门": "home"}
_EARLIEST, _LATEST = date(1900, 1, 1), date(2200, 1, 1)


def as_text(cell: object) -> str:
    """A cell as it would be typed: whole numbers without a point, days as ISO days. Nothing is the empty text."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(" ")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def tidy(cell: object) -> str:
    """The text of a cell without blanks around it. Raises Refused for a formula, and for what cannot be printed."""
    text = (cell if type(cell) is str else as_text(cell)).strip()
    if text.isascii() and text.isprintable() and not text.startswith("="):
        return text
    if text.startswith("="):
        raise Refused("formula")
    if not text.isprintable():
        text = " ".join(text.replace("\u200b", "").replace("\ufeff", "").split())
        if not text.isprintable():
            raise Refused("unprintable")
    return text


def reader(spec: Spec) -> Read:
    """How a column's cells are read; what it returns raises Refused for a cell that can not stand there."""
    kind = str(spec["kind"])
    made = _MADE.get(kind)
    return made(spec) if made is not None else _PLAIN[kind]


def _text(spec: Spec) -> Read:
    most = int(spec.get("most", LONGEST))

    def read(text: str) -> str:
        if len(text) > most:
            raise Refused("too_long", most=most)
        return text

    return read


def _word(spec: Spec) -> Read:
    words: Mapping[str, str] = spec["words"]
    chinese = "、".join(word for word in words if not word.isascii())

    def read(text: str) -> str:
        found = words.get(text) or words.get(text.lower())
        if found is None:
            raise Refused("word", words=chinese)
        return found

    return read


def _within(spec: Spec, value: float) -> None:
    if not spec["least"] <= value <= spec["most"]:
        raise Refused("out_of_range", least=spec["least"], most=spec["most"])


def _whole(spec: Spec) -> Read:
    def read(text: str) -> int:
        text = text.translate(_WIDE)
        if len(text) > 12 or not re.fullmatch(r"\d+", text):
            raise Refused("whole")
        _within(spec, int(text))
        return int(text)

    return read


def _number(spec: Spec) -> Read:
    def read(text: str) -> float:
        text = text.translate(_WIDE)
        if len(text) > 24 or not re.fullmatch(r"\d+(\.\d+)?", text):
            raise Refused("number")
        _within(spec, float(text))
        return float(text)

    return read


def _list(spec: Spec) -> Read:
    most = int(spec.get("most", LONGEST))

    def read(text: str) -> list[str]:
        parts = [part for part in (p.strip() for p in _LIST.split(text)) if part]
        if len(parts) > 60 or any(len(part) > most for part in parts):
            raise Refused("too_long", most=most)
        return list(dict.fromkeys(parts))

    return read


_each = _list({"most": 40})


def phone(text: str) -> str:
    """A mainland mobile number as it is kept."""
    found = phone_of(text) if len(text) <= 40 else None
    if found is None:
        raise Refused("phone")
    return found


def day(text: str) -> date:
    """A day as 1948-05-12, 1948/5/12, 1948.5.12, 1948年5月12日 or 19480512."""
    short = text[:30].translate(_WIDE)
    match = _DAY.fullmatch(short) or _TIGHT_DAY.fullmatch(short)
    if match is None or len(text) > 30:
        raise Refused("day")
    try:
        found = date(*map(int, match.groups()))
    except ValueError:
        raise Refused("no_such_day") from None
    if not _EARLIEST <= found < _LATEST:
        raise Refused("no_such_day")
    return found


def _code(text: str) -> str:
    if not _CODE.fullmatch(text):
        raise Refused("code")
    return text


def _yes(text: str) -> bool:
    found = {**_YES, **_NO}.get(text.lower())
    if found is None:
        raise Refused("word", words="是、否")
    return found


def _service(text: str) -> str:
    services = load().services
    if text in services:
        return text
    found = [service.code for service in services.values() if service.name == text]
    if not found:
        raise Refused("service")
    return found[0]


def _services(text: str) -> list[str]:
    return [_service(part) for part in _each(text)]


def _channel(text: str) -> str:
    found = _CHANNEL.get(text, text)
    if found not in CHANNELS:
        raise Refused("word", words="到家、到店、到线")
    return found


def _channels(text: str) -> list[str]:
    return list(dict.fromkeys(_channel(part) for part in _each(text)))


def _certificate(text: str) -> str:
    kinds = sorted({standard.certificate for standard in standards.load().values()})
    if text not in kinds:
        raise Refused("word", words="、".join(kinds))
    return text


def _days(text: str) -> list[int]:
    """Days of the week (Monday is 0): 周一至周五, 周一、周三, 1-5, 天天."""
    short = text.translate(_WIDE).replace("天天", "1-7").replace("每天", "1-7")
    short = re.sub("星期天|周天", "日", re.sub("星期|周|礼拜", "", short))
    found: set[int] = set()
    for part in _each(short):
        match = _SPAN.fullmatch(part)
        if match is None:
            raise Refused("days")
        first, last = (_weekday(end) for end in (match[1], match[2] or match[1]))
        if last < first:
            raise Refused("days")
        found |= set(range(first, last + 1))
    return sorted(found)


def _weekday(text: str) -> int:
    return int(text) - 1 if text.isdigit() else _WEEK.index(text)


def _hours(text: str) -> list[tuple[time, time]]:
    """Periods of a day, none within another: 08:00-12:00、13:00-18:00."""
    found = []
    for part in _each(text.translate(_WIDE)):
        match = _PERIOD.fullmatch(part)
        if match is None:
            raise Refused("hours")
        try:
            opens, closes = time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
        except ValueError:
            raise Refused("hours") from None
        if opens >= closes:
            raise Refused("hours")
        found.append((opens, closes))
    found.sort()
    if any(later[0] < earlier[1] for earlier, later in pairwise(found)):
        raise Refused("hours")
    return found


def _used(text: str) -> dict[str, float]:
    """What has been used of benefits, by their codes: bath=2；meals=1."""
    found: dict[str, float] = {}
    for part in _each(text.translate(_WIDE)):
        code, sign, amount = (piece.strip() for piece in part.partition("="))
        if not sign or not _CODE.fullmatch(code) or not re.fullmatch(r"\d{1,9}(\.\d+)?", amount):
            raise Refused("used")
        if code in found:
            raise Refused("used")
        found[code] = float(amount)
    return {code: amount for code, amount in found.items() if amount}


_MADE: dict[str, Callable[[Spec], Read]] = {
    "text": _text,
    "word": _word,
    "whole": _whole,
    "number": _number,
    "list": _list,
}
_PLAIN: dict[str, Read] = {
    "phone": phone,
    "day": day,
    "code": _code,
    "yes": _yes,
    "service": _service,
    "services": _services,
    "channel": _channel,
    "channels": _channels,
    "certificate": _certificate,
    "days": _days,
    "hours": _hours,
    "used": _used,
}
