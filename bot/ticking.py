"""The scheduler only ticks; what is due is found in our own tables: holds and benefits that lapse, visits, waits,
reminders, broadcasts."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from actions import (
    broadcast_send,
    certificates,
    check_joining,
    desk_due,
    lapse,
    remind,
    remind_visits,
    series_due,
    visit_due,
    wait,
)
from actions.book import release_lapsed
from actions.house import House
from bot.parts import Parts

log = structlog.get_logger()
_EVERY_SECONDS = 5
_STEP = timedelta(minutes=1)
_LATE = timedelta(minutes=10)


@asynccontextmanager
async def ticking(parts: Parts, *, recovers: bool = True, at_once: bool = False) -> AsyncIterator[None]:
    """While the application runs: first what an earlier process left, then what falls due.

    `recovers` is false where another process answers what was left unanswered; `at_once` does not wait for the first
    tick, for a process that has nothing else to do.
    """
    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_job(
        _beat,
        "interval",
        args=[parts],
        seconds=_EVERY_SECONDS,
        coalesce=True,
        max_instances=1,
        misfire_grace_time=60,
        next_run_time=datetime.now(UTC) + timedelta(seconds=0 if at_once else _EVERY_SECONDS),
    )
    parts.bell.hang()
    parts.own.hang()
    recovery = asyncio.create_task(_recover(parts)) if recovers else None
    await parts.outboxes.start()
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
        if recovery is not None:
            recovery.cancel()
        await parts.outboxes.stop()
        await parts.way.stop()


@asynccontextmanager
async def receiving(parts: Parts) -> AsyncIterator[None]:
    """Beside a process that works: what comes in is taken and answered here, what is due and what goes out is theirs."""
    parts.bell.hang()
    recovery = asyncio.create_task(_recover(parts))
    door = parts.telegram if parts.telegram is not None and parts.telegram.webhook_path else None
    if door is not None:
        await door.start()
    try:
        yield
    finally:
        recovery.cancel()
        if door is not None:
            await door.stop()
        await parts.way.stop()
        if door is not None:
            await door.close()


async def _recover(parts: Parts) -> None:
    try:
        await parts.way.recover()
    except Exception as error:
        log.error("recovery_failed", error=type(error).__name__, exc_info=error)


async def _beat(parts: Parts) -> None:
    """One tick of the scheduler's. What failed is in the log and in `/healthz` by then, and is due again at the next."""
    with contextlib.suppress(ExceptionGroup):
        await tick(parts)


async def tick(parts: Parts) -> None:
    """Do what is due now. What fails keeps nothing else waiting; raises an ExceptionGroup of it when all is done."""
    failed: dict[str, Exception] = {}
    for work_off in (
        _lapse,
        desk_due.work_off,
        wait.work_off,
        check_joining.work_off,
        lapse.work_off,
        certificates.work_off,
        visit_due.work_off,
        series_due.work_off,
        remind_visits.plan_others,
        remind.work_off,
        broadcast_send.work_off,
    ):
        name = work_off.__module__.rpartition(".")[2]
        try:
            await asyncio.to_thread(work_off, parts.house)
        except Exception as error:  # whatever it is: the others' hour has come as well
            log.error("due_work_failed", work=name, error=type(error).__name__, exc_info=error)
            failed[name] = error
    parts.failing = {name: type(error).__name__ for name, error in failed.items()}
    if failed:
        raise ExceptionGroup("due work", list(failed.values()))


def _lapse(house: House) -> None:
    with house.store.read() as unit:
        due = unit.bookings.next_lapse()
    if due is not None and due <= house.now():
        with house.store.write() as unit:
            release_lapsed(house, unit)


def _dues(house: House) -> dict[str, datetime]:
    """When each kind of work is due next; those of which nothing waits are left out."""
    with house.store.read() as unit:
        moments = {
            "holds": unit.bookings.next_lapse(),
            "waiting": unit.waiting.next_due(),
            "desk": desk_due.next_due(unit),
            "benefits": lapse.next_due(house, unit),
            "series": series_due.next_due(house, unit),
            "reminders": remind.next_due(unit),
            "announcements": remind_visits.next_plan(unit),
            "visits": visit_due.next_due(unit),
            "certificates": certificates.next_due(unit),
            "broadcasts": broadcast_send.next_due(house, unit),
            "outbox": unit.doors.next_put_off(house.now()),
        }
    return {name: moment for name, moment in moments.items() if moment is not None}


def late_work(house: House) -> dict[str, datetime]:
    """What was due so long ago that nobody works it off, or it fails again and again: since when."""
    return {name: due for name, due in _dues(house).items() if due < house.now() - _LATE}


async def advance(parts: Parts, by: timedelta) -> datetime:
    """Move the demo's clock on, stopping at each moment at which something falls due."""
    assert parts.clock is not None
    end, before = parts.clock.now() + by, None
    while True:
        due = min((await asyncio.to_thread(_dues, parts.house)).values(), default=None)
        now = parts.clock.now()
        if due is None or due > end or (due == before and now >= end):
            parts.clock.advance(max(end - now, timedelta(0)))
            await tick(parts)
            await parts.outboxes.drain()
            return parts.clock.now()
        # What is due still after it was looked at (another process has it) does not keep the clock standing.
        step = due - now if due != before else _STEP
        parts.clock.advance(max(min(step, end - now), timedelta(0)))
        before = due
        await tick(parts)
        await parts.outboxes.drain()
