"""What follows from each answer to the question after a visit: words for a face, why, a ticket, a change of mind."""

from __future__ import annotations

from datetime import timedelta

import pytest

from actions import rate_chat
from actions.hand_over import claim
from actions.house import House
from actions.rate import Answer, decline, rate
from domain.clock import FixedClock
from domain.conversations import State
from domain.errors import NotFound
from domain.surveys import How
from tests.actions.asked_how import (
    asked,
    press,
    say,
    scored,
    survey_of,
    ticket,
)
from tests.actions.reminded import go
from tests.actions.visiting import START, topics, who


@pytest.mark.parametrize(
    ("said", "score", "answer"),
    [
        ("挺好的", 5, "记下了：很满意。谢谢您。"),
        ("给四分", 4, "记下了：满意。谢谢您。"),
        ("👍", 5, "记下了：很满意。谢谢您。"),
        ("一般", 3, "记下了：一般。对不起，生活管家会来问您。\n哪里做得不好？点一个，直接说也行。"),
        ("不太行，迟到了", 2, "记下了：不满意，您说的我也记着了。对不起，生活管家会来问您。"),
    ],
)
def test_words_for_a_rating(
    house: House, clock: FixedClock, visit_id: str, said: str, score: int, answer: str
) -> None:
    go(house, clock, START.replace(hour=20))

    assert say(house, "mei", said) == (State.ANSWERED, answer)
    assert survey_of(house, visit_id, "mei").score == score


@pytest.mark.parametrize(
    "said", ["帮我约个明天的理发", "还剩几次助浴", "你好", "好的", "挺好的，再帮我约一次"]
)
def test_a_request_instead_of_a_rating_is_left_to_rasa(
    house: House, clock: FixedClock, visit_id: str, said: str
) -> None:
    go(house, clock, START.replace(hour=20))

    assert say(house, "mei", said) == (State.RECEIVED, "")
    assert survey_of(house, visit_id, "mei").score is None
    go(house, clock, START.replace(day=27, hour=20))
    assert asked(house, "mei") == 2


def test_a_person_please_goes_before(house: House, clock: FixedClock, visit_id: str) -> None:
    go(house, clock, START.replace(hour=20))

    assert "管家" in say(house, "mei", "转人工")[1]
    assert survey_of(house, visit_id, "mei").score is None


def test_words_count_only_while_the_question_is_the_last_thing_said(
    house: House, clock: FixedClock, visit_id: str
) -> None:
    assert say(house, "mei", "挺好的") == (State.RECEIVED, "")
    go(house, clock, START.replace(hour=20))
    press(house, "mei", "😀 很满意")

    assert say(house, "mei", "一般") == (State.RECEIVED, "")


@pytest.mark.parametrize(
    ("face", "priority"), [("😞 很不满意", "high"), ("🙁 不满意", "high"), ("😐 一般", "normal")]
)
def test_a_low_rating_opens_a_ticket_with_its_clock_and_asks_why(
    house: House, clock: FixedClock, visit_id: str, face: str, priority: str
) -> None:
    go(house, clock, START.replace(hour=20))
    assert press(house, "mei", face).endswith("哪里做得不好？点一个，直接说也行。")
    assert press(house, "mei", "来晚了") == "记下了，我告诉生活管家。谢谢您跟我说实话。"

    found = ticket(house)
    assert (found["priority"], found["member"], found["why"]) == (priority, "mei", "来晚了")
    assert (found["service"], found["staff"]) == ("assisted_bathing", "高师傅")
    with house.store.read() as unit:
        (made,) = unit.tickets.list(queues=("life",))
        assert made.first_reply_due > made.opened_at


def test_why_in_own_words(house: House, clock: FixedClock, visit_id: str) -> None:
    go(house, clock, START.replace(hour=20))
    press(house, "mei", "🙁 不满意")
    assert press(house, "mei", "我自己说") == "您说，我照您的话记下来。"
    # A wish is a wish, though own words are waited for.
    assert say(house, "mei", "帮我约个理发")[0] is State.RECEIVED
    assert say(house, "mei", "她光顾着看手机，水都凉透了") == (
        State.ANSWERED,
        "记下了，我告诉生活管家。谢谢您跟我说实话。",
    )

    assert ticket(house)["words"] == "她光顾着看手机，水都凉透了"
    assert survey_of(house, visit_id, "mei").words == "她光顾着看手机，水都凉透了"


def test_why_typed_at_once_or_not_at_all(house: House, clock: FixedClock, visit_id: str) -> None:
    go(house, clock, START.replace(hour=20))
    press(house, "mei", "🙁 不满意")
    press(house, "huan", "😐 一般")

    assert say(house, "mei", "等了半天才来")[1] == "记下了，我告诉生活管家。谢谢您跟我说实话。"
    assert say(house, "huan", "不说了")[1] == "好，不说也行。生活管家会来问您。"
    assert (survey_of(house, visit_id, "mei").why, survey_of(house, visit_id, "huan").why) == (
        "late",
        "unsaid",
    )


def test_the_later_word_wins_for_a_day_and_each_is_kept(
    house: House, clock: FixedClock, visit_id: str
) -> None:
    go(house, clock, START.replace(hour=20))
    press(house, "mei", "😞 很不满意")
    assert [t for t, _ in topics(house)] == ["low_rating"]
    clock.advance(timedelta(hours=23))
    assert press(house, "mei", "😀 很满意") == "改过来了：很满意。谢谢您。"
    clock.advance(timedelta(hours=2))
    assert press(house, "mei", "😐 一般").startswith("这一次早就记好了")

    found = survey_of(house, visit_id, "mei")
    assert found.score == 5
    assert ticket(house)["state"] == "closed"
    with house.store.read() as unit:
        assert [a.score for a in unit.surveys.answers(found.id)] == [1, 5, None]
        provider, staff = unit.providers.get("p1"), unit.providers.staff("s1")
        assert provider is not None
        assert staff is not None
        assert (provider.rating_sum, provider.rating_count) == (5, 1)
        assert (staff.rating_sum, staff.rating_count) == (5, 1)


def test_a_ticket_that_somebody_has_taken_stays_when_the_word_changes(
    house: House, clock: FixedClock, visit_id: str
) -> None:
    go(house, clock, START.replace(hour=20))
    press(house, "mei", "😞 很不满意")
    with house.store.write() as unit:
        (made,) = unit.tickets.list(queues=("life",))
        claim(house, unit, who(unit, "life1"), made.id)
    press(house, "mei", "😀 很满意")

    assert ticket(house)["state"] == "claimed"


def test_a_slip_of_the_finger_is_put_right(house: House, clock: FixedClock, visit_id: str) -> None:
    go(house, clock, START.replace(hour=20))
    press(house, "mei", "😞 很不满意")
    assert press(house, "mei", "点错了") == "好，您重新点一个。"
    assert press(house, "mei", "🙂 满意") == "改过来了：满意。谢谢您。"

    assert ticket(house)["state"] == "closed"
    # What is said after the thanks is no rating.
    assert say(house, "mei", "不错")[0] is State.RECEIVED


def test_a_fallen_score_opens_a_ticket_anew(house: House, clock: FixedClock, visit_id: str) -> None:
    go(house, clock, START.replace(hour=20))
    for face in ("😞 很不满意", "😀 很满意", "🙁 不满意"):
        press(house, "mei", face)

    with house.store.read() as unit:
        assert sorted(str(t.state) for t in unit.tickets.list(queues=("life",))) == ["closed", "open"]


def test_elder_and_child_far_apart_open_a_ticket(house: House, clock: FixedClock, visit_id: str) -> None:
    go(house, clock, START.replace(hour=20))
    press(house, "mei", "😀 很满意")
    assert topics(house) == []
    press(house, "huan", "😐 一般")

    assert {t for t, _ in topics(house)} == {"low_rating", "rating_gap"}
    found = ticket(house, "rating_gap")
    assert (found["member"], found["elder_score"], found["family_score"]) == ("mei", "5", "3")


def test_one_apart_is_no_gap(house: House, clock: FixedClock, visit_id: str) -> None:
    go(house, clock, START.replace(hour=20))
    press(house, "mei", "😀 很满意")
    press(house, "huan", "🙂 满意")

    assert topics(house) == []


def test_another_persons_survey_means_nothing(house: House, clock: FixedClock, visit_id: str) -> None:
    go(house, clock, START.replace(hour=20))
    theirs = survey_of(house, visit_id, "huan").id
    with house.store.write() as unit:
        mei = who(unit, "mei")
        for what in (f"{theirs}:5", f"{theirs}:never", "sv_x:3", f"{theirs}:x"):
            said = rate_chat.press(house, unit, mei, "rate", what, "k")
            assert said.text == house.words.say("button_unknown")
        with pytest.raises(NotFound):
            decline(house, unit, mei, theirs)


@pytest.mark.parametrize("score", [0, 6, -1, None])
def test_what_is_no_score_changes_nothing(
    house: House, clock: FixedClock, visit_id: str, score: int | None
) -> None:
    go(house, clock, START.replace(hour=20))
    survey = survey_of(house, visit_id, "mei")
    with pytest.raises(NotFound), house.store.write() as unit:
        rate(house, unit, who(unit, "mei"), survey.id, Answer("k", How.API, score=score))

    assert survey_of(house, visit_id, "mei").score is None


def test_one_message_counts_once(house: House, clock: FixedClock, visit_id: str) -> None:
    go(house, clock, START.replace(hour=20))
    for _ in range(3):
        scored(house, visit_id, "mei", 4)

    with house.store.read() as unit:
        assert len(unit.surveys.answers(survey_of(house, visit_id, "mei").id)) == 1
        provider = unit.providers.get("p1")
        assert provider is not None
        assert (provider.rating_sum, provider.rating_count) == (4, 1)
