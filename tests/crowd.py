"""A crowd for tests and benchmarks of broadcasts: people with chats laid down in bulk, a broadcast to them, its counts.

The contract for tests that kill: `people(store, chats)` makes a member for each chat, `broadcast_to(house, ids)` writes,
starts and (above the number for one) approves a broadcast to them, and whatever ticks sends it; `counts(house, id)` says
how many recipients there are in each state (`queued`, `handed`, `sent`, `skipped`, `taken_back`, `failed`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from actions import broadcast
from actions.broadcast import Draft
from actions.house import House
from domain.broadcasts import Audience, BroadcastState, Condition
from domain.people import Person, Role
from domain.store import Store
from domain.store.bulk import write_rows

TEXT = "社区周六上午有健康讲座，欢迎来听。"
_JOINED = datetime(2026, 1, 1, tzinfo=UTC)
WRITER, SECOND = "crowd-writer", "crowd-second"


def people(store: Store, chats: Iterable[int], city: str | None = None, first: int = 0) -> list[str]:
    """A member for each chat on Telegram; their ids, in the order of the chats."""
    made: list[str] = []
    write_rows(store, _rows(chats, city, first, made), lambda _table, _count: None)
    return made


def _rows(
    chats: Iterable[int], city: str | None, first: int, made: list[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, chat in enumerate(chats, first):
        own = f"crowd{number:06}"
        made.append(own)
        yield (
            "persons",
            {
                "id": own,
                "name": "某人",
                "role": "member",
                "city_id": city,
                "notes": {},
                "born_on": None,
                "created_at": _JOINED,
            },
        )
        yield (
            "accounts",
            {
                "id": f"ac{own}",
                "person_id": own,
                "door": "telegram",
                "external_id": str(chat),
                "joined_at": _JOINED,
                "facts": {},
            },
        )


def staff(house: House) -> tuple[Person, Person]:
    """Who writes and who gives the second yes."""
    with house.store.write() as unit:
        for own in (WRITER, SECOND):
            if unit.people.get(own) is None:
                unit.people.add(Person(id=own, name=own, role=Role.SUPERVISOR))
        unit.flush()
        writer, second = unit.people.get(WRITER), unit.people.get(SECOND)
    assert writer is not None
    assert second is not None
    return writer, second


def broadcast_to(
    house: House,
    to: Audience | list[str],
    text: str = TEXT,
    *,
    useful: timedelta = timedelta(hours=24),
    **when: object,
) -> str:
    """Write a broadcast to an audience (or to so many by name, 500 a condition), start it, and approve it where it must be."""
    writer, second = staff(house)
    audience = to if isinstance(to, Audience) else Audience(include=Condition(people=tuple(to)))
    draft = Draft(text, audience=audience, useful=useful, **when)  # type: ignore[arg-type]
    with house.store.write() as unit:
        made = broadcast.write(house, unit, writer, draft)
        if broadcast.start(house, unit, writer, made.id).state is BroadcastState.WAITING:
            broadcast.approve(house, unit, second, made.id)
        return made.id


def counts(house: House, broadcast_id: str) -> dict[str, int]:
    """How many recipients of all its runs are in each state."""
    with house.store.read() as unit:
        found = unit.recipients.counts([run.id for run in unit.broadcasts.runs(broadcast_id)])
    made: dict[str, int] = {}
    for (state, _), count in found.items():
        made[str(state)] = made.get(str(state), 0) + count
    return made


def reasons(house: House, broadcast_id: str) -> dict[str, str]:
    """Each recipient of the last run with what became of them: `sent`, or `skipped quiet`."""
    with house.store.read() as unit:
        runs = unit.broadcasts.runs(broadcast_id)
        rows = unit.recipients.rows(runs[-1].id, None, 200) if runs else []
    return {person: f"{state} {reason}" if reason else str(state) for person, state, reason, _ in rows}


def state(house: House, broadcast_id: str) -> str:
    with house.store.read() as unit:
        found = unit.broadcasts.get(broadcast_id)
        assert found is not None
        return str(found.state)
