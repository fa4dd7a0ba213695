"""A quarter of an hour before something online: can you open it?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from actions import check_joining
from actions.book import Order, cancel, confirm, hold, move
from actions.find_times import Ask, find_times
from actions.house import House
from domain.clock import FixedClock
from domain.errors import NotFound
from domain.providers import Offering
from domain.tickets import Priority
from tests.actions.care import who
from tests.actions.test_find_times import carer
from tests.actions.test_wait import heard
from tests.conftest import NOW

THREE = NOW.replace(hour=15) + timedelta(days=1)


def booked(house: House, service="video_consult", join="https://guanjia.invalid/{number}") -> str:
    with house.store.write() as unit:
        carer(unit, 1, kind="physician")
        facts = {"provider_id": "p1", "channel": "online", "city_id": "c1", "price_cents": 0}
        unit.providers.add(Offering(id="o-on", service=service, join=join, **facts))
        unit.flush()
        mei = who(unit, "mei")
        wanted = Ask(
            mei, house.catalogue.service(service), "online", (THREE, THREE + timedelta(hours=1)), THREE
        )
        order = Order(mei, mei, wanted.service, "online", find_times(house, unit, wanted)[0], self_pay=True)
        made, _ = hold(house, unit, order, "v")
        assert made is not None
        return confirm(house, unit, mei, made.id).id


def test_the_link_is_asked_about_in_time_and_once(house: House, clock: FixedClock) -> None:
    booked(house)
    clock.moment = THREE - timedelta(minutes=16)
    assert check_joining.work_off(house) == 0
    clock.advance(timedelta(minutes=1))
    assert check_joining.work_off(house) == 1
    assert check_joining.work_off(house) == 0
    (said,) = heard(house, "mei")
    assert said.startswith(
        "视频问诊快到了：今天，11月25日，星期三，下午3点，1号师傅等您。\n点一下这个链接试试：https://"
    )


def test_who_is_rung_up_is_asked_for_the_telephone(house: House, clock: FixedClock) -> None:
    booked(house, "phone_consult", "call")
    clock.moment = THREE - timedelta(minutes=15)
    check_joining.work_off(house)
    assert heard(house, "mei")[-1].endswith("1号师傅打这个电话：13900000001。\n电话在手边吗？")


def test_a_no_brings_a_person_at_once(house: House, clock: FixedClock) -> None:
    booking = booked(house)
    clock.moment = THREE - timedelta(minutes=15)
    check_joining.work_off(house)
    with house.store.write() as unit:
        check_joining.answer(house, unit, who(unit, "mei"), booking, can=False, key="a")
        check = unit.waiting.check(booking)
        assert check is not None
        assert check.answer == "no"
        (ticket,) = unit.tickets.live_of(unit.conversations.of("mei").id)
        assert (ticket.priority, ticket.queue) == (Priority.URGENT, "life")
    with pytest.raises(NotFound), house.store.write() as unit:
        check_joining.answer(house, unit, who(unit, "stranger"), booking, can=True, key="b")


def test_what_is_dropped_is_not_asked_about_and_what_is_moved_is_asked_about_later(
    house: House, clock: FixedClock
) -> None:
    booking = booked(house)
    later = THREE + timedelta(hours=2)
    with house.store.write() as unit:
        mei = who(unit, "mei")
        wanted = Ask(
            mei,
            house.catalogue.service("video_consult"),
            "online",
            (later, later + timedelta(hours=1)),
            later,
        )
        move(house, unit, mei, booking, find_times(house, unit, wanted)[0])
    clock.moment = THREE - timedelta(minutes=15)
    assert check_joining.work_off(house) == 0
    with house.store.write() as unit:
        cancel(house, unit, who(unit, "mei"), booking)
    clock.moment = later - timedelta(minutes=15)
    check_joining.work_off(house)
    assert not [text for text in heard(house, "mei") if "快到了" in text]
