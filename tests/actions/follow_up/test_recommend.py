"""The yearly question."""

from __future__ import annotations

from datetime import timedelta

import pytest

from actions import remind
from actions.house import House
from domain.clock import FixedClock, local
from domain.conversations import State
from domain.surveys import SurveyKind
from tests.actions.asked_how import (
    asked,
    ended,
    press,
    say,
    states,
)
from tests.actions.reminded import go
from tests.actions.visiting import START, read, topics

RECOMMEND = "老朋友要是打听，您会跟他说我们这儿好吗？点一个，直接说也行。"


def test_a_month_after_the_first_visit_and_then_yearly(
    house: House, clock: FixedClock, visit_id: str
) -> None:
    go(house, clock, START + timedelta(days=31))
    assert asked(house, "mei", RECOMMEND) == 1
    go(house, clock, START + timedelta(days=31 + 365 - 2))
    assert asked(house, "mei", RECOMMEND) == 1
    go(house, clock, START + timedelta(days=31 + 365))

    assert asked(house, "mei", RECOMMEND) == 2
    assert asked(house, "huan", RECOMMEND) == 2


def test_the_year_counts_from_the_day_that_was_planned(
    house: House, clock: FixedClock, visit_id: str
) -> None:
    """The machine was away for two days: the question does not wander through the year."""
    clock.moment = START + timedelta(days=33)
    remind.work_off(house)
    with house.store.read() as unit:
        first, following = unit.reminders.instances(unit.reminders.latest("recommend:mei").id)
    assert first.sent_at is not None
    assert following.planned_at == first.planned_at + timedelta(days=365)


@pytest.mark.parametrize(
    ("said", "ten", "answer"),
    [
        ("一定会", 10, "谢谢您信得过我们。"),
        ("会吧", 8, "谢谢您。哪里还能更好，随时跟我说。"),
        ("说不准", 5, "谢谢您说实话。哪里不好，您跟我说，或者找真人管家说。"),
        ("九分", 9, "谢谢您信得过我们。"),
    ],
)
def test_the_yearly_question_is_answered_in_words(
    house: House, clock: FixedClock, visit_id: str, said: str, ten: int, answer: str
) -> None:
    go(house, clock, START + timedelta(days=31))

    assert say(house, "mei", said) == (State.ANSWERED, answer)
    with house.store.read() as unit:
        (found,) = [s for s, _ in unit.surveys.page(person_id="mei") if s.kind is SurveyKind.RECOMMEND]
        assert found.score == ten
    assert topics(house) == []


def test_the_yearly_question_is_pressed(house: House, clock: FixedClock, visit_id: str) -> None:
    go(house, clock, START + timedelta(days=31))

    assert press(house, "mei", "一定会") == "谢谢您信得过我们。"


def test_not_in_the_same_week_as_another_question(house: House, clock: FixedClock, visit_id: str) -> None:
    """A visit two days before its turn puts it off a week, and in that week nothing else is asked."""
    near = START.replace(hour=16) + timedelta(days=28)
    go(house, clock, near)
    first = ended(house, clock, near)
    go(house, clock, near + timedelta(days=4))
    second = ended(house, clock, near + timedelta(days=4))
    go(house, clock, near + timedelta(days=7, hours=2, minutes=59))
    assert states(house, first)["mei", "ask"] == "sent"
    assert states(house, second)["mei", "ask"] == "enough"
    assert asked(house, "mei", RECOMMEND) == 0
    go(house, clock, near + timedelta(days=7, hours=3))

    assert asked(house, "mei", RECOMMEND) == 1
    with house.store.read() as unit:
        moments = sorted(at for _, at in unit.surveys.asked_since("mei", near))
    assert moments[1] - moments[0] == timedelta(days=7)


def test_the_question_is_put_at_an_hour_of_the_day(house: House, clock: FixedClock, visit_id: str) -> None:
    go(house, clock, START + timedelta(days=400))
    with house.store.read() as unit:
        quiet = unit.reminders.notices("mei").quiet(house.calendar)
        moments = [at for _, at in unit.surveys.asked_since("mei", START)]

    assert len(moments) == 3
    assert all(quiet.until(moment) is None for moment in moments)
    assert all(7 <= local(moment).hour < 21 for moment in moments)


def test_next_due_steps_to_the_question(house: House, clock: FixedClock, visit_id: str) -> None:
    _, booking = read(house, visit_id)
    with house.store.read() as unit:
        assert remind.next_due(unit) == START.replace(hour=19, minute=25)
        assert booking.member_id == "mei"
