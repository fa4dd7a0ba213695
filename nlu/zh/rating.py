"""What somebody answers who was asked how it was: a score in words, why it was low, a recommendation, or no answer.

Strict on purpose: it acts before any model does. Whatever says more than a score with its reason (a wish, a question)
is nothing here, and left to the dialogue.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from nlu.zh.numbers import to_int

Why = Literal["late", "careless", "attitude", "price", "person"]

_PHRASES: dict[str, int] = {
    phrase: int(score)
    for score, phrases in json.loads(
        (Path(__file__).parent / "data" / "ratings.json").read_text(encoding="utf-8")
    ).items()
    for phrase in phrases
}
_LONGEST = 120
_MARKS = re.compile(r"[，,。．！!；;、~～…\n ]+|(?:但是?|不过|可是|就是|因为|主要是?)(?=.{2})")
# What stands around a score and changes nothing of it.
_BEFORE = re.compile(
    r"^(?:嗯+|哦|啊|唉|哎|那个|这个|那就|就|我|俺|咱|觉得|感觉|看|认为|说|对|呢|这次|这回|今天|昨天|那天|上次|上回|你们|他们?|她们?|人家|师傅|"
    r"护士|姑娘|小伙子|阿姨|大夫|医生|服务|助浴|洗澡|理发|保洁|送餐|康复|护理|总的来说|总体|整体|的话|都|也|真的?是?|反正|应该|算是?|算|是|老伴|我妈|我爸|妈妈|爸爸|还是|人|活儿?|手艺|态度|技术|干活|"
    r"(?:干|洗|剪|扫|擦|弄|理|按|推|送|打扫)得|必须|绝对|肯定|一定)+"
)
_AFTER = re.compile(
    r"(?:的|了|吧|啊|呀|哦|呢|嘛|哈|呗|喽|哟|哒|嘞|滴|地|得很|我觉得|我看|挺|就|谢谢.{0,3}|辛苦.{0,3}|这次|服务)+$"
)
# 「不错不错」
_TWICE = re.compile(r"^(.{2,6})\1+$")
# That somebody has heard the question is no praise.
_HEARD = re.compile(r"[嗯哦]*(?:好[的嘞哒吧呀啦咧]?|行)[嗯哦]+|[嗯哦]*好[的嘞哒吧呀啦咧]")
_THANKS = re.compile(r"(?:谢谢|多谢|感谢|辛苦|麻烦)(?:你|您|你们|您们|师傅|他|她|大家|了|啦|啊|们)*")
_COUNT = r"\d{1,3}|[零〇一二两俩三四五六七八九十百]{1,4}"
_SCORE = re.compile(
    rf"(?:(?:打|给|评|算|得)(?:个|他们?|她们?|你们?|您们?|师傅|它)?(?:打|评)?(?:个)?)?(?P<n>{_COUNT})(?:个|颗)?(?P<unit>分|星星|星|颗星)(?:好评|满分)?"
)
_BARE = re.compile(rf"(?:打|给|评)?(?:个)?(?P<n>{_COUNT})")
_FACES = {
    5: "😀😁😄😃😊🥰😍🤩😆👍🌹❤💖💯👏🙏",
    4: "🙂😌😉☺",
    3: "😐😑😶🤔",
    2: "🙁☹😕😟👎",
    1: "😞😢😭😡😠🤬😤😣😩😖",
}
_FACE_OF = {face: score for score, faces in _FACES.items() for face in faces}
# The faces stand in a row, the worst first.
_PLACE = re.compile(
    r"(?:选|点|要|就|那)*(?:(?P<n1>最左边)|(?P<n3>正?中间|正?当中)|(?P<n5>最右边))(?:那?个|那张|的)?(?:脸|笑脸|哭脸)?(?:吧|就行)?"
)
_BESIDE_FACES = re.compile("[\ufe0e\ufe0f\u200d\U0001f3fb-\U0001f3ff\\s，。！!~～]")

# A wish or a question: nothing of it is an answer, whatever else stands beside it.
_WISH = re.compile(
    r"[？?]|吗|帮我|帮忙|给我(?!.{0,3}(?:弄|打|摔|碰|洗|剪|做|擦|送|烫))|替我|我想(?!说)|我要(?!说)|预约|约|取消|改(?:到|时间|天|期|一下)|换(?:个|一个)?时间|"
    r"(?:还)?(?:剩|有)几次|多少钱|几点|什么时候|啥时候|怎么(?:办|用|约|弄)|查(?:一?下|查)|提醒我|投诉|举报|转人工|人工|管家|退订|再来一次|安排|地址|电话"
)
_WHY: tuple[tuple[Why, re.Pattern[str]], ...] = (
    (
        "late",
        re.compile(
            r"迟到|来晚|来得晚|来迟|晚了|晚到|晚来|不准时|不守时|等了.{0,6}(?:久|半天|小时|钟头|分钟)|等(?:半天|好久)|早走|提前走"
        ),
    ),
    (
        "attitude",
        re.compile(
            r"态度|不耐烦|凶|板着脸|爱答不理|不理人|说话(?:难听|冲|不好听|不客气)|没礼貌|不客气|骂|嫌弃|甩脸"
        ),
    ),
    ("price", re.compile(r"太?贵|收(?:我)?钱|多收|加钱|加价|要小费|乱收费|价钱")),
    ("person", re.compile(r"换(?:了)?(?:个)?人|换人|生手|新手|不会(?:做|弄)|不熟练|没经验|不专业|手生")),
    (
        "careless",
        re.compile(
            r"没(?:做|洗|擦|扫|弄|剪|收拾|打扫)(?:好|干净|完|仔细)|不干净|不仔细|不认真|毛手毛脚|糊弄|敷衍|应付|偷懒|太快|弄疼|弄痛|打碎|弄坏|水(?:太)?(?:凉|冷|烫)|菜(?:太)?(?:凉|冷|咸)|凉了|没做全|少做|漏了|粗心|马虎"
        ),
    ),
)
_NEVER = re.compile(
    r"(?:以后|下次|再也?|往后)?(?:都)?(?:别|不要|不用|甭|莫|少)(?:再|老|总)?(?:来)?(?:问|烦)(?:我|俺)?(?:了|这个|这些)*"
)
_LATER_ON = re.compile(r"以后|下次|再|老|总|往后")
_NO = re.compile(
    r"(?:我)?(?:不想|不愿意?|懒得|不)(?:评|打分|说|答|回答|讲)(?:价|了|啦)*|算了(?:吧)?|没什么(?:好|要)说的?|没啥(?:好|要)说的?|没话说了|说不上来|不知道|不清楚|跳过|(?:等会儿?|回头|改天|一会儿)再说"
)


@dataclass(frozen=True)
class Rating:
    """One to five. `reason` is what was said beside the score, `why` what kind of reason that is, where it is known."""

    score: int
    reason: str | None = None
    why: Why | None = None


def read_rating(text: str) -> Rating | None:
    """The score of one to five in an answer, None where the words say anything else."""
    if not text.strip() or len(text) > _LONGEST or _WISH.search(text):
        return None
    if (face := _face(text)) is not None:
        return Rating(face)
    if (place := _PLACE.fullmatch(text.strip("，,。！!~～ "))) is not None:
        return Rating(next(int(name[1:]) for name, said in place.groupdict().items() if said))
    clauses = [clause for clause in _MARKS.split(text) if clause and not _THANKS.fullmatch(clause)]
    found = [(clause, _score(clause)) for clause in clauses]
    scores = [score for _, score in found if score is not None]
    # The score opens the answer, or closes it; in the middle of a story it is none.
    if not scores or (found[0][1] is None and found[-1][1] is None):
        return None
    reason = "，".join(clause for clause, score in found if score is None) or None
    return Rating(min(scores), reason, read_why(reason) if reason else None)


def _score(clause: str) -> int | None:
    clause = re.sub(f"[{''.join(_FACE_OF)}\ufe0f]", "", clause)
    if _HEARD.fullmatch(clause):
        return None
    clause = _TWICE.sub(r"\1", clause)
    for part in _bared(clause):
        if part in _PHRASES:
            return _PHRASES[part]
        if said := _SCORE.fullmatch(part):
            return _of_five(said["n"])
        if (said := _BARE.fullmatch(part)) and (number := to_int(said["n"])) is not None and 1 <= number <= 5:
            return number
    return None


def _bared(clause: str) -> tuple[str, ...]:
    """A clause as it stands, and without what stands around a score, the most of it first."""
    bare = _BEFORE.sub("", clause)
    return clause, _AFTER.sub("", clause), bare, _AFTER.sub("", bare)


def _of_five(said: str) -> int | None:
    """「八分」 is meant of ten, 「九十分」 of a hundred; what is out of all these is no score."""
    number = to_int(said)
    # 「三四分」 is three or four, and not thirty-four.
    if (
        number is None
        or number > 100
        or (number > 10 and not said.isdigit() and not re.search("[十百]", said))
    ):
        return None
    whole = 5 if number <= 5 else 10 if number <= 10 else 100
    return max(1, (number * 10 // whole + 1) // 2)


def _face(text: str) -> int | None:
    bare = _BESIDE_FACES.sub("", text)
    scores = {_FACE_OF.get(char) for char in bare}
    return min(s for s in scores if s) if bare and None not in scores else None


def read_why(text: str) -> Why | None:
    """What kind of thing went wrong, where the words say so and wish for nothing else."""
    if len(text) > _LONGEST or _WISH.search(text):
        return None
    return next((why for why, pattern in _WHY if pattern.search(text)), None)


def is_wish(text: str) -> bool:
    """Whether words that could be anything are a wish or a question rather than a story."""
    return _WISH.search(text) is not None


def declines(text: str) -> Literal["no", "never"] | None:
    """No answer to this question, or to none of them any more."""
    said = text.strip("，,。！!~～ ")
    for part in (said, _AFTER.sub("", said)):
        if _NEVER.fullmatch(part):
            return "never" if _LATER_ON.search(part) else "no"
        if _NO.fullmatch(part):
            return "no"
    return None


_RECOMMEND: tuple[tuple[int, re.Pattern[str]], ...] = (
    (0, re.compile(r"(?:肯定|一定|绝对|坚决)不(?:会|推荐|介绍)?(?:推荐|介绍|说)?|打死也?不.{0,4}")),
    (2, re.compile(r"不(?:会|推荐|介绍|愿意|想|太会|大会)(?:推荐|介绍|说)?|多半不会|恐怕不会|没法推荐|唔会")),
    (
        5,
        re.compile(
            r"(?:说|讲)不(?:准|好|清)|不一定|看情况|再看看|再说|可能(?:会)?吧?|也许|不好说|一般(?:般)?|还行|无所谓|随便"
        ),
    ),
    (
        10,
        re.compile(
            r"(?:一定|肯定|当然|必须|绝对)(?:会|要|推荐|介绍|说)?(?:推荐|介绍|说)?|早就(?:跟.{1,3})?(?:说|介绍|推荐)(?:了|过)?.{0,6}|已经(?:说|介绍|推荐)(?:了|过)?.{0,6}|非常愿意|很愿意|(?:逢人|见人)就(?:说|夸).{0,3}"
        ),
    ),
    (
        8,
        re.compile(
            r"(?:多半|应该|大概)?(?:会|愿意|可以|推荐|介绍|行|好|能)(?:推荐|介绍|说|的)?|愿意推荐|挺好|不错|满意"
        ),
    ),
)


def read_recommend(text: str) -> int | None:
    """How likely somebody recommends us, nought to ten; None where the words say anything else."""
    if not text.strip() or len(text) > 40 or _WISH.search(text):
        return None
    clauses = [c for c in _MARKS.split(text) if c and not _THANKS.fullmatch(c)]
    if not clauses:
        return None
    first = clauses[0]
    for part in _bared(first):
        said = _SCORE.fullmatch(part) or _BARE.fullmatch(part)
        if said and (number := to_int(said["n"])) is not None and 0 <= number <= 10:
            return number
        for score, pattern in _RECOMMEND:
            if pattern.fullmatch(part):
                return score
    return None
