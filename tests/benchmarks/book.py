"""Holds and confirmations a second, one after another on PostgreSQL, beside the bare rows that they leave."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import MetaData, Table, insert, select

from actions.book import Order, confirm, hold
from actions.find_times import Ask, find_times
from actions.house import House
from domain.bookings import Slot
from domain.people import Person
from domain.store import Store
from tests.benchmarks.world import house_on, postgres
from tests.conftest import NOW

BOOKINGS = 200
# The two take turns, so that a busy machine slows both alike.
_TURN = 20
_TABLES = (
    "bookings",
    "booking_events",
    "occupants",
    "visits",
    "visit_events",
    "reminder_rules",
    "reminder_instances",
)


def figures() -> Iterator[tuple[str, float, str, int]]:
    with postgres() as store:
        house = house_on(store)
        took = bare = 0.0
        for first in range(0, BOOKINGS, _TURN):
            made = []
            for number in range(first, first + _TURN):
                what = _free(house, number)
                began = time.perf_counter()
                made.append(_book(house, number, what))
                took += time.perf_counter() - began
            bare += _bare(store, made)
    yield "rate", BOOKINGS / took, "bookings/s", BOOKINGS
    yield "bare_rate", BOOKINGS / bare, "bookings/s", BOOKINGS
    yield "ratio", bare / took, "", BOOKINGS


def _free(house: House, number: int) -> tuple[Person, Slot]:
    """A free bath for a member, looked for while the clock stands."""
    with house.store.read() as unit:
        member = unit.people.get(f"m{number}")
        assert member is not None
        day = NOW.replace(hour=0) + timedelta(days=1 + number % 28)
        near = day.replace(hour=8 + number % 9)
        service = house.catalogue.service("assisted_bathing")
        found = find_times(house, unit, Ask(member, service, "home", (day, day + timedelta(days=1)), near))
    return member, found[0]


def _book(house: House, number: int, what: tuple[Person, Slot]) -> str:
    """Held in one transaction and confirmed in another, as a conversation does it."""
    member, slot = what
    with house.store.write() as unit:
        service = house.catalogue.service("assisted_bathing")
        order = Order(member, member, service, "home", slot, self_pay=True)
        booking, _ = hold(house, unit, order, f"bench{number}")
        assert booking is not None
    with house.store.write() as unit:
        confirm(house, unit, member, booking.id)
    return booking.id


def _bare(store: Store, made: list[str]) -> float:
    """The same rows written again with the same guards: an insert and an update, each a transaction."""
    metadata = MetaData()
    metadata.reflect(store.engine, only=_TABLES, resolve_fks=False)
    bookings, events = metadata.tables["bookings"], metadata.tables["booking_events"]
    with store.engine.begin() as connection:
        rows = [_row(connection, bookings, own) for own in made]
        left = {own: _left(connection, metadata, own) for own in made}
        connection.execute(bookings.update().where(bookings.c.id.in_(made)).values(status="cancelled"))
    began = time.perf_counter()
    for row in rows:
        held = {**row, "id": f"x{row['id']}", "number": f"x{row['number'][:10]}", "key": f"x{row['key']}"}
        held |= {"status": "held", "hold_until": NOW, "version": 1}
        event = {
            "booking_id": held["id"],
            "kind": "confirmed",
            "at": NOW,
            "actor_id": row["booked_by"],
            "detail": {},
        }
        with store.engine.begin() as connection:
            connection.execute(insert(bookings), held)
        with store.engine.begin() as connection:
            connection.execute(
                bookings.update()
                .where(bookings.c.id == held["id"])
                .values(status="confirmed", hold_until=None, version=2)
            )
            connection.execute(insert(events), event)
            for table, more in left[row["id"]]:
                connection.execute(insert(table), more)
    return time.perf_counter() - began


def _left(connection: Any, metadata: MetaData, own: str) -> list[tuple[Table, list[dict[str, Any]]]]:
    """What else a firm booking leaves: its visit with the first line of its history, its reminders; ready to be
    written again beside the first.
    """
    visits, lines = metadata.tables["visits"], metadata.tables["visit_events"]
    rules, instances = metadata.tables["reminder_rules"], metadata.tables["reminder_instances"]
    found: list[tuple[Table, list[dict[str, Any]]]] = []
    (visit,) = _all(connection, visits, visits.c.booking_id == own)
    found.append((visits, [{**visit, "id": f"x{visit['id']}", "booking_id": f"x{own}"}]))
    for line in _all(connection, lines, lines.c.visit_id == visit["id"]):
        line.pop("id")
        found.append((lines, [{**line, "visit_id": f"x{visit['id']}", "key": f"x{line['key']}"}]))
    for rule in _all(connection, rules, rules.c.series == f"visit:{own}"):
        found.append((rules, [{**rule, "id": f"x{rule['id']}", "series": f"x{rule['series']}"}]))
        again = [
            {**row, "id": f"x{row['id']}", "rule_id": f"x{rule['id']}"}
            for row in _all(connection, instances, instances.c.rule_id == rule["id"])
        ]
        found.append((instances, again))
    return found


def _all(connection: Any, table: Table, where: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(table).where(where)).mappings()]


def _row(connection: Any, bookings: Table, own: str) -> dict[str, Any]:
    return dict(connection.execute(select(bookings).where(bookings.c.id == own)).mappings().one())
