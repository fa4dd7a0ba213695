"""What stands in the way is said before the question: needs at a booking, refusals at a move; which one is meant."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from actions.house import House
from actions.rasa import booking, dropping, moving, papers, which
from actions.rasa.booking_draft import Draft
from domain.bookings import Status
from domain.clock import FixedClock
from tests.actions.care import AFTERNOON, book, booking_of, who
from tests.actions.planning import firm, lay_rehab, planned
from tests.actions.turns import after, buttons, turn


def test_what_must_be_there_first_is_said_and_nothing_is_booked(house: House) -> None:
    lay_rehab(house)
    with house.store.write() as unit:
        unit.benefits.assessment("mei", date(2026, 11, 24)).valid_until = date(2026, 11, 1)  # type: ignore[union-attr]
        unit.flush()
        spoken = turn(house, unit, "约神经康复，到家里来，后天上午九点", intent="book_service")
        slots = after(booking.validate(spoken))
        assert slots["booking_ok"] == "left"
        assert spoken.said == ["您上次的评估过期了，做神经康复之前要再评估一次。"]
        assert buttons(house, unit, spoken) == ["先约上门评估", "找真人管家"]
    with house.store.read() as unit:
        assert unit.bookings.of("mei") == []


def test_without_the_doctors_paper_it_is_let_go(house: House) -> None:
    booking_id = book(house)
    with house.store.write() as unit:
        held = booking_of(unit, booking_id)
        held.service = "home_nursing"
        spoken = turn(
            house,
            unit,
            "我没有医嘱",
            slots={"booking_slot": held.id, "booking_for": "mei", "requested_slot": "booking_ok"},
        )
        assert [c.title for c in papers.below(spoken, held)] == [
            "对，就这么定",
            "别的时间",
            "没有医嘱",
            "不办了",
        ]
        assert papers.is_missed(spoken)
        draft = Draft.of(spoken)
        assert papers.leave_off(draft)
        assert (draft["ok"], draft["slot"]) == ("left", None)
        assert spoken.said == ["没有医嘱，上门护理做不了，我先不定。怎么开，请医生管家跟您说，好吗？"]


def test_a_move_that_the_benefit_does_not_carry_is_refused_before_the_question(house: House) -> None:
    with house.store.write() as unit:
        unit.benefits.benefit("bf").gap_days = 3
    book(house)
    second = book(house, AFTERNOON + timedelta(days=4))
    with house.store.write() as unit:
        spoken = turn(
            house,
            unit,
            "改到11月27号下午三点",
            intent="reschedule_booking",
            slots={"moving_booking": second, "requested_slot": "moving_time"},
        )
        slots = after(moving.validate(spoken))
        assert slots["moving_slot"] is None
        assert slots["moving_time"] is None
        assert slots["moving_ok"] is None
        assert "两次之间要隔3天" in spoken.said[0]
        assert "那一天用不了" in spoken.said[1]
    with house.store.read() as unit:
        assert booking_of(unit, second).begin == AFTERNOON + timedelta(days=4)


def test_a_daughter_who_may_not_book_is_told_before_the_question(house: House) -> None:
    book(house)
    with house.store.write() as unit:
        for scope, consent in unit.people.consents("mei", "huan", house.now()).items():
            if scope == "book":
                consent.revoked_at = house.now()
        unit.flush()
        spoken = turn(house, unit, "把我妈的助浴改到后天下午", who_speaks="huan", intent="reschedule_booking")
        assert after(moving.validate(spoken))["moving_ok"] == "left"
        assert spoken.said == ["您母亲没有让您代为改时间，这一步要您母亲自己来。也可以找管家帮忙。"]


def test_right_after_a_booking_a_new_time_means_that_one(house: House, clock: FixedClock) -> None:
    series_id = planned(house, "FREQ=WEEKLY;BYDAY=WE;BYHOUR=15;BYMINUTE=0;COUNT=2")
    firm(house, series_id)
    last = book(house)

    def meant(text: str) -> str | None:
        with house.store.write() as unit:
            spoken = turn(house, unit, text, intent="reschedule_booking")
            found: str | None = after(moving.validate(spoken))["moving_booking"]
            return found

    assert meant("改到后天下午四点") == last
    assert meant("改个时间") is None
    clock.advance(timedelta(minutes=11))
    assert meant("改到后天下午四点") is None


def test_after_a_plan_of_visits_it_is_asked_which(house: House) -> None:
    book(house)
    firm(house, planned(house, "FREQ=WEEKLY;BYDAY=WE;BYHOUR=15;BYMINUTE=0;COUNT=2"))
    with house.store.write() as unit:
        spoken = turn(house, unit, "改到下午四点", intent="reschedule_booking")
        assert after(moving.validate(spoken))["moving_booking"] is None


def test_the_old_time_that_a_move_names_says_which(house: House) -> None:
    first, second = book(house), book(house, AFTERNOON + timedelta(days=1))
    with house.store.write() as unit:
        found = [booking_of(unit, first), booking_of(unit, second)]
        for text, left in (
            ("把26号的改到30号", [first]),
            ("27号的助浴换到30号", [second]),
            ("改到27号", [first, second]),
            ("把30号的改到27号", [first, second]),
        ):
            assert [b.id for b in which.from_when(turn(house, unit, text), found)] == left, text


@pytest.mark.parametrize(("count", "pages"), [(3, [3]), (4, [4]), (5, [3, 2]), (9, [3, 3, 3])])
def test_every_visit_is_on_some_page(house: House, count: int, pages: list[int]) -> None:
    ids = [book(house, AFTERNOON + timedelta(days=n), actor="mei") for n in range(3)]
    with house.store.write() as unit:
        one = booking_of(unit, ids[0])
        found = [one] * count
        seen, choice = [], None
        for _ in pages:
            spoken = turn(house, unit, "取消", choice=choice) if choice else turn(house, unit, "取消助浴")
            choices = which.buttons(spoken, found)
            more = [c for c in choices if c.title == "更多"]
            seen.append(len(choices) - len(more))
            choice = f"more:{sum(seen)}"
            assert (choices[-1].title == "更多") is (sum(seen) < count)
        assert seen == pages
        assert who(unit, "mei").id == one.member_id
        assert one.status is Status.CONFIRMED


@pytest.mark.parametrize(
    ("said", "ok"),
    [("不来了", "yes"), ("取消吧", "yes"), ("不取消了", "left"), ("还是来吧", "left"), ("不", "left")],
)
def test_not_coming_said_twice_is_meant(house: House, said: str, ok: str) -> None:
    slots = {"dropping_booking": book(house), "requested_slot": "dropping_ok"}
    intent = "deny" if ok == "left" else "cancel_booking"
    with house.store.write() as unit:
        kept = after(dropping.validate(turn(house, unit, said, intent=intent, slots=slots)))

    assert kept["dropping_ok"] == ok


@pytest.mark.parametrize("said", ["算了还是原来那个时间", "不改了", "照旧"])
def test_it_stays_as_it_was(house: House, said: str) -> None:
    slots = {"moving_booking": book(house), "requested_slot": "moving_time"}
    with house.store.write() as unit:
        spoken = turn(house, unit, said, intent="cancel_booking", slots=slots)
        assert after(moving.validate(spoken))["moving_ok"] == "left"
        assert spoken.said == ["好，不改了：助浴还是后天，11月26日，星期四，下午3点。"]


def test_the_button_of_another_task_is_no_answer(house: House) -> None:
    booking_id = book(house)
    slots = {"moving_booking": booking_id, "requested_slot": "moving_time"}
    with house.store.write() as unit:
        pressed = turn(house, unit, intent="cancel_booking", choice=f"booking:{booking_id}", slots=slots)
        assert moving.validate(pressed) == []


def test_a_visit_that_has_begun_is_not_moved_on(house: House, clock: FixedClock) -> None:
    slots = {"moving_booking": book(house), "requested_slot": "moving_time"}
    clock.advance(timedelta(days=4))
    with house.store.write() as unit:
        spoken = turn(house, unit, "助浴还剩几次", intent="query_entitlement", slots=slots)
        kept = after(moving.validate(spoken))

    assert (kept["moving_ok"], kept["later"][0]["intent"]["name"]) == ("left", "query_entitlement")
    assert spoken.said == []
