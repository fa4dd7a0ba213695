"""「往后推半个小时」, 「早一刻钟」: by how much something that is set is to come later or earlier."""

from __future__ import annotations

import re

from nlu.zh.numbers import to_int

_LONG = (
    r"(?P<n>[一二两三四五六七八九十\d]+|半)个?(?P<half>半)?个?(?P<unit>小时|钟头|分钟|刻钟|天|星期|礼拜|周)"
)
_SHIFT = re.compile(
    r"(?:(?P<later>(?:往|向|朝)后|推后|延后|推迟|延迟|拖后|(?<![今明当每前昨早])晚|迟|推|拖)"
    r"|(?P<earlier>(?:往|向|朝)前|提前|提早|(?<![今明当每前昨])早))"
    r"(?:推迟|[推挪延拖移调提错退])?(?:上|了|个|点儿?)?" + _LONG
)
_MINUTES = {
    "小时": 60,
    "钟头": 60,
    "分钟": 1,
    "刻钟": 15,
    "天": 1440,
    "星期": 10080,
    "礼拜": 10080,
    "周": 10080,
}
_DAY = 1440


def shift(text: str) -> int | None:
    """By how many minutes, earlier ones below nought; None where it is not said. Linear in its length."""
    found = _SHIFT.search(text)
    if found is None:
        return None
    unit, said = _MINUTES[found["unit"]], found["n"]
    if unit >= _DAY and found.group().startswith(("提前", "提早")):
        # 「提前三天提醒」 says how long before it is told, and moves nothing.
        return None
    minutes = unit // 2 if said == "半" else unit * (to_int(said) or 0)
    minutes += unit // 2 if found["half"] and said != "半" else 0
    return (minutes if found["later"] else -minutes) or None
