"""Chinese numbers as people say them: 二十三, 两百五, 一百六, 俩, 十来个; and digit by digit (幺 拐 洞)."""

from __future__ import annotations

import re

_DIGITS = {
    c: n
    for n, cs in enumerate(
        ("零〇洞", "一壹幺", "二两俩贰", "三叁仨", "四肆", "五伍", "六陆", "七柒拐", "八捌", "九玖")
    )
    for c in cs
}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
NUMBER = r"(?:\d+|[零〇一二两俩仨三四五六七八九十百千廿卅]+)"
_LATIN = str.maketrans("０１２３４５６７８９", "0123456789")
_WHOLE = re.compile(r"\d+")


def to_int(text: str) -> int | None:
    """The number that was said, or None where it is none. 两百五 is 250, 一百六 is 160, 二〇二六 is 2026."""
    text = text.translate(_LATIN).strip()
    if _WHOLE.fullmatch(text):
        return int(text)
    text = text.replace("廿", "二十").replace("卅", "三十")
    if not text or any(c not in _DIGITS and c not in _UNITS and c != "万" for c in text):
        return None
    if not any(c in _UNITS or c == "万" for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    if "万" in text:
        head, _, tail = text.partition("万")
        high, low = to_int(head or "一"), to_int(tail) if tail else 0
        return None if high is None or low is None else high * 10_000 + low
    return _below_ten_thousand(text)


def _below_ten_thousand(text: str) -> int:
    total, digit, unit, skipped = 0, 0, 1, False
    for char in text:
        if char in _UNITS:
            unit = _UNITS[char]
            total += (digit or (1 if not total or not skipped else 0)) * unit
            digit, skipped = 0, False
        elif _DIGITS[char] == 0:
            skipped = True
        else:
            digit = _DIGITS[char]
    # 两百五: the last digit counts in the next lower unit, unless a 零 was said before it.
    if digit and unit >= 100 and not skipped:
        return total + digit * unit // 10
    return total + digit
