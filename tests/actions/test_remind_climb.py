"""Nobody says that a visit is known of: again, then the child, then a call; one answer ends it for all."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from actions.end_booking import cancel_booking
from actions.house import House
from domain.clock import FixedClock
from domain.notices import Notices
from domain.quiet import Window
from tests.actions.reminded import DAY_BEFORE, go, listen, moved, press_seen, told
from tests.actions.visiting import START, add_carers, booked, heard, topics, who
from tests.conftest import NOW


@pytest.fixture(autouse=True)
def they_listen(house: House) -> None:
    add_carers(house)
    listen(house)


def test_nobody_answers_so_it_climbs_and_everybody_is_told(house: House, clock: FixedClock) -> None:
    visit_id = booked(house)
    go(house, clock, DAY_BEFORE + timedelta(hours=4))
    assert heard(house, "mei")[-1] == (
        "再跟您说一遍：明天，11月26日，星期四，下午3点，您有助浴，高师傅到家来。\n知道了就点一下，好吗？"
    )
    # Two hours later is nine in the evening: the daughter is asked in the morning.
    go(house, clock, DAY_BEFORE.replace(hour=23))
    assert not any("还没听到回话" in words for words in heard(house, "huan"))
    go(house, clock, START.replace(hour=7, minute=15))
    assert heard(house, "huan")[-1] == (
        "您母亲今天，11月26日，星期四，下午3点，有助浴，高师傅到家来。我提醒过了，还没听到回话。\n"
        "您方便跟您母亲说一声吗？"
    )
    assert heard(house, "mei")[-1] == "今天，11月26日，星期四，下午3点的助浴，我也请何欢跟您说一声。"
    go(house, clock, START.replace(hour=9, minute=15))
    assert len(topics(house)) == 1
    assert heard(house, "mei")[-1].endswith("我请生活管家给您打个电话，再跟您说一声。")
    assert heard(house, "huan")[-1].endswith("还没听到回话，我请生活管家打电话去了。")
    states = told(house, visit_id)
    assert [states[key] for key in (("mei", "again"), ("huan", "child"), ("mei", "telephone"))] == [
        "sent"
    ] * 3


def test_one_answer_ends_the_climb_for_all(house: House, clock: FixedClock) -> None:
    visit_id = booked(house)
    go(house, clock, START.replace(hour=9, minute=15))
    assert len(topics(house)) == 1
    press_seen(house, visit_id, "mei", "again")
    with house.store.read() as unit:
        (ticket,) = unit.tickets.list(queues=("life",))
        assert (str(ticket.state), ticket.outcome) == ("closed", "已经知道了，不用打电话了")
        assert unit.conversations.of("mei").owner == "butler"
    assert heard(house, "huan")[-1] == "您母亲知道了：今天，11月26日，星期四，下午3点的助浴。您放心。"


@pytest.mark.parametrize("what", ["moved", "dropped"])
def test_nobody_telephones_about_what_has_changed(house: House, clock: FixedClock, what: str) -> None:
    """It was moved or dropped in some other way than under the reminder: nobody need call any more."""
    visit_id = booked(house)
    go(house, clock, START.replace(hour=9, minute=15))
    assert len(topics(house)) == 1
    if what == "moved":
        moved(house, visit_id, NOW.replace(day=28, hour=10))
    else:
        with house.store.write() as unit:
            visit = unit.visits.get(visit_id)
            assert visit is not None
            cancel_booking(house, unit, who(unit, "mei"), visit.booking_id)
    with house.store.read() as unit:
        (ticket,) = unit.tickets.list(queues=("life",))
        assert (str(ticket.state), ticket.outcome) == ("closed", "这一次已经变了，不用打电话了")
        assert unit.conversations.of("mei").owner == "butler"


def test_the_daughters_answer_spares_the_mother(house: House, clock: FixedClock) -> None:
    visit_id = booked(house)
    go(house, clock, DAY_BEFORE + timedelta(hours=1))
    press_seen(house, visit_id, "huan", "day_before")
    go(house, clock, START)

    assert not any(words.startswith("再跟您说一遍") for words in heard(house, "mei"))
    assert told(house, visit_id)["mei", "again"] == "answered"


def test_who_has_no_chat_is_asked_through_the_daughter(house: House, clock: FixedClock) -> None:
    with house.store.write() as unit:
        unit.conversations.remove(unit.conversations.of("mei"))
    visit_id = booked(house)
    go(house, clock, START)

    states = told(house, visit_id)
    assert states["mei", "day_before"] == "no_chat"
    assert states["huan", "child"] == "sent"
    assert states["mei", "telephone"] == "sent"


def test_where_nobody_can_be_written_to_a_butler_telephones(house: House, clock: FixedClock) -> None:
    with house.store.write() as unit:
        unit.conversations.remove(unit.conversations.of("mei"))
        unit.conversations.remove(unit.conversations.of("huan"))
    visit_id = booked(house)
    go(house, clock, START)

    states = told(house, visit_id)
    assert states["mei", "child"] == "nobody"
    assert states["mei", "telephone"] == "sent"
    assert len(topics(house)) == 1


def test_a_long_quiet_leaves_time_to_telephone(house: House, clock: FixedClock) -> None:
    """Her quiet lasts into the visit: what cannot be said in it is passed over, and the call comes before it begins."""
    with house.store.write() as unit:
        unit.reminders.add(Notices(person_id="mei", windows=[Window(time(20), time(9)).row()]))
    begin = START.replace(hour=8)
    clock.moment = begin - timedelta(hours=13)
    visit_id = booked(house, at=begin)
    go(house, clock, begin - timedelta(minutes=30))

    states = told(house, visit_id)
    assert [states[key] for key in (("mei", "two_hours"), ("mei", "again"), ("huan", "child"))] == [
        "sent",
        "quiet",
        "sent",
    ]
    assert states["mei", "telephone"] == "sent"
    assert len(topics(house)) == 1


def test_the_dead_are_not_asked_in_the_climb(house: House, clock: FixedClock) -> None:
    with house.store.write() as unit:
        who(unit, "huan").died_on = date(2026, 11, 1)
    visit_id = booked(house)
    go(house, clock, START)

    assert heard(house, "huan") == []
    states = told(house, visit_id)
    assert (states["mei", "child"], states["mei", "telephone"]) == ("nobody", "sent")
