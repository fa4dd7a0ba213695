"""Where one message may hold two wishes: 「还剩几次助浴？顺便帮我约后天下午的理发」, 「助浴和理发都要」."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from nlu.zh import lexicon

# What opens a second wish. 还有 also opens a question of its own (还有几次, 还有没有), which is none.
_SAYS_MORE = re.compile(
    r"另外|顺便|顺带|捎带|对了|接着再?|完了(?=再|帮|给)|然后(?:再)?"
    r"|还有(?=[，,。：:啊呀]|个事|件事|就是|我|俺|帮|给|那个|一个)"
    r"|再(?=帮|给|替|问|查|看看|约|订|把|提醒|取消|说|叫|加|来个)"
    r"|还(?=(?:想|要|得)(?:约|问|查|看|请|订))"
    r"|也(?=帮|给(?!我)|顺)"
)
_AND = re.compile(
    r"[，、]?(?:和|跟|加|加上|还有|以及|与|同|外加|再加)?(?:再)?(?:约|要|做|来|订)?(?:一?(?:个|次|份))?"
)
_STOPS = "，。！？；、,!?;\n "
_SHORTEST = 3


@dataclass(frozen=True)
class Way:
    """One way to read a message as two wishes. `lead` and `other` are spans of code points, ends exclusive."""

    lead_text: str
    other_text: str
    lead: tuple[tuple[int, int], ...]
    other: tuple[int, int]


def split(text: str) -> list[Way]:
    """Every way in which joining words make the message two wishes, in order; they belong to the second."""
    ways = []
    for found in _SAYS_MORE.finditer(text):
        one, other = _trimmed(text, 0, found.start()), _trimmed(text, found.start(), len(text))
        short = min(one[1] - one[0], other[1] - other[0] - len(found.group()))
        if short >= _SHORTEST:
            ways.append(Way(text[slice(*one)], text[slice(*other)], (one,), other))
    return ways


def two_services(text: str) -> Way | None:
    """Two services that are named one beside the other, as two bookings; a time behind both is meant for both."""
    named = lexicon.find_services(text)
    for one, other in pairwise(named):
        between = text[one.end : other.start]
        if one.value == other.value or not between or not _AND.fullmatch(between):
            continue
        rest = text[other.end :].removeprefix("都")
        return Way(
            text[: one.end] + rest,
            text[: one.start] + other.text + rest,
            ((0, one.end), (other.end, len(text))),
            (other.start, len(text)),
        )
    return None


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _STOPS:
        start += 1
    while end > start and text[end - 1] in _STOPS:
        end -= 1
    return start, end
