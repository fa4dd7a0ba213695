"""How somebody seems to feel, guessed from their words by rules; a guess for a butler's card, never told to anybody."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "angry",
        re.compile(
            r"气死|生气|火大|发火|投诉|举报|骗人|骗子|太差|太过分|过分|不像话|凭什么|不讲理|什么态度|态度.{0,3}差|受够|混蛋|糊弄|"
            r"敷衍|不负责|退钱|赔|欺负|第[三四五六]次|[！!]{2,}|岂有此理|窝火"
        ),
    ),
    (
        "anxious",
        re.compile(
            r"着急|急死|急得|快点|赶紧|赶快|担心|害怕|怕|心慌|咋办|怎么办|(?<!闷得)慌|还没[来到]|等了|等半天|多久|急|不放心|睡不着"
        ),
    ),
    (
        "sad",
        re.compile(
            r"难过|伤心|想哭|哭|孤单|孤独|没人管|没意思|没用了|拖累|命苦|心里堵|闷得慌|走了以后|唉|委屈|寂寞"
        ),
    ),
)
_NOT = re.compile(r"(?:不|没|别|不用|并不)(?:是)?(?:很|太|那么|怎么)?$")


def mood(said: Sequence[str]) -> dict[str, object]:
    """The mood of the last words, the newest first to count: `angry`, `anxious`, `sad` or `neutral`, marked as a guess."""
    for text in reversed(said):
        for name, signs in _SIGNS:
            for found in signs.finditer(text):
                if not _NOT.search(text[: found.start()]):
                    return {"mood": name, "guess": True, "word": found.group()}
    return {"mood": "neutral", "guess": True, "word": None}
