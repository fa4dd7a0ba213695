"""Visits over the real store: who may report, in which order, from where, and what is not possible."""

from __future__ import annotations

from datetime import timedelta

import pytest

from actions import visit_checks, visit_due, visit_leave
from actions.book import cancel, move
from actions.find_times import Ask, find_times
from actions.house import House
from actions.visit_arrival import arrive
from actions.visits import Report, begin, cannot, finish, on_the_way
from domain.bookings import Status
from domain.clock import FixedClock
from domain.errors import NotAllowed, NotFound, WrongState
from domain.people import Person, Role
from domain.places import Spot
from domain.visits import Impossible, NotAllowedHere, TooSoon, VisitState
from tests.actions.visiting import (
    BATH,
    START,
    balance,
    heard,
    read,
    topics,
    who,
)


@pytest.mark.parametrize("person", ["mei", "huan", "stranger", "other"])
def test_a_visit_is_reported_by_its_carer_alone(
    house: House, clock: FixedClock, visit_id: str, person: str
) -> None:
    clock.moment = START
    with house.store.write() as unit:
        unit.people.add(Person(id="other", name="别人", role=Role.CARER))
    for act in (on_the_way, arrive, begin):
        with pytest.raises(NotFound), house.store.write() as unit:
            act(house, unit, who(unit, person), visit_id, Report("1"))


def test_a_butler_may_report_in_the_carers_place_and_then_not_verify(
    house: House, clock: FixedClock, visit_id: str
) -> None:
    clock.moment = START
    with house.store.write() as unit:
        life = who(unit, "life1")
        arrive(house, unit, life, visit_id, Report("1"))
        begin(house, unit, life, visit_id, Report("2"), ["allergies"])
        clock.advance(timedelta(minutes=80))
        finish(house, unit, life, visit_id, Report("3"), BATH)
    assert read(house, visit_id)[0].flags == ["no_place"]

    with pytest.raises(NotAllowed, match="second_person"), house.store.write() as unit:
        visit_checks.verify(house, unit, who(unit, "life1"), visit_id, "v")
    assert balance(house) == (1, 0, 2)
    with house.store.write() as unit:
        visit_checks.verify(house, unit, who(unit, "life2"), visit_id, "v")
        visit_checks.verify(house, unit, who(unit, "super"), visit_id, "w")
    assert balance(house) == (0, 1, 2)


def test_the_same_report_counts_once(house: House, clock: FixedClock, visit_id: str) -> None:
    clock.moment = START - timedelta(minutes=20)
    for _ in range(2):
        with house.store.write() as unit:
            on_the_way(house, unit, who(unit, "gao"), visit_id, Report("same"))
    with house.store.read() as unit:
        assert [e.kind for e in unit.visits.history(visit_id)] == ["assigned", "on_the_way"]
    assert sum("出发了" in line for line in heard(house, "mei")) == 1


def test_too_soon_and_out_of_order_are_refused(house: House, clock: FixedClock, visit_id: str) -> None:
    for act, error in ((on_the_way, TooSoon), (arrive, TooSoon), (begin, WrongState)):
        with pytest.raises(error), house.store.write() as unit:
            act(house, unit, who(unit, "gao"), visit_id, Report("1"))
    clock.moment = START
    with pytest.raises(WrongState), house.store.write() as unit:
        finish(house, unit, who(unit, "gao"), visit_id, Report("1"), BATH)
    assert read(house, visit_id)[0].state is VisitState.ASSIGNED


def test_what_must_be_known_and_was_not_seen_is_flagged(
    house: House, clock: FixedClock, visit_id: str
) -> None:
    clock.moment = START
    with house.store.write() as unit:
        who(unit, "mei").notes = {}
        arrive(house, unit, who(unit, "gao"), visit_id, Report("1"), Spot(30, 120))
        begin(house, unit, who(unit, "gao"), visit_id, Report("2"))

    assert read(house, visit_id)[0].flags == ["not_known"]


def test_nobody_opens_the_door(house: House, clock: FixedClock, visit_id: str) -> None:
    clock.moment = START + timedelta(minutes=5)
    for _ in range(2):
        with house.store.write() as unit:
            cannot(house, unit, who(unit, "gao"), visit_id, Report("1"), Impossible.NOBODY_HOME)

    visit, booking = read(house, visit_id)
    assert (visit.state, booking.status) == (VisitState.NOT_POSSIBLE, Status.NO_SHOW)
    assert (f"elder_no_show:{booking.number}", "high") in topics(house)
    # As it is written in the plan.
    assert balance(house) == (0, 1, 2)
    assert "没有见到" in heard(house, "huan")[-1]


def test_a_cancelled_booking_calls_its_visit_off(house: House, clock: FixedClock, visit_id: str) -> None:
    with house.store.write() as unit:
        cancel(house, unit, who(unit, "mei"), read(house, visit_id)[1].id)
    clock.moment = START + timedelta(minutes=20)
    with pytest.raises(WrongState), house.store.write() as unit:
        on_the_way(house, unit, who(unit, "gao"), visit_id, Report("1"))
    visit_due.work_off(house)

    assert read(house, visit_id)[0].state is VisitState.CALLED_OFF
    assert not any("没到" in line for line in heard(house, "mei"))


def test_a_moved_visit_is_late_by_its_new_time(house: House, clock: FixedClock, visit_id: str) -> None:
    earlier = START - timedelta(days=1)
    with house.store.write() as unit:
        mei, booking = who(unit, "mei"), read(house, visit_id)[1]
        ask = Ask(
            mei,
            house.catalogue.service("assisted_bathing"),
            "home",
            (earlier.replace(hour=0), earlier.replace(hour=23)),
            earlier,
            without=booking.id,
        )
        move(house, unit, mei, booking.id, find_times(house, unit, ask)[0])
    clock.moment = earlier + timedelta(minutes=16)

    assert visit_due.work_off(house) == 1
    assert "还没到" in heard(house, "mei")[-1]


def test_a_report_from_a_place_without_network_says_when_it_was(
    house: House, clock: FixedClock, visit_id: str
) -> None:
    clock.moment = START + timedelta(hours=3)
    with house.store.write() as unit:
        gao = who(unit, "gao")
        arrive(house, unit, gao, visit_id, Report("1", START), Spot(30, 120))
    visit, _ = read(house, visit_id)
    assert (visit.arrived_at, visit.flags) == (START, ["reported_late"])
    with pytest.raises(WrongState), house.store.write() as unit:
        begin(house, unit, who(unit, "gao"), visit_id, Report("2", START - timedelta(days=2)))


def test_after_a_night_of_the_machine_no_old_words_but_a_person(
    house: House, clock: FixedClock, visit_id: str
) -> None:
    clock.moment = START + timedelta(hours=9)
    visit_due.work_off(house)

    assert topics(house) == [("visit_late", "high")]
    assert heard(house, "mei") == []


def test_a_visit_left_open_is_asked_about(house: House, clock: FixedClock, visit_id: str) -> None:
    clock.moment = START
    with house.store.write() as unit:
        arrive(house, unit, who(unit, "gao"), visit_id, Report("1"), Spot(30, 120))
        begin(house, unit, who(unit, "gao"), visit_id, Report("2"), ["allergies"])
    clock.moment = START + timedelta(hours=4)
    visit_due.work_off(house)

    assert heard(house, "gao")[-1] == "刘梅家的助浴该做完了。做完了请点一下。"
    assert topics(house) == [("visit_open", "normal")]


def test_notes_and_photographs_only_with_the_elders_leave(
    house: House, clock: FixedClock, visit_id: str
) -> None:
    clock.moment = START
    picture = b"\xff\xd8\xff\xe1\x00\x0aExif-xxx\xff\xdb\x00\x04ab\xff\xda\x00\x02rest"
    with house.store.write() as unit:
        gao = who(unit, "gao")
        arrive(house, unit, gao, visit_id, Report("1"), Spot(30, 120))
        for act in (
            lambda: visit_leave.photo(house, unit, gao, visit_id, picture),
            lambda: visit_leave.write(house, unit, gao, visit_id, "红了一块", "n"),
        ):
            with pytest.raises(NotAllowedHere):
                act()
        visit_leave.ask(house, unit, gao, visit_id, "photo")
        visit_leave.ask(house, unit, gao, visit_id, "photo")
    assert sum("拍张照片" in line for line in heard(house, "mei")) == 1
    for person in ("huan", "gao", "life1"):
        with pytest.raises(NotFound), house.store.write() as unit:
            visit_leave.answer(house, unit, who(unit, person), visit_id, "photo", yes=True)
    with house.store.write() as unit:
        visit_leave.answer(house, unit, who(unit, "mei"), visit_id, "photo", yes=True)
        made, kept = visit_leave.photo(house, unit, who(unit, "gao"), visit_id, picture)

    assert b"Exif" not in kept
    assert kept.endswith(b"\xff\xda\x00\x02rest")
    assert made.path == f"visits/{visit_id}/{made.id}.jpg"
    assert heard(house, "gao")[-1] == "老人同意了，可以拍照。"


def test_a_note_is_no_repeat_of_a_report_under_the_same_key(
    house: House, clock: FixedClock, visit_id: str
) -> None:
    clock.moment = START
    with house.store.write() as unit:
        arrive(house, unit, who(unit, "gao"), visit_id, Report("1"), Spot(30, 120))
        visit_leave.answer(house, unit, who(unit, "mei"), visit_id, "note", yes=True)
        for _ in range(2):
            visit = visit_leave.write(house, unit, who(unit, "gao"), visit_id, "红了一块", "1")

    assert visit.note == "红了一块"
