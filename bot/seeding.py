"""`guanjia seed`: lays the demo world into an empty store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import chain

from domain.catalogue import load
from domain.demo.alliance import Row, alliance, cities, places
from domain.demo.grants import USED_BY_WANG, with_grants
from domain.demo.members import demo_people, families, plans
from domain.demo.showcase import showcase
from domain.demo.showcase import used as showcase_used
from domain.store import Store
from domain.store.bulk import write_rows

MEMBERS = 2_000
_FACT = "demo_members"


def world(members: int, day: date) -> Iterator[tuple[str, Row]]:
    """Every row of the demo world; the same for the same number and day."""
    found = cities()
    people = chain(plans(), demo_people(found), showcase(found, day), families(found, members))
    used = {**USED_BY_WANG, **showcase_used()}
    return chain(places(found), alliance(found, load()), with_grants(people, day, used))


def is_seeded(store: Store) -> bool:
    """Whether the store has a demo world, or anybody at all."""
    with store.read() as unit:
        return unit.facts.get(_FACT) is not None or unit.people.any()


def seed(store: Store, members: int, day: date, told: Callable[[int], None] = lambda _: None) -> None:
    """Lay the demo world. `told` hears how many members have been written since it last heard."""

    def count(table: str, rows: int) -> None:
        if table == "persons":
            told(rows)

    write_rows(store, world(members, day), count)
    with store.write() as unit:
        unit.facts.put(_FACT, str(members))
