"""Visits over the real store: who may report, how a place is known, what is flagged, what a person decides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from actions import scores, visit_checks, visit_due, visit_leave
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
    add_carers,
    balance,
    booked,
    heard,
    lead,
    read,
    topics,
    who,
)


@pytest.fixture
def visit_id(house: House) -> str:
    add_carers(house)
    return booked(house)


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


@pytest.mark.parametrize(
    ("spot", "method", "flags"),
    [
        (Spot(30.0, 120.0, 10), "gps", []),
        (Spot(30.03, 120.0, 10), "gps", []),
        (Spot(30.06, 120.0, 10), "gps", ["outside"]),
        (Spot(30.0, 120.0, 9000), "none", ["no_place"]),
        (None, "none", ["no_place"]),
    ],
)
def test_another_place_is_allowed_and_flagged(
    house: House, clock: FixedClock, visit_id: str, spot: Spot | None, method: str, flags: list[str]
) -> None:
    clock.moment = START
    with house.store.write() as unit:
        arrive(house, unit, who(unit, "gao"), visit_id, Report("1"), spot)

    visit, _ = read(house, visit_id)
    assert (visit.state, visit.method, visit.flags) == (VisitState.ARRIVED, method, flags)


def test_where_the_home_is_known_the_circle_is_narrow(house: House, clock: FixedClock, visit_id: str) -> None:
    clock.moment = START
    with house.store.write() as unit:
        mei = who(unit, "mei")
        mei.notes = {**mei.notes, "lat": "30.01", "lon": "120.01"}
        arrive(house, unit, who(unit, "gao"), visit_id, Report("1"), Spot(30.0, 120.0, 20))

    assert read(house, visit_id)[0].flags == ["outside"]


def test_five_wrong_codes_and_the_code_is_over(house: House, clock: FixedClock, visit_id: str) -> None:
    clock.moment = START
    code = read(house, visit_id)[0].code
    wrong = "0000" if code != "0000" else "1111"
    for left in (4, 3, 2, 1, 0):
        with house.store.write() as unit:
            done = arrive(house, unit, who(unit, "gao"), visit_id, Report(f"w{left}"), code=wrong)
        assert (done.wrong_code, done.left) == (True, left)
    with house.store.write() as unit:
        assert arrive(house, unit, who(unit, "gao"), visit_id, Report("right"), code=code).wrong_code
    with house.store.write() as unit:
        arrive(house, unit, who(unit, "gao"), visit_id, Report("spot"), Spot(30, 120), code)
    assert read(house, visit_id)[0].method == "gps"


def test_the_code_is_told_to_nobody_but_the_elder(house: House, clock: FixedClock, visit_id: str) -> None:
    lead(house, clock, visit_id)
    code = read(house, visit_id)[0].code

    assert any(code in line for line in heard(house, "mei"))
    for person in ("gao", "huan"):
        assert not any(f"：{code}" in line for line in heard(house, person))


def test_too_soon_and_out_of_order_are_refused(house: House, clock: FixedClock, visit_id: str) -> None:
    for act, error in ((on_the_way, TooSoon), (arrive, TooSoon), (begin, WrongState)):
        with pytest.raises(error), house.store.write() as unit:
            act(house, unit, who(unit, "gao"), visit_id, Report("1"))
    clock.moment = START
    with pytest.raises(WrongState), house.store.write() as unit:
        finish(house, unit, who(unit, "gao"), visit_id, Report("1"), BATH)
    assert read(house, visit_id)[0].state is VisitState.ASSIGNED


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


def test_what_must_be_known_and_was_not_seen_is_flagged(
    house: House, clock: FixedClock, visit_id: str
) -> None:
    clock.moment = START
    with house.store.write() as unit:
        who(unit, "mei").notes = {}
        arrive(house, unit, who(unit, "gao"), visit_id, Report("1"), Spot(30, 120))
        begin(house, unit, who(unit, "gao"), visit_id, Report("2"))

    assert read(house, visit_id)[0].flags == ["not_known"]


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
