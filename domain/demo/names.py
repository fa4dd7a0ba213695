"""Names of the demo's people, drawn by a seeded generator."""

from __future__ import annotations

from random import Random

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
_OLD_WOMEN = (
    "秀兰",
    "桂英",
    "淑珍",
    "玉兰",
    "凤英",
    "秀英",
    "桂兰",
    "素芬",
    "惠珍",
    "玉梅",
    "月娥",
    "金花",
    "美华",
    "雅琴",
    "翠萍",
    "桂芳",
)
_OLD_MEN = (
    "建国",
    "国强",
    "德福",
    "志明",
    "永福",
    "文彬",
    "大勇",
    "长贵",
    "玉山",
    "振华",
    "保国",
    "学文",
    "根生",
    "宝林",
    "忠义",
    "世昌",
)
_YOUNG_WOMEN = (
    "静",
    "丽",
    "敏",
    "娜",
    "婷",
    "雪",
    "晓燕",
    "佳怡",
    "欣",
    "倩",
    "颖",
    "莉",
    "晓梅",
    "玲",
    "洁",
    "琳",
)
_YOUNG_MEN = (
    "强",
    "伟",
    "磊",
    "涛",
    "军",
    "超",
    "鹏",
    "杰",
    "浩",
    "宇",
    "斌",
    "凯",
    "志刚",
    "明",
    "辉",
    "峰",
)


def surname(rng: Random) -> str:
    return rng.choice(_SURNAMES)


def given(rng: Random, gender: str, *, old: bool) -> str:
    """A given name that fits the generation."""
    if gender == "female":
        return rng.choice(_OLD_WOMEN if old else _YOUNG_WOMEN)
    return rng.choice(_OLD_MEN if old else _YOUNG_MEN)


def staff_name(rng: Random) -> tuple[str, str]:
    """A name and a gender."""
    gender = "female" if rng.random() < 0.7 else "male"
    return surname(rng) + given(rng, gender, old=False), gender
