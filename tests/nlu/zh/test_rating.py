"""Answers to the question how it was, as people say them; and what is none, because it is a wish."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.zh.rating import declines, is_wish, read_rating, read_recommend, read_why

SAID = {
    5: """很满意 非常满意 特别满意 挺好的 挺好 很好 真好啊 太好了 特别好 好极了 好得很 没得说 挑不出毛病 满分 五星好评 5星 五颗星 打5分 给五分 五分
        我给5分 给你们打五分 十分 100分 一百分 九分 棒 巴适得很 得劲 😀 👍 ❤️ 👍👍 我觉得挺好的 师傅挺好的，谢谢你们 服务很好 嗯，挺好的 真棒！ 老好了
        伺候得好 很周到 很细心 5 呱呱叫 好得不得了 洗得可干净了 最右边那个""",
    4: "满意 挺满意的 比较满意 不错 挺不错的 还不错 好 可以 没意见 没问题 要得 中 四星 给四分 打4分 4分吧 八分 都挺好，四分 🙂 行 八十分 4",
    3: "一般 一般般 一般吧 还行 还行吧 还可以 凑合 马马虎虎 就那样 也就那样吧 过得去 不好不坏 三分 3星 给个三分吧 六分 😐 麻麻地 差不多吧 行吧 60分 三 老样子 中间那个 选中间的",
    2: "不满意 不太满意 不怎么样 不太行 不太行，迟到了 不行，太慢 不太好，没洗干净 不好 有点差 差劲 2分 两分 给两星 唔好 失望 🙁 不怎么样，态度不好 没做好 心里不痛快 比上次差远了",
    1: "很不满意 非常不满意 太差了 很差 糟透了 差评 一分 1星 打一分 0分 一塌糊涂 太不像话了 气死我了 😡 太差了，等了半天 最差一分，太差了 一点都不满意 窝火 最左边",
}


@pytest.mark.parametrize(("score", "said"), [(score, one) for score in SAID for one in SAID[score].split()])
def test_scores(score: int, said: str) -> None:
    heard = read_rating(said)

    assert heard is not None
    assert heard.score == score


def test_the_table_is_long_enough() -> None:
    assert sum(len(said.split()) for said in SAID.values()) >= 60


@pytest.mark.parametrize(
    "said",
    [
        "",
        "帮我约个助浴",
        "我要约明天下午三点的理发",
        "挺好的，再帮我约一次",
        "满意，下周还想约这个师傅",
        "还剩几次",
        "还行吗？",
        "你好",
        "好的",
        "嗯，好的",
        "好嘞",
        "嗯",
        "谢谢",
        "转人工",
        "我胸口疼",
        "胸口不太好受",
        "血压一百五",
        "几点来",
        "明天三点",
        "三点",
        "取消助浴",
        "改到星期五",
        "今天天气不错啊，出去走走",
        "我妈身体一般，最近老咳嗽，你看看她",
        "是这样的，我们家那口子，今天早上出去了，就那个事，后来又回来了",
        "五个人",
        "第五个",
        "150分",
        "提醒我五点吃药",
        "那个师傅态度太差了，还偷懒，我要投诉",
    ],
)
def test_what_is_no_score(said: str) -> None:
    assert read_rating(said) is None


@pytest.mark.parametrize(
    ("said", "score", "why", "reason"),
    [
        ("不太行，迟到了", 2, "late", "迟到了"),
        ("一般，等了半个多小时", 3, "late", "等了半个多小时"),
        ("不满意，没洗干净", 2, "careless", "没洗干净"),
        ("太差了，态度不好，骂人", 1, "attitude", "骂人"),
        ("三分，收钱太贵", 3, "price", "收钱太贵"),
        ("不行，换了个生手", 2, "person", "换了个生手"),
        ("不满意，把我的碗打碎了", 2, "careless", "把我的碗打碎了"),
        ("挺好的，谢谢", 5, None, None),
        ("还可以，谢谢你们", 3, None, None),
    ],
)
def test_reasons_beside_the_score(said: str, score: int, why: str | None, reason: str | None) -> None:
    heard = read_rating(said)

    assert heard is not None
    assert (heard.score, heard.why) == (score, why)
    assert reason is None or reason in (heard.reason or "")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("迟到了半个小时", "late"),
        ("来得太晚了", "late"),
        ("等了好久", "late"),
        ("没给我擦干净", None),
        ("洗得不干净", "careless"),
        ("毛手毛脚的", "careless"),
        ("水太烫了", "careless"),
        ("说话难听", "attitude"),
        ("爱答不理的", "attitude"),
        ("多收了我二十块", "price"),
        ("换了个新手", "person"),
        ("帮我约个别的师傅", None),
        ("几点来", None),
    ],
)
def test_why(said: str, why: str | None) -> None:
    assert read_why(said) == why


@pytest.mark.parametrize(
    ("said", "ten"),
    [
        ("一定会", 10),
        ("肯定会推荐", 10),
        ("当然", 10),
        ("早就跟他们说了", 10),
        ("会的", 8),
        ("会吧", 8),
        ("愿意", 8),
        ("应该会", 8),
        ("说不准", 5),
        ("不好说", 5),
        ("看情况吧", 5),
        ("不会", 2),
        ("不推荐", 2),
        ("肯定不会", 0),
        ("九分", 9),
        ("7分", 7),
        ("10", 10),
        ("零分", 0),
        ("十分", 10),
    ],
)
def test_recommendations(said: str, ten: int) -> None:
    assert read_recommend(said) == ten


@pytest.mark.parametrize(
    "said", ["", "帮我约个助浴", "你会做什么？", "明天会下雨", "我儿子会来接我", "谢谢", "11分"]
)
def test_what_is_no_recommendation(said: str) -> None:
    assert read_recommend(said) is None


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("不评了", "no"),
        ("不想说", "no"),
        ("算了吧", "no"),
        ("别问了", "no"),
        ("以后别问了", "never"),
        ("以后不要再问我了", "never"),
        ("别老问我", "never"),
        ("不好", None),
        ("别来了", None),
        ("取消助浴", None),
    ],
)
def test_no_answer(said: str, what: str | None) -> None:
    assert declines(said) == what


@given(st.text(max_size=200))
def test_any_text_is_read_without_harm(text: str) -> None:
    heard, ten = read_rating(text), read_recommend(text)

    assert heard is None or 1 <= heard.score <= 5
    assert ten is None or 0 <= ten <= 10
    if is_wish(text):
        assert heard is None
        assert read_why(text) is None


@given(
    st.sampled_from("满意 挺好的 一般 不太行 给四分 5星".split()),
    st.sampled_from("帮我约助浴 取消明天的 还剩几次 转人工 几点来".split()),
)
def test_a_wish_beside_a_score_is_left_to_the_dialogue(score: str, wish: str) -> None:
    assert read_rating(f"{score}，{wish}") is None
    assert read_rating(f"{wish}，{score}") is None
