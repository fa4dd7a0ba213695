"""A ticket's states and clocks; who is on shift."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from domain.desk import Duty, is_on, load
from domain.errors import WrongState
from domain.tickets import Clock, Priority, Ticket, TicketState

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
N, C, W, R, X = TicketState  # open, claimed, waiting, resolved, closed
STEPS = {
    (N, C),
    (N, X),
    (C, W),
    (C, R),
    (C, X),
    (C, N),
    (W, C),
    (W, R),
    (W, X),
    (W, N),
    (R, X),
    (R, C),
    (R, N),
    (X, N),
}


def ticket(state: TicketState = N, **facts) -> Ticket:
    return Ticket(
        id="t",
        number="N",
        member_id="m",
        conversation_id="c",
        queue="life",
        topic="request",
        priority=Priority.NORMAL,
        state=state,
        opened_at=NOW,
        first_reply_due=NOW + 30 * MINUTE,
        key="k",
        opened_by="m",
        **facts,
    )


@pytest.mark.parametrize("before", list(TicketState))
@pytest.mark.parametrize("after", list(TicketState))
def test_states_go_forward_or_reopen_and_nothing_else(before: TicketState, after: TicketState) -> None:
    one = ticket(before)
    if (before, after) in STEPS:
        one.go(after)
        assert (one.state, one.version) == (after, 2)
    else:
        with pytest.raises(WrongState):
            one.go(after)
        assert (one.state, one.version) == (before, 1)


def test_the_next_moment_is_the_earliest_clock_that_has_not_run_out() -> None:
    one = ticket(resolve_due=NOW + 60 * MINUTE)
    one.plan()
    assert one.due_at == NOW + 30 * MINUTE
    assert one.out(NOW + 30 * MINUTE) == [Clock.FIRST_REPLY]

    one.missed = ["first_reply"]
    one.plan()
    assert one.due_at == NOW + 60 * MINUTE
    assert one.overdue(NOW + 40 * MINUTE) == ["first_reply"]


def test_a_closed_ticket_has_no_clock() -> None:
    one = ticket(family_at=NOW, resolve_due=NOW)
    one.go(X)
    assert (one.due_at, one.overdue(NOW + 99 * MINUTE)) == (None, [])


def test_graver() -> None:
    assert Priority.URGENT.graver_than(Priority.HIGH)
    assert not Priority.LOW.graver_than(Priority.LOW)


@pytest.mark.parametrize(
    ("starts", "ends", "moment", "there"),
    [
        (time(8), time(18), "2026-11-24 08:00", True),
        (time(8), time(18), "2026-11-24 18:00", False),
        (time(8), time(18), "2026-11-25 09:00", False),
        (time(22), time(6), "2026-11-24 23:00", True),
        (time(22), time(6), "2026-11-25 05:59", True),
        (time(22), time(6), "2026-11-25 06:00", False),
        (time(22), time(6), "2026-11-24 05:00", False),
        (time(0), time(0), "2026-11-24 23:59", True),
        (time(0), time(0), "2026-11-25 00:00", False),
    ],
)
def test_a_shift_of_tuesday(starts: time, ends: time, moment: str, there: bool) -> None:
    duty = Duty(person_id="p", queue="life", tier=1, weekday=1, starts=starts, ends=ends)

    assert is_on(duty, datetime.fromisoformat(moment)) is there


def test_the_data_of_the_desks() -> None:
    desk = load()

    assert (desk.silent["doctor"], desk.silent["life"]) == (3 * MINUTE, 10 * MINUTE)
    assert dict(desk.complaint.legal) == {"simple": 15, "complex": 30, "special": 60}
    assert [rung.tier for rung in desk.chain] == [1, 2, 3]
    assert desk.waits("request")
    assert not desk.waits("not_answered:ABC")
