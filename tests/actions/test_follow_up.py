"""After a visit one question with five faces, once more and never twice; what follows from each answer, and when none is asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from actions import rate_chat, remind
from actions.follow_up import plan_follow_up
from actions.hand_over import Cause, claim, close, open_ticket
from actions.house import House
from actions.rate import Answer, Outcome, decline, rate
from actions.visit_checks import confirm
from bot.front import Front
from domain.clock import FixedClock, local
from domain.conversations import Message, Speaker, State
from domain.errors import NotFound
from domain.notices import Notices
from domain.people import Scope
from domain.reminders import Instance
from domain.store import Unit
from domain.surveys import How, Survey, SurveyKind
from domain.tickets import Priority
from domain.visits import Visit, VisitState
from tests.actions.test_remind_machine import booked_row
from tests.actions.test_remind_visits import go
from tests.actions.visiting import START, add_carers, booked, heard, lead, read, topics, who

QUESTION = "您觉得怎么样？点一个，直接说也行。"
CHILDS = "您看做得怎么样？点一个，直接说也行。"


@pytest.fixture(autouse=True)
def they_listen(house: House) -> None:
    add_carers(house)
    with house.store.write() as unit:
        unit.conversations.of("mei")
        unit.conversations.of("huan")


@pytest.fixture
def visit_id(house: House, clock: FixedClock) -> str:
    """A bath that ended at 16:25."""
    made = booked(house)
    lead(house, clock, made)
    return made


def rows(unit: Unit, visit_id: str) -> list[Instance]:
    visit = unit.visits.get(visit_id)
    assert visit is not None
    rule = unit.reminders.latest(f"follow:{visit.booking_id}")
    return list(unit.reminders.instances(rule.id)) if rule is not None else []


def states(house: House, visit_id: str) -> dict[tuple[str, str], str]:
    """(person, occurrence) to state or reason."""
    with house.store.read() as unit:
        return {(i.person_id, i.occurrence): str(i.reason or i.state) for i in rows(unit, visit_id)}


def survey_of(house: House, visit_id: str, person: str) -> Survey:
    with house.store.read() as unit:
        visit = unit.visits.get(visit_id)
        assert visit is not None
        found = unit.surveys.on(person, f"visit:{visit.booking_id}")
        assert found is not None
        return found


def scored(house: House, visit_id: str, person: str, score: int, key: str = "k") -> Outcome:
    with house.store.write() as unit:
        survey = survey_of(house, visit_id, person)
        return rate(
            house, unit, who(unit, person), survey.id, Answer(f"{person}{key}", How.BUTTON, score=score)
        )


def say(house: House, person: str, text: str) -> tuple[State, str]:
    """What acts on words before Rasa: (state of the message, what was answered)."""
    with house.store.write() as unit:
        conversation = unit.conversations.of(person)
        message = Message(
            conversation_id=conversation.id,
            direction="in",
            speaker=Speaker.MEMBER,
            channel="web",
            text=text,
            key=f"in:{person}:{text}:{house.now()}",
            state=State.RECEIVED,
            created_at=house.now(),
            author_id=person,
            owner_version=conversation.version,
        )
        unit.conversations.add(message)
        unit.flush()
        Front(house, unit, message, conversation, who(unit, person)).take(text)
        unit.flush()
        replies = unit.conversations.replies(message.id or 0)
        return message.state, replies[-1].text if replies else ""


def press(house: House, person: str, title: str) -> str:
    """Press the newest button of this title."""
    with house.store.read() as unit:
        conversation = unit.conversations.of_existing(person)
        assert conversation is not None
        keys = [m.key for m in unit.conversations.last(conversation.id, 50) if m.direction == "out"]
        found = [b.id for key in keys for b in unit.conversations.buttons(key) if b.title == title]
    return say(house, person, found[-1])[1]


def ended(house: House, clock: FixedClock, moment: datetime) -> str:
    """A visit that ended at a moment, whoever made it and led it."""
    clock.moment = moment
    with house.store.write() as unit:
        booking = booked_row("mei", f"b{moment:%m%d}", moment - timedelta(hours=1))
        unit.bookings.add(booking)
        unit.flush()
        visit = Visit(
            id=f"v{booking.id}",
            booking_id=booking.id,
            state=VisitState.DONE,
            code="1234",
            created_at=moment,
            began_at=booking.begin,
            ended_at=moment,
        )
        unit.visits.add(visit)
        unit.flush()
        plan_follow_up(house, unit, visit, booking)
        return visit.id


def asked(house: House, person: str, question: str = QUESTION) -> int:
    return sum(words.endswith(question) for words in heard(house, person))


def test_three_hours_after_the_end_both_are_asked(house: House, clock: FixedClock, visit_id: str) -> None:
    go(house, clock, START.replace(hour=19, minute=24))
    assert asked(house, "mei") == asked(house, "huan", CHILDS) == 0
    go(house, clock, START.replace(hour=19, minute=25))

    assert heard(house, "mei")[-1] == f"今天，11月26日，星期四，下午3点的助浴做完了。\n{QUESTION}"
    assert heard(house, "huan")[-1] == f"您母亲今天，11月26日，星期四，下午3点的助浴做完了。\n{CHILDS}"
    with house.store.read() as unit:
        conversation = unit.conversations.of("mei")
        shown = unit.conversations.last(conversation.id, 1)[0].payload["buttons"]
        assert isinstance(shown, list)
        titles = [button["title"] for button in shown]
        assert titles == ["😞 很不满意", "🙁 不满意", "😐 一般", "🙂 满意", "😀 很满意"]
        assert "survey:assisted_bathing" in [u.action for u in unit.people.uses_of("mei")]


def test_not_at_night_and_not_in_the_nap(house: House, clock: FixedClock) -> None:
    made = booked(house, at=START.replace(hour=16))
    lead(house, clock, made, minutes=130)
    go(house, clock, START.replace(day=27, hour=6, minute=59))
    assert asked(house, "mei") == 0
    go(house, clock, START.replace(day=27, hour=7))

    assert heard(house, "mei")[-1].startswith("昨天，11月26日，星期四，下午4点的助浴做完了。")


def test_one_nudge_and_never_another(house: House, clock: FixedClock, visit_id: str) -> None:
    go(house, clock, START.replace(day=27, hour=19, minute=25))
    assert asked(house, "mei") == 2
    assert heard(house, "mei")[-1].startswith(
        "昨天，11月26日，星期四，下午3点的助浴，再问您一回，以后不问了。"
    )
    go(house, clock, START + timedelta(days=29))

    assert asked(house, "mei") == 2
    assert asked(house, "huan", CHILDS) == 2
    found = survey_of(house, visit_id, "mei")
    assert found.asked_at is not None
    assert found.nudged_at == found.asked_at + timedelta(days=1)


def test_who_answers_is_not_asked_again(house: House, clock: FixedClock, visit_id: str) -> None:
    go(house, clock, START.replace(hour=20))
    assert press(house, "mei", "😀 很满意") == "记下了：很满意。谢谢您。"
    go(house, clock, START + timedelta(days=5))

    assert asked(house, "mei") == 1
    assert states(house, visit_id)["mei", "nudge"] == "answered"
    assert topics(house) == []


def test_days_later_the_faces_still_work(house: House, clock: FixedClock, visit_id: str) -> None:
    go(house, clock, START + timedelta(days=9))

    assert press(house, "mei", "🙂 满意").startswith("记下了：满意。")
    assert survey_of(house, visit_id, "mei").score == 4


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


def ticket(house: House, topic: str = "low_rating") -> dict[str, object]:
    with house.store.read() as unit:
        (found,) = [t for t in unit.tickets.list(queues=("life",)) if t.topic == topic]
        task = found.card["task"]
        assert isinstance(task, dict)
        return {"priority": str(found.priority), "state": str(found.state), "member": found.member_id, **task}


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


def _dies(house: House, unit: Unit) -> None:
    who(unit, "huan").died_on = date(2026, 11, 20)


def _cries(house: House, unit: Unit) -> None:
    cause = Cause("doctor", "emergency:illness", Priority.URGENT)
    made = open_ticket(house, unit, unit.conversations.of("mei"), who(unit, "mei"), cause, "cry")
    close(house, unit, who(unit, "doc1"), made.id, "好了")


def _complains(house: House, unit: Unit) -> None:
    cause = Cause("life", "complaint", Priority.HIGH)
    open_ticket(house, unit, unit.conversations.of("mei"), who(unit, "mei"), cause, "complaint")


def _false_alarm(house: House, unit: Unit) -> None:
    _cries(house, unit)
    (made,) = unit.tickets.list(queues=("doctor",))
    made.card = {**made.card, "false_alarm": "x"}


def _wants_fewer(house: House, unit: Unit) -> None:
    unit.reminders.add(Notices(person_id="mei", fewer=True))


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (_dies, "bad_news"),
        (_cries, "bad_news"),
        (_complains, "complaint"),
        (_wants_fewer, "unwanted"),
        (_false_alarm, "sent"),
    ],
)
def test_when_the_elder_is_not_asked(
    house: House,
    clock: FixedClock,
    visit_id: str,
    happens: Callable[[House, Unit], None],
    reason: str,
) -> None:
    with house.store.write() as unit:
        happens(house, unit)
    go(house, clock, START.replace(hour=20))

    assert states(house, visit_id)["mei", "ask"] == reason
    assert asked(house, "mei") == (reason == "sent")


def test_nobody_is_asked_about_a_visit_that_somebody_says_was_none(
    house: House, clock: FixedClock, visit_id: str
) -> None:
    with house.store.write() as unit:
        confirm(house, unit, who(unit, "mei"), visit_id, "no", came=False)
    go(house, clock, START + timedelta(days=5))

    assert states(house, visit_id) == {("mei", "ask"): "complaint", ("huan", "ask"): "complaint"}


def test_a_visit_without_an_end_is_asked_about_by_nobody(house: House, clock: FixedClock) -> None:
    made = booked(house)
    go(house, clock, START + timedelta(days=5))

    assert states(house, made) == {}
    assert asked(house, "mei") == 0


def test_a_child_without_leave_is_not_asked_nor_about_what_is_private(
    house: House, clock: FixedClock
) -> None:
    made = booked(house, "mei", private=True)
    lead(house, clock, made)
    other = booked(house, "mei", at=START + timedelta(days=1), key="k2")
    lead(house, clock, other)
    with house.store.write() as unit:
        for consent in unit.people.consents_of("mei"):
            if consent.scope is Scope.SEE_VISITS:
                consent.revoked_at = house.now()
    go(house, clock, START + timedelta(days=6))

    assert states(house, made)["huan", "ask"] == "no_consent"
    assert states(house, other)["huan", "ask"] == "no_consent"
    assert asked(house, "huan", CHILDS) == 0


def test_who_wishes_so_is_never_asked_again(house: House, clock: FixedClock, visit_id: str) -> None:
    go(house, clock, START.replace(day=27, hour=20))
    assert press(house, "huan", "以后都别问了") == "好，以后做完了不再问您。您想说，随时跟我说。"
    other = booked(house, at=START + timedelta(days=3), key="k2")
    lead(house, clock, other)
    go(house, clock, START + timedelta(days=4))

    assert states(house, other)["huan", "ask"] == "unwanted"
    assert states(house, other)["mei", "ask"] == "sent"
    with house.store.read() as unit:
        assert [c.what for c in unit.reminders.changes("huan")] == ["no_surveys"]


def test_who_is_in_the_middle_of_something_is_asked_later(
    house: House, clock: FixedClock, visit_id: str
) -> None:
    clock.moment = START.replace(hour=19, minute=20)
    say(house, "mei", "还剩几次助浴")
    go(house, clock, START.replace(hour=19, minute=29))
    assert asked(house, "mei") == 0
    go(house, clock, START.replace(hour=19, minute=30))

    assert asked(house, "mei") == 1


def test_a_butler_who_talks_is_not_talked_over(house: House, clock: FixedClock, visit_id: str) -> None:
    with house.store.write() as unit:
        made = open_ticket(
            house, unit, unit.conversations.of("mei"), who(unit, "mei"), Cause("life", "request"), "r"
        )
        claim(house, unit, who(unit, "life1"), made.id)
    go(house, clock, START.replace(hour=20))
    assert asked(house, "mei") == 0
    with house.store.write() as unit:
        close(house, unit, who(unit, "life1"), made.id, "办好了")
    # One question at a time: first comes the one about the help that she was given.
    go(house, clock, START.replace(hour=20, minute=30))
    assert asked(house, "mei") == 0
    go(house, clock, START.replace(hour=9) + timedelta(days=1))

    assert asked(house, "mei") == 1


def test_no_more_than_three_questions_a_week(house: House, clock: FixedClock) -> None:
    made = []
    for number in range(4):
        made.append(ended(house, clock, START.replace(hour=16) + timedelta(days=number)))
        go(house, clock, START.replace(hour=20) + timedelta(days=number))

    assert [states(house, one)["mei", "ask"] for one in made] == ["sent", "sent", "sent", "enough"]


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


# The yearly question.

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
