"""Chinese times: tables of phrases with a fixed now, and what holds for every text."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import load
from nlu.zh.say import say_when
from nlu.zh.times import find, first, several
from nlu.zh.times.model import SHANGHAI

CALENDAR = load()
TABLE = Path(__file__).parent / "tables" / "times.jsonl"
ROWS = [json.loads(line) for line in TABLE.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=[f"{r['now'][5:13]} {r['text']}" for r in ROWS])
def test_phrase(row: dict[str, object]) -> None:
    found = first(str(row["text"]), datetime.fromisoformat(str(row["now"])), CALENDAR)

    value = list(found.value) if isinstance(found.value, tuple) else found.value
    assert (found.kind, value, found.grain, sorted(found.doubts), found.since) == (
        row["kind"],
        row["value"],
        row["grain"],
        row["doubts"],
        row.get("since"),
    )


@pytest.mark.parametrize(
    ("text", "rule", "since"),
    [
        ("周三和周五上午约助浴", "FREQ=WEEKLY;BYDAY=WE,FR;BYHOUR=8;COUNT=2", "2026-11-25"),
        ("周三、周五、周日", "FREQ=WEEKLY;BYDAY=WE,FR,SU;COUNT=3", "2026-11-25"),
        ("11月26号和28号上午九点", "FREQ=WEEKLY;BYDAY=TH,SA;BYHOUR=9;BYMINUTE=0;COUNT=2", "2026-11-26"),
        ("明天和后天", "FREQ=WEEKLY;BYDAY=WE,TH;COUNT=2", "2026-11-25"),
        # One of them, not both; too far apart; hours that differ; no days.
        ("周三或者周五", None, None),
        ("周三和周五都行", None, None),
        ("周三和下周五", None, None),
        ("明天上午九点和后天下午三点", None, None),
        ("上午和下午", None, None),
        ("周三", None, None),
    ],
)
def test_several_days_side_by_side(text: str, rule: str | None, since: str | None) -> None:
    found = several(text, datetime(2026, 11, 24, 10, tzinfo=SHANGHAI), CALENDAR)

    assert (found.value if found else None, found.since if found else None) == (rule, since)


def test_there_are_enough_of_them() -> None:
    assert len({row["text"] for row in ROWS}) >= 150


MOMENTS = st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2030, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=SHANGHAI)
)
WORDS = st.lists(
    st.sampled_from(
        "今明后天儿大周一二三四五六日末月初底号点半刻上下午晚早农历腊八到至前不是改两个小时礼拜3:150 ，。abc"
    ),
    max_size=24,
).map("".join)


@given(WORDS | st.text(max_size=40), MOMENTS)
def test_for_every_text(text: str, now: datetime) -> None:
    found = find(text, now, CALENDAR)

    for expr in [*found, first(text, now, CALENDAR)]:
        assert text[expr.start : expr.end] == expr.text
        window = expr.window()
        assert window is None or window[0] < window[1]
    for before, after in pairwise(found):
        assert before.end <= after.start


@given(MOMENTS, st.integers(0, 60), st.integers(6, 21), st.sampled_from([0, 30]))
def test_what_is_read_out_is_understood_again(now: datetime, days: int, hour: int, minute: int) -> None:
    """A read-back that an elder repeats word for word means the same moment."""
    moment = (now + timedelta(days=days + 1)).replace(hour=hour, minute=minute, second=0, microsecond=0)

    understood = first(say_when(moment, now), now, CALENDAR).window()

    assert understood is not None
    assert understood[0] == moment
