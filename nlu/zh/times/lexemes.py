"""The words of time: one pattern for each kind of word, and a scanner that cuts a sentence into them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlu.zh.numbers import NUMBER as N
from nlu.zh.times.lunar import FESTIVALS, TERMS

_FOLD = str.maketrans(
    "０１２３４５６７８９：，。～－點週號個後這裏裡開臘農歷間鐘兩從",
    "0123456789:,。~-点周号个后这里里开腊农历间钟两从",
)
FESTIVAL_DAYS = {
    "元旦": (1, 1),
    "五一": (5, 1),
    "劳动节": (5, 1),
    "国庆节": (10, 1),
    "国庆": (10, 1),
    "十一": (10, 1),
    "圣诞节": (12, 25),
    "圣诞": (12, 25),
}
_EVE = ("除夕", "大年三十", "年三十", "三十晚上")
# Parts of the day: first and last hour (exclusive), and the offset that a bare hour gets in it.
PARTS: dict[str, tuple[int, int]] = {}
for _words, _hours in (
    ("凌晨 后半夜 下半夜", (0, 6)),
    ("一大早 大清早 一清早 清早 清晨 早晨 早上 早起 天亮 大早上 清早上 朝早 早间", (6, 10)),
    ("上午 头晌 前晌 上半晌 上半日 上半天 午前 上昼", (8, 12)),
    ("中午 晌午 正午 晏昼 午间 大晌午 当午", (11, 14)),
    ("下午 后晌 过晌 下半晌 午后 下半日 下半天 下昼 下晚儿", (12, 18)),
    ("傍晚 傍黑 擦黑 黑天 晚半晌 天擦黑 快黑", (17, 19)),
    ("晚上 晚间 夜晚 大晚上", (18, 24)),
    ("夜里 夜间 黑夜 夜头", (19, 24)),
    ("半夜 深夜 午夜 三更半夜", (22, 24)),
):
    for _word in _words.split():
        PARTS[_word] = _hours
MEALS = {
    "早饭": (7, 9),
    "早餐": (7, 9),
    "午饭": (11, 13),
    "中饭": (11, 13),
    "晌午饭": (11, 13),
    "午餐": (11, 13),
    "晚饭": (17, 19),
    "晚餐": (17, 19),
}
DAYS = {
    "大前天": -3,
    "前天": -2,
    "前儿": -2,
    "前日": -2,
    "昨天": -1,
    "昨儿": -1,
    "昨日": -1,
    "寻日": -1,
    "今天": 0,
    "今儿个": 0,
    "今儿": 0,
    "今日": 0,
    "今朝": 0,
    "当天": 0,
    "明天": 1,
    "明儿个": 1,
    "明儿": 1,
    "明日": 1,
    "明个儿": 1,
    "明朝": 1,
    "听日": 1,
    "聽日": 1,
    "后天": 2,
    "后儿个": 2,
    "后儿": 2,
    "后日": 2,
    "大后天": 3,
    "大后儿": 3,
    "大后日": 3,
    "外后天": 3,
}
_SHORT = {
    "今早": (0, (6, 10)),
    "今晚": (0, (18, 24)),
    "今夜": (0, (18, 24)),
    "明早": (1, (6, 10)),
    "明晚": (1, (18, 24)),
    "后晚": (2, (18, 24)),
    "昨晚": (-1, (18, 24)),
    "当晚": (0, (18, 24)),
    "听晚": (1, (18, 24)),
}
VAGUE = (
    "赶明儿 赶明 改天 改日 过两天 过几天 过些天 过一阵子 过一阵 过段时间 过些日子 二天 回头 有空的时候 有空 啥时候都行 "
    "什么时候都行 哪天都行 随便哪天 随便 都行 都可以 都好 你看着定 你看着办 您看着定 您看着办 看着安排 尽快 越快越好 "
    "最近 近期 开春 入冬 年前 年后 年根儿 年根 天暖和了 那天 上回那个时间 老时间 同一时间 放学那会儿 吃完饭 有时间"
).split()


def _any(words: object) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))  # type: ignore[call-overload]


_WEEK = r"(?:个?(?:周|星期|礼拜|拜))"
_WD = r"[一二三四五六日天末1-7]"
_CLOCK_END = rf"(?:半|一刻|三刻|整|来钟|多钟|多|钟|过(?:{N})分|{N}分?)"
# In the order in which they are tried at each place.
PATTERNS: tuple[tuple[str, str], ...] = (
    # What is no time at all, though it looks like one.
    (
        "not",
        (
            r"(?:评分|打分?|给|得|血压|血糖|体温|高压|低压)\s*\d+(?:\.\d+)?(?:分|点\d)?|\d+\.\d+分?|24小时(?:照看|照护|陪|住家|护理|值班|服务)|二十四小时(?:照看|照护|陪|住家|护理|值班|服务)"
            rf"|{N}(?:多)?岁|(?:七|八|九|六)十[一二三四五六七八九]?了|一点儿?(?:都|也|不|没)|有一?点儿?|[早晚慢快好差少多大小高低轻软淡]一?点儿|[好轻慢快早晚多少软]一点|一点点|{N}点(?:建议|意见|要求|想法)"
            rf"|(?:三九|九九)(?:药业|集团)|周(?:医生|大夫|护士|师傅|老师|阿姨|宁|主任|先生|女士|师)|好半天|老半天|半天了|{N}(?:块|元|毛|斤|号楼|单元|室|楼|层|栋|幢|弄|路|床|次|顿|份|个人|口人|位|针|片|粒|毫升|厘米|米)"
            r"|1[3-9]\d{9}|星期几|周几|礼拜几|几号|几点|哪天|周到|周边|周围|周转|一周岁|三周年|十一点半点"
        ),
    ),
    ("recur_day", r"(?:天天|每天|每日|日日|见天儿?)(?:早晚|早中晚)?|每(?:一)?天"),
    ("recur_days", rf"(?:每)?隔(?:(?P<gap>一|两|二|三|四|五|六|{N})天|[天日](?!前))(?:一次)?"),
    (
        "recur_weeks",
        rf"(?:每(?P<rwn>[两二三四234])个?(?:周|星期|礼拜)|隔一?个?(?:周|星期|礼拜)|每隔一个?(?:周|星期|礼拜))(?:一次)?[，,的]?(?:周|星期|礼拜)(?P<rww>{_WD})(?!次|回)",
    ),
    (
        "recur_span",
        rf"(?:每个?(?:周|星期|礼拜)(?P<rsa>{_WD})(?:到|至|-)(?:周|星期|礼拜)?(?P<rsb>{_WD}))|(?:周|星期|礼拜)(?P<rsc>{_WD})(?:到|至|-)(?:周|星期|礼拜)?(?P<rsd>{_WD})(?:的)?(?:每天|天天|每日)",
    ),
    (
        "recur_week",
        rf"(?:每个?|逢)(?:周|星期|礼拜|个礼拜)(?P<rw>{_WD}(?:(?:[、,，和跟与及]|还有)?(?:每)?(?:周|星期|礼拜)?(?!一共|[一二三四五六](?:次|回|趟)){_WD})*)|(?:一三五|二四六|二四|一三)(?=[^月号\d点]|$)",
    ),
    ("recur_times", rf"(?:一|每个?|1)(?:周|星期|礼拜|个礼拜|个星期)(?P<times>{N})(?:次|回|趟)"),
    ("recur_work", r"(?:每个?)?工作日|每个?周末"),
    (
        "recur_lunar",
        rf"(?:农历|阴历)?(?:每个?月(?:的)?)?(?:农历|阴历)?(?:的)?初一和?、?十五|(?:农历|阴历)(?:的)?每个?月(?:的)?(?P<ra>初?{N})|(?:每个?月(?:的)?)(?:农历|阴历)(?:的)?(?P<rl>初?{N})|逢五逢十|(?:每个?月)(?P<rc>初[一二三四五六七八九十])",
    ),
    ("recur_year", rf"每年(?:的)?(?:农历|阴历)?(?P<rym>正|腊|冬|{N})月(?:初)?(?P<ryd>{N})[号日]?"),
    (
        "recur_month",
        rf"每个?月(?:的)?(?P<rm>{N}[号日](?:[、,，和跟]{N}[号日])*)|每个?月(?:的)?(?P<rb>十五|二十|三十)(?![次个天点回周趟元块份顿多几一二三四五六七八九])|每个?月",
    ),
    ("count", rf"(?:一共|总共|共|连着|先约|约)?(?P<count>{N})(?:次|回)"),
    ("iso", r"(?P<iy>20\d\d)[-/.](?P<im>\d{1,2})[-/.](?P<id>\d{1,2})"),
    (
        "nth",
        rf"(?:(?P<nbase>(?:{N}|下个|这个|本)月|(?:春节|国庆节?|元旦|中秋节?|清明节?|端午节?|劳动节|五一)(?:以|之)?后)(?:的|里)?)?(?:第(?P<nth>[一二三四五])个?|(?P<nlast>最后一个?))(?:周|星期|礼拜)(?P<nwd>{_WD})",
    ),
    ("last_day", rf"(?P<ldm>{N}|下个?|这个?|本)月(?:的)?最后一天"),
    ("eve", "|".join(_EVE)),
    ("festival", "(?:" + _any([*FESTIVALS, *FESTIVAL_DAYS]) + r")(?!月|点|个|号|天|楼|层|人|块|分)"),
    ("term", "(?:" + _any(TERMS) + r")(?:那天|当天)?"),
    ("nines", r"(?P<nine>[一二三四五六七八九])九(?:天|的时候)"),
    (
        "lunar",
        rf"(?P<ll>农历|阴历)?(?:(?:今年|明年)?(?P<lm>正|腊|冬月|{N}月)?(?<!\d)月?)?(?P<ld>初[一二三四五六七八九十])|(?P<ll2>农历|阴历)(?P<lm2>正|腊|冬|{N})月(?P<ld2>{N})|(?P<lm3>正|腊)月(?P<ld3>{N})|(?P<lm4>冬)月(?P<ld4>{N})",
    ),
    ("month_day", rf"(?:(?P<my>今年|明年|后年|{N}年))?(?P<mm>{N})月(?P<md>{N})(?:[号日]|(?![个点]))"),
    ("month", rf"(?:(?P<moy>今年|明年|后年|{N}年))?(?P<mo>{N})月(?:份)?(?P<mop>初|底|中旬|上旬|下旬|中)?"),
    (
        "this_month",
        r"(?P<tm>下下个?|下个?|这个?|本|上个?)月(?:(?P<tmd>"
        + N
        + r")[号日]|(?P<tmp>初|底|中旬|上旬|下旬|中))?",
    ),
    ("month_edge", r"(?P<me>月底|月初|月中|年底|年初|月头|月末|年末)"),
    ("vague_days", r"过[两几]天(?!后|以后|之后)|过些[天日]子?"),
    ("after", r"(?:之后|以后)(?!天|儿|日|晚)"),
    ("dom_range", rf"(?P<d1>{N})[号日]?(?:到|至|-|~)(?P<d2>{N})[号日]"),
    (
        "offset",
        rf"(?:再过|过)?(?P<on>半|{N})(?P<oh>个半)?(?:多)?(?P<ou>个?小时|个?钟头|钟头|分钟|天|个?星期|个?礼拜|周|个?月|年|刻钟)(?:之后|以后|过后|后|之内|以内|内)|(?:再过|过)(?P<on2>半|{N})(?P<ou2>个?小时|个?钟头|分钟|天|个?星期|个?礼拜|周|个?月|年)",
    ),
    ("day_of_month", rf"(?P<dom>{N})(?:号|日)(?!楼|院|线|病|床|店|馆|门)"),
    ("weekday", rf"(?P<wp>上上|上|这|本|下下下|下下|下|大下)?{_WEEK}(?P<wd>{_WD})"),
    (
        "week",
        rf"(?P<wkp>上上|上|这|本|下下|下){_WEEK}(?![一二三四五六日天末1-7到])|(?P<we>(?:这个?|下个?|本)?周末)|(?P<twod>这两天|这几天|这一两天)",
    ),
    ("short", _any(_SHORT)),
    ("day", _any(DAYS)),
    (
        "meal",
        r"(?:吃(?:完|过|了)?|刚吃完)?(?P<meal>" + _any(MEALS) + r")(?P<mealp>前|后|以前|以后|之前|之后)",
    ),
    ("ampm", r"(?P<ah>\d{1,2})(?::(?P<am>\d{2}))?\s?(?P<ap>[ap]m|[AP]M)"),
    ("hhmm", r"(?<!\d)(?P<hh>[01]?\d|2[0-4]):(?P<hm>[0-5]\d)(?!\d)"),
    ("minus", rf"差(?P<cm>{N}|一刻)(?:分|分钟)?(?:到)?(?P<ch>{N})点|(?P<ch2>{N})点差(?P<cm2>{N}|一刻)分?"),
    ("clock", rf"(?P<h>{N})(?:点|时(?!候|间|常|不)|點)(?P<ce>{_CLOCK_END})?(?!建议|儿|点|\d?分(?:之|数))"),
    ("part", _any(PARTS)),
    (
        "duration",
        rf"(?P<dn>半|{N})(?P<dhalf>个半)?(?:多)?(?P<du>个?小时|个?钟头|钟头|分钟|天|个?星期|个?礼拜|周|个?月|年|刻钟)(?P<dh>半)?(?!前|酒店|左右没|没|了)",
    ),
    ("vague", _any(VAGUE)),
    ("to", r"到|至|~|—+|-"),
    ("not_this", r"除了|除开|除去|别|不要|不是|不在|没空"),
    ("rather", r"改到|改成|换成|换到|改为|改|而是|是|哦不对|不对|哦不|错了|挪到|推到|提前到"),
    ("before", r"(?:之前|以前|前)(?!天|儿|日)"),
    ("join", r"[,，、\s的在那]+|(?:和|或者|或|还是)"),
    ("about", r"左右|前后|上下|光景"),
)
_SCANNER = re.compile("|".join(f"(?P<k_{name}>{pattern})" for name, pattern in PATTERNS))
SHORT = _SHORT


@dataclass(frozen=True)
class Lexeme:
    """A word of time and its place in the sentence."""

    kind: str
    start: int
    end: int
    groups: dict[str, str]
    text: str


def fold(text: str) -> str:
    """The same length, with full-width and traditional characters made plain."""
    return text.translate(_FOLD)


def scan(text: str) -> list[Lexeme]:
    """The words of time in a sentence, in order."""
    found = []
    for match in _SCANNER.finditer(fold(text)):
        kind = (match.lastgroup or "")[2:]
        if not kind:
            kind = next(n[2:] for n, v in match.groupdict().items() if n.startswith("k_") and v is not None)
        groups = {n: v for n, v in match.groupdict().items() if v is not None and not n.startswith("k_")}
        found.append(Lexeme(kind, match.start(), match.end(), groups, match.group()))
    return found
