"""The ledger over the real store: several grants, refunds, periods that end, roll over, or are made up."""

from __future__ import annotations

import contextlib
import threading
from datetime import date, timedelta

import pytest

from actions.book import cancel, confirm, hold, move, release_lapsed
from actions.enrol import enrol, grant_due, open_case
from actions.find_times import Ask, find_times
from actions.house import House
from actions.lapse import work_off
from actions.look_up_benefits import judge_wish
from actions.settle import commit_visit, hold_draws, refund_booking, release_booking
from domain.bookings import Status
from domain.clock import FixedClock
from domain.errors import Exhausted, NotAllowed, Taken, WrongState
from domain.judging import NotCarried, Refusal
from tests.actions.care import AFTERNOON, balances, book, booking_of, plan, who
from tests.conftest import NOW

HOURS = {"unit": "hour", "services": ["assisted_bathing"], "priority": 10}


def two_grants(house: House) -> str:
    """A visit of an hour and a half out of a grant with one hour and a grant with ten."""
    plan(house, {**HOURS, "amount": 60, "priority": 1}, {**HOURS, "amount": 600})
    return book(house)


def test_a_booking_draws_on_two_grants_and_names_the_first(house: House) -> None:
    booking_id = two_grants(house)

    told = balances(house)
    assert (told["own0:2601"], told["own1:2601"]) == ((60, 60, 0, 0), (600, 30, 0, 570))
    with house.store.read() as unit:
        booking = booking_of(unit, booking_id)
        assert booking.grant_id is not None
        assert unit.benefits.grant(booking.grant_id).benefit_id == "bf-own-0"
        assert booking.amount == 90


def test_a_verified_visit_commits_once(house: House) -> None:
    booking_id = two_grants(house)
    for _ in range(2):
        with house.store.write() as unit:
            booking = booking_of(unit, booking_id)
            commit_visit(house, unit, booking, "visit-1", "mei")
            assert booking.status is Status.FULFILLED

    assert balances(house)["own0:2601"] == (60, 0, 60, 0)
    assert balances(house)["own1:2601"] == (600, 0, 30, 570)


def test_a_refund_unwinds_the_last_taken_first_and_only_once(house: House) -> None:
    booking_id = two_grants(house)
    for key, amount, back in (("r1", 45, 45), ("r1", 45, 0), ("r2", None, 45), ("r3", None, 0)):
        with house.store.write() as unit:
            booking = booking_of(unit, booking_id)
            commit_visit(house, unit, booking, "visit", "mei")
            assert refund_booking(house, unit, booking, key, "life1", amount) == back
        if key == "r1":
            assert balances(house)["own1:2601"] == (600, 0, 0, 600)
            assert balances(house)["own0:2601"] == (60, 0, 45, 15)

    assert balances(house)["own0:2601"] == (60, 0, 0, 60)


def test_a_release_is_idempotent_and_ends_the_hold(house: House) -> None:
    booking_id = two_grants(house)
    for back in (90, 0):
        with house.store.write() as unit:
            assert release_booking(house, unit, booking_of(unit, booking_id), "x") == back


def test_a_lapsed_hold_over_two_grants_is_taken_again_whole(house: House, clock: FixedClock) -> None:
    plan(house, {**HOURS, "amount": 60, "priority": 1}, {**HOURS, "amount": 600})
    with house.store.write() as unit:
        mei, service = who(unit, "mei"), house.catalogue.service("assisted_bathing")
        day = AFTERNOON.replace(hour=0)
        ask = Ask(mei, service, "home", (day, day + timedelta(days=1)), AFTERNOON)
        from actions.book import Order

        booking, _ = hold(house, unit, Order(mei, mei, service, "home", find_times(house, unit, ask)[0]), "k")
        assert booking is not None
    clock.advance(timedelta(minutes=6))
    with house.store.write() as unit:
        release_lapsed(house, unit)
    assert balances(house)["own1:2601"][1] == 0
    with house.store.write() as unit:
        confirm(house, unit, who(unit, "mei"), booking.id)

    assert (balances(house)["own0:2601"][1], balances(house)["own1:2601"][1]) == (60, 30)


def test_a_step_that_is_refused_leaves_nothing_and_the_rest_goes_on(house: House) -> None:
    booking_id = book(house)
    with house.store.write() as unit:
        taken = booking_of(unit, booking_id)
        from actions.book import Order

        stranger = who(unit, "stranger")
        service = house.catalogue.service("assisted_bathing")
        order = Order(stranger, stranger, service, "home", taken.slot, self_pay=True)
        with pytest.raises(Taken), unit.attempt():
            hold(house, unit, order, "late")
        stranger.dialect = "粤语"

    with house.store.read() as unit:
        assert who(unit, "stranger").dialect == "粤语"
        assert unit.bookings.by_key("late") is None


def test_moving_into_the_next_period_draws_on_it(house: House, clock: FixedClock) -> None:
    plan(house, {"amount": 1, "period": "month", "priority": 1})
    booking_id = book(house)
    with house.store.write() as unit:
        near = NOW.replace(month=12, day=2, hour=15)
        day = near.replace(hour=0)
        service = house.catalogue.service("assisted_bathing")
        ask = Ask(who(unit, "mei"), service, "home", (day, day + timedelta(days=1)), near, booking_id)
        move(house, unit, who(unit, "mei"), booking_id, find_times(house, unit, ask)[0])

    told = balances(house)
    assert (told["own0:2611"], told["own0:2612"]) == ((1, 0, 0, 1), (1, 1, 0, 0))


def test_moving_to_a_day_that_no_benefit_carries_changes_nothing(house: House) -> None:
    first = book(house)
    with house.store.write() as unit:
        booked = booking_of(unit, first)
        assert booked.grant_id is not None
        unit.benefits.benefit("bf").gap_days = 3
    second = book(house, near=AFTERNOON + timedelta(days=5))
    with house.store.write() as unit:
        near = AFTERNOON + timedelta(days=1)
        day, service = near.replace(hour=0), house.catalogue.service("assisted_bathing")
        ask = Ask(who(unit, "mei"), service, "home", (day, day + timedelta(days=1)), near, second)
        found = find_times(house, unit, ask)[0]
        with pytest.raises(NotCarried) as no, unit.attempt():
            move(house, unit, who(unit, "mei"), second, found)
        assert no.value.verdict.refusal is Refusal.TOO_SOON

    with house.store.read() as unit:
        assert booking_of(unit, second).begin == AFTERNOON + timedelta(days=5)
    assert balances(house)["bath:2601"] == (3, 2, 0, 1)


def test_what_is_left_expires_with_its_period_and_rolls_over_within_bounds(
    house: House, clock: FixedClock
) -> None:
    plan(house, {"amount": 4, "period": "month", "rollover_max": 2})
    clock.moment = NOW.replace(month=12, day=1, hour=0)
    for _ in range(3):
        work_off(house)

    told = balances(house, day=date(2026, 11, 1))
    assert told["own0:2611"] == (0, 0, 0, 0)
    assert told["own0:2612"] == (6, 0, 0, 6)


def test_a_period_asked_for_before_the_tick_rolls_over_once(house: House, clock: FixedClock) -> None:
    plan(house, {"amount": 4, "period": "month", "rollover_max": 2})
    clock.moment = NOW.replace(month=12, day=1, hour=0)
    with house.store.write() as unit:
        grant_due(house, unit, who(unit, "mei"), house.today())
    work_off(house)

    assert balances(house)["own0:2612"] == (6, 0, 0, 6)


def test_grace_lets_the_old_period_be_used_first(house: House, clock: FixedClock) -> None:
    plan(house, {"amount": 1, "period": "month", "grace_days": 5, "priority": 1})
    clock.moment = NOW.replace(month=12, day=2)
    with house.store.write() as unit:
        verdict = judge_wish(house, unit, who(unit, "mei"), "assisted_bathing", "home", date(2026, 12, 5))
        assert verdict.entitlement is not None
        assert verdict.entitlement.grant.starts_on == date(2026, 11, 1)
        verdict = judge_wish(house, unit, who(unit, "mei"), "assisted_bathing", "home", date(2026, 12, 6))
        assert verdict.entitlement is not None
        assert verdict.entitlement.grant.starts_on == date(2026, 12, 1)


def test_a_lifetime_is_not_given_twice(house: House) -> None:
    plan(
        house, {"amount": 2, "period": "lifetime", "priority": 1}, term=(date(2026, 1, 1), date(2026, 12, 1))
    )
    booking_id = book(house)
    with house.store.write() as unit:
        commit_visit(house, unit, booking_of(unit, booking_id), "v", "mei")
        enrol(house, unit, who(unit, "mei"), "own", date(2026, 12, 1), date(2028, 1, 1))
        grant_due(house, unit, who(unit, "mei"), date(2026, 12, 2))

    assert balances(house, day=date(2026, 12, 2))["own0:2612"] == (1, 0, 0, 1)


def test_a_case_is_opened_by_a_doctor_butler_and_granted_for(house: House) -> None:
    plan(house, {"period": "case", "services": ["home_nursing"], "amount": 5, "case_days": 30})
    with house.store.write() as unit:
        mei = who(unit, "mei")
        verdict = judge_wish(house, unit, mei, "home_nursing", "home", date(2026, 11, 25))
        assert verdict.refusal is Refusal.NO_CASE
        with pytest.raises(NotAllowed):
            open_case(house, unit, who(unit, "life1"), mei, "c1")
        assert open_case(house, unit, who(unit, "doc1"), mei, "c1") is open_case(
            house, unit, who(unit, "doc1"), mei, "c1"
        )
        assert judge_wish(house, unit, mei, "home_nursing", "home", date(2026, 12, 23)).entitlement
        verdict = judge_wish(house, unit, mei, "home_nursing", "home", date(2026, 12, 24))
        assert verdict.refusal is Refusal.NO_CASE


def test_a_family_shares_a_ceiling_and_nobody_takes_more_than_a_share(house: House) -> None:
    plan(
        house,
        {"shared_with": "family", "amount": 3, "amount_each": 2, "priority": 1},
        holder="huan",
    )
    with house.store.write() as unit:
        unit.benefits.benefit("bf").services = []
    for days in range(2):
        book(house, near=AFTERNOON + timedelta(days=days))
    with house.store.write() as unit:
        mei, huan, day = who(unit, "mei"), who(unit, "huan"), date(2026, 12, 5)
        assert judge_wish(house, unit, mei, "assisted_bathing", "home", day).refusal is Refusal.OWN_SHARE
        (item,) = [i for i in unit.benefits.entitlements("huan", day) if i.benefit.id == "bf-own-0"]
        assert (item.own_left, item.balance.left, item.people) == (1, 1, ("huan", "mei"))
        assert judge_wish(house, unit, huan, "assisted_bathing", "home", day).entitlement


def test_a_share_is_not_taken_twice_by_bookings_that_were_judged_before(house: House) -> None:
    plan(house, {"shared_with": "family", "amount": 5, "amount_each": 1, "priority": 1})
    with house.store.write() as unit:
        verdict = judge_wish(house, unit, who(unit, "mei"), "assisted_bathing", "home", AFTERNOON.date())
    book(house)
    second = book(house, near=AFTERNOON + timedelta(days=2))

    with pytest.raises(Exhausted), house.store.write() as unit:
        hold_draws(house, unit, booking_of(unit, second), verdict.draws, "stale", "mei")
    assert balances(house)["own0:2601"] == (5, 1, 0, 4)


def test_a_visit_that_was_cancelled_is_not_committed(house: House) -> None:
    booking_id = book(house)
    with house.store.write() as unit:
        cancel(house, unit, who(unit, "mei"), booking_id)
        with pytest.raises(WrongState):
            commit_visit(house, unit, booking_of(unit, booking_id), "v", "mei")


def test_two_bookings_at_once_keep_the_days_between(house: House) -> None:
    with house.store.write() as unit:
        unit.benefits.benefit("bf").gap_days = 3
    start, made = threading.Barrier(2), list[str]()

    def run(days: int) -> None:
        start.wait()
        # The other is judged after the first was stored, or looked at again under the lock.
        with contextlib.suppress(AssertionError, Exhausted):
            made.append(book(house, near=AFTERNOON + timedelta(days=days)))

    threads = [threading.Thread(target=run, args=(days,)) for days in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 1
    assert balances(house)["bath:2601"] == (3, 1, 0, 2)
