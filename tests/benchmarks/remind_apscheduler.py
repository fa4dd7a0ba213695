"""The other side of `remind`: APScheduler's own SQLAlchemyJobStore with a job for each reminder, whose job only writes a
row. Nothing of ours is loaded here, so that memory can be compared.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, create_engine, func, select

from bot.pauses import settle
from tests.benchmarks.memory import peak_mb

_PATIENCE_SECONDS = 300
_outbox = Table(
    "outbox", MetaData(), Column("id", Integer, primary_key=True), Column("text", String(200), nullable=False)
)
# APScheduler pickles its jobs by name, so what they need lies in the module.
_engine: Engine | None = None
_left = threading.Semaphore(0)


def say(text: str) -> None:
    """APScheduler's job: a row, and nothing else."""
    assert _engine is not None
    with _engine.begin() as connection:
        connection.execute(_outbox.insert(), {"text": text})
    _left.release()


def _theirs(url: str, count: int) -> float:
    """A job for each, all due; from the moment at which the scheduler may begin until the last row is there."""
    global _engine

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
    settle()
    due = datetime.now(UTC) - timedelta(seconds=1)
    for number in range(count):
        scheduler.add_job(
            "tests.benchmarks.remind_apscheduler:say",
            "interval",
            hours=24,
            args=[f"到时候了：吃降压药{number}。"],
            next_run_time=due,
        )
    began = time.perf_counter()
    scheduler.resume()
    for _ in range(count):
        assert _left.acquire(timeout=_PATIENCE_SECONDS)
    # The scheduler, too, must be through: what is due is due no more.
    while True:
        with _engine.connect() as connection:
            first = connection.scalar(select(func.min(jobs.jobs_t.c.next_run_time)))
        if first is not None and first > time.time():
            break
        time.sleep(0.01)
    spent = time.perf_counter() - began
    scheduler.shutdown()
    return spent


def main() -> None:
    # By its name, under which APScheduler finds its job: as the program it would be another module.
    from tests.benchmarks import remind_apscheduler

    url, count = sys.argv[1], int(sys.argv[2])
    print(json.dumps({"seconds": remind_apscheduler._theirs(url, count), "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main()
