"""Small signs of what a sentence is about, as numbers for the classifier: entities found, kinds of words."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from nlu.zh import lexicon, times
from nlu.zh.danger import detect
from nlu.zh.person_please import wants_person

_NOW = datetime(2026, 1, 5, 9, 0, tzinfo=timezone(timedelta(hours=8)))
_WORDS: tuple[tuple[str, str], ...] = (
    ("want", r"想|要|约|给我|帮我|安排|预约|订|来个|找个|请个|叫个|派"),
    ("ask", r"吗|么|没有|几|多少|啥|什么|怎么|咋|哪|谁|能不能|可以不|行不|？|\?"),
    ("left", r"剩|还有几|用了几|额度|权益|能用|免费|报销|包不包|涵盖|覆盖|享受|几次"),
    ("cost", r"多少钱|价|费用|贵|收费|花钱"),
    ("change", r"改|换|挪|推迟|提前|延|调"),
    ("drop", r"取消|退|不来|不去|不用来|不要了|别来|算了|撤"),
    ("late", r"还没来|还没到|到哪|怎么还|咋还|没见人|啥时候到|几点到|走到"),
    ("good", r"好|不错|满意|周到|谢|表扬|夸|细心|耐心"),
    ("bad", r"差|不满|投诉|态度|骂|偷|坏|弄坏|脏|气|欺|乱收|举报|赔"),
    ("body", r"疼|痛|晕|血压|血糖|药|吃了|咳|肿|麻|发烧|拉肚子|睡不着|心慌|胃|腿|腰|头"),
    ("person", r"真人|人工|管家|客服|转|找人"),
    ("remind", r"提醒|叫我|喊我|记着|别忘"),
    ("message", r"消息|短信|通知|推送|别发|发给|吵|打扰|退订"),
    ("family", r"绑定|关联|授权|代我|替我|添加|加上|解绑|亲情"),
    ("profile", r"地址|电话|号码|搬|叫我|称呼|过敏|忌|名字|普通话|方言|轮椅|楼"),
    ("privacy", r"隐私|资料|信息|删|泄露|保密|谁能看|同意|哪来的"),
    ("machine", r"机器|真人|人还是|AI|机器人|你是谁|智能"),
)
_COMPILED = [(name, re.compile(pattern)) for name, pattern in _WORDS]
_ENTITIES = ("service", "person", "channel", "city", "role", "rating", "time", "recurring")
# Two signs together say more than each: a service that is wanted, one that is asked about, one told with an ache.
_PAIRS = (
    ("has_service", "word_want"),
    ("has_service", "word_ask"),
    ("has_service", "word_body"),
    ("has_service", "has_time"),
    ("has_service", "has_person"),
    ("word_ask", "word_body"),
    ("word_want", "word_person"),
    ("word_want", "has_time"),
)
_DANGERS = ("emergency", "crisis", "fraud")
SIGNS: tuple[str, ...] = (
    *(f"has_{entity}" for entity in _ENTITIES),
    *(f"word_{name}" for name, _ in _WORDS),
    "short",
    "long",
    "only_entity",
    *(f"{one}_and_{other}" for one, other in _PAIRS),
    *(f"danger_{category}_{how}" for category in _DANGERS for how in ("sure", "maybe")),
    "no_danger",
    "person_please",
)


def signs_of(text: str) -> list[float]:
    """One number for each of SIGNS."""
    mentions, said = lexicon.find(text), times.find(text, _NOW)
    found = {m.entity for m in mentions} | ({"time"} if said else set())
    if any(t.kind == "recurring" for t in said):
        found.add("recurring")
    covered = sum(m.end - m.start for m in mentions) + sum(t.end - t.start for t in said)
    signs = {f"has_{entity}": entity in found for entity in _ENTITIES}
    signs |= {f"word_{name}": pattern.search(text) is not None for name, pattern in _COMPILED}
    signs |= {
        "short": len(text) <= 4,
        "long": len(text) >= 20,
        "only_entity": bool(text) and covered / len(text) > 0.7,
    }
    signs |= {f"{one}_and_{other}": signs[one] and signs[other] for one, other in _PAIRS}
    danger = detect(text)
    for category in _DANGERS:
        mine = danger is not None and danger.category == category
        signs[f"danger_{category}_sure"] = mine and danger is not None and danger.certain
        signs[f"danger_{category}_maybe"] = mine and danger is not None and not danger.certain
    signs["no_danger"] = danger is None
    signs["person_please"] = wants_person(text) is not None
    return [float(signs[name]) for name in SIGNS]
