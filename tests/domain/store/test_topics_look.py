"""Which topics are looked at: those of tickets that somebody looks after, and of those that ended lately."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from domain.people import Person
from domain.store import Store, Unit
from domain.tickets import Priority, Ticket, TicketEvent, TicketState
from domain.topics import TOLD_AFTER, Topic
from tests.conftest import NOW

CHAT = "-1"
HOUR = timedelta(hours=1)


def shown(unit: Unit, name: str, state: TicketState, closed_at: datetime | None = None) -> None:
    """A ticket whose topic shows it as it is."""
    if unit.people.get("p") is None:
        unit.people.add(Person(id="p", name="x"))
        unit.flush()
    unit.tickets.add(
        Ticket(
            id=name,
            number=name,
            member_id="p",
            conversation_id=unit.conversations.of("p").id,
            queue="life",
            topic="request",
            priority=Priority.NORMAL,
            state=state,
            opened_at=NOW - timedelta(days=90),
            first_reply_due=NOW,
            key=name,
            opened_by="p",
            closed_at=closed_at,
        )
    )
    unit.flush()
    unit.topics.add(Topic(ticket_id=name, chat=CHAT, thread=1, card=1, shown=1, over=closed_at is not None))
    unit.flush()


def happens(unit: Unit, name: str) -> None:
    unit.tickets.add(TicketEvent(ticket_id=name, kind="rated", at=NOW, actor_id=None, detail={}))
    unit.flush()


@pytest.mark.parametrize(
    ("state", "closed_at", "told"),
    [
        (TicketState.OPEN, None, True),
        (TicketState.CLAIMED, None, True),
        (TicketState.WAITING, None, True),
        (TicketState.RESOLVED, None, True),
        (TicketState.CLOSED, NOW - HOUR, True),
        (TicketState.CLOSED, NOW - TOLD_AFTER + HOUR, True),
        (TicketState.CLOSED, NOW - TOLD_AFTER - HOUR, False),
        (TicketState.CLOSED, NOW - timedelta(days=300), False),
    ],
)
def test_what_happens_is_told_of_what_is_not_long_over(
    store: Store, state: TicketState, closed_at: datetime | None, told: bool
) -> None:
    with store.write() as unit:
        shown(unit, "t", state, closed_at)
        assert unit.topics.stale(CHAT, NOW, 10) == []
        happens(unit, "t")
    with store.read() as unit:
        assert unit.topics.stale(CHAT, NOW, 10) == (["t"] if told else [])


def test_what_was_over_long_ago_and_is_opened_again_is_told(store: Store) -> None:
    with store.write() as unit:
        shown(unit, "t", TicketState.CLOSED, NOW - timedelta(days=300))
        ticket = unit.tickets.get("t")
        assert ticket is not None
        ticket.go(TicketState.OPEN)
        ticket.closed_at = None
    with store.read() as unit:
        assert unit.topics.stale(CHAT, NOW, 10) == ["t"]


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_look_reads_no_more_for_all_that_is_over(store: Store) -> None:
    """Counted by the database itself: the rows that SQLite steps over, whatever its plan is called."""
    steps: list[int] = []

    def count() -> int:
        counted = [0]

        def step() -> int:
            counted[0] += 1
            return 0

        with store.read() as unit:
            raw = unit.topics._session.connection().connection.dbapi_connection
            raw.set_progress_handler(step, 1)
            unit.topics.stale(CHAT, NOW, 10)
            raw.set_progress_handler(None, 1)
        return counted[0]

    with store.write() as unit:
        shown(unit, "open", TicketState.OPEN)
    steps.append(count())
    with store.write() as unit:
        for number in range(200):
            shown(unit, f"t{number}", TicketState.CLOSED, NOW - timedelta(days=4 + number))
            happens(unit, f"t{number}")
    steps.append(count())
    assert steps[1] < steps[0] + 50
