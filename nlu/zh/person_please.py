"""Whether somebody plainly asks for a human being.

It acts before any model does, so it must be right: whoever only may want a person (「找个人说说话」 is company, 「找个人来
给我洗澡」 a booking, 「你是真人吗」 a question about the bot) is left to the model.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from nlu.zh.fold import MARKS, fold

Role = Literal["life", "doctor"]


@dataclass(frozen=True)
class PersonPlease:
    """A plain wish for a human; ``role`` is the butler asked for, None where none was named."""

    role: Role | None


# Voice input and thumbs: 转人功, 转任工, 转人公.
_HUMAN_DESK: Final = "(?:人工|人功|人公|任工|认工|仁工|人攻|人宫)"
# A clause longer than this says more than the wish.
_LONGEST: Final = 30
_HUMAN: Final = f"(?:真人|活人|大活人|真的人|真正的人|接线员|话务员|人工专员|{_HUMAN_DESK}|客服|坐席|座席)"
_SERVICE: Final = "(?:客服|服务|坐席|座席|接听|台|电话|顾问|管家)"
_ASK: Final = (
    "(?:你好|您好|喂|那个|麻烦|劳驾|请|快点?|赶紧|马上|现在|直接|还是|就|我们?|俺|咱|给|帮|让|叫|替|要|想要?|需要|得|能不能|能|可以|可不可以"
    "|你们?|您|怎么|如何|怎样|必须|只|都说了|说了|不行|算了|我说|急|再|立刻|先){0,8}"
)
_TAIL: Final = "(?:啊|吧|呀|了|哦|嘛|呢|吗|么|好吗|行吗|行不行|可以吗|好不好|谢谢|一下|快点?|谢了|来|的|哈|呗|您|你|来吧|嘞|喽){0,4}"
_MANAGER: Final = (
    "(?:(?:你们|咱们|我们?|我的|你的|咱)?的?[\u4e00-\u9fff]{0,2}?(?P<role>生活|医生|健康|医疗)?的?管家)"
)
_TALK: Final = "(?:说话|讲话|说|讲|谈|对话|沟通|通话|联系|接电话|反映|聊)"
_COME: Final = (
    "(?:(?:来|过来|出来|出面|接|接一下|接电话|接听|说话|讲话|说|聊|联系我|找我|跟我(?:说话?|讲话?|联系|聊|谈|通话)|和我(?:说话?|讲话?|联系|聊|谈|通话)"
    "|(?:给我)?(?:打|回)(?:个|一个)?(?:电话|话)(?:给我)?|回电话?|回复我?|处理|帮我|帮忙|说句话|说两句|说几句|说一下|通话|通个话|通电话|听电话)"
    f"{_TAIL}){{0,2}}"
)

_CALLS: Final = (
    "(?:(?:给|跟|和|同)(?:我|俺|咱|额)(?:家)?)?(?:(?:打|回|来|挂)(?:个|一个)?(?:电话|话)|回我|打给我|联系我|找我(?:说|谈)|接(?:个|一下)?电话"
    "|(?:跟|和|同)(?:我|俺|咱|额)(?:说|讲|谈|聊|联系|说话|讲话)|说话|讲话)(?:给我|一下|清楚|说|讲){0,2}"
)
# The whole message and nothing beside it: a clause of a longer one (「想洗个澡，叫个人来」) is a booking.
_ALONE: Final = re.compile(
    "(?:(?:算了|行了?|好吧?|罢了|得了|不行|哎呀?|唉|听不懂|说不清|不说了)?(?:那|那就|就|还是|要不|你|您|恁|请|麻烦|快|给我|帮我|赶紧){0,4})"
    "(?:叫|喊|找)(?:一?个|位)人来(?:一下)?(?:吧|嘛|噻|撒|呗|啊|呀|哈|行吗|行不行|好吗|好不好|可以吗|谢谢){0,2}"
)

# Each must fit a whole clause: what stands after the human decides (人工费多少, 管家几点上班).
_WHOLE_CLAUSE: Final = tuple(
    re.compile(pattern)
    for pattern in (
        (
            f"{_ASK}(?:转|接|切|换|连|切换|转接|转到|接通|接到|转给|换成|接入|进|呼叫|叫|找|要|来|请|联系|派|安排)?(?:到|成|给|一下|我)?(?:个|一个|一位|位|你们的?|我的)?"
            f"{_HUMAN}{_HUMAN_DESK}?{_SERVICE}?(?:{_HUMAN_DESK}{_SERVICE}?)*{_COME}{_TAIL}"
        ),
        f"{_ASK}(?:找|叫|喊|让|换|派|要)(?:个|一个|位)?人(?:来)?(?:跟|和|同|与)(?:我|俺)(?:说|讲|谈|说话|讲话|对话|沟通|通话|联系){_TAIL}",
        f"{_ASK}(?:跟|和|同|与)(?:个|一个|你们的?)?(?:人|真人|活人|大活人|真的人|真正的人|工作人员|客服){_TALK}{_TAIL}",
        f"{_ASK}(?:找|跟|和|同|与|转|叫)(?:个|一个|一位)?(?:真人|活人|大活人|客服|工作人员|值班的?人?员?|负责人|主管|经理|领导)(?:来)?{_TALK}?{_TAIL}",
        f"{_ASK}(?:找|叫|喊|转|接|转接|请|联系)(?:一下|到)?你们的?(?:领导|经理|主管|负责人|工作人员|值班的?人?员?|客服|人工){_COME}{_TAIL}",
        f"{_ASK}(?:别|不要|不想|不愿意?|不跟|不和|懒得|甭|莫|不用|少)(?:再|跟|和|同|让|我|你|这个?|个|你这|一个){{0,5}}(?:机器人?|电脑|ai|人工智能|智能客服|机器客服|程序|假人)(?:跟我|和我|给我)?{_TALK}?(?:话|聊|了|来|回答|回复|扯|费劲|打交道|应付|糊弄){{0,3}}{_TAIL}",
        f"(?:有没有|有|到底有没有|你们?这?(?:里|儿)?(?:有没有|有)|那边有没有)(?:个|一个)?(?:{_HUMAN}{_SERVICE}?|活的)(?:在|啊|呀|吗|么|没有|能|接|说话|来|回|没|的){{0,4}}",
        f"{_ASK}(?:我不|不)(?:要|想要|需要)(?:机器人|机器|ai|智能客服|机器客服){_TAIL}",
        f"{_ASK}(?:转|找|叫|喊|请|让|要|接|换|联系|呼叫|转接|跟|和|同|转给|接通)(?:一下|到|个|位|给)?{_MANAGER}{_COME}{_TAIL}",
        # 「让你们的人给我回个话」; what they are to come and do is a booking.
        f"{_ASK}(?:让|叫|请|喊|派|要)(?:你们|您们|恁们?)(?:那边|那里|那儿|这边|这里|公司)?的?人(?:快点?|赶紧|马上|现在|来)?{_CALLS}{_TAIL}",
        "(?:zhuan|z)?ren ?gong(?:kefu)?",
        "zhenren|human|agent|realperson",
    )
)
# Anywhere in the message, as long as nothing turns it round.
_ANYWHERE: Final = re.compile(
    f"(?:转|接|转接|切换?到?|换成?|呼叫)(?:一下|到|成|个|你们的?)?(?:真人|{_HUMAN_DESK})(?:客服|服务|坐席|座席|台|吧|啊|谢谢|{_SERVICE})?(?![\u4e00-\u9fffa-z])"
    f"|(?:找|要|叫|换|来)(?:个|一个|位)(?:真人|活人)(?:来|跟|和|给|说|帮|接|(?![\u4e00-\u9fffa-z]))"
    f"|{_HUMAN_DESK}(?:客服|坐席|座席)(?![\u4e00-\u9fffa-z])"
    "|(?:要|想|得|帮我|给我|请|让我)(?:直接)?(?:问问?|找|联系|转接?|叫|咨询)(?:一下|到)?(?:你们的?|我们?的?)?(?:生活|医生|健康)管家(?!约|预约|订|是|几|干|多少|什么|的|能|会)"
)
_TURNED_ROUND: Final = re.compile(
    "(?:不用|不要|不需要|别|甭|无需|不必|先不|不想|取消)(?:再|给我|帮我|你们)?(?:转|找|叫|接|换|呼叫|要)?(?:真人|活人|人工|客服|管家)"
    "|(?:昨天|上次|前天|上回|每次|老是|总是|刚刚|之前|那天|上周|一直)[^。？]{0,8}(?:转|找|叫|接|打)[^。？]{0,4}(?:人工|客服|管家|真人)"
    "|(?:转|找|叫|接)(?:人工|真人|客服|管家)[^。？]{0,6}(?:要钱|收费|多少钱|几点|等多久|下班|上班|是什么|干什么)"
    "|(?:人工|真人)(?:费|智能|耳蜗|关节|晶体|呼吸|喂养|心脏|肛门|授精|泪液|骨|湖|草|降雨|种|打扫|洗|搬|翻译|髋|膝|牙|血管|瓣膜|流产|成本|价)"
    "|(?:你|您|这边|对面|那头|你们)(?:到底|究竟|真的)?(?:是|系)(?:不是)?(?:一?个)?(?:真人|活人|人工|机器|客服)"
    "|是(?:真人|活人|人工|机器人?)(?:还是|吗|么|不)"
    "|(?:人工|客服|管家)(?:电话|号码)?(?:是)?(?:多少|几号|几点|什么时候|在哪|谁|叫什么|干什么|做什么|能干|管什么|有什么用)"
)


def _role(text: str) -> Role | None:
    if re.search(
        "(?:医生|健康|医疗)的?(?:管家|客服|顾问|人工)|(?:找|转|要|叫)(?:人工|真人)?医生(?:人工|客服|管家)",
        text,
    ):
        return "doctor"
    if re.search("生活的?(?:管家|客服|顾问|人工)", text):
        return "life"
    return None


def wants_person(text: str) -> PersonPlease | None:
    """Return the wish for a human being in a message, or None where it is not plain.

    Reads 「转人工」, 「我要跟人说话」, 「别跟机器说了」, 「叫管家来」 and their like, voice mistakes (转人功) and traditional
    characters included. Never raises on any string; linear in its length.
    """
    folded = fold(text).text
    if _TURNED_ROUND.search(folded):
        return None
    clauses = re.split(f"[{MARKS}]", folded)
    if (
        _ALONE.fullmatch(re.sub(f"[{MARKS}]", "", folded))
        or _ANYWHERE.search(folded)
        or any(
            pattern.fullmatch(clause)
            for clause in clauses
            if 1 < len(clause) <= _LONGEST
            for pattern in _WHOLE_CLAUSE
        )
    ):
        return PersonPlease(_role(folded))
    return None
