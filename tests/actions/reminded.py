"""What tests of reminders share: a booking, a wish, time that passes through everything that falls due, what came of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from actions import remind
from actions.book import move
from actions.find_times import Ask, find_times
from actions.house import House
from actions.remind_answers import seen
from actions.remind_personal import Wish, set_reminder
from domain.bookings import Booking, Status
from domain.clock import FixedClock, local
from domain.ids import new_number
from domain.reminders import Instance
from domain.store import Unit
from tests.actions.visiting import START, who
from tests.conftest import NOW

DAY_BEFORE = START - timedelta(days=1)
PILLS = Wish("吃降压药", rule="FREQ=DAILY;BYHOUR=8;BYMINUTE=0", medicine=True)


def listen(house: House) -> None:
    """The mother and the daughter have been talked with."""
    with house.store.write() as unit:
        unit.conversations.of("mei")
        unit.conversations.of("huan")


def booked_row(member_id: str, booking_id: str, begin: datetime) -> Booking:
    """A firm booking of nobody in particular: how it comes about is tested elsewhere."""
    return Booking(
        id=booking_id,
        number=new_number(),
        member_id=member_id,
        booked_by=member_id,
        service="assisted_bathing",
        channel="home",
        status=Status.CONFIRMED,
        begin=begin,
        end=begin + timedelta(hours=1),
        key=booking_id,
        created_at=NOW,
        provider_id="p1",
        occupies_member=False,
    )


def remind_of(house: House, wish: Wish, actor: str = "mei", key: str = "k") -> str:
    with house.store.write() as unit:
        return set_reminder(house, unit, who(unit, actor), who(unit, "mei"), wish, key).id


def until(house: House, clock: FixedClock, moment: datetime) -> None:
    while True:
        with house.store.read() as unit:
            due = remind.next_due(unit)
        if due is None or due > moment:
            clock.moment = moment
            return
        clock.moment = max(due, clock.moment)
        remind.work_off(house)


def sent(house: House, rule_id: str) -> list[str]:
    with house.store.read() as unit:
        return [
            f"{local(i.sent_at):%d %H:%M}" for i in unit.reminders.instances(rule_id) if i.sent_at is not None
        ]


def rows(unit: Unit, visit_id: str) -> list[Instance]:
    """Every occurrence of every version of a visit's reminders."""
    visit = unit.visits.get(visit_id)
    assert visit is not None
    found, rule = [], unit.reminders.latest(f"visit:{visit.booking_id}")
    assert rule is not None
    found += unit.reminders.instances(rule.id)
    return found


def told(house: House, visit_id: str) -> dict[tuple[str, str], str]:
    """(person, step) to state or reason, of the newest version."""
    with house.store.read() as unit:
        return {(i.person_id, i.occurrence): str(i.reason or i.state) for i in rows(unit, visit_id)}


def go(house: House, clock: FixedClock, moment) -> None:
    """Step through everything that falls due until then."""
    while True:
        with house.store.read() as unit:
            due = remind.next_due(unit)
        if due is None or due > moment:
            break
        clock.moment = max(due, clock.moment)
        remind.work_off(house)
    clock.moment = max(moment, clock.moment)
    remind.work_off(house)


def press_seen(house: House, visit_id: str, person: str, step: str) -> str:
    with house.store.write() as unit:
        (one,) = [i for i in rows(unit, visit_id) if (i.person_id, i.occurrence) == (person, step)]
        return seen(house, unit, who(unit, person), one.id)


def moved(house: House, visit_id: str, to) -> None:
    with house.store.write() as unit:
        visit = unit.visits.get(visit_id)
        assert visit is not None
        mei, day = who(unit, "mei"), to.replace(hour=0)
        service = house.catalogue.service("assisted_bathing")
        ask = Ask(mei, service, "home", (day, day + timedelta(days=1)), to, visit.booking_id)
        move(house, unit, mei, visit.booking_id, find_times(house, unit, ask)[0])
