"""What the tests of broadcasts share: steps as somebody, what is on its way, what is out."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import text

from actions import broadcast_send
from actions.house import House
from domain.broadcasts import Audience, Condition
from domain.people import Person

MEI = Audience(include=Condition(people=("mei",)))


def who(house: House, person_id: str) -> Person:
    with house.store.read() as unit:
        found = unit.people.get(person_id)
        assert found is not None
        return found


def do(house: House, step: Callable[..., object], actor: str, broadcast_id: str) -> None:
    with house.store.write() as unit:
        found = unit.people.get(actor)
        step(house, unit, found, broadcast_id)


def queued(house: House) -> list[tuple[str, str, str]]:
    """What broadcasts have put into the outbox: key, text, state."""
    with house.store.engine.connect() as connection:
        rows = connection.execute(text("SELECT key, text, state FROM messages WHERE lane = 3 ORDER BY id"))
        return [tuple(row) for row in rows]


def delivered(house: House) -> None:
    """Let everything in the outbox be carried out, as the ledger writes it."""
    rows = queued(house)
    with house.store.write() as unit:
        for key, _, message_state in rows:
            message = unit.conversations.by_key(key)
            assert message is not None
            if message_state == "queued":
                for delivery in unit.doors.deliveries_of(message.id or 0):
                    delivery.sent("x", house.now())
                unit.conversations.mark_sent([message.id or 0], house.now())
                broadcast_send.went_out(house, unit, message)
