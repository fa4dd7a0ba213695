"""After a visit one question with five faces, once more and never twice; when none is asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from actions.hand_over import Cause, claim, close, open_ticket
from actions.house import House
from actions.visit_checks import confirm
from domain.bookings import Status
from domain.clock import FixedClock
from domain.notices import Notices
from domain.people import Scope
from domain.store import Unit
from domain.tickets import Priority
from domain.visits import VisitState
from tests.actions.asked_how import (
    CHILDS,
    QUESTION,
    asked,
    ended,
    press,
    say,
    states,
    survey_of,
)
from tests.actions.reminded import go
from tests.actions.visiting import START, booked, heard, lead, topics, who


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
    # Who was not asked is not asked "once more" either.
    assert (("mei", "nudge") in states(house, visit_id)) == (reason == "sent")


def test_nobody_is_asked_about_a_visit_that_somebody_says_was_none(
    house: House, clock: FixedClock, visit_id: str
) -> None:
    with house.store.write() as unit:
        confirm(house, unit, who(unit, "mei"), visit_id, "no", came=False)
    go(house, clock, START + timedelta(days=5))

    assert states(house, visit_id) == {("mei", "ask"): "complaint", ("huan", "ask"): "complaint"}


def test_what_was_objected_to_stays_so_when_its_ticket_is_closed(
    house: House, clock: FixedClock, visit_id: str
) -> None:
    with house.store.write() as unit:
        confirm(house, unit, who(unit, "mei"), visit_id, "no", came=False)
        unit.flush()
        (made,) = unit.tickets.list(queues=("life",))
        close(house, unit, who(unit, "life1"), made.id, "问过了")
    go(house, clock, START.replace(hour=20))
    assert states(house, visit_id)["mei", "ask"] == "complaint"


@pytest.mark.parametrize("what", ["visit", "booking"])
def test_a_visit_that_turns_out_to_have_been_none_is_not_asked_about(
    house: House, clock: FixedClock, visit_id: str, what: str
) -> None:
    with house.store.write() as unit:
        visit = unit.visits.get(visit_id)
        assert visit is not None
        if what == "visit":
            visit.state = VisitState.CALLED_OFF
        else:
            unit.bookings.get(visit.booking_id).status = Status.NO_SHOW  # type: ignore[union-attr]
    go(house, clock, START.replace(hour=20))
    assert set(states(house, visit_id).values()) == {"not_done"}


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
