"""What comes after a visit: confirmed, objected to, verified, corrected by two."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from actions import scores, visit_checks, visit_due
from actions.find_times import Ask, find_times
from actions.house import House
from domain.bookings import Status
from domain.clock import FixedClock
from domain.errors import NotAllowed, NotFound
from domain.visits import VisitState
from tests.actions.visiting import (
    BATH,
    START,
    add_carers,
    balance,
    booked,
    heard,
    lead,
    read,
    topics,
    who,
)


@pytest.mark.parametrize(
    ("facts", "flags"),
    [
        ({"steps": BATH[1:]}, ["steps_left_out"]),
        ({"minutes": 20}, ["short"]),
        ({"code": False}, ["no_place"]),
    ],
)
def test_what_is_odd_goes_to_a_person_and_commits_nothing(
    house: House, clock: FixedClock, visit_id: str, facts: dict[str, object], flags: list[str]
) -> None:
    lead(house, clock, visit_id, **facts)  # type: ignore[arg-type]

    assert read(house, visit_id)[0].flags == flags
    assert ("visit_flagged", "normal") in topics(house)
    with house.store.write() as unit:
        visit_checks.confirm(house, unit, who(unit, "mei"), visit_id, "y", came=True)
    clock.advance(timedelta(days=2))
    visit_due.work_off(house)
    assert balance(house) == (1, 0, 2)
    with house.store.write() as unit:
        visit_checks.verify(house, unit, who(unit, "life1"), visit_id, "v")
    assert balance(house) == (0, 1, 2)


def test_a_day_without_objection_verifies_what_is_complete(
    house: House, clock: FixedClock, visit_id: str
) -> None:
    lead(house, clock, visit_id)
    clock.advance(timedelta(hours=23, minutes=59))
    visit_due.work_off(house)
    assert balance(house) == (1, 0, 2)
    clock.advance(timedelta(minutes=1))
    visit_due.work_off(house)
    visit_due.work_off(house)

    assert balance(house) == (0, 1, 2)
    visit, booking = read(house, visit_id)
    assert (visit.verified_by, booking.status) == (None, Status.FULFILLED)


def test_nobody_came_says_the_elder_and_nothing_is_used(
    house: House, clock: FixedClock, visit_id: str
) -> None:
    lead(house, clock, visit_id)
    with house.store.write() as unit:
        visit_checks.confirm(house, unit, who(unit, "mei"), visit_id, "n", came=False)
    clock.advance(timedelta(days=2))
    visit_due.work_off(house)

    assert ("visit_objected", "high") in topics(house)
    assert balance(house) == (1, 0, 2)
    with house.store.write() as unit:
        visit_checks.verify(house, unit, who(unit, "life1"), visit_id, "v", took_place=False)
    assert balance(house) == (0, 0, 3)
    assert read(house, visit_id)[1].status is Status.FAILED


@pytest.mark.parametrize(
    ("person", "error"), [("stranger", NotFound), ("gao", NotFound), ("life1", NotFound)]
)
def test_only_the_elder_and_the_family_confirm(
    house: House, clock: FixedClock, visit_id: str, person: str, error: type[Exception]
) -> None:
    lead(house, clock, visit_id)
    with pytest.raises(error), house.store.write() as unit:
        visit_checks.confirm(house, unit, who(unit, person), visit_id, "y", came=True)


def test_one_of_the_family_may_confirm(house: House, clock: FixedClock, visit_id: str) -> None:
    lead(house, clock, visit_id)
    with house.store.write() as unit:
        visit_checks.confirm(house, unit, who(unit, "huan"), visit_id, "y", came=True)
        visit_checks.confirm(house, unit, who(unit, "mei"), visit_id, "z", came=True)

    assert read(house, visit_id)[0].confirmed_by == "huan"
    assert balance(house) == (0, 1, 2)


def test_a_private_visit_does_not_exist_for_the_family(house: House, clock: FixedClock) -> None:
    add_carers(house)
    visit_id = booked(house, "mei", private=True)
    lead(house, clock, visit_id)

    assert heard(house, "huan") == []
    for act in (
        lambda unit: visit_checks.seen(house, unit, who(unit, "huan"), visit_id, "x"),
        lambda unit: visit_checks.confirm(house, unit, who(unit, "huan"), visit_id, "y", came=True),
    ):
        with pytest.raises(NotFound), house.store.write() as unit:
            act(unit)


def test_a_correction_needs_a_second_person_and_the_original_stays(
    house: House, clock: FixedClock, visit_id: str
) -> None:
    lead(house, clock, visit_id)
    began = read(house, visit_id)[0].began_at
    assert began is not None
    earlier = began - timedelta(minutes=10)
    with pytest.raises(visit_checks.BadCorrection), house.store.write() as unit:
        visit_checks.correct(house, unit, who(unit, "gao"), visit_id, "began_at", earlier, " ")
    with house.store.write() as unit:
        made = visit_checks.correct(house, unit, who(unit, "life1"), visit_id, "began_at", earlier, "点晚了")
    with pytest.raises(NotAllowed, match="second_person"), house.store.write() as unit:
        visit_checks.decide(house, unit, who(unit, "life1"), visit_id, made.id, agreed=True)
    with pytest.raises(NotFound), house.store.write() as unit:
        visit_checks.decide(house, unit, who(unit, "gao"), visit_id, made.id, agreed=True)
    with house.store.write() as unit:
        visit_checks.decide(house, unit, who(unit, "life2"), visit_id, made.id, agreed=True)

    visit, _ = read(house, visit_id)
    assert (visit.began_at, visit.flags) == (began, ["corrected"])
    with house.store.read() as unit:
        assert [c.agreed for c in unit.visits.corrections(visit_id)] == [True]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE visit_events SET kind = 'x'",
        "DELETE FROM visit_events",
        "UPDATE visits SET began_at = arrived_at, arrived_at = NULL",
    ],
)
def test_the_database_itself_keeps_what_was_noted(
    house: House, clock: FixedClock, visit_id: str, statement: str
) -> None:
    lead(house, clock, visit_id)
    with pytest.raises(DBAPIError, match="append-only"), house.store.engine.begin() as connection:
        connection.execute(text(statement))


def test_a_site_is_asked_about_afterwards(house: House, clock: FixedClock) -> None:
    add_carers(house)
    from actions.book import Order, confirm, hold

    with house.store.write() as unit:
        mei, service = who(unit, "mei"), house.catalogue.service("health_checkup")
        day = START.replace(hour=0)
        slot = find_times(
            house, unit, Ask(mei, service, "store", (day, day + timedelta(days=1)), START.replace(hour=9))
        )[0]
        made, _ = hold(house, unit, Order(mei, mei, service, "store", slot, self_pay=True), "k")
        assert made is not None
        confirm(house, unit, mei, made.id)
    clock.moment = START.replace(hour=13)
    visit_due.work_off(house)
    assert heard(house, "mei")[-1] == "您今天约了体检，在试城体检站。\n去过了吗？"
    with house.store.write() as unit:
        visit = unit.visits.of_booking(made.id)
        assert visit is not None
        visit_checks.confirm(house, unit, who(unit, "mei"), visit.id, "y", came=True)
        assert (visit.state, visit.flags, visit.missing) == (VisitState.DONE, ["self_reported"], [])


def test_a_provider_below_the_mark_is_suspended_and_not_offered(
    house: House, clock: FixedClock, visit_id: str
) -> None:
    with house.store.write() as unit:
        booking = read(house, visit_id)[1]
        for _ in range(30):
            scores.rated(house, unit, booking, 1)
            scores.came(house, unit, booking, in_time=False)
    with house.store.read() as unit:
        provider = unit.providers.get("p1")
        assert provider is not None
        assert provider.status == "suspended"
        day = START.replace(hour=0) + timedelta(days=3)
        ask = Ask(
            who(unit, "mei"),
            house.catalogue.service("assisted_bathing"),
            "home",
            (day, day + timedelta(days=1)),
        )
        assert find_times(house, unit, ask) == []
    assert [t for t, _ in topics(house)] == ["provider_suspended"]
