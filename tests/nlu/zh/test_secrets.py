"""What must never be kept is masked; what the butler needs stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.zh.secrets import PLACEHOLDERS, mask

# The numbers are made up; the cards pass Luhn's check, the identity number its own.
SECRET = [
    ("我的卡号6222021234567890123", "我的卡号［卡号已隐去］", "card"),
    ("4111 1111 1111 1111", "［卡号已隐去］", "card"),
    ("4111-1111-1111-1111，你记一下", "［卡号已隐去］，你记一下", "card"),
    ("４１１１１１１１１１１１１１１１", "［卡号已隐去］", "card"),
    ("工资卡6217 0000 1000 1234 567 是建行的", "工资卡［卡号已隐去］ 是建行的", "card"),
    ("银行卡是6228480000000000，少了几位吧", "银行卡是［卡号已隐去］，少了几位吧", "card"),
    ("验证码是583921", "验证码是［验证码已隐去］", "code"),
    ("验证码：58 39 21", "验证码：［验证码已隐去］", "code"),
    ("583921是验证码", "［验证码已隐去］是验证码", "code"),
    ("4821 这个是你们发的验证码", "［验证码已隐去］ 这个是你们发的验证码", "code"),
    ("【平安】验证码 583 921，5分钟内有效", "【平安】验证码 ［验证码已隐去］，5分钟内有效", "code"),
    ("验证码是三五七九二一", "验证码是［验证码已隐去］", "code"),
    ("短信里的数字是7788", "短信里的数字是［验证码已隐去］", "code"),
    ("校验码 A7K9Q2", "校验码 ［验证码已隐去］", "code"),
    ("code: 4821", "code: ［验证码已隐去］", "code"),
    ("我的密码是abc12345", "我的密码是［密码已隐去］", "password"),
    ("密码：Wx@2020", "密码：［密码已隐去］", "password"),
    ("支付密码 123456", "支付密码 ［密码已隐去］", "password"),
    ("123456是我的支付密码", "［密码已隐去］是我的支付密码", "password"),
    ("password: Secret99!", "password: ［密码已隐去］", "password"),
    ("密码是六六八八九九", "密码是［密码已隐去］", "password"),
    ("wifi密码就是88888888", "wifi密码就是［密码已隐去］", "password"),
    ("口令:open2026", "口令:［密码已隐去］", "password"),
    ("CVV 123", "CVV ［安全码已隐去］", "cvv"),
    ("卡背面三位数是 887", "卡背面三位数是 ［安全码已隐去］", "cvv"),
    ("我身份证11010519491231002X", "我身份证［证件号已隐去］", "id_number"),
    ("110105 19491231 002x", "［证件号已隐去］", "id_number"),
    ("身份证号110105194912310029，最后一位不确定", "身份证号［证件号已隐去］，最后一位不确定", "id_number"),
    ("老身份证110105491231002", "老身份证［证件号已隐去］", "id_number"),
]

HARMLESS = [
    "我电话13812345678",
    "13812345678 13912345678",
    "打021-55556666转8010",
    "+86 138 1234 5678",
    "明天2026年11月23日",
    "2026-11-23 10:30",
    "血压120/80，心率72",
    "血糖7.8，体温36.8",
    "一共1280元",
    "预约号202611230001234",
    "我的账户，预约号202611230001234",
    "订单号4111111111111111",
    "保单号P2026112300012345",
    "北京市朝阳区建国路88号2号楼1203室",
    "邮编100020",
    "postcode 100020",
    "生日19500101",
    "密码忘了",
    "密码错了3次",
    "忘了密码，13812345678 是我手机",
    "密码 2026-11-23改的",
    "密码锁坏了，明天10点来",
    "支付密码怎么改",
    "验证码收不到，电话13812345678",
    "验证码发到13812345678了",
    "验证码60秒后重发",
    "我1950年生，验证码没来",
    "code 2026年",
    "银行卡尾号1234",
    "卡号忘了，电话13812345678",
    "安全码是什么",
    "一三五上午九点",
    "二零二六年十一月二十三号",
    "",
]


@pytest.mark.parametrize(("text", "masked", "kind"), SECRET)
def test_a_secret_is_masked(text: str, masked: str, kind: str) -> None:
    assert mask(text) == (masked, (kind,))


@pytest.mark.parametrize("text", HARMLESS)
def test_what_the_butler_needs_stays(text: str) -> None:
    assert mask(text) == (text, ())


def test_all_secrets_of_a_message_are_masked_and_each_kind_is_named_once() -> None:
    masked, kinds = mask("卡号4111111111111111，密码是abc123，验证码5839，另一个验证码7744")

    assert (
        masked
        == "卡号［卡号已隐去］，密码是［密码已隐去］，验证码［验证码已隐去］，另一个验证码［验证码已隐去］"
    )
    assert kinds == ("card", "password", "code")


PIECES = st.sampled_from(
    [
        *(
            "验证码",
            "密码",
            "是",
            "卡号",
            "身份证",
            "CVV",
            "code",
            " ",
            "，",
            "-",
            "5839",
            "1",
            "4111111111111111",
        ),
        *("13812345678", "11010519491231002X", "六六八八", "abc123", "元", "年"),
        *PLACEHOLDERS.values(),
    ]
)


@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=14).map("".join)))
def test_masking_twice_is_masking_once(text: str) -> None:
    masked, _ = mask(text)

    assert mask(masked) == (masked, ())


@given(st.lists(PIECES, max_size=14).map("".join))
def test_masking_grows_by_a_placeholder_a_secret_at_most(text: str) -> None:
    masked, kinds = mask(text)
    longest = max(map(len, PLACEHOLDERS.values()))
    added = sum(masked.count(placeholder) - text.count(placeholder) for placeholder in PLACEHOLDERS.values())

    assert len(masked) <= len(text) + longest * added
    assert bool(kinds) == (masked != text)


@given(st.text(alphabet=st.characters(), max_size=80))
def test_never_raises(text: str) -> None:
    masked, kinds = mask(text)

    assert set(kinds) <= set(PLACEHOLDERS)
    assert isinstance(masked, str)
