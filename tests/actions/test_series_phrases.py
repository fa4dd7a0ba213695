"""A plan of visits in words: what is offered on a button is understood again as it was meant."""

from __future__ import annotations

from datetime import time
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.house import House
from actions.rasa.series_questions import phrase
from actions.series_words import rule_in_words
from actions.words import load as load_words
from domain.calendar import load as load_calendar
from domain.catalogue import load as load_catalogue
from domain.clock import FixedClock
from domain.series import Hours, Rule, read_hours, read_rule
from domain.store import Store
from nlu.zh import times
from tests.conftest import NOW

HOUSE = House(
    store=cast("Store", None),
    clock=FixedClock(NOW),
    calendar=load_calendar(),
    catalogue=load_catalogue(),
    words=load_words(),
)
_HOURS = st.one_of(
    st.just(Hours()),
    st.sampled_from([read_hours(f"BYHOUR={hour}") for hour in (8, 11, 12, 18)]),
    st.builds(lambda h, m: Hours(exact=time(h, m)), st.integers(7, 20), st.sampled_from([0, 30])),
)


@given(
    weekdays=st.sets(st.integers(0, 6), min_size=1, max_size=3),
    hours=_HOURS,
    count=st.one_of(st.none(), st.integers(2, 30)),
)
def test_what_is_offered_is_understood_again(weekdays, hours, count) -> None:
    rule = Rule("WEEKLY", count=count, weekdays=tuple(sorted(weekdays)))
    said = phrase(HOUSE, rule, hours, count)
    heard = times.first(said, NOW, HOUSE.calendar)

    assert heard.kind == "recurring", said
    assert (read_rule(str(heard.value)), read_hours(str(heard.value))) == (rule, hours), said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("FREQ=DAILY", "每天"),
        ("FREQ=DAILY;INTERVAL=2", "隔一天"),
        ("FREQ=DAILY;INTERVAL=3", "每3天"),
        ("FREQ=WEEKLY;BYDAY=WE", "每周三"),
        ("FREQ=WEEKLY;BYDAY=TU,FR", "每周二、五"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU", "每两周的星期日"),
        ("FREQ=MONTHLY;BYMONTHDAY=9", "每月9号"),
        ("RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=1,15", "农历每月初一、十五"),
        ("RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=5,10,20,25,30", "农历每月初五、初十、二十、廿五、三十"),
        ("RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=8", "每年农历腊月初八"),
        ("FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=6", "每年5月6号"),
    ],
)
def test_a_rule_in_words(text, words) -> None:
    assert rule_in_words(HOUSE, read_rule(text)) == words
