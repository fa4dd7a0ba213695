"""Reminders a second, from due to the row in the outbox with every check made and the next one planned, beside
APScheduler's own SQLAlchemyJobStore with a job for each, whose job only writes a row.

Each runs in a process of its own on a database of the same kind in the same run, so that memory can be told apart.
Half is medicine every day, a quarter small things without an hour, a quarter visits told to the elder and a daughter.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, create_engine, func, select

from actions.remind import next_due, work_off
from bot.settings import Settings
from bot.wiring import house
from domain.clock import FixedClock
from domain.store import Store
from domain.store.bulk import count, write_rows
from domain.store.migrate import upgrade
from tests.benchmarks.world import databases
from tests.conftest import NOW

REMINDERS = 2_000
_MEDICINE, _SMALL, _VISITS = REMINDERS // 2, REMINDERS // 4, REMINDERS // 8
_PATIENCE_SECONDS = 300
_outbox = Table(
    "outbox", MetaData(), Column("id", Integer, primary_key=True), Column("text", String(200), nullable=False)
)
Row = tuple[str, dict[str, Any]]


def figures() -> Iterator[tuple[str, float, str, int]]:
    with databases(2) as (ours, theirs):
        yield from _beside("", ours, theirs.engine.url.render_as_string(hide_password=False))
    with tempfile.TemporaryDirectory() as folder:
        ours = Store(f"sqlite:///{Path(folder) / 'ours.db'}")
        upgrade(ours)
        yield from _beside("sqlite_", ours, f"sqlite:///{Path(folder) / 'theirs.db'}")
        ours.close()


def _beside(prefix: str, store: Store, their_url: str) -> Iterator[tuple[str, float, str, int]]:
    write_rows(store, _rows(), lambda _table, _count: None)
    mine = _run("ours", store.engine.url.render_as_string(hide_password=False))
    assert count(store, "messages") == REMINDERS
    other = _run("apscheduler", their_url)
    yield f"{prefix}rate", REMINDERS / mine["seconds"], "reminders/s", REMINDERS
    yield f"{prefix}apscheduler_rate", REMINDERS / other["seconds"], "jobs/s", REMINDERS
    yield f"{prefix}ratio", other["seconds"] / mine["seconds"], "", REMINDERS
    yield f"{prefix}peak_mb", mine["peak_mb"], "MB", REMINDERS
    yield f"{prefix}apscheduler_peak_mb", other["peak_mb"], "MB", REMINDERS


def _run(which: str, url: str) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.remind", which, url]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(said.stdout.splitlines()[-1])
    return found


def _ours(url: str) -> float:
    """Work off what is due, as the tick does."""
    made = house(Settings(database_url=url), Store(url), FixedClock(NOW))
    with made.store.read() as unit:
        assert next_due(unit) is not None
    began = time.perf_counter()
    done = work_off(made)
    spent = time.perf_counter() - began
    assert done == REMINDERS
    made.store.close()
    return spent


# APScheduler pickles its jobs by name, so what they need lies in the module.
_engine: Engine | None = None
_left = threading.Semaphore(0)


def say(text: str) -> None:
    """APScheduler's job: a row, and nothing else."""
    assert _engine is not None
    with _engine.begin() as connection:
        connection.execute(_outbox.insert(), {"text": text})
    _left.release()


def _theirs(url: str) -> float:
    """A job for each, all due; from the moment at which the scheduler may begin until the last row is there."""
    global _engine
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
    from apscheduler.schedulers.background import BackgroundScheduler

    waits = {"connect_args": {"timeout": 60}} if url.startswith("sqlite") else {}
    _engine = create_engine(url, pool_size=16, **waits)
    _outbox.create(_engine)
    if url.startswith("sqlite"):
        with _engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    jobs = SQLAlchemyJobStore(engine=_engine)
    scheduler = BackgroundScheduler(
        timezone="UTC", jobstores={"default": jobs}, job_defaults={"misfire_grace_time": None}
    )
    scheduler.start(paused=True)
    due = datetime.now(UTC) - timedelta(seconds=1)
    for number in range(REMINDERS):
        scheduler.add_job(
            "tests.benchmarks.remind:say",
            "interval",
            hours=24,
            args=[f"到时候了：吃降压药{number}。"],
            next_run_time=due,
        )
    began = time.perf_counter()
    scheduler.resume()
    for _ in range(REMINDERS):
        assert _left.acquire(timeout=_PATIENCE_SECONDS)
    # The scheduler, too, must be through: what is due is due no more.
    while True:
        with _engine.connect() as connection:
            first = connection.scalar(select(func.min(jobs.jobs_t.c.next_run_time)))
        if first > time.time():
            break
        time.sleep(0.01)
    spent = time.perf_counter() - began
    scheduler.shutdown()
    return spent


def _rows() -> Iterator[Row]:
    """Each reminder is another person's, each person has a chat, and all of them are due now."""
    yield "cities", {"id": "c", "name": "大城"}
    yield "providers", {"id": "pr", "code": "pr", "name": "某", "status": "active"}
    for number in range(_MEDICINE + _SMALL):
        yield from _person(f"m{number}")
        detail = {
            "what": "吃降压药",
            "rule": "FREQ=DAILY;BYHOUR=10;BYMINUTE=0",
            "anchor": "2026-11-01",
            "hour": "1",
        }
        if number >= _MEDICINE:
            detail |= {"what": "量血压", "rule": "FREQ=DAILY", "hour": ""}
        kind = "medicine" if number < _MEDICINE else "personal"
        yield from _rule(f"m{number}", kind, detail)
        yield from _instance(f"m{number}", f"m{number}", "now", urgent=number < _MEDICINE)
    begin = NOW + timedelta(days=1)
    for number in range(_VISITS):
        elder, child = f"e{number}", f"c{number}"
        yield (
            "staff",
            {
                "id": f"s{number}",
                "provider_id": "pr",
                "name": "某",
                "gender": "female",
                "city_id": "c",
                "lat": 39.9,
                "lon": 116.4,
                "dialects": [],
                "daily_limit": 10,
            },
        )
        yield from _person(elder)
        yield from _person(child)
        yield "kinships", {"elder_id": elder, "relative_id": child, "relation": "mother", "rank": 1}
        yield (
            "consents",
            {
                "id": f"cs{number}",
                "elder_id": elder,
                "relative_id": child,
                "scope": "see_visits",
                "granted_at": NOW,
            },
        )
        yield "bookings", _booking(number, elder, begin)
        yield from _rule(elder, "visit", {"booking": f"b{number}", "begin": begin.isoformat()})
        for person in (elder, child):
            yield from _instance(elder, person, "day_before")


def _person(own: str) -> Iterator[Row]:
    yield "persons", {"id": own, "name": "某人", "role": "member", "city_id": "c", "notes": {}}
    yield (
        "conversations",
        {"id": f"cv{own}", "person_id": own, "owner": "butler", "version": 1, "topics": {}},
    )
    yield (
        "accounts",
        {
            "id": f"ac{own}",
            "person_id": own,
            "door": "telegram",
            "external_id": own,
            "joined_at": NOW,
            "facts": {},
        },
    )


def _rule(person: str, kind: str, detail: dict[str, str]) -> Iterator[Row]:
    yield (
        "reminder_rules",
        {
            "id": f"r{person}",
            "series": f"x:{person}",
            "version": 1,
            "kind": kind,
            "person_id": person,
            "created_at": NOW,
            "created_by": person,
            "detail": detail,
        },
    )


def _instance(rule: str, person: str, occurrence: str, *, urgent: bool = False) -> Iterator[Row]:
    yield (
        "reminder_instances",
        {
            "id": f"i{rule}{person}",
            "rule_id": f"r{rule}",
            "person_id": person,
            "occurrence": occurrence,
            "planned_at": NOW,
            "useful_until": NOW + timedelta(hours=3),
            "due_at": NOW,
            "state": "pending",
            "urgent": urgent,
            "joins": not urgent,
            "attempts": 0,
        },
    )


def _booking(number: int, elder: str, begin: datetime) -> dict[str, Any]:
    return {
        "id": f"b{number}",
        "number": f"{number}",
        "member_id": elder,
        "booked_by": elder,
        "service": "assisted_bathing",
        "channel": "home",
        "status": "confirmed",
        "begin": begin,
        "end": begin + timedelta(hours=1),
        "key": f"k{number}",
        "created_at": NOW,
        "provider_id": "pr",
        "staff_id": f"s{number}",
        "staff_from": begin,
        "staff_until": begin + timedelta(hours=1),
        "amount": 1,
        "price_cents": 10000,
        "occupies_member": False,
        "private": False,
        "version": 2,
    }


def main() -> None:
    # By its name, under which APScheduler finds its job: as the program it would be another module.
    from tests.benchmarks import remind

    which, url = sys.argv[1:]
    spent = remind._ours(url) if which == "ours" else remind._theirs(url)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": spent, "peak_mb": peak}))


if __name__ == "__main__":
    main()
