"""A table of holidays that comes: what was booked on a day that is off is moved and told, once, whoever booked it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from actions import holidays
from actions.book import Order, confirm, hold
from actions.find_times import Ask, find_times
from actions.house import House
from domain.clock import SHANGHAI, FixedClock, local, local_day
from tests.actions.care import pushed, who

NEW_YEAR = datetime(2027, 1, 2, 9, tzinfo=SHANGHAI)


@pytest.fixture
def booked(house: House, clock: FixedClock) -> str:
    """A check-up on 2 January, of which no table says anything yet, booked by her daughter."""
    clock.moment = datetime(2026, 12, 20, 10, tzinfo=SHANGHAI)
    assert holidays.work_off(house) == 0
    return book(house, NEW_YEAR)


def book(house: House, moment: datetime, service="health_checkup", channel="store") -> str:
    with house.store.write() as unit:
        wanted = house.catalogue.service(service)
        window = (moment, moment + timedelta(minutes=1))
        slot = find_times(house, unit, Ask(who(unit, "mei"), wanted, channel, window, moment))[0]
        order = Order(who(unit, "huan"), who(unit, "mei"), wanted, channel, slot, self_pay=True)
        held, _ = hold(house, unit, order, f"{service}{moment}")
        assert held is not None
        return confirm(house, unit, who(unit, "huan"), held.id).id


def with_table(house: House, first: str, end: str) -> House:
    spans = {**house.calendar.spans, (2027, "元旦"): (date.fromisoformat(first), date.fromisoformat(end))}
    return replace(house, calendar=replace(house.calendar, spans=spans, valid_through=date(2027, 12, 31)))


def begins(house: House, booking_id: str) -> datetime:
    with house.store.read() as unit:
        found = unit.bookings.get(booking_id)
        assert found is not None
        return local(found.begin)


def test_it_is_moved_to_the_next_working_day_at_its_hour_and_both_are_told(house: House, booked: str) -> None:
    later = with_table(house, "2027-01-01", "2027-01-04")

    assert holidays.work_off(later) == 1
    assert holidays.work_off(later) == 0

    assert begins(house, booked) == datetime(2027, 1, 4, 9, tzinfo=SHANGHAI)
    told = "2027年1月2日，星期六，上午9点，元旦放假，改到2027年1月4日，星期一，上午9点。"
    assert pushed(house, "mei") == [f"国家公布放假了，您的体检要挪一天。\n{told}"]
    assert len(pushed(house, "huan")) == 1


def test_what_goes_on_at_holidays_and_other_days_stay(house: House, booked: str) -> None:
    with house.store.write() as unit:
        for certificate in unit.visits.certificates_of("s1"):
            certificate.valid_until = date(2028, 1, 1)
    bath = book(house, NEW_YEAR + timedelta(hours=6), "assisted_bathing", "home")
    other = book(house, NEW_YEAR + timedelta(days=6))

    assert holidays.work_off(with_table(house, "2027-01-01", "2027-01-04")) == 1
    assert begins(house, bath) == NEW_YEAR + timedelta(hours=6)
    assert begins(house, other) == NEW_YEAR + timedelta(days=6)


def test_where_no_day_after_it_has_a_time_others_are_offered_and_a_person_is_set_on_it(
    house: House, booked: str
) -> None:
    with house.store.write() as unit:
        unit.providers.rooms(["p1"], "c1", "health_checkup")[0][1].services = []
    later = with_table(house, "2027-01-01", "2027-01-04")

    assert holidays.work_off(later) == 1
    assert holidays.work_off(later) == 0

    assert local_day(begins(house, booked)) == date(2027, 1, 2)
    assert "一时排不上" in pushed(house, "mei")[-1]
    with house.store.read() as unit:
        conversation = unit.conversations.of_existing("mei")
        assert conversation is not None
        assert [ticket.topic for ticket in unit.tickets.live_of(conversation.id)] == ["replan"]


def test_a_table_known_from_the_beginning_moves_nothing(house: House, clock: FixedClock) -> None:
    later = with_table(house, "2027-01-01", "2027-01-04")
    clock.moment = datetime(2026, 12, 20, 10, tzinfo=SHANGHAI)
    booking = book(house, NEW_YEAR)

    assert holidays.work_off(later) == 0
    assert begins(house, booking) == NEW_YEAR
