"""`guanjia seed`: lays the demo world into an empty store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from itertools import chain

from domain.catalogue import load
from domain.demo.alliance import CARER_STAFF, DemoCity, Row, alliance, cities, places
from domain.demo.desks import duties
from domain.demo.grants import USED_BY_WANG, with_grants
from domain.demo.members import demo_people, families, plans
from domain.demo.showcase import showcase
from domain.demo.showcase import used as showcase_used
from domain.demo.visits import carer, elders, todays
from domain.slots import at
from domain.store import Store
from domain.store.bulk import write_rows

MEMBERS = 2_000
_FACT = "demo_members"


def world(members: int, day: date, now: datetime | None = None) -> Iterator[tuple[str, Row]]:
    """Every row of the demo world; the same for the same number, day and (for today's visits) moment."""
    found = cities()
    shown = chain(showcase(found, day), elders(found))
    people = chain(plans(), demo_people(found, day), shown, families(found, members))
    allied = chain([carer()], alliance(found, load()))
    before = chain(places(found), allied, with_grants(people, day, {**USED_BY_WANG, **showcase_used()}))
    return _with_visits(before, found, now or at(day, time(7)))


def _with_visits(
    rows: Iterator[tuple[str, Row]], found: list[DemoCity], now: datetime
) -> Iterator[tuple[str, Row]]:
    """The rows, and at their end the carer's visits of today."""
    staff: Row = {}
    for table, row in rows:
        if table == "staff" and row["id"] == CARER_STAFF:
            staff = row
        yield table, row
    yield from todays(found, staff, now)
    yield from duties()


def is_seeded(store: Store) -> bool:
    """Whether the store has a demo world, or anybody at all."""
    with store.read() as unit:
        return unit.facts.get(_FACT) is not None or unit.people.any()


def seed(
    store: Store,
    members: int,
    day: date,
    told: Callable[[int], None] = lambda _: None,
    now: datetime | None = None,
) -> None:
    """Lay the demo world; today's visits are laid around `now`. `told` hears how many members have been written since it last heard."""

    def count(table: str, rows: int) -> None:
        if table == "persons":
            told(rows)

    write_rows(store, world(members, day, now), count)
    with store.write() as unit:
        unit.facts.put(_FACT, str(members))
