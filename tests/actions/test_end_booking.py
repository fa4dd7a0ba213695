"""Every ending over the real store: state, ledger, who is told, ticket, freed time, the waiting list."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from actions import freed as freeing
from actions.end_booking import cancel_booking, fail_booking, foreseen
from actions.house import House
from domain.bookings import Status
from domain.clock import FixedClock
from domain.endings import Ending
from domain.errors import NotAllowed, NotFound, WrongState
from domain.people import Scope
from tests.actions.care import AFTERNOON, balances, book, booking_of, plan, pushed, who
from tests.conftest import NOW


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[freeing.Freed]:
    """What the waiting list hears."""
    heard: list[freeing.Freed] = []
    monkeypatch.setattr(freeing, "LISTENERS", [lambda _house, _unit, given: heard.append(given)])
    return heard


def end(house: House, booking_id: str, ending: Ending, actor="life1"):
    with house.store.write() as unit:
        if ending in (Ending.TIMELY, Ending.LATE):
            return cancel_booking(house, unit, who(unit, actor), booking_id)
        return fail_booking(house, unit, who(unit, actor), booking_id, ending)


@pytest.mark.parametrize(
    ("ending", "at", "status", "after", "ticket", "freed"),
    [
        (Ending.TIMELY, timedelta(hours=-4), Status.CANCELLED, (3, 0, 0, 3), None, 1),
        (Ending.LATE, timedelta(hours=-3), Status.CANCELLED, (3, 0, 1, 2), None, 1),
        (Ending.ELDER_NO_SHOW, timedelta(minutes=20), Status.NO_SHOW, (3, 0, 1, 2), "high", 0),
        (Ending.PROVIDER_NO_SHOW, timedelta(minutes=40), Status.FAILED, (3, 0, 0, 3), "high", 0),
        (Ending.WEATHER, timedelta(hours=-2), Status.FAILED, (3, 0, 0, 3), "normal", 0),
        (Ending.CARER_ILL, timedelta(hours=-1), Status.FAILED, (3, 0, 0, 3), "high", 0),
        (Ending.NOT_POSSIBLE, timedelta(minutes=5), Status.FAILED, (3, 0, 0, 3), "normal", 0),
    ],
)
def test_each_ending_has_its_consequences_once(
    house: House, clock: FixedClock, told, ending, at, status, after, ticket, freed
) -> None:
    booking_id = book(house)
    clock.moment = AFTERNOON + at

    for _ in range(2):
        done = end(house, booking_id, ending)
        assert (done.booking.status, done.ending) == (status, ending)
        assert done.taken == (after[2] == 1)
        assert done.given_back == (after[2] == 0)

    assert balances(house)["bath:2601"] == after
    assert len(told) == freed
    with house.store.read() as unit:
        tickets = unit.tickets.list(queues=("life",))
        assert [str(t.priority) for t in tickets] == ([ticket] if ticket else [])
        assert [e.kind for e in unit.bookings.history(booking_id)][-1] == str(status)
    for person in ("mei", "huan"):
        (said,) = pushed(house, person)
        assert "助浴" in said
        assert ("算用掉" in said) == (after[2] == 1)


def test_the_actor_is_not_told_what_they_did(house: House) -> None:
    end(house, book(house), Ending.TIMELY, "mei")

    assert pushed(house, "mei") == []
    assert pushed(house, "huan") == [
        "您母亲的助浴（后天，11月26日，星期四，下午3点）取消了。这一次的额度退回给您母亲了。"
    ]


def test_a_private_booking_is_told_to_nobody_else(house: House) -> None:
    booking_id = book(house)
    with house.store.write() as unit:
        booking_of(unit, booking_id).private = True

    end(house, booking_id, Ending.TIMELY, "mei")

    assert pushed(house, "huan") == []


def test_what_lapses_soon_is_made_up_in_the_next_period(house: House, clock: FixedClock) -> None:
    plan(house, {"amount": 1, "period": "month", "priority": 1})
    booking_id = book(house)

    done = end(house, booking_id, Ending.CARER_ILL)

    assert done.made_up
    assert balances(house)["own0:2611"] == (0, 0, 0, 0)
    assert balances(house, day=date(2026, 12, 1))["own0:2612"] == (2, 0, 0, 2)
    assert any("补到下一期" in said for said in pushed(house, "mei"))


def test_a_member_is_offered_another_time_with_one_press(house: House) -> None:
    booking_id = book(house)
    end(house, booking_id, Ending.CARER_ILL)

    with house.store.read() as unit:
        conversation = unit.conversations.of_existing("huan")
        assert conversation is not None
        buttons = unit.conversations.buttons(f"end:{booking_id}:huan")
        assert {b.action.split("{")[0] for b in buttons} == {"/book_service", "/request_human"}
        assert any('"person": "mother"' in b.action for b in buttons)


@pytest.mark.parametrize(
    ("actor", "ending", "error"),
    [
        ("mei", Ending.CARER_ILL, NotFound),
        ("huan", Ending.WEATHER, NotFound),
        ("life1", Ending.PROVIDER_NO_SHOW, WrongState),
        ("life1", Ending.ELDER_NO_SHOW, WrongState),
        ("huan", Ending.TIMELY, NotAllowed),
        ("stranger", Ending.TIMELY, NotFound),
    ],
)
def test_who_may_not_and_when_it_cannot_be(house: House, actor, ending, error) -> None:
    booking_id = book(house)

    with pytest.raises(error):
        end(house, booking_id, ending, actor)
    assert balances(house)["bath:2601"] == (3, 1, 0, 2)


def test_a_cancel_is_no_failure_and_a_failure_no_cancel(house: House) -> None:
    booking_id = book(house)
    with pytest.raises(NotAllowed), house.store.write() as unit:
        fail_booking(house, unit, who(unit, "life1"), booking_id, Ending.LATE)


def test_what_has_begun_is_not_cancelled(house: House, clock: FixedClock) -> None:
    booking_id = book(house)
    clock.moment = AFTERNOON

    with pytest.raises(WrongState):
        end(house, booking_id, Ending.TIMELY, "mei")


def test_a_plan_may_be_gentle_about_late_cancels(house: House, clock: FixedClock) -> None:
    plan(house, {"priority": 1}, late_hours=24, late_cancel="release")
    booking_id = book(house)
    clock.moment = AFTERNOON - timedelta(hours=2)
    with house.store.read() as unit:
        ending, taken, _ = foreseen(house, unit, booking_of(unit, booking_id))
        assert (ending, taken) == (Ending.LATE, False)

    assert end(house, booking_id, Ending.LATE, "mei").given_back


def test_a_child_with_consent_cancels_and_the_elder_hears_of_it(house: House) -> None:
    from domain.people import Consent

    booking_id = book(house)
    with house.store.write() as unit:
        unit.people.add(
            Consent(id="cs-x", elder_id="mei", relative_id="huan", scope=Scope.CANCEL, granted_at=NOW)
        )
    end(house, booking_id, Ending.TIMELY, "huan")

    assert pushed(house, "huan") == []
    assert pushed(house, "mei") == [
        "助浴（后天，11月26日，星期四，下午3点）取消了，到时候没有人来。这一次的额度退回给您了。"
    ]
