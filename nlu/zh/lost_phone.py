"""「我手机丢了」: a telephone that was lost or stolen, and with it the way into the account."""

from __future__ import annotations

import re

from nlu.zh.lexicon import find_people

_THING = r"(?:手机|智能机|平板|ipad|电话机?)(?![里上中])"
_GONE = (
    r"(?:丢(?:了|失|掉|在)|弄丢|搞丢|掉了|没了|不见了?|找不(?:到|着)|(?:被|让|给)\S{0,4}(?:偷|抢|扒|顺|捡)"
    r"|落在?\S{0,6}(?:车|店|医院|外面))"
)
_LOST = re.compile(rf"{_THING}\S{{0,4}}?{_GONE}|(?:丢了|弄丢了?|掉了)\S{{0,3}}{_THING}", re.IGNORECASE)
_NOT = re.compile(r"没丢|没有丢|找到了|找着了|[费钱卡号码]")


def lost_phone(text: str) -> bool:
    """Whether somebody says that their own telephone is gone; somebody else's is another matter."""
    return (
        _LOST.search(text) is not None
        and _NOT.search(text) is None
        and not any(mention.value != "self" for mention in find_people(text))
    )
