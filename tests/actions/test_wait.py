"""The waiting list: one offer at a time, ten minutes each, in the order in which people came."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from actions import wait
from actions.accounts import join
from actions.book import Order, cancel, confirm, hold, move, release_lapsed
from actions.find_times import Ask, find_times
from actions.house import House
from domain.bookings import Status
from domain.clock import FixedClock
from domain.errors import NotAllowed, NotFound, Taken
from domain.notices import Notices
from domain.people import Person
from domain.quiet import Quiet, Window
from domain.store import Unit
from domain.waiting import WaitState
from tests.actions.care import who
from tests.conftest import NOW

DAY = NOW.replace(hour=0) + timedelta(days=2)
WINDOW = (DAY, DAY + timedelta(days=1))


def ask(house: House, unit: Unit, member: str, near=None, window=WINDOW) -> Ask:
    return Ask(who(unit, member), house.catalogue.service("assisted_bathing"), "home", window, near)


def neighbours(house: House, number: int) -> list[str]:
    """People who live beside 刘梅 and want a bath too."""
    with house.store.write() as unit:
        made = [f"n{n}" for n in range(number)]
        unit.people.add(*(Person(id=n, name="邻居", city_id="c1", district_id="d1") for n in made))
    return made


def take_whole_day(house: House, member="taker") -> list[str]:
    """Somebody next door has the only bather's whole day."""
    taken = []
    with house.store.write() as unit:
        unit.people.add(Person(id="taker", name="邻居", city_id="c1", district_id="d1"))
        unit.flush()
        person = who(unit, member)
        while True:
            found = find_times(house, unit, ask(house, unit, member), 1)
            if not found:
                return taken
            order = Order(person, person, house.catalogue.service("assisted_bathing"), "home", found[0], True)
            made, _ = hold(house, unit, order, f"full{len(taken)}")
            assert made is not None
            taken.append(confirm(house, unit, person, made.id).id)


def queue(house: House, *members: str, actor: str | None = None, self_pay=True) -> list[str]:
    waits = []
    for member in members:
        house.clock.advance(timedelta(seconds=1))
        with house.store.write() as unit:
            wanted = ask(house, unit, member)
            person = who(unit, actor or member)
            waits.append(wait.queue_up(house, unit, person, wanted, f"q{member}", self_pay=self_pay).id)
    return waits


def offer_to(house: House, member: str):
    with house.store.read() as unit:
        found = [w for w in unit.waiting.open_of(member) if w.state is WaitState.OFFERED]
        return found[0].booking_id if found else None


def heard(house: House, person: str) -> list[str]:
    with house.store.read() as unit:
        conversation = unit.conversations.of(person)
        return [m.text for m in unit.conversations.last(conversation.id, 20)]


def drop(house: House, booking_id: str) -> None:
    with house.store.write() as unit:
        cancel(house, unit, who(unit, "taker"), booking_id)


def test_a_freed_time_goes_to_one_person_for_ten_minutes_and_then_to_the_next(
    house: House, clock: FixedClock
) -> None:
    first, second = neighbours(house, 2)
    bookings = take_whole_day(house)
    queue(house, first, second)
    drop(house, bookings[0])
    assert offer_to(house, first) is None

    assert wait.work_off(house) == 1
    assert offer_to(house, first)
    assert offer_to(house, second) is None
    assert heard(house, first)[-1] == (
        "您排队等的助浴空出来了：后天，11月26日，星期四，上午8点，高师傅到家来，地址是登记的地址。\n给您留十分钟，要吗？"
    )
    clock.advance(timedelta(minutes=9))
    assert wait.work_off(house) == 0
    assert offer_to(house, second) is None

    clock.advance(timedelta(minutes=1))
    wait.work_off(house)
    assert offer_to(house, first) is None
    assert offer_to(house, second)
    assert heard(house, first)[-1].startswith("刚才空出来的助浴没等到您回话")

    booking_id = offer_to(house, second)
    with house.store.write() as unit:
        done = wait.accept(house, unit, who(unit, second), booking_id)
        assert done.status is Status.CONFIRMED
    clock.advance(timedelta(minutes=11))
    wait.work_off(house)
    with house.store.read() as unit:
        assert unit.waiting.open_of(second) == []
        assert [w.state for w in unit.waiting.open_of(first)] == [WaitState.WAITING]


def test_a_no_passes_it_on_at_once_and_the_wait_goes_on(house: House) -> None:
    first, second = neighbours(house, 2)
    bookings = take_whole_day(house)
    queue(house, first, second)
    drop(house, bookings[0])
    wait.work_off(house)

    with house.store.write() as unit:
        wait.decline(house, unit, who(unit, first), offer_to(house, first))
    wait.work_off(house)

    assert offer_to(house, second)
    drop(house, bookings[1])
    wait.work_off(house)
    assert offer_to(house, first)


def test_a_yes_that_comes_late_is_a_yes_if_nobody_has_it(house: House, clock: FixedClock) -> None:
    (only,) = neighbours(house, 1)
    bookings = take_whole_day(house)
    queue(house, only)
    drop(house, bookings[0])
    wait.work_off(house)
    booking_id = offer_to(house, only)
    clock.advance(timedelta(minutes=20))
    wait.work_off(house)

    with house.store.write() as unit:
        assert wait.accept(house, unit, who(unit, only), booking_id).status is Status.CONFIRMED
        assert unit.waiting.open_of(only) == []


def test_a_yes_that_comes_after_the_next_ones_is_refused(house: House, clock: FixedClock) -> None:
    first, second = neighbours(house, 2)
    bookings = take_whole_day(house)
    queue(house, first, second)
    drop(house, bookings[0])
    wait.work_off(house)
    late = offer_to(house, first)
    clock.advance(timedelta(minutes=11))
    wait.work_off(house)

    with pytest.raises(Taken), house.store.write() as unit:
        wait.accept(house, unit, who(unit, first), late)
    with house.store.write() as unit:
        wait.accept(house, unit, who(unit, second), offer_to(house, second))


def test_a_move_and_a_lapse_free_a_time_too(house: House, clock: FixedClock) -> None:
    first, second = neighbours(house, 2)
    bookings = take_whole_day(house)
    queue(house, first, second)
    with house.store.write() as unit:
        later = DAY + timedelta(days=1, hours=9)
        slot = find_times(
            house,
            unit,
            Ask(
                who(unit, "taker"),
                house.catalogue.service("assisted_bathing"),
                "home",
                (later, later + timedelta(minutes=1)),
                later,
            ),
        )[0]
        move(house, unit, who(unit, "taker"), bookings[0], slot)
    wait.work_off(house)
    assert offer_to(house, first)
    # The tick lets lapsed holds go before it looks for whom to offer them.
    clock.advance(timedelta(minutes=10))
    with house.store.write() as unit:
        release_lapsed(house, unit)
    wait.work_off(house)
    assert offer_to(house, second)


def test_at_night_nobody_is_woken(house: House, clock: FixedClock) -> None:
    (only,) = neighbours(house, 1)
    bookings = take_whole_day(house)
    queue(house, only)
    clock.moment = NOW.replace(hour=23)
    drop(house, bookings[0])
    wait.work_off(house)
    assert offer_to(house, only) is None

    clock.moment = NOW.replace(hour=7) + timedelta(days=1)
    wait.work_off(house)
    assert offer_to(house, only)


def test_a_window_that_passes_ends_the_wait_with_a_word(house: House, clock: FixedClock) -> None:
    (only,) = neighbours(house, 1)
    take_whole_day(house)
    queue(house, only)
    clock.moment = DAY + timedelta(hours=22)
    wait.work_off(house)

    assert heard(house, only)[-1] == "您排队等的助浴（今天，11月26日，星期四）一直没有空出来，对不住。"
    with house.store.read() as unit:
        assert unit.waiting.open_of(only) == []


def test_that_a_wait_is_over_wakes_nobody(house: House, clock: FixedClock) -> None:
    take_whole_day(house)
    (wait_id,) = queue(house, "mei")
    with house.store.write() as unit:
        join(house, unit, who(unit, "mei"), "telegram", "66")
        unit.reminders.add(Notices(person_id="mei", windows=[Window(time(18), time(7)).row()]))
        closes = unit.waiting.get(wait_id).closes_at
    clock.moment = closes
    wait.work_off(house)
    with house.store.read() as unit:
        message = unit.conversations.by_key(f"{wait_id}:over")
        (delivery,) = unit.doors.deliveries_of(message.id)
    assert delivery.due_at == Quiet(house.calendar, [Window(time(18), time(7))]).until(closes) > closes


def test_a_child_waits_for_the_mother_as_far_as_her_consent_goes(house: House) -> None:
    bookings = take_whole_day(house)
    queue(house, "mei", actor="huan", self_pay=False)
    with pytest.raises(NotFound), house.store.write() as unit:
        wait.queue_up(house, unit, who(unit, "stranger"), ask(house, unit, "mei"), "other")
    drop(house, bookings[0])
    wait.work_off(house)
    assert "给刘梅" in heard(house, "huan")[-1]

    bought = offer_to(house, "mei")
    with pytest.raises(NotFound), house.store.write() as unit:
        wait.decline(house, unit, who(unit, "stranger"), bought)
    with house.store.write() as unit:
        wait.accept(house, unit, who(unit, "huan"), bought)


def test_where_the_consent_is_gone_the_next_is_asked(house: House, clock: FixedClock) -> None:
    (second,) = neighbours(house, 1)
    bookings = take_whole_day(house)
    queue(house, "mei", actor="huan", self_pay=False)
    queue(house, second)
    with house.store.write() as unit:
        for consent in unit.people.consents("mei", "huan", clock.now()).values():
            consent.revoked_at = clock.now()
    with pytest.raises(NotAllowed), house.store.write() as unit:
        wait.queue_up(house, unit, who(unit, "huan"), ask(house, unit, "mei"), "again")
    drop(house, bookings[0])
    wait.work_off(house)

    assert offer_to(house, second)


def test_the_same_message_queues_once_and_who_leaves_is_not_asked(house: House) -> None:
    (only,) = neighbours(house, 1)
    bookings = take_whole_day(house)
    (own,) = set(queue(house, only) + queue(house, only))
    with pytest.raises(NotFound), house.store.write() as unit:
        wait.leave_queue(house, unit, who(unit, "mei"), own)
    with house.store.write() as unit:
        wait.leave_queue(house, unit, who(unit, only), own)
    drop(house, bookings[0])

    assert wait.work_off(house) == 0
    assert offer_to(house, only) is None
