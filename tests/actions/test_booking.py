"""Holding, confirming, moving and dropping over the real store, for people and plans that no seed knows."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from actions.book import Order, cancel, confirm, hold, move, release, release_lapsed, standing
from actions.find_times import Ask, find_times
from actions.house import House
from domain.bookings import Status
from domain.clock import FixedClock
from domain.errors import NotAllowed, NotFound, Taken
from domain.people import Person
from domain.store import Unit
from tests.conftest import NOW

AFTERNOON = NOW.replace(day=26, hour=15)


def who(unit: Unit, person_id: str) -> Person:
    found = unit.people.get(person_id)
    assert found is not None
    return found


def slots(
    house: House, unit: Unit, member="mei", service="assisted_bathing", channel="home", near=AFTERNOON, **more
):
    day = near.replace(hour=0)
    ask = Ask(
        who(unit, member),
        house.catalogue.service(service),
        channel,
        (day, day + timedelta(days=1)),
        near,
        **more,
    )
    return find_times(house, unit, ask)


def book(house: House, key="k1", actor="mei", near=AFTERNOON):
    with house.store.write() as unit:
        found = slots(house, unit, near=near)[0]
        order = Order(
            who(unit, actor), who(unit, "mei"), house.catalogue.service("assisted_bathing"), "home", found
        )
        booking, _ = hold(house, unit, order, key)
        assert booking is not None
        confirm(house, unit, who(unit, actor), booking.id)
        return booking.id


def balance(house: House):
    with house.store.read() as unit:
        found = unit.benefits.entitlements("mei", house.today())[0]
        return found.balance.held, found.balance.used, found.balance.left


def test_the_moment_asked_for_comes_alone_where_it_is_free(house: House) -> None:
    with house.store.read() as unit:
        assert [s.begin for s in slots(house, unit)] == [AFTERNOON]


def test_travel_is_part_of_what_is_taken(house: House) -> None:
    book(house)
    with house.store.read() as unit:
        found = slots(house, unit, near=AFTERNOON + timedelta(minutes=90), member="stranger")
        assert AFTERNOON + timedelta(minutes=90) not in [s.begin for s in found]


def test_a_certificate_that_lapses_the_day_before_takes_its_owner_out(house: House) -> None:
    with house.store.read() as unit:
        assert slots(house, unit, near=NOW.replace(month=12, day=31, hour=15))
        assert not slots(house, unit, near=NOW.replace(year=2027, month=1, day=1, hour=15))


def test_the_hold_takes_the_benefit_and_a_cancel_gives_it_back(house: House) -> None:
    booking = book(house)
    assert balance(house) == (1, 0, 2)

    with house.store.write() as unit:
        cancel(house, unit, who(unit, "mei"), booking)
        cancel(house, unit, who(unit, "mei"), booking)

    assert balance(house) == (0, 0, 3)


def test_the_same_message_books_once(house: House) -> None:
    assert book(house, "same") == book(house, "same")
    assert balance(house) == (1, 0, 2)


def test_a_hold_lapses_after_five_minutes_and_is_taken_again_if_free(house: House, clock: FixedClock) -> None:
    with house.store.write() as unit:
        mei = who(unit, "mei")
        order = Order(mei, mei, house.catalogue.service("assisted_bathing"), "home", slots(house, unit)[0])
        booking, _ = hold(house, unit, order, "k")
        assert booking is not None
    clock.advance(timedelta(minutes=5))
    with house.store.write() as unit:
        assert release_lapsed(house, unit) == 1
    assert balance(house) == (0, 0, 3)

    with house.store.write() as unit:
        assert confirm(house, unit, who(unit, "mei"), booking.id).status is Status.CONFIRMED
    assert balance(house) == (1, 0, 2)


def test_a_lapsed_hold_that_somebody_else_took_is_not_confirmed(house: House, clock: FixedClock) -> None:
    with house.store.write() as unit:
        mei = who(unit, "mei")
        order = Order(mei, mei, house.catalogue.service("assisted_bathing"), "home", slots(house, unit)[0])
        booking, _ = hold(house, unit, order, "k")
        assert booking is not None
    clock.advance(timedelta(minutes=6))
    with house.store.write() as unit:
        stranger = who(unit, "stranger")
        release_lapsed(house, unit)
        found = slots(house, unit, member="mei")[0]
        service = house.catalogue.service("assisted_bathing")
        other, _ = hold(house, unit, Order(stranger, stranger, service, "home", found, self_pay=True), "k2")
        assert other is not None

    with pytest.raises(Taken), house.store.write() as unit:
        confirm(house, unit, who(unit, "mei"), booking.id)
    assert balance(house) == (0, 0, 3)


def test_moving_keeps_the_booking_and_its_benefit(house: House) -> None:
    booking = book(house)
    with house.store.write() as unit:
        found = slots(house, unit, near=AFTERNOON + timedelta(minutes=30), without=booking)[0]
        moved = move(house, unit, who(unit, "mei"), booking, found)
        assert moved.begin == AFTERNOON + timedelta(minutes=30)
    assert balance(house) == (1, 0, 2)


def test_a_child_books_as_far_as_consent_goes_and_every_use_is_logged(house: House) -> None:
    booking = book(house, actor="huan")

    with pytest.raises(NotAllowed, match="cancel"), house.store.write() as unit:
        cancel(house, unit, who(unit, "huan"), booking)
    with house.store.read() as unit:
        uses = unit.people.uses_of("mei")
        assert {use.actor_id for use in uses} == {"huan"}
        assert {str(use.scope) for use in uses} == {"book"}


def test_for_a_stranger_the_booking_does_not_exist(house: House) -> None:
    booking = book(house)

    with pytest.raises(NotFound), house.store.write() as unit:
        cancel(house, unit, who(unit, "stranger"), booking)
    with pytest.raises(NotFound), house.store.write() as unit:
        standing(house, unit, who(unit, "stranger"), who(unit, "mei"))


def test_a_private_booking_does_not_exist_for_a_child(house: House) -> None:
    booking = book(house)
    with house.store.write() as unit:
        kept = unit.bookings.get(booking)
        assert kept is not None
        kept.private = True

    with house.store.write() as unit:
        assert standing(house, unit, who(unit, "huan"), who(unit, "mei")) == []
        assert len(standing(house, unit, who(unit, "mei"), who(unit, "mei"))) == 1


def test_a_release_touches_holds_only(house: House) -> None:
    booking = book(house)
    with house.store.write() as unit:
        release(house, unit, booking)
        kept = unit.bookings.get(booking)
        assert kept is not None
        assert kept.status is Status.CONFIRMED


def test_the_last_place_has_one_winner(house: House) -> None:
    """Twelve people take the only bather's only moment at once."""
    with house.store.write() as unit:
        found = slots(house, unit)[0]
        unit.people.add(*(Person(id=f"r{n}", name="x", city_id="c1", district_id="d1") for n in range(12)))
    service, outcomes, start = house.catalogue.service("assisted_bathing"), [], threading.Barrier(12)

    def take(number: int) -> None:
        start.wait()
        try:
            with house.store.write() as unit:
                member = who(unit, f"r{number}")
                made, _ = hold(
                    house, unit, Order(member, member, service, "home", found, self_pay=True), f"r{number}"
                )
                outcomes.append("won" if made else "refused")
        except Taken:
            outcomes.append("taken")

    threads = [threading.Thread(target=take, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["taken"] * 11 + ["won"]
