"""What somebody answers to 「吃好了就点一下」 in words: taken, not yet, forgotten. Strict, for it acts before any model."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

_BEFORE = (
    r"(?:[嗯哦啊好行是对的]|我|俺|咱|刚刚?|刚才|已经|已|早就?|早上|中午|晚上|今天|都|这|那|就|[，,、\s])*"
)
_THING = r"[^，,。！!？?；;吃喝服打抹滴量没忘不别]{0,10}"
_DOES = r"(?:吃|喝|服|打|用|抹|滴|咽|含)"
_AFTER = r"(?:药|针)?[了啦咯喽嘞咧哩呀啊的哈]*(?:[，,]?(?:谢谢|放心|记着呢|你放心|您放心|别催了?|知道了)[了你您吧啊呀]*)?[。！!～~\s]*"
_TAKEN = re.compile(
    rf"{_BEFORE}(?:{_THING}药)?{_THING}(?:也|都|刚|早就?|已经)*{_DOES}(?:过|完|好|下去|下|了|啦|掉)+{_AFTER}"
)
_FORGOT = re.compile(rf"{_BEFORE}{_THING}(?:忘了?|忘记|漏了?|没想起来)(?:{_DOES})?{_THING}{_AFTER}")
_NOT_YET = re.compile(
    rf"{_BEFORE}{_THING}(?:还没有?|没有?|等会儿?再?|一会儿?再?|待会儿?再?|马上就?|这就|正要)(?:去)?{_DOES}{_THING}(?:呢|吧)?{_AFTER}"
)
_LONGEST = 24


# What says nothing of which one it is.
_NO_NAME = re.compile(
    r"嗯|哦|啊|好|行|是|对|我|俺|咱|刚才?|已经?|[早晚]上|早就?|中午|[上下]午|今[天早]|[饭睡][前后]|都|全|也|这|那|就|个|的|"
    r"吃|喝|服|打|用|抹|滴|咽|含|过|完|下去?|了|啦|咯|喽|嘞|咧|哩|呀|哈|谢谢|放心|记着呢|别催|知道|您|你|吧|"
    r"[一二两三四五六七八九十半\d几]|[，,、。！!～~\s]"
)
_A_PILL = re.compile(r"种?药?[片粒颗针丸]?")


class Taken(NamedTuple):
    """`how` it stands, and what was named with it: 「钙片」; empty where nothing but 药 was."""

    how: Literal["taken", "not_yet", "forgot"]
    named: str = ""


def read_taken(text: str) -> Taken | None:
    """Which of them the whole of the words is; None where they say anything else."""
    said = text.strip()
    if len(said) > _LONGEST or re.search(
        r"[？?]|吗|几|多少|能不能|怎么|疼|晕|难受|不舒服|吐|错|多吃|两次|两遍|饭|面条|菜|粥|饱|我服了", said
    ):
        return None
    if _FORGOT.fullmatch(said):
        return Taken("forgot")
    if _NOT_YET.fullmatch(said):
        return Taken("not_yet")
    if _TAKEN.fullmatch(said) is None:
        return None
    named = _NO_NAME.sub("", said)
    return Taken("taken", "" if _A_PILL.fullmatch(named) else named)
