"""Mask what nobody should send to a chat: card numbers, one-time codes, passwords, CVVs, identity numbers.

Done before a message is stored, logged or shown. Phone numbers, dates, readings, prices, booking numbers and addresses
stay, because the butler needs them. Source of the rule: DOMAIN.md §4.2, "never store, mask in the log".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

PLACEHOLDERS: Final = {
    "card": "［卡号已隐去］",
    "code": "［验证码已隐去］",
    "password": "［密码已隐去］",
    "cvv": "［安全码已隐去］",
    "id_number": "［证件号已隐去］",
}
_PLACEHOLDER: Final = re.compile("|".join(map(re.escape, PLACEHOLDERS.values())))
# Stands for each character of an earlier placeholder, so that 「验证码」 in it is no keyword.
_SHIELD: Final = "\ufffc"

# Letters and digits only: a full-width comma must not become part of a password.
_WIDE: Final = {
    code: code - 0xFEE0
    for first, last in ((0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A))
    for code in range(first, last + 1)
}
_SPOKEN: Final = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_SPOKEN_RUN: Final = re.compile("[零〇一二三四五六七八九幺]{4,}")

_DIGIT_RUN: Final = re.compile(r"\d(?:[ \-·]{0,2}\d)*")
_PHONE: Final = re.compile(r"1[3-9]\d{9}")
# 4-4-4-4 and its longer cousins, 6-13 and 4-6-5, or no groups: a date or two phone numbers in a row are not a card.
_CARD_GROUPS: Final = re.compile(
    r"\d{13,19}|(?:\d{4}[ \-·]{1,2}){3}\d{1,4}(?:[ \-·]{1,2}\d{1,3})?|\d{6}[ \-·]\d{13}|\d{4}[ \-·]\d{6}[ \-·]\d{5}"
)
_CARD_WORD: Final = re.compile(
    "卡号|银行卡|储蓄卡|信用卡|借记卡|工资卡|社保卡|医保卡|存折|账号|账户|帐号|帐户|我的卡|工行卡|建行卡|农行卡|中行卡|卡是|card"
)
_NOT_A_CARD_WORD: Final = re.compile(
    "订单|预约|单号|编号|流水|保单|病历|就诊号|住院号|运单|快递|工单|设备|序列|条码|券|票"
)
_ID_WORD: Final = re.compile("身份证|证件|身份号")
_ID_SHAPE: Final = re.compile(r"[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dx]")
_OLD_ID_SHAPE: Final = re.compile(r"[1-9]\d{5}\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}")
_ID_RUN: Final = re.compile(r"(?<![\da-z])\d{6}[ \-]?\d{8}[ \-]?\d{3}[\dx](?![\da-z])")
_ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK: Final = "10x98765432"

_CODE_NAME: Final = "(?:验证码|校验码|动态码|动态口令|动态密码|短信码|确认码|激活码|验正码|验证吗|短信(?:里|上|中)?的?(?:数字|号码|六位数)|verification code|otp|(?<![a-z])code)"
# Between a keyword and its number: nothing that names another number, no other digit, not the end of the sentence.
_CODE_GAP: Final = "(?:(?!房|楼|电话|手机|元|块|价|号码是多|时间|地址|预约|订单|，我|发到|发给|今年)[^\\d\ufffc。！？!?\n]){0,10}"
_CODE_VALUE: Final = r"((?<![\da-z])(?:\d(?:[ \-]?\d){3,7}|(?=[a-z]*\d)[a-z\d]{4,8}))(?![\da-z]|[ \-]?\d|\.\d|年|月|日|块|元|点|路|号楼|/)"
_CODE_AFTER: Final = re.compile(_CODE_NAME + _CODE_GAP + _CODE_VALUE)
_CODE_BEFORE: Final = re.compile(
    r"(?<![\d.\-/:])(\d(?:[ \-]?\d){3,7})(?![\d年月日块元点/])(?:[，,。 （(【是为这个就您你的我们他她发给刚来到]|收到){0,8}"
    + _CODE_NAME
)
_PASSWORD_NAME: Final = "(?:密码|口令|passwords?|passwd|pwd|pin码?)"  # noqa: S105  (a pattern, not a password)
_PASSWORD_AFTER: Final = re.compile(
    _PASSWORD_NAME
    + r"(?:就是|是|为|改成了?|设成了?|设的是|叫|:|：|=|\s|告诉你|给你|应该|还是|[（(“\"']){0,3}(?!1[3-9]\d{9}(?!\d)|\d{4}-\d|\d{1,2}:\d\d)((?=[\da-z@#$%^&*_])(?=[!-~]*\d|[!-~]{6})[!-~]{4,32})(?![!-~年月块元])"
)
_PASSWORD_COMMA: Final = re.compile(_PASSWORD_NAME + r"[，,]\s?(\d{6})(?!\d|[年月块元])")
_PASSWORD_BEFORE: Final = re.compile(
    rf"(?<![\d.\-/:])(\d{{4,8}})(?![\d年月日块元点/])(?:这个|就|是|的|我|你|您|卡|支付|取款|银行|家|门|手机|开机|登录|账户|wifi|，){{0,6}}{_PASSWORD_NAME}"
)
_CVV: Final = re.compile(
    "(?:cvv2?|cvc2?|安全码|(?:卡|背面|后面|反面)的?(?:三位|3位|后三位|末三位|最后三位)(?:数字|码|数|安全码)?)[^\\d\ufffc。！？!?\n]{0,8}(\\d{3,4})(?![\\d年月块元])"
)


@dataclass(frozen=True)
class _Secret:
    kind: str
    start: int
    end: int


def _luhn(digits: str) -> bool:
    total = 0
    for index, char in enumerate(reversed(digits)):
        value = int(char) * (2 if index % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _is_id_number(number: str) -> bool:
    if not _ID_SHAPE.fullmatch(number):
        return False
    weighted = sum(int(digit) * weight for digit, weight in zip(number, _ID_WEIGHTS, strict=False))
    return number[17] == _ID_CHECK[weighted % 11]


def _distance(word: re.Pattern[str], text: str, start: int, end: int) -> int:
    """How far the nearest such word stands before (14 characters) or after (8) a number; 99 where there is none."""
    before = text[max(0, start - 14) : start]
    after = word.search(text, end, end + 8)
    distances = [len(before) - found.end() for found in word.finditer(before)]
    return min([*distances, after.start() - end if after else 99])


def _near(word: re.Pattern[str], text: str, start: int, end: int) -> bool:
    return _distance(word, text, start, end) < 99


def _readable(text: str) -> str:
    """The text with narrow letters, Arabic digits for spoken ones and earlier placeholders shielded; same length."""
    shielded = _PLACEHOLDER.sub(lambda found: _SHIELD * len(found.group()), text)
    narrow = "".join(char.lower() if len(char.lower()) == 1 else char for char in shielded.translate(_WIDE))
    return _SPOKEN_RUN.sub(lambda found: found.group().translate(_SPOKEN), narrow)


def _id_numbers(text: str) -> Iterator[_Secret]:
    for found in _ID_RUN.finditer(text):
        number = re.sub(r"[ \-]", "", found.group())
        if _is_id_number(number) or (_ID_SHAPE.fullmatch(number) and _near(_ID_WORD, text, *found.span())):
            yield _Secret("id_number", *found.span())
    for found in _DIGIT_RUN.finditer(text):
        if _OLD_ID_SHAPE.fullmatch(found.group()) and _near(_ID_WORD, text, *found.span()):
            yield _Secret("id_number", *found.span())


def _cards(text: str) -> Iterator[_Secret]:
    for found in _DIGIT_RUN.finditer(text):
        shown = found.group()
        if not _CARD_GROUPS.fullmatch(shown) or _PHONE.fullmatch(re.split(r"[ \-·]", shown)[0]):
            continue
        digits = re.sub(r"\D", "", shown)
        if not 13 <= len(digits) <= 19:
            continue
        card = _distance(_CARD_WORD, text, *found.span())
        other = _distance(_NOT_A_CARD_WORD, text, *found.span())
        # Cards in use begin with 3 to 6 or 9; a long number that begins with a year is a booking's.
        if card < other or (card == other and digits[0] in "34569" and _luhn(digits)):
            yield _Secret("card", *found.span())


def _named_values(text: str) -> Iterator[_Secret]:
    for kind, pattern in (
        ("cvv", _CVV),
        ("code", _CODE_AFTER),
        ("code", _CODE_BEFORE),
        ("password", _PASSWORD_AFTER),
        ("password", _PASSWORD_COMMA),
        ("password", _PASSWORD_BEFORE),
    ):
        for found in pattern.finditer(text):
            yield _Secret(kind, *found.span(1))


def _without_overlaps(secrets: Iterator[_Secret]) -> list[_Secret]:
    """The secrets in their order in the text; of two that overlap the earlier found one."""
    taken: list[_Secret] = []
    covered: set[int] = set()
    for secret in secrets:
        places = range(secret.start, secret.end)
        if covered.isdisjoint(places):
            covered.update(places)
            taken.append(secret)
    return sorted(taken, key=lambda secret: secret.start)


def _found(text: str) -> Iterator[_Secret]:
    readable = _readable(text)
    if not any(char.isdigit() for char in readable) and not re.search(_PASSWORD_NAME, readable):
        return
    yield from _id_numbers(readable)
    yield from _cards(readable)
    yield from _named_values(readable)


def mask(text: str) -> tuple[str, tuple[str, ...]]:
    """Replace secrets by placeholders of a fixed form.

    Returns the masked text and the kinds found (``card``, ``code``, ``password``, ``cvv``, ``id_number``), in the order
    of the text, each once. Masking what is masked changes nothing and finds nothing. Never raises on any string.
    """
    kinds: list[str] = []
    while secrets := _without_overlaps(_found(text)):
        pieces: list[str] = []
        last = 0
        for secret in secrets:
            pieces += [text[last : secret.start], PLACEHOLDERS[secret.kind]]
            last = secret.end
            kinds.append(secret.kind)
        # A second look, because a masked number may have kept two others apart.
        text = "".join(pieces) + text[last:]
    return text, tuple(dict.fromkeys(kinds))
