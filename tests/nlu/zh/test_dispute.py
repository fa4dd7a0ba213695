"""Benefits that are counted wrongly; nothing that is another wrong, or only a question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.zh.dispute import disputes_count


@pytest.mark.parametrize(
    "said",
    [
        "我的助浴次数不对",
        "怎么少了一次",
        "上次没来也给我扣了",
        "人没来倒把次数扣了",
        "我取消了还扣我一次",
        "做了一次扣两次",
        "我一次都没用，怎么说用完了",
        "咋又少了一回咧",
        "点解少咗一次",
        "我妈的权益少了两次",
    ],
)
def test_the_count_is_in_dispute(said: str) -> None:
    assert disputes_count(said)


@pytest.mark.parametrize(
    "said",
    [
        "我的助浴还有几次",
        "取消扣不扣次数",
        "多扣了我三百块",
        "我要投诉，多扣了我一次",
        "护士没来，也不说一声",
        "钱少了一百",
        "药送错了",
        "师傅态度差，还多扣我一次",
    ],
)
def test_another_wrong_or_a_question(said: str) -> None:
    assert not disputes_count(said)


@given(st.text(alphabet=st.sampled_from("没来也扣了一次怎么少次数不对还我，。取消"), max_size=60))
def test_never_raises(text: str) -> None:
    assert disputes_count(text) in (True, False)
