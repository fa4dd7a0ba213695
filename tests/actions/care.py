"""What the tests of benefits and endings share: plans made up for them, and bookings on short notice."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

from actions.book import Order, confirm, hold
from actions.enrol import enrol
from actions.find_times import Ask, find_times
from actions.house import House
from domain.benefits import Benefit, Plan, balance_of
from domain.bookings import Booking
from domain.people import Person
from domain.store import Unit
from tests.conftest import NOW

AFTERNOON = NOW.replace(day=26, hour=15)
TERM = (date(2026, 1, 1), date(2030, 1, 1))
_numbers = count(1)


def who(unit: Unit, person_id: str) -> Person:
    found = unit.people.get(person_id)
    assert found is not None
    return found


def plan(house: House, *benefits: dict, code="own", holder="mei", term=TERM, **rules) -> None:
    """A plan with these benefits, and its holder enrolled."""
    with house.store.write() as unit:
        unit.benefits.add(Plan(id=f"pl-{code}", code=code, name=f"计划{code}", **rules))
        unit.flush()
        for number, facts in enumerate(benefits):
            whole = {
                "code": f"{code}{number}",
                "name": f"权益{code}{number}",
                "unit": "visit",
                "amount": 3,
                "period": "year",
                "services": ["assisted_bathing"],
                "channels": ["home"],
                **facts,
            }
            unit.benefits.add(Benefit(id=f"bf-{code}-{number}", plan_id=f"pl-{code}", **whole))
        unit.flush()
        enrol(house, unit, who(unit, holder), code, *term)


def book(house: House, near=AFTERNOON, member="mei", actor="mei", service="assisted_bathing") -> str:
    """A confirmed booking; its id."""
    with house.store.write() as unit:
        day = near.replace(hour=0)
        ask = Ask(
            who(unit, member), house.catalogue.service(service), "home", (day, day + timedelta(days=1)), near
        )
        order = Order(
            who(unit, actor), who(unit, member), ask.service, "home", find_times(house, unit, ask)[0]
        )
        booking, verdict = hold(house, unit, order, f"key{next(_numbers)}")
        assert booking is not None, verdict.refusal
        return confirm(house, unit, who(unit, actor), booking.id).id


def booking_of(unit: Unit, booking_id: str) -> Booking:
    found = unit.bookings.get(booking_id)
    assert found is not None
    return found


def balances(house: House, member="mei", day=None) -> dict[str, tuple[int, int, int, int]]:
    """By benefit: allowed, held, used, left; what is stored agrees with what the entries tell."""
    with house.store.read() as unit:
        told = {}
        for item in unit.benefits.entitlements(member, day or house.today()):
            kept = balance_of(item.grant, unit.benefits.entries(item.grant.id))
            stored = item.balance
            assert (kept.allowed, kept.held, kept.used) == (stored.allowed, stored.held, stored.used)
            name = f"{item.benefit.code}:{item.grant.starts_on:%y%m}"
            told[name] = (stored.allowed, stored.held, stored.used, stored.left)
        return told


def pushed(house: House, person_id: str) -> list[str]:
    """What was said to somebody of our own accord."""
    with house.store.read() as unit:
        conversation = unit.conversations.of_existing(person_id)
        if conversation is None:
            return []
        return [m.text for m in unit.conversations.after(conversation.id, 0, 50, pushed=True)]
