"""「怎么少了一次」, 「没来也给我扣了」: what is counted as used is not what was used."""

from __future__ import annotations

import re

_COUNT = r"(?:次数|次|回|趟|天数|权益|全益|额度|名额|福利)"
_TAKEN = r"(?:扣|记|算|用)"
_DISPUTED = re.compile(
    # The count is not right, or was written down wrongly.
    rf"{_COUNT}[^，。！？]{{0,5}}(?:不对|不队|对不上|对不拢|有错|错了|弄错|搞错|记错|算错|算多|记多|勿对|唔啱|变少|少了|没了)"
    rf"|(?:弄|搞|记|算|扣|数)错[^，。！？]{{0,6}}{_COUNT}|{_COUNT}[^，。！？]{{0,4}}扣[^，。！？]{{0,2}}错"
    rf"|(?:扣|记|算)(?:错|多)了|多扣了(?:[，。！？]|$)|{_COUNT}[^，。！？]{{0,3}}多{_TAKEN}|不该(?:扣|少)的?|{_TAKEN}掉的"
    # Less is left than was used.
    rf"|(?:没|未|冇)(?:有)?用过?[^。！？]{{0,8}}(?:没了|用完|用掉|只剩|就剩)|(?:怎么|咋)(?:就|才|只)?(?:剩|成|变)[^。！？]{{0,3}}(?:次|回|趟)"
    # One is missing.
    r"|(?:少|缺)(?:了|脱|咗|掉|给|算|记|我|俺|了我|给我){0,3}(?:[一两二三四五六七八九十几\d]+)(?:次|回|趟|刺)"
    # Counted though nobody came, or twice, or too many.
    rf"|(?:没|冇|未)(?:有)?(?:来|到|去|用|做|洗|打|嚟|上门)[^。！？]{{0,12}}(?:也|都|还|倒|却|照样|反倒)[^，。！？]{{0,6}}{_TAKEN}"
    rf"|(?:没来|没来人|没人去|没约成|没去)[^。！？]{{0,10}}(?:{_TAKEN}了|{_TAKEN}掉|扣|(?:怎么|咋)(?:说|算))"
    rf"|(?:取消|退)[^。！？]{{0,8}}(?:还|也|都|照样|倒)[^，。！？]{{0,4}}{_TAKEN}"
    rf"|(?:多|重|白|乱){_TAKEN}(?:了|掉)?[^，。！？]{{0,4}}(?:次|回|趟|权益|全益|天)|扣重了"
    rf"|{_TAKEN}(?:了|掉)?(?:我|俺|我妈|我爸)?[两二三\d]+(?:次|回|趟)"
    rf"|(?:不该|凭(?:啥|什么)|为(?:啥|什么)|怎么|咋)[^，。！？]{{0,6}}扣[^，。！？]{{0,8}}{_COUNT}|扣(?:了|掉)?[^，。！？]{{0,4}}次数"
)
# Money, a wrong told beside it, or the word itself go the way of a complaint with its days.
_MORE = re.compile(
    r"扣不扣|会不会|要不要|投诉|举报|[钱元块]|收费|退款|态度|骂|偷|说法|赔|消协|监管|12345|12378"
)


def disputes_count(text: str) -> bool:
    """Whether somebody says that their benefits are counted wrongly, and complains of nothing else. Linear in its length."""
    return _DISPUTED.search(text) is not None and _MORE.search(text) is None
