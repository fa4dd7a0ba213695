"""Broadcasts, pure: which step is possible when, what an audience says, who is judged how."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.broadcasts import (
    AGAIN,
    FROM,
    MOST_CHARACTERS,
    Audience,
    BadBroadcast,
    Broadcast,
    BroadcastState,
    Condition,
    Standing,
    Step,
    birthday_before,
    checked_ages,
    checked_text,
    judge,
)
from domain.clock import SHANGHAI
from domain.errors import WrongState
from domain.people import Person
from domain.sending import Decision, Reason, What

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI)
S = BroadcastState

# One line a state: what may be done in it.
MAY = {
    S.DRAFT: {Step.START, Step.TAKE_BACK},
    S.WAITING: {Step.APPROVE, Step.STOP, Step.TAKE_BACK},
    S.SCHEDULED: {Step.ASK, Step.BEGIN, Step.PAUSE, Step.STOP, Step.TAKE_BACK},
    S.SENDING: {Step.END, Step.PAUSE, Step.STOP, Step.TAKE_BACK},
    S.PAUSED: {Step.GO_ON, Step.STOP, Step.TAKE_BACK},
    S.STOPPED: {Step.TAKE_BACK},
    S.DONE: {Step.TAKE_BACK},
    S.TAKEN_BACK: set(),
}


def made(state: BroadcastState) -> Broadcast:
    return Broadcast(
        id="b",
        series="b",
        version=1,
        title="",
        text="话",
        audience={},
        author_id="a",
        created_at=NOW,
        state=state,
    )


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("step", list(Step))
def test_which_step_is_possible_when(state: BroadcastState, step: Step) -> None:
    assert (state in FROM[step]) == (step in MAY[state])
    if step in MAY[state]:
        made(state).check(step)
    else:
        with pytest.raises(WrongState):
            made(state).check(step)


@pytest.mark.parametrize("state", [S.SCHEDULED, S.SENDING])
def test_going_on_goes_back_to_where_the_pause_was(state: BroadcastState) -> None:
    one = made(state)
    one.due_at = NOW if state is S.SCHEDULED else None
    one.pause(NOW)
    assert one.state is S.PAUSED

    one.go_on(NOW)

    assert one.state is state
    assert one.due_at == (NOW if state is S.SCHEDULED else None)


_WORDS = st.text("abc", min_size=1, max_size=3)
CONDITIONS = st.builds(
    Condition,
    cities=st.lists(_WORDS, max_size=2).map(tuple),
    plans=st.lists(_WORDS, max_size=2).map(tuple),
    min_age=st.none() | st.integers(0, 130),
    max_age=st.none() | st.integers(0, 130),
    unused=st.lists(_WORDS, max_size=2).map(tuple),
    visited_before=st.none() | st.dates(),
    visited_since=st.none() | st.dates(),
    never_visited=st.booleans(),
    people=st.lists(_WORDS, max_size=2).map(tuple),
)


@given(CONDITIONS, st.none() | CONDITIONS)
def test_an_audience_comes_back_from_the_store_as_it_was(
    include: Condition, exclude: Condition | None
) -> None:
    audience = Audience(include=include, exclude=exclude)
    back = Audience.read(audience.row())

    assert back.include == include
    # An exclude that says nothing leaves nobody out: it need not be kept.
    assert back.exclude == (exclude if exclude != Condition() else None)


@given(st.dates(date(1900, 1, 1), date(2026, 12, 31)), st.dates(date(2026, 1, 1), date(2032, 12, 31)))
def test_birthdays_and_ages_say_the_same(born: date, day: date) -> None:
    age = Person(id="p", name="某", born_on=born).age_on(day)
    assert age is not None
    for years in (age - 1, age, age + 1):
        if years >= 0:
            assert (born <= birthday_before(day, years)) == (age >= years)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, Decision(What.SEND)),
        ({"alive": False, "wanted": False}, Decision(What.DROP, Reason.DIED)),
        ({"wanted": False}, Decision(What.DROP, Reason.UNWANTED)),
        ({"chats": 0}, Decision(What.DROP, Reason.NO_CHAT)),
        ({"chats": 0, "page": True}, Decision(What.SEND)),
        ({"chats": 0, "blocked": 1}, Decision(What.DROP, Reason.BLOCKED)),
        # One chat has blocked us, the other has not.
        ({"blocked": 1}, Decision(What.SEND)),
        ({"owner": "butler"}, Decision(What.SEND)),
        ({"owner": "human:x"}, Decision(What.LATER, Reason.HUMAN, NOW + AGAIN)),
        ({"owner": "queue"}, Decision(What.LATER, Reason.HUMAN, NOW + AGAIN)),
    ],
)
def test_who_is_judged_how(change: dict[str, object], expected: Decision) -> None:
    how = {"alive": True, "wanted": True, "owner": None, "chats": 1, "blocked": 0, "page": False} | change

    assert judge(Standing("p", **how), NOW, NOW + timedelta(hours=1), None) == expected  # type: ignore[arg-type]


def test_quiet_is_waited_for_only_while_it_is_of_use() -> None:
    standing = Standing("p", alive=True, wanted=True, owner=None, chats=1, blocked=0, page=False)
    end = NOW + timedelta(hours=2)

    assert judge(standing, NOW, end, end) == Decision(What.LATER, Reason.QUIET, end)
    assert judge(standing, NOW, NOW + timedelta(hours=1), end) == Decision(What.DROP, Reason.QUIET)
    assert judge(standing, NOW, NOW - timedelta(seconds=1), None) == Decision(What.DROP, Reason.TOO_OLD)


def test_a_person_who_speaks_is_waited_for_only_while_it_is_of_use() -> None:
    standing = Standing("p", alive=True, wanted=True, owner="human:x", chats=1, blocked=0, page=False)

    found = judge(standing, NOW, NOW + AGAIN - timedelta(seconds=1), None)
    assert found == Decision(What.DROP, Reason.HUMAN)


@pytest.mark.parametrize(
    ("text", "problem"), [("", "empty"), (" \n ", "empty"), ("长" * 5_000, "too_long"), ("好", None)]
)
def test_the_words(text: str, problem: str | None) -> None:
    if problem is None:
        assert checked_text(f" {text}\n") == text
        return
    with pytest.raises(BadBroadcast) as bad:
        checked_text(text)
    assert bad.value.problem == problem


def test_the_longest_words_fit() -> None:
    assert checked_text("长" * MOST_CHARACTERS)


@pytest.mark.parametrize(("low", "high"), [(-1, None), (None, 131), (80, 70)])
def test_ages_that_nobody_has(low: int | None, high: int | None) -> None:
    with pytest.raises(BadBroadcast):
        checked_ages(Condition(min_age=low, max_age=high))
