"""Whether somebody only says thanks or yes: the whole of the words, and nothing that wants an answer."""

from __future__ import annotations

import re

_THANKS = re.compile(
    r"(?:好+的?|行了?|可以了?|嗯+|哦+|谢谢|多谢|感谢|谢了|辛苦|麻烦|您|你们?|了|啦|呀|啊|吧|哈|对|知道|明白|没事|没问题|办好|弄好|再见|"
    r"拜拜|姑娘|小伙子|管家|大夫|医生|就这样|太|真是?|[，。！!,.~～\s])+"
)


def only_thanks(text: str) -> bool:
    """True for 「好的，谢谢您」; False for whatever asks or tells something."""
    return bool(text) and _THANKS.fullmatch(text) is not None
