"""What people want of our messages, as they say it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from nlu.zh.notice_wish import read, speaks_of_messages
from tests.conftest import NOW

_MORNING = NOW.replace(day=25, hour=7)


@pytest.mark.parametrize(
    ("said", "hours"),
    [
        ("晚上别发", ("18:00", "07:00", "all")),
        ("晚上别发消息", ("18:00", "07:00", "all")),
        ("白天发，晚上别发", ("18:00", "07:00", "all")),
        ("夜里不要给我发", ("21:00", "07:00", "all")),
        ("别半夜发", ("21:00", "07:00", "all")),
        ("晚上八点以后别发", ("20:00", "07:00", "all")),
        ("九点以后不要打扰", ("21:00", "07:00", "all")),
        ("早上七点前别吵", ("21:00", "07:00", "all")),
        ("早上十点以后再发", ("21:00", "10:00", "all")),
        ("晚上九点到早上八点别给我发", ("21:00", "08:00", "all")),
        ("中午我要睡觉，别吵我", ("12:00", "14:30", "all")),
        ("睡午觉的时候别响", ("12:00", "14:30", "all")),
        ("下午别发", ("12:00", "18:00", "all")),
        ("周末不要打扰", ("00:00", "00:00", "off")),
        ("节假日别发通知", ("00:00", "00:00", "off")),
        ("上班的时候别发", ("09:00", "17:00", "work")),
    ],
)
def test_hours(said: str, hours: tuple[str, str, str]) -> None:
    wish = read(said, NOW)

    assert wish.what == "quiet"
    assert wish.hours == ((time.fromisoformat(hours[0]), time.fromisoformat(hours[1]), hours[2]),)


@pytest.mark.parametrize(
    ("said", "speaks"),
    [
        ("我出院了，可以接着发了", True),
        ("恢复原样吧", True),
        ("讲座的事还是想听的", True),
        ("我不想让你问我满意不满意", True),
        ("菜可以发了吗", False),
        ("你接着说", False),
        ("别发了", False),
    ],
)
def test_words_that_were_heard_as_talk(said: str, speaks: bool) -> None:
    assert speaks_of_messages(said) is speaks


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("别老给我发消息", "fewer"),
        ("少发点", "fewer"),
        ("消息太多了", "fewer"),
        ("别发了，烦", "fewer"),
        ("只发要紧的", "fewer"),
        ("以后做完了别问我满意不满意", "no_surveys"),
        ("不要再回访了", "no_surveys"),
        ("评价的消息不要发了", "no_surveys"),
        ("退订", "off"),
        ("取消订阅", "off"),
        ("我不想收这些广告消息", "off"),
        ("活动的消息别推了", "off"),
        ("我不想让你问我满意不满意", "no_surveys"),
        ("吃药的提醒别发给我儿子", "not_to"),
        ("不用发给我老伴了", "not_to"),
        ("讲座的事还是想听的", "on"),
        ("活动消息还是发我吧", "on"),
        ("我出院了，可以接着发了", "usual"),
        ("照原来的发", "usual"),
        ("把通知恢复了", "usual"),
        ("我要收通知", "usual"),
        ("你们什么时候给我发消息", "ask"),
    ],
)
def test_wishes(said: str, what: str) -> None:
    assert read(said, NOW).what == what


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("发给我女儿", "to"),
        ("也给我儿子发一份", "to"),
        ("消息同时发给我闺女", "to"),
        ("我闺女也要收一份", "to"),
        ("发给我女儿就行", "only_to"),
        ("以后通知我儿子就好", "only_to"),
        ("别发给我，发给我女儿", "only_to"),
        ("改成只给我老伴发", "only_to"),
    ],
)
def test_to_a_relative(said: str, what: str) -> None:
    assert read(said, NOW, relative=True).what == what


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("今天别发了", _MORNING),
        ("这会儿别发", NOW + timedelta(hours=2)),
        ("先别给我发了，过段时间再说", NOW + timedelta(days=7)),
    ],
)
def test_for_a_while(said: str, until: datetime) -> None:
    wish = read(said, NOW)

    assert wish.what == "pause"
    assert wish.until == until
