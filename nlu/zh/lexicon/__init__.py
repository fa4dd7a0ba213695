"""The word lists: what services, relations, channels, cities, roles and scores are called by those who say them.

The lists are data (`nlu/zh/data/*.json`), plain strings and small regular expressions; the longest match wins.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

from nlu.zh.numbers import to_int
from nlu.zh.sounds import as_meant

_DATA = Path(__file__).parent.parent / "data"
_LONGEST = 2000


@dataclass(frozen=True)
class Mention:
    """Something that was named: `value` is the catalogue's code; `start`, `end` are code points, end exclusive."""

    entity: str
    value: str
    text: str
    start: int
    end: int


def _read(name: str) -> object:
    return json.loads((_DATA / f"{name}.json").read_text(encoding="utf-8"))


class _List:
    """One word list: all its patterns, and what each means."""

    def __init__(self, entity: str, says: dict[str, list[str]]) -> None:
        self.entity = entity
        self._patterns = [
            (code, re.compile("|".join(f"(?:{one})" for one in patterns))) for code, patterns in says.items()
        ]

    def find(self, text: str) -> list[Mention]:
        found = [
            Mention(self.entity, code, match.group(), match.start(), match.end())
            for code, pattern in self._patterns
            for match in pattern.finditer(text)
            if match.group()
        ]
        return _longest(found)


def _longest(found: list[Mention]) -> list[Mention]:
    """Without overlaps: the longest first, then the first in the sentence."""
    kept: list[Mention] = []
    for mention in sorted(found, key=lambda m: (m.start - m.end, m.start)):
        if all(mention.end <= other.start or other.end <= mention.start for other in kept):
            kept.append(mention)
    return sorted(kept, key=lambda m: m.start)


_SERVICES_DATA = _read("services")
assert isinstance(_SERVICES_DATA, dict)
SERVICE_CODES: tuple[str, ...] = tuple(_SERVICES_DATA)
_SERVICES = _List("service", {code: row["says"] for code, row in _SERVICES_DATA.items()})
_RELATIONS = _List("person", _read("relations"))  # type: ignore[arg-type]
_CHANNELS = _List("channel", _read("channels"))  # type: ignore[arg-type]
_ROLES = _List("role", _read("roles"))  # type: ignore[arg-type]
_CITY_NAMES = _read("cities")
assert isinstance(_CITY_NAMES, list)
# 南京路 and 中山装 are no cities.
_CITY = re.compile(
    "("
    + "|".join(sorted(map(re.escape, _CITY_NAMES), key=len, reverse=True))
    + r")市?(?![路街道装站菜话人烤银大])"
)
_RATING = re.compile(
    r"(?:打|给|评)?(?:个|你们|他|她)?(?P<n>[一二两三四五1-5])(?:颗)?(?:分|星)(?!钟|之|半|\d)|(?P<full>满分|五颗星)"
)
# What we do not give, though its words hold a service's: home infusion; and openings of 人工 that mean no person.
_NOT_SERVICE = re.compile(r"体检报告|血压(?:高|低|偏|计)|量血压的?(?:仪|计)|牙口(?:不|好)|消防|送药费")
_NEGATED = re.compile(r"(?:不要|不是|不用|别|不想(?:要|约)?|不做)$")
# Somebody who is spoken to, or who works here, is nobody whom it is for.
_CALLED = re.compile(
    r"(?:^|[，。！？,!?\s])(?:闺女|姑娘|孩子|小伙子|大姐|小子|娃儿?|妹妹|老弟|大哥|叔叔)(?:啊|呀|哎|你|您|，|,|好|在)"
)
_WORKER = re.compile(r"(?:小|大)?(?:姑娘|小伙子|大姐|阿姨|叔叔)(?=(?:做|干|洗|来|手脚|态度|服务|挺|人|真))")


def service_name(code: str) -> str:
    """The service's name in the catalogue. Raises KeyError."""
    assert isinstance(_SERVICES_DATA, dict)
    return str(_SERVICES_DATA[code]["name"])


def find_services(text: str) -> list[Mention]:
    """Services by name, by need, or by the sound of a name; one that is ruled out (不要推拿，要针灸) is left out where
    another is wanted. `text` of a mention is what was said.
    """
    heard = as_meant(text[:_LONGEST])
    blocked = [match.span() for match in _NOT_SERVICE.finditer(heard)]
    found = [
        replace(m, text=text[m.start : m.end])
        for m in _SERVICES.find(heard)
        if not any(s <= m.start < e or s < m.end <= e for s, e in blocked)
    ]
    wanted = [m for m in found if not _NEGATED.search(text[max(0, m.start - 4) : m.start])]
    return wanted or found


def find_people(text: str) -> list[Mention]:
    """Whom it is for. 我 alone is nobody in particular; somebody spoken to (闺女啊，…) is not meant."""
    spoken_to = [match.span() for match in _CALLED.finditer(text[:_LONGEST])]
    spoken_to += [match.span() for match in _WORKER.finditer(text[:_LONGEST])]
    return [
        m
        for m in _RELATIONS.find(text[:_LONGEST])
        if not any(s <= m.start and m.end <= e for s, e in spoken_to)
    ]


def find_channels(text: str) -> list[Mention]:
    """Over which channel, only where it is said."""
    return _CHANNELS.find(text[:_LONGEST])


def find_roles(text: str) -> list[Mention]:
    """Which butler was named."""
    return _ROLES.find(text[:_LONGEST])


def find_cities(text: str) -> list[Mention]:
    """Cities by their plain names."""
    return [
        Mention("city", match.group(1).removesuffix("市"), match.group(1), match.start(1), match.end(1))
        for match in _CITY.finditer(text[:_LONGEST])
    ]


def find_rating(text: str) -> list[Mention]:
    """An explicit score of one to five."""
    found = []
    for match in _RATING.finditer(text[:_LONGEST]):
        number = 5 if match["full"] else to_int(match["n"])
        before = text[max(0, match.start() - 1) : match.start()]
        if number is not None and not (before.isdigit() or (before in "十点百零"[:-1] and before)):
            found.append(Mention("rating", str(number), match.group(), match.start(), match.end()))
    return found


def find(text: str) -> list[Mention]:
    """All entities of the word lists, in order."""
    found = [
        *find_services(text),
        *find_people(text),
        *find_channels(text),
        *find_cities(text),
        *find_roles(text),
        *find_rating(text),
    ]
    return sorted(found, key=lambda m: (m.start, m.end))
