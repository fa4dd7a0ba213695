"""Two hundred at once on the last places: as many winners as places, and no error but "taken", on both databases."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from actions import series_due, wait
from actions.book import Order, confirm, hold, move, release, release_lapsed
from actions.find_times import Ask, find_times
from actions.house import House
from actions.series import Wanted, confirm_all, open_visits, plan
from domain.bookings import HOLD_FOR, Slot
from domain.clock import SHANGHAI, FixedClock, local_day
from domain.errors import Taken
from domain.people import Person
from domain.store import Unit
from tests.actions.care import pushed, who
from tests.conftest import NOW

CLIENTS = 200
DAY = NOW.replace(hour=0) + timedelta(days=2)
NINE = DAY + timedelta(hours=9)
# One bather, or a check-up in a hall with three places.
PLACES = (("assisted_bathing", "home", 1), ("health_checkup", "store", 3))


def crowd(house: House) -> list[str]:
    """So many people in one street, each of whom pays themselves."""
    with house.store.write() as unit:
        made = [f"r{n}" for n in range(CLIENTS)]
        unit.people.add(*(Person(id=n, name="邻居", city_id="c1", district_id="d1") for n in made))
    return made


def at_once(work: Callable[[int], object]) -> Counter[str]:
    """What came of it for each of the clients, all let loose at the same moment."""
    outcomes: list[str] = []
    start = threading.Barrier(CLIENTS)

    def run(number: int) -> None:
        start.wait()
        try:
            work(number)
            outcomes.append("won")
        except Taken:
            outcomes.append("taken")
        except Exception as error:  # noqa: BLE001  (whatever it is, the test shows it)
            outcomes.append(repr(error))

    threads = [threading.Thread(target=run, args=(n,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(outcomes)


def slot_at(house: House, unit: Unit, member: str, service: str, channel: str, moment=NINE) -> Slot:
    wanted = house.catalogue.service(service)
    window = (moment, moment + timedelta(minutes=1))
    return find_times(house, unit, Ask(who(unit, member), wanted, channel, window, moment))[0]


def held(house: House, unit: Unit, member: str, service: str, channel: str, slot: Slot, key: str) -> str:
    person = who(unit, member)
    order = Order(person, person, house.catalogue.service(service), channel, slot, self_pay=True)
    made, _ = hold(house, unit, order, key)
    assert made is not None
    return made.id


def standing_at(house: House, moment=NINE) -> int:
    with house.store.engine.connect() as connection:
        found = connection.execute(
            text(
                "SELECT count(*) FROM bookings WHERE status IN ('held', 'confirmed') AND \"begin\" = :moment"
            ),
            {"moment": _as_stored(house, moment)},
        )
        return int(found.scalar_one())


def _as_stored(house: House, moment):
    utc = moment.astimezone(UTC)
    return utc.strftime("%Y-%m-%d %H:%M:%S.%f") if house.store.is_sqlite else utc


@pytest.mark.parametrize(("service", "channel", "places"), PLACES)
def test_a_new_booking(house: House, service, channel, places) -> None:
    people = crowd(house)
    with house.store.read() as unit:
        slot = slot_at(house, unit, people[0], service, channel)

    def take(number: int) -> None:
        with house.store.write() as unit:
            booking = held(house, unit, people[number], service, channel, slot, f"k{number}")
            confirm(house, unit, who(unit, people[number]), booking)

    assert at_once(take) == {"won": places, "taken": CLIENTS - places}
    assert standing_at(house) == places


@pytest.mark.parametrize(("service", "channel", "places"), PLACES[1:])
def test_a_move(house: House, service, channel, places) -> None:
    people = crowd(house)
    bookings = []
    with house.store.write() as unit:
        room = unit.providers.rooms(["p1"], "c1", service)[0][1]
        room.capacity = CLIENTS
    with house.store.write() as unit:
        for number, person in enumerate(people):
            slot = slot_at(house, unit, person, service, channel, NINE + timedelta(days=1))
            bookings.append(held(house, unit, person, service, channel, slot, f"k{number}"))
            confirm(house, unit, who(unit, person), bookings[-1])
    with house.store.write() as unit:
        unit.providers.rooms(["p1"], "c1", service)[0][1].capacity = places
    with house.store.read() as unit:
        wanted = slot_at(house, unit, people[0], service, channel)

    def go(number: int) -> None:
        with house.store.write() as unit:
            move(house, unit, who(unit, people[number]), bookings[number], wanted)

    assert at_once(go) == {"won": places, "taken": CLIENTS - places}
    assert standing_at(house) == places
    assert standing_at(house, NINE + timedelta(days=1)) == CLIENTS - places


@pytest.mark.parametrize(("service", "channel", "places"), PLACES[1:])
def test_the_confirmation_of_holds_that_lapsed(
    house: House, clock: FixedClock, service, channel, places
) -> None:
    """All held the time once, one after another; all come back to confirm at the same moment."""
    people, bookings = crowd(house), []
    for number in range(0, CLIENTS, places):
        some = people[number : number + places]
        with house.store.write() as unit:
            release_lapsed(house, unit)
            slot = slot_at(house, unit, some[0], service, channel)
            bookings += [held(house, unit, one, service, channel, slot, f"k{one}") for one in some]
        clock.advance(HOLD_FOR)
    with house.store.write() as unit:
        release_lapsed(house, unit)

    def come_back(number: int) -> None:
        with house.store.write() as unit:
            confirm(house, unit, who(unit, people[number]), bookings[number])

    assert at_once(come_back) == {"won": places, "taken": CLIENTS - places}
    assert standing_at(house) == places


def test_the_offer_of_a_freed_time(house: House, clock: FixedClock) -> None:
    """Two hundred ticks work off one freed time: one person is offered it, and it is held once."""
    people = crowd(house)
    with house.store.write() as unit:
        slot = slot_at(house, unit, "mei", "assisted_bathing", "home")
        booking = held(house, unit, "mei", "assisted_bathing", "home", slot, "first")
        window = (NINE, NINE + timedelta(hours=2))
        service = house.catalogue.service("assisted_bathing")
        for person in people:
            clock.advance(timedelta(milliseconds=1))
            waiter = who(unit, person)
            ask = Ask(waiter, service, "home", window)
            wait.queue_up(house, unit, waiter, ask, f"q{person}", self_pay=True)
    with house.store.write() as unit:
        release(house, unit, booking)

    assert at_once(lambda _: wait.work_off(house)) == {"won": CLIENTS}
    with house.store.read() as unit:
        offered = [p for p in people if unit.waiting.offered_to(p) is not None]
    assert offered == people[:1]
    assert standing_at(house) == 1

    # The one to whom it is offered presses yes on every screen there is.
    with house.store.read() as unit:
        wanted = unit.waiting.offered_to(people[0])
        assert wanted is not None

    def accept(_: int) -> None:
        with house.store.write() as unit:
            wait.accept(house, unit, who(unit, people[0]), str(wanted.booking_id))

    assert at_once(accept) == {"won": CLIENTS}
    assert standing_at(house) == 1


RULE = "FREQ=WEEKLY;BYDAY=TH;BYHOUR=9;BYMINUTE=0;COUNT=3"


def whole_or_taken(house: House, unit: Unit, person: str, service: str, channel: str) -> None:
    """A series at these very hours, all of it or none."""
    one = who(unit, person)
    wanted = Wanted(one, one, house.catalogue.service(service), channel, RULE, self_pay=True)
    series = plan(house, unit, wanted, f"series:{person}")
    if open_visits(unit, series.id):
        raise Taken("time")
    confirm_all(house, unit, one, series.id)


@pytest.mark.parametrize(("service", "channel", "places"), PLACES)
def test_a_series(house: House, service, channel, places) -> None:
    """Somebody has all of it, everybody else nothing of it: nobody ends with half a series that stands in the way."""
    people = crowd(house)

    def take(number: int) -> None:
        with house.store.write() as unit:
            whole_or_taken(house, unit, people[number], service, channel)

    assert at_once(take) == {"won": places, "taken": CLIENTS - places}
    for week in range(3):
        assert standing_at(house, NINE + timedelta(days=7 * week)) == places


def test_a_series_over_the_last_place_of_one_day(house: House) -> None:
    """Two of the three places of one Thursday are gone: one series wins, though the other Thursdays have room."""
    people = crowd(house)
    second = NINE + timedelta(days=7)
    with house.store.write() as unit:
        for number in (0, 1):
            slot = slot_at(house, unit, people[number], "health_checkup", "store", second)
            booking = held(house, unit, people[number], "health_checkup", "store", slot, f"before{number}")
            confirm(house, unit, who(unit, people[number]), booking)

    def take(number: int) -> None:
        with house.store.write() as unit:
            # Those two want theirs for themselves, on top of what they have: their own day is taken.
            whole_or_taken(house, unit, people[number], "health_checkup", "store")

    assert at_once(take) == {"won": 1, "taken": CLIENTS - 1}
    assert [standing_at(house, NINE + timedelta(days=7 * week)) for week in range(3)] == [1, 3, 1]


def test_one_yes_pressed_on_every_screen(house: House) -> None:
    with house.store.write() as unit:
        one = who(unit, "mei")
        wanted = Wanted(one, one, house.catalogue.service("assisted_bathing"), "home", RULE)
        series_id = plan(house, unit, wanted, "once").id

    def press(_: int) -> None:
        with house.store.write() as unit:
            confirm_all(house, unit, who(unit, "mei"), series_id)

    assert at_once(press) == {"won": CLIENTS}
    assert [standing_at(house, NINE + timedelta(days=7 * week)) for week in range(3)] == [1, 1, 1]


def test_plans_that_want_the_same_people_in_another_order_wait_for_each_other(house: House) -> None:
    """Mondays and Thursdays, begun with either day: nobody ends in a deadlock."""
    people = crowd(house)

    def take(number: int) -> None:
        days = "MO,TH" if number % 2 else "TH,MO"
        start = "DTSTART=20261130;" if number % 2 else ""
        rule = f"{start}FREQ=WEEKLY;BYDAY={days};BYHOUR=9;BYMINUTE=0;COUNT=4"
        with house.store.write() as unit:
            one = who(unit, people[number])
            order = Wanted(one, one, house.catalogue.service("health_checkup"), "store", rule, self_pay=True)
            series = plan(house, unit, order, f"series:{one.id}")
            if open_visits(unit, series.id):
                raise Taken("time")
            confirm_all(house, unit, one, series.id)

    outcome = at_once(take)
    assert set(outcome) == {"won", "taken"}
    assert outcome["won"] >= 3
    thursday, monday = NINE, NINE + timedelta(days=4)
    assert standing_at(house, thursday) <= 3
    assert standing_at(house, monday) == 3


def test_the_table_comes_to_many_ticks_at_once(house: House, clock: FixedClock) -> None:
    """A provisional visit is moved once and told once."""
    clock.moment = datetime(2026, 12, 22, 10, tzinfo=SHANGHAI)
    with house.store.write() as unit:
        one = who(unit, "mei")
        order = Wanted(one, one, house.catalogue.service("health_checkup"), "store", RULE, self_pay=True)
        series_id = plan(house, unit, order, "k").id
        confirm_all(house, unit, one, series_id)
    spans = {**house.calendar.spans, (2027, "元旦"): (date(2027, 1, 1), date(2027, 1, 9))}
    later = replace(house, calendar=replace(house.calendar, spans=spans, valid_through=date(2027, 12, 31)))

    assert at_once(lambda _: series_due.work_off(later)) == {"won": CLIENTS}
    assert len(pushed(house, "mei")) == 1
    with house.store.read() as unit:
        last = unit.series.rows(series_id)[-1][1]
        assert last is not None
        assert local_day(last.begin) == date(2027, 1, 9)
        assert [e.kind for e in unit.bookings.history(last.id)].count("moved") == 1
