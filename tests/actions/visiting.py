"""The small world with those who come: 高师傅 has an account, 苗师傅 is certified too; visits made and led by tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from actions.book import Order, confirm, hold
from actions.find_times import Ask, find_times
from actions.house import House
from actions.visit_arrival import arrive
from actions.visits import Report, begin, finish, on_the_way
from domain import standards
from domain.bookings import Booking
from domain.clock import FixedClock
from domain.people import Person, Role
from domain.providers import Certificate, Shift, Staff
from domain.store import Unit
from domain.visits import Visit
from tests.conftest import NOW

START = NOW.replace(day=26, hour=15)
BATH = [n for n, _ in enumerate(standards.load()["assisted_bathing"].steps, 1)]


def who(unit: Unit, person_id: str) -> Person:
    found = unit.people.get(person_id)
    assert found is not None
    return found


def add_carers(house: House, *, second: bool = False) -> None:
    """An account for 高师傅, a supervisor, and where it is asked for a second bather."""
    with house.store.write() as unit:
        unit.people.add(
            Person(id="gao", name="高师傅", role=Role.CARER),
            Person(id="super", name="吴主管", role=Role.SUPERVISOR),
        )
        unit.flush()
        staff = unit.providers.staff("s1")
        assert staff is not None
        staff.person_id = "gao"
        mei = who(unit, "mei")
        mei.notes = {"allergies": "没有", "dog": "有狗", "opens": "女儿开门"}
        if second:
            add_bather(unit, "s2", "苗师傅")


def add_bather(unit: Unit, staff_id: str, name: str, until: date = date(2026, 12, 31)) -> None:
    unit.providers.add(
        Staff(id=staff_id, provider_id="p1", name=name, gender="female", city_id="c1", lat=30.0, lon=120.0)
    )
    unit.flush()
    unit.providers.add(
        Certificate(
            id=f"ct-{staff_id}",
            staff_id=staff_id,
            kind="bathing",
            number="2",
            valid_from=date(2024, 1, 1),
            valid_until=until,
        ),
        *(Shift(staff_id=staff_id, weekday=d, starts=time(8), ends=time(18)) for d in range(7)),
    )
    unit.providers.cover(staff_id, "d1")


def booked(
    house: House, actor: str = "huan", at: datetime = START, key: str = "k", *, private: bool = False
) -> str:
    """A firm bath for 刘梅; the visit's id."""
    with house.store.write() as unit:
        mei, day = who(unit, "mei"), at.replace(hour=0)
        service = house.catalogue.service("assisted_bathing")
        slot = find_times(house, unit, Ask(mei, service, "home", (day, day + timedelta(days=1)), at))[0]
        booking, _ = hold(house, unit, Order(who(unit, actor), mei, service, "home", slot), key)
        assert booking is not None
        booking.private = private
        confirm(house, unit, who(unit, actor), booking.id)
        visit = unit.visits.of_booking(booking.id)
        assert visit is not None
        return visit.id


def read(house: House, visit_id: str) -> tuple[Visit, Booking]:
    with house.store.read() as unit:
        visit = unit.visits.get(visit_id)
        assert visit is not None
        booking = unit.bookings.get(visit.booking_id)
        assert booking is not None
        return visit, booking


def lead(
    house: House,
    clock: FixedClock,
    visit_id: str,
    *,
    steps: Sequence[int] = tuple(BATH),
    code: bool = True,
    minutes: int = 85,
) -> None:
    """Lead a visit from setting out to its end, in time."""
    visit, booking = read(house, visit_id)
    clock.moment = booking.begin - timedelta(minutes=20)
    with house.store.write() as unit:
        gao = who(unit, "gao")
        on_the_way(house, unit, gao, visit_id, Report("1"))
        clock.moment = booking.begin
        arrive(house, unit, gao, visit_id, Report("2"), code=visit.code if code else None)
        begin(house, unit, gao, visit_id, Report("3"), ["allergies"])
        clock.advance(timedelta(minutes=minutes))
        finish(house, unit, gao, visit_id, Report("4"), list(steps))


def heard(house: House, person_id: str) -> list[str]:
    """What was put into somebody's outbox of our own accord."""
    with house.store.read() as unit:
        conversation = unit.conversations.of_existing(person_id)
        found = unit.conversations.last(conversation.id, 50) if conversation else []
        return [m.text for m in found if m.direction == "out"]


def balance(house: House) -> tuple[int, int, int]:
    """Held, used, left of 刘梅's baths."""
    with house.store.read() as unit:
        found = unit.benefits.entitlements("mei", house.today())[0].balance
        return found.held, found.used, found.left


def topics(house: House) -> list[tuple[str, str]]:
    with house.store.read() as unit:
        return [(t.topic, str(t.priority)) for t in unit.tickets.list(queues=("life", "doctor"))]
