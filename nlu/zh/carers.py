"""Whom somebody would like to come: 「要女的」, 「会说上海话的」. Words that only name a person's speech are none."""

from __future__ import annotations

import re

# What people call a way of speaking, by the one name under which it is kept.
TONGUES = {
    "普通话": ("普通话", "国语"),
    "粤语": ("粤语", "广东话", "白话", "广州话"),
    "上海话": ("上海话", "沪语", "上海闲话"),
    "四川话": ("四川话", "成都话", "重庆话"),
    "闽南话": ("闽南话", "闽南语", "厦门话"),
    "客家话": ("客家话",),
    "潮汕话": ("潮汕话", "潮州话"),
    "温州话": ("温州话",),
    "苏州话": ("苏州话",),
    "宁波话": ("宁波话",),
    "东北话": ("东北话",),
    "湖南话": ("湖南话", "长沙话"),
    "河南话": ("河南话",),
    "山东话": ("山东话",),
    "陕西话": ("陕西话", "西安话"),
}
_NAME_OF = {said: name for name, all_said in TONGUES.items() for said in all_said}
_SAID = "|".join(sorted(_NAME_OF, key=len, reverse=True))
_TONGUE = re.compile(
    rf"(?:会|能|懂|讲得来|说得来)(?:说|讲|听)?(?:点|些)?(?P<a>{_SAID})|(?:说|讲)(?P<b>{_SAID})的|^(?P<c>{_SAID})的(?:吧|就行)?$"
)
_WOMAN = "女的|女师傅|女同志|女护士|女护理员|女护工|女医生|女大夫|女技师|女服务员|女生|阿姨来|大姐来|大嫂来"
_MAN = "男的|男师傅|男同志|男护士|男护理员|男护工|男医生|男大夫|男技师|男服务员|男生|小伙子来|大哥来"
_GENDER = re.compile(
    rf"(?P<not>不要|不用|别|甭)?(?:派|找|来|个|位|一|给我)*(?:(?P<female>{_WOMAN})|(?P<male>{_MAN}))"
)


def gender_wish(text: str) -> str | None:
    """`female` or `male` where the words want such a person; 「不要男的」 wants a woman."""
    found = _GENDER.search(text)
    if found is None:
        return None
    is_woman = (found["female"] is not None) != (found["not"] is not None)
    return "female" if is_woman else "male"


def tongue_wish(text: str) -> str | None:
    """The way of speaking that the one who comes should know, by its one name."""
    found = _TONGUE.search(text)
    if found is None:
        return None
    return _NAME_OF[next(group for group in found.groups() if group)]


def tongue(said: str | None) -> str | None:
    """A way of speaking by its one name; what is not known stays as it is."""
    return _NAME_OF.get(said, said) if said else None
