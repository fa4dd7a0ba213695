"""What a service needs before it is booked: what keeps it from being booked at every door, and what is to be ready."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from actions import needs
from actions.book import Order, foresee_move, hold, move
from actions.find_times import Ask, find_times
from actions.house import House
from actions.series import Wanted, plan
from actions.wait import queue_up
from domain.benefits import Assessment
from domain.bookings import Status
from domain.errors import NotAllowed, NotReady, WrongState
from domain.judging import NotCarried, Refusal
from domain.people import Person
from domain.providers import Certificate, Offering, Shift, Staff
from domain.store import Unit
from tests.actions.care import AFTERNOON, balances, book, booking_of, who
from tests.conftest import NOW

DAY = AFTERNOON.date()


@pytest.fixture
def therapist(house: House) -> None:
    """Somebody who does rehabilitation at home, and somebody who assesses."""
    with house.store.write() as unit:
        for number, (service, kind, grade) in enumerate(
            (("rehab_neuro", "therapist_neuro", "康复治疗师"), ("ability_assessment", "assessor", None)), 8
        ):
            staff_id = f"s{number}"
            unit.providers.add(
                Offering(
                    id=f"o{number}",
                    provider_id="p1",
                    service=service,
                    channel="home",
                    city_id="c1",
                    price_cents=9000,
                ),
                Staff(
                    id=staff_id,
                    provider_id="p1",
                    name="康师傅",
                    gender="male",
                    city_id="c1",
                    lat=30.0,
                    lon=120.0,
                ),
            )
            unit.flush()
            unit.providers.add(
                Certificate(
                    id=f"ct{number}",
                    staff_id=staff_id,
                    kind=kind,
                    number="7",
                    valid_from=date(2024, 1, 1),
                    valid_until=date(2027, 12, 31),
                    grade=grade,
                ),
                *(Shift(staff_id=staff_id, weekday=d, starts=time(8), ends=time(18)) for d in range(7)),
            )
            unit.providers.cover(staff_id, "d1")


def assess(house: House, until: date, person: str = "mei") -> None:
    with house.store.write() as unit:
        unit.benefits.add(
            Assessment(
                id="as1",
                person_id=person,
                level=2,
                assessed_on=date(2026, 5, 1),
                valid_until=until,
                assessor_id="doc1",
                created_at=NOW,
            )
        )


def order(house: House, unit: Unit, service: str = "rehab_neuro", near=AFTERNOON) -> Order:
    mei, day = who(unit, "mei"), near.replace(hour=0)
    ask = Ask(mei, house.catalogue.service(service), "home", (day, day + timedelta(days=1)), near)
    return Order(mei, mei, ask.service, "home", find_times(house, unit, ask)[0], self_pay=True)


@pytest.mark.usefixtures("therapist")
def test_what_cannot_be_done_is_booked_by_no_door(house: House) -> None:
    with house.store.write() as unit:
        wanted = order(house, unit)
        mei, service = who(unit, "mei"), wanted.service
        with pytest.raises(NotReady) as refused:
            hold(house, unit, wanted, "k")
        assert refused.value.needs == ["ability_assessment"]
        with pytest.raises(NotReady):
            plan(house, unit, Wanted(mei, mei, service, "home", "FREQ=WEEKLY;BYDAY=WE;COUNT=2"), "k2")
        with pytest.raises(NotReady):
            queue_up(house, unit, mei, Ask(mei, service, "home", (NOW, NOW + timedelta(days=2))), "k3")
    with house.store.read() as unit:
        assert unit.bookings.of("mei") == []


@pytest.mark.usefixtures("therapist")
@pytest.mark.parametrize(("until", "good"), [(DAY, True), (DAY - timedelta(days=1), False)])
def test_an_assessment_is_to_be_valid_on_the_day(house: House, until: date, good: bool) -> None:
    assess(house, until)
    with house.store.write() as unit:
        assert (needs.lacking(house, unit, who(unit, "mei"), "rehab_neuro", DAY) == []) is good
        if good:
            assert hold(house, unit, order(house, unit), "k")[0] is not None


@pytest.mark.usefixtures("therapist")
def test_an_assessment_that_is_booked_before_will_do(house: House) -> None:
    with house.store.write() as unit:
        wanted = order(house, unit, "ability_assessment")
        booking, _ = hold(house, unit, wanted, "k")
        assert booking is not None
        mei, after = who(unit, "mei"), DAY + timedelta(days=1)
        assert needs.lacking(house, unit, mei, "rehab_neuro", after) == ["ability_assessment"]
        booking.go(Status.CONFIRMED)
        unit.flush()
        assert needs.lacking(house, unit, mei, "rehab_neuro", after) == []
        assert needs.lacking(house, unit, mei, "rehab_neuro", DAY) == ["ability_assessment"]


def test_a_call_needs_a_number(house: House) -> None:
    with house.store.read() as unit:
        assert needs.lacking(house, unit, who(unit, "mei"), "phone_consult", DAY) == []
        unknown = Person(id="silent", name="某")
        assert needs.lacking(house, unit, unknown, "phone_consult", DAY) == ["callback_number"]


def test_what_is_on_paper_is_to_be_ready_and_what_is_known_is_not_asked_for(house: House) -> None:
    booking_id = book(house)
    with house.store.write() as unit:
        booking = booking_of(unit, booking_id)
        booking.service = "home_nursing"
        assert needs.ready_line(house, unit, booking) == "请把医嘱备在手边，师傅到了先看。"
        who(unit, "mei").notes = {"doctor_order": "11月出院"}
        assert needs.ready_line(house, unit, booking) == ""
        booking.service, booking.channel = "vaccination", "store"
        assert needs.ready_line(house, unit, booking) == "去的时候请带上接种本。"


# A move is tried before the question is asked.


def slot_on(house: House, unit: Unit, booking_id: str, near):
    day = near.replace(hour=0)
    service = house.catalogue.service("assisted_bathing")
    ask = Ask(who(unit, "mei"), service, "home", (day, day + timedelta(days=1)), near, booking_id)
    return find_times(house, unit, ask)[0]


def test_a_move_that_would_be_refused_is_known_before_and_nothing_changes(house: House) -> None:
    with house.store.write() as unit:
        unit.benefits.benefit("bf").gap_days = 3
    first = book(house)
    second = book(house, AFTERNOON + timedelta(days=4))
    before = balances(house)
    with house.store.write() as unit:
        near = slot_on(house, unit, second, AFTERNOON + timedelta(days=1))
        there = booking_of(unit, second).begin
        with pytest.raises(NotCarried) as refused:
            foresee_move(house, unit, who(unit, "mei"), second, near)
        assert refused.value.verdict.refusal is Refusal.TOO_SOON
        far = slot_on(house, unit, second, AFTERNOON + timedelta(days=6))
        foresee_move(house, unit, who(unit, "mei"), second, far)
        assert (booking_of(unit, second).begin, booking_of(unit, second).version) == (there, 2)
        assert [e.kind for e in unit.bookings.history(second)] == ["confirmed"]
    assert balances(house) == before
    with house.store.write() as unit:
        assert move(house, unit, who(unit, "mei"), second, far).begin == far.begin
        assert booking_of(unit, first).begin == AFTERNOON


def test_a_move_that_nobody_may_make_is_known_before(house: House) -> None:
    booking_id = book(house)
    with house.store.write() as unit:
        found = slot_on(house, unit, booking_id, AFTERNOON + timedelta(days=1))
        for consent in unit.people.consents("mei", "huan", NOW).values():
            consent.revoked_at = NOW
        unit.flush()
        with pytest.raises(NotAllowed):
            foresee_move(house, unit, who(unit, "huan"), booking_id, found)


def test_a_visit_that_has_begun_is_not_moved(house: House) -> None:
    from domain.visits import VisitState

    booking_id = book(house)
    with house.store.write() as unit:
        found = slot_on(house, unit, booking_id, AFTERNOON + timedelta(days=1))
        visit = unit.visits.of_booking(booking_id)
        assert visit is not None
        visit.go(VisitState.ON_THE_WAY)
        foresee_move(house, unit, who(unit, "mei"), booking_id, found)
        visit.go(VisitState.ARRIVED)
        unit.flush()
        with pytest.raises(WrongState):
            foresee_move(house, unit, who(unit, "mei"), booking_id, found)
