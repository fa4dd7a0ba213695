"""Visits that lose their carer: certificates that lapse, a carer who is ill, one who does not come."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest

from actions import certificates, replan, visit_due
from actions.house import House
from actions.visits import Report, cannot, on_the_way
from domain.clock import FixedClock
from domain.errors import NotFound
from domain.visits import Impossible, VisitState
from tests.actions.visiting import (
    START,
    add_bather,
    add_carers,
    balance,
    booked,
    heard,
    read,
    topics,
    who,
)
from tests.conftest import NOW


def lapse(house: House, until: date) -> None:
    """高师傅's certificate ends earlier than it did when the visit was made."""
    with house.store.write() as unit:
        (found,) = unit.visits.certificates_of("s1")
        found.valid_until = until


def test_a_certificate_that_lapsed_the_day_before_and_another_carer(house: House) -> None:
    add_carers(house)
    visit_id = booked(house)
    with house.store.write() as unit:
        add_bather(unit, "s2", "苗师傅")
    lapse(house, START.date() - timedelta(days=1))

    assert certificates.sweep(house) == 1
    assert certificates.sweep(house) == 0
    _, booking = read(house, visit_id)
    assert (booking.staff_id, booking.begin) == ("s2", START)
    assert heard(house, "mei")[-1] == (
        "后天，11月26日，星期四，下午3点的助浴，高师傅来不了，换成苗师傅来。\n时间不变，您不用管。"
    )
    assert heard(house, "huan")[-1].startswith("您母亲后天，11月26日，星期四，下午3点的助浴，高师傅来不了")
    assert heard(house, "gao")[-1] == "后天，11月26日，星期四，下午3点刘梅家的助浴，您不用去了。"
    assert "replan" not in [topic for topic, _ in topics(house)]
    assert balance(house) == (1, 0, 2)


def test_on_the_last_day_of_a_certificate_the_visit_stands(house: House) -> None:
    add_carers(house)
    visit_id = booked(house)
    lapse(house, START.date())

    assert certificates.sweep(house) == 0
    assert read(house, visit_id)[1].staff_id == "s1"


def test_nobody_else_at_that_time_new_times_and_a_ticket(house: House) -> None:
    add_carers(house)
    visit_id = booked(house)
    with house.store.write() as unit:
        add_bather(unit, "s2", "苗师傅")
        from domain.providers import Absence

        unit.providers.add(
            Absence(staff_id="s2", begin=START.replace(hour=0), end=START.replace(hour=23), reason="x")
        )
    lapse(house, START.date() - timedelta(days=1))

    certificates.sweep(house)
    _, booking = read(house, visit_id)
    assert booking.staff_id is None
    assert ("replan", "high") in topics(house)
    assert "您看换到哪个时间" in heard(house, "mei")[-1]
    with house.store.read() as unit:
        conversation = unit.conversations.of_existing("mei")
        assert conversation is not None
        message = unit.conversations.last(conversation.id, 1)[0]
        actions = [b.action for b in unit.conversations.buttons(message.key) if b.action.startswith("retime")]
    assert actions
    packed = min(actions).split(":", 2)[2]
    for person in ("stranger", "gao"):
        with pytest.raises(NotFound), house.store.write() as unit:
            replan.retime(house, unit, who(unit, person), booking.id, packed)
    with house.store.write() as unit:
        replan.retime(house, unit, who(unit, "mei"), booking.id, packed)
    visit, booking = read(house, visit_id)
    assert booking.staff_id == "s2"
    assert visit.due_at == booking.begin + timedelta(minutes=15)
    assert balance(house) == (1, 0, 2)


def test_a_carer_who_is_ill_is_replaced_the_whole_day(house: House, clock: FixedClock) -> None:
    add_carers(house)
    first, second = booked(house, at=START), booked(house, at=START.replace(hour=10), key="k2")
    with house.store.write() as unit:
        add_bather(unit, "s2", "苗师傅")
    clock.moment = START.replace(hour=7)
    with house.store.write() as unit:
        on_the_way(house, unit, who(unit, "gao"), second, Report("0"))
        cannot(house, unit, who(unit, "gao"), second, Report("1"), Impossible.CARER_ILL)

    for visit_id in (first, second):
        visit, booking = read(house, visit_id)
        assert (booking.staff_id, visit.state, visit.staff_id) == ("s2", VisitState.ASSIGNED, None)
    with pytest.raises(NotFound), house.store.write() as unit:
        on_the_way(house, unit, who(unit, "gao"), first, Report("2"))


def test_after_an_hour_another_carer_is_looked_for(house: House, clock: FixedClock) -> None:
    add_carers(house)
    booked(house, at=START.replace(hour=9))
    with house.store.write() as unit:
        add_bather(unit, "s2", "苗师傅")
    for minutes in (15, 30, 60):
        clock.moment = START.replace(hour=9) + timedelta(minutes=minutes)
        visit_due.work_off(house)

    assert topics(house) == [("visit_late", "urgent")]
    assert heard(house, "mei")[-1].endswith("我另找了人，您看哪个时间行？")
    with house.store.read() as unit:
        conversation = unit.conversations.of_existing("mei")
        assert conversation is not None
        message = unit.conversations.last(conversation.id, 1)[0]
        offers = [b.action for b in unit.conversations.buttons(message.key) if b.action.startswith("retime")]
    assert offers
    assert all(replan.unpack(o.split(":", 2)[2]).staff_id == "s2" for o in offers)


def test_those_that_will_lapse_are_told_once_thirty_days_before(house: House, clock: FixedClock) -> None:
    add_carers(house)
    clock.moment = NOW.replace(month=11, day=30)
    certificates.sweep(house)
    assert topics(house) == []
    clock.moment = NOW.replace(month=12, day=1)
    for _ in range(2):
        certificates.sweep(house)
        clock.advance(timedelta(days=1))

    assert [topic for topic, _ in topics(house)] == ["certificates:2026-12-01"]
    with house.store.read() as unit:
        (ticket,) = unit.tickets.list(queues=("life",))
        assert "高师傅 bathing 1 2026-12-31" in str(ticket.card["task"])


def test_many_processes_sweep_once(house: House) -> None:
    add_carers(house)
    taken, start = [], threading.Barrier(4)

    def take() -> None:
        start.wait()
        with house.store.write() as unit:
            taken.append(unit.visits.take_sweep("x", house.now(), house.now() + timedelta(hours=1)))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taken) == [False, False, False, True]


def test_many_processes_climb_the_ladder_once(house: House, clock: FixedClock) -> None:
    add_carers(house)
    booked(house)
    clock.moment = START + timedelta(minutes=15)
    start = threading.Barrier(4)

    def climb() -> None:
        start.wait()
        visit_due.work_off(house)

    threads = [threading.Thread(target=climb) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum("还没到" in line for line in heard(house, "mei")) == 1
