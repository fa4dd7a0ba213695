"""Random histories of bookings over the real store: whatever happens, the ledger and the times stay right."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count, pairwise

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from actions.book import Order, confirm, hold, move, release_lapsed
from actions.end_booking import cancel_booking, fail_booking
from actions.enrol import enrol
from actions.find_times import Ask, find_times
from actions.house import House
from actions.lapse import work_off
from actions.settle import commit_visit, refund_booking
from domain.benefits import Benefit, Plan, balance_of
from domain.bookings import OCCUPYING, Booking, Status
from domain.clock import FixedClock
from domain.endings import Ending
from domain.errors import RuleBroken
from domain.ledger import taken_by
from domain.people import Person
from tests.actions.care import who
from tests.conftest import NOW

_worlds = count(1)
_COUPLE = ("a", "b")
_TERMS = (
    {"unit": "hour", "amount": 240, "period": "month", "rollover_max": 60, "priority": 1},
    {
        "unit": "visit",
        "amount": 2,
        "amount_each": 1,
        "period": "year",
        "shared_with": "family",
        "grace_days": 3,
    },
    {"unit": "cny", "amount": 40_000, "period": "lifetime", "copay_percent": 10, "priority": 200},
)


class Histories(RuleBasedStateMachine):
    """A couple with hours by the month, shared visits by the year, and money once."""

    def __init__(self, house: House, clock: FixedClock) -> None:
        super().__init__()
        self.house, self.clock, self.made = house, clock, []
        self.name, self.keys = f"w{next(_worlds)}", count(1)
        clock.moment = NOW
        with house.store.write() as unit:
            for each in _COUPLE:
                unit.people.add(
                    Person(
                        id=self.name + each,
                        name=each,
                        born_on=date(1950, 1, 1),
                        city_id="c1",
                        district_id="d1",
                    )
                )
            unit.benefits.add(Plan(id=self.name, code=self.name, name=self.name, late_hours=6))
            unit.flush()
            for one, other in (_COUPLE, _COUPLE[::-1]):
                from domain.people import Kinship

                unit.people.add(
                    Kinship(elder_id=self.name + one, relative_id=self.name + other, relation="spouse")
                )
            for number, terms in enumerate(_TERMS):
                unit.benefits.add(
                    Benefit(
                        id=f"{self.name}-{number}",
                        plan_id=self.name,
                        code=str(number),
                        name=str(number),
                        services=["assisted_bathing"],
                        channels=["home"],
                        **terms,
                    )
                )
            unit.flush()
            for each in _COUPLE:
                enrol(house, unit, who(unit, self.name + each), self.name, date(2026, 1, 1), date(2027, 3, 1))

    def attempt(self, work) -> object:
        """Whatever a rule says no to changes nothing."""
        try:
            with self.house.store.write() as unit:
                return work(unit)
        except RuleBroken:
            return None

    def slot(self, unit, member: Person, days: int, without: str | None = None):
        begin = self.clock.now() + timedelta(days=days)
        service = self.house.catalogue.service("assisted_bathing")
        ask = Ask(member, service, "home", (begin, begin + timedelta(days=2)), None, without)
        found = find_times(self.house, unit, ask)
        return (found[0], service) if found else (None, service)

    @rule(each=st.sampled_from(_COUPLE), days=st.integers(0, 20), firm=st.booleans())
    def book(self, each: str, days: int, firm: bool) -> None:
        def work(unit):
            member = who(unit, self.name + each)
            found, service = self.slot(unit, member, days)
            if found is None:
                return None
            key = f"{self.name}:{next(self.keys)}"
            booking, _ = hold(self.house, unit, Order(member, member, service, "home", found), key)
            if booking is not None and firm:
                confirm(self.house, unit, member, booking.id)
            return booking.id if booking is not None else None

        booking_id = self.attempt(work)
        if booking_id is not None:
            self.made.append(booking_id)

    def some(self, unit, data) -> Booking:
        found = unit.bookings.locked(data.draw(st.sampled_from(self.made)))
        assert found is not None
        return found

    @precondition(lambda self: self.made)
    @rule(data=st.data())
    def confirm(self, data) -> None:
        def work(unit):
            one = self.some(unit, data)
            confirm(self.house, unit, who(unit, one.member_id), one.id)

        self.attempt(work)

    @precondition(lambda self: self.made)
    @rule(data=st.data())
    def cancel(self, data) -> None:
        def work(unit):
            one = self.some(unit, data)
            cancel_booking(self.house, unit, who(unit, one.member_id), one.id)

        self.attempt(work)

    @precondition(lambda self: self.made)
    @rule(
        data=st.data(), ending=st.sampled_from([e for e in Ending if e not in (Ending.TIMELY, Ending.LATE)])
    )
    def fail(self, data, ending: Ending) -> None:
        self.attempt(
            lambda unit: fail_booking(self.house, unit, who(unit, "life1"), self.some(unit, data).id, ending)
        )

    @precondition(lambda self: self.made)
    @rule(data=st.data(), days=st.integers(0, 20))
    def move(self, data, days: int) -> None:
        def work(unit):
            one = self.some(unit, data)
            member = who(unit, one.member_id)
            found, _ = self.slot(unit, member, days, one.id)
            if found is not None:
                move(self.house, unit, member, one.id, found)

        self.attempt(work)

    @precondition(lambda self: self.made)
    @rule(data=st.data())
    def visit(self, data) -> None:
        def work(unit):
            one = self.some(unit, data)
            if one.status in (Status.CONFIRMED, Status.FULFILLED):
                commit_visit(self.house, unit, one, f"visit:{one.id}", "mei")

        self.attempt(work)

    @precondition(lambda self: self.made)
    @rule(data=st.data(), amount=st.none() | st.integers(1, 50), again=st.booleans())
    def refund(self, data, amount: int | None, again: bool) -> None:
        def work(unit):
            one, key = self.some(unit, data), f"refund:{next(self.keys)}"
            for _ in range(1 + again):
                refund_booking(self.house, unit, one, f"{one.id}:{key}", "life1", amount)

        self.attempt(work)

    @rule(
        by=st.sampled_from([timedelta(minutes=6), timedelta(hours=5), timedelta(days=3), timedelta(days=20)])
    )
    def time_passes(self, by: timedelta) -> None:
        self.clock.advance(by)
        with self.house.store.write() as unit:
            release_lapsed(self.house, unit)
        for _ in range(5):
            work_off(self.house)

    @invariant()
    def the_ledger_is_right(self) -> None:
        with self.house.store.read() as unit:
            bookings = [unit.bookings.get(b) for b in self.made]
            held: dict[str, int] = {}
            for booking in bookings:
                for part in taken_by(unit.benefits.entries_of(booking.id)):
                    assert part.held >= 0
                    assert part.used >= 0
                    # A hold always ends: nothing is held by what is over.
                    assert part.held == 0 or booking.status in OCCUPYING
                    held[part.grant_id] = held.get(part.grant_id, 0) + part.held
            seen = set()
            for each in _COUPLE:
                for item in unit.benefits.entitlements(self.name + each, date(2026, 1, 1)):
                    told = balance_of(item.grant, unit.benefits.entries(item.grant.id))
                    stored = item.balance
                    assert (told.allowed, told.held, told.used) == (stored.allowed, stored.held, stored.used)
                    assert min(stored.left, stored.held, stored.used) >= 0
                    assert stored.held == held.get(item.grant.id, 0)
                    seen.add(item.grant.id)
            assert held.keys() <= seen

    @invariant()
    def nothing_overlaps(self) -> None:
        with self.house.store.read() as unit:
            standing = [b for b in map(unit.bookings.get, self.made) if b.status in OCCUPYING]
        for key, begin, end in (("member_id", "begin", "end"), ("staff_id", "staff_from", "staff_until")):
            spans: dict[str, list[tuple[datetime, datetime]]] = {}
            for booking in standing:
                if getattr(booking, key) is not None:
                    spans.setdefault(getattr(booking, key), []).append(
                        (getattr(booking, begin), getattr(booking, end))
                    )
            for taken in spans.values():
                taken.sort()
                assert all(a[1] <= b[0] for a, b in pairwise(taken))

    def teardown(self) -> None:
        """The next history finds the carer free."""
        with self.house.store.write() as unit:
            for booking in map(unit.bookings.locked, self.made):
                if booking.status in OCCUPYING:
                    booking.status, booking.hold_until = Status.CANCELLED, None


def test_random_histories_keep_the_ledger_and_the_times_right(house: House, clock: FixedClock) -> None:
    run_state_machine_as_test(
        lambda: Histories(house, clock),
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
