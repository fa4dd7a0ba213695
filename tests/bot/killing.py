"""Workers of `guanjia work` that are killed while they work, beside a Bot API server that breaks things as well.

What they have to say comes from sources: reminders here, and whatever else goes by the outbox.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Protocol

from sqlalchemy import select

from actions.accounts import back
from actions.house import House
from bot.demo_clock import DemoClock
from domain.clock import local
from domain.conversations import Message
from domain.doors import CLAIM_LIVES, Account, Delivery, DeliveryState
from domain.reminders import Instance, InstanceState
from domain.store import Store
from domain.store import tables as t
from domain.store.bulk import write_rows
from tests.botapi import RemoteBotApi
from tests.conftest import NOW

# So many real seconds the run may take before something must be wrong.
_PATIENCE_SECONDS = 900
_BREAKS = (("flood", 0.01), ("bad_gateway", 0.02), ("cut_before", 0.01), ("cut_after", 0.005))
# People whose chat answers 403 for a while.
_BLOCKED = 5
_IN_ITS_START = 0.2
# A worker is let to work so many seconds at most, half of it in the middle.
_WORKS = 2.0
# Where they live, and nobody else.
CITY = "killed"
Row = tuple[str, dict[str, Any]]


class Source(Protocol):
    """Something that has words for people. Each person gets each of its words once."""

    def lay(self, house: House, people: Sequence[str], begin: datetime, lasts: timedelta) -> None:
        """Put it before the workers; what can be spread is spread over so long."""

    def is_through(self, unit: Any) -> bool:
        """Whether all its words are in the outbox, or have their reason."""


class Reminders:
    """A daily reminder for each of these people, with an hour of their own; due one after the other over a while."""

    def lay(self, house: House, people: Sequence[str], begin: datetime, lasts: timedelta) -> None:
        write_rows(house.store, self._rows(people, begin, lasts), lambda _table, _count: None)

    def _rows(self, people: Sequence[str], begin: datetime, lasts: timedelta) -> Iterator[Row]:
        for number, person in enumerate(people):
            at = local(begin + lasts * (number / len(people)))
            yield (
                "reminder_rules",
                {
                    "id": f"r{person}",
                    "series": f"x:{person}",
                    "version": 1,
                    "kind": "medicine" if number % 2 else "personal",
                    "person_id": person,
                    "created_at": NOW,
                    "created_by": person,
                    "detail": {
                        "what": "吃降压药",
                        "rule": f"FREQ=DAILY;BYHOUR={at.hour};BYMINUTE={at.minute}",
                        "anchor": "2026-11-01",
                        "hour": "1",
                    },
                },
            )
            yield "reminder_instances", _instance(person, at)

    def is_through(self, unit: Any) -> bool:
        soon = select(Instance).where(
            t.reminder_instances.c.state == InstanceState.PENDING,
            t.reminder_instances.c.due_at < NOW + timedelta(hours=12),
        )
        return unit._session.scalar(soon.limit(1)) is None


def _instance(person: str, at: datetime) -> dict[str, Any]:
    return {
        "id": f"i{person}",
        "rule_id": f"r{person}",
        "person_id": person,
        "occurrence": at.isoformat(),
        "planned_at": at,
        "useful_until": at + timedelta(hours=3),
        "due_at": at,
        "state": "pending",
        "urgent": True,
        "joins": False,
        "attempts": 0,
    }


@dataclass
class Killed:
    """What came of a run: how many were killed, what each had in hand, who got something twice and why."""

    kills: int = 0
    in_hand: list[set[int]] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    # What was given up for a reason that stands with it: a broadcast to somebody who had blocked us.
    given_up: Counter[str] = field(default_factory=Counter)
    # Deliveries that reached the chat more than once: by a cut after the message was stored, or by a kill.
    by_cuts: set[int] = field(default_factory=set)
    by_kills: set[int] = field(default_factory=set)
    more_than_twice: int = 0
    seconds: float = 0.0

    def line(self) -> str:
        """For who reads the test's output."""
        return (
            f"{self.kills} kills, in hand at each {[len(one) for one in self.in_hand]}; missed {len(self.missed)}, "
            f"given up {dict(self.given_up)}; "
            f"twice by a kill {len(self.by_kills)}, by a cut connection {len(self.by_cuts)}; {self.seconds:.0f} s"
        )


class Broadcasts:
    """One broadcast to everybody who lives there."""

    def lay(self, house: House, people: Sequence[str], begin: datetime, lasts: timedelta) -> None:
        from domain.broadcasts import Audience, Condition
        from tests.crowd import broadcast_to

        self.house = house
        self.id = broadcast_to(house, Audience(include=Condition(cities=(CITY,))))

    def is_through(self, unit: Any) -> bool:
        from tests.crowd import counts

        found = counts(self.house, self.id)
        return bool(found) and not found.get("queued") and not found.get("handed")


class Stage:
    """A store with people who have chats, and workers over it."""

    def __init__(self, store: Store, house: House, api: RemoteBotApi, folder: Path, people: int) -> None:
        self.store, self.house, self.api = store, house, api
        self.clock = DemoClock(store)
        self.clock.set(NOW)
        self.people = [f"k{number}" for number in range(people)]
        self.chats = {person: api.create_user(user_id=7_000_000 + n) for n, person in enumerate(self.people)}
        write_rows(store, self._rows(), lambda _table, _count: None)
        self._environment = {
            **os.environ,
            "GUANJIA_HOME": str(folder),
            "GUANJIA_DATABASE_URL": store.engine.url.render_as_string(hide_password=False),
            "GUANJIA_TELEGRAM_TOKEN": api.token,
            "GUANJIA_TELEGRAM_API": api.url,
            # Nobody writes back here, and three that fetch would get in each other's way.
            "GUANJIA_TELEGRAM_MODE": "webhook",
            "GUANJIA_TELEGRAM_WEBHOOK_URL": "http://127.0.0.1:9/telegram",
            "GUANJIA_LOG_LEVEL": "ERROR",
        }

    def _rows(self) -> Iterator[Row]:
        yield "cities", {"id": CITY, "name": "夜城"}
        for person, chat in self.chats.items():
            yield "persons", {"id": person, "name": "某人", "role": "member", "city_id": CITY, "notes": {}}
            yield (
                "conversations",
                {"id": f"cv{person}", "person_id": person, "owner": "butler", "version": 1, "topics": {}},
            )
            yield (
                "accounts",
                {
                    "id": f"ac{person}",
                    "person_id": person,
                    "door": "telegram",
                    "external_id": str(chat),
                    "joined_at": NOW,
                    "facts": {},
                },
            )

    def start(self) -> subprocess.Popen[str]:
        """One worker."""
        command = [str(Path(sys.executable).parent / "guanjia"), "work"]
        return subprocess.Popen(
            command,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self._environment["GUANJIA_HOME"],
        )

    def is_up(self, worker: subprocess.Popen[str]) -> None:
        """Wait until it works."""
        assert worker.stderr is not None
        for line in worker.stderr:
            if line.startswith("working"):
                return
        raise AssertionError("a worker ended before it began")

    @contextmanager
    def trouble(self, seed: int) -> Iterator[None]:
        """The server answers 429, 403 and 502 and cuts connections; at the end those who had blocked us come back."""
        for number, (kind, chance) in enumerate(_BREAKS):
            self.api.break_randomly(kind, chance, seed=seed + number, method="sendMessage", retry_after=1)
        blocked = self.people[:: len(self.people) // _BLOCKED][:_BLOCKED]
        for person in blocked:
            self.api.break_randomly("blocked", 1.0, method="sendMessage", chat=self.chats[person])
        yield
        self.api.mend()
        with self.store.write() as unit:
            for person in blocked:
                for account in unit.doors.accounts(person):
                    back(self.house, unit, account)

    def kill(self, worker: subprocess.Popen[str]) -> set[int]:
        """SIGKILL; returns the deliveries that it had in hand."""
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        with self.store.read() as unit:
            claimed = select(t.deliveries.c.id).where(
                t.deliveries.c.state == DeliveryState.CLAIMED,
                t.deliveries.c.claimed_by.startswith(f"ob{worker.pid}_", autoescape=True),
            )
            return set(unit._session.scalars(claimed))

    def is_through(self, sources: Sequence[Source]) -> bool:
        with self.store.read() as unit:
            open_ones = select(t.deliveries.c.id).where(
                t.deliveries.c.state.in_((DeliveryState.QUEUED, DeliveryState.CLAIMED))
            )
            return (
                all(source.is_through(unit) for source in sources)
                and unit._session.scalar(open_ones.limit(1)) is None
            )


def run(stage: Stage, sources: Sequence[Source], *, kills: int, workers: int, seed: int) -> Killed:
    """Let so many work side by side; kill one of them so often at random moments, and start another in its place."""
    rng, came, began = Random(seed), Killed(), time.monotonic()
    working = [stage.start() for _ in range(workers)]
    for worker in working:
        stage.is_up(worker)
    # As long as the kills will take on this machine, so that there is work to do at each.
    lasts = timedelta(seconds=kills * (time.monotonic() - began + _WORKS / 2))
    for source in sources:
        source.lay(stage.house, stage.people, stage.clock.now(), lasts)
    newest, fresh = 0, False
    try:
        with stage.trouble(seed):
            for _ in range(kills):
                victim = rng.randrange(workers)
                # One in five in the middle of its start, the others in the middle of their work.
                if rng.random() < _IN_ITS_START:
                    time.sleep(rng.uniform(0.2, 2.0))
                else:
                    if fresh:
                        stage.is_up(working[newest])
                        fresh = False
                    time.sleep(rng.uniform(0.0, _WORKS))
                came.in_hand.append(stage.kill(working[victim]))
                came.kills += 1
                working[victim], newest, fresh = stage.start(), victim, True
        # What the last ones had in hand is taken up when their claims have run out: the demo's clock need not wait.
        stage.clock.advance(CLAIM_LIVES)
        while not stage.is_through(sources):
            assert time.monotonic() - began < _PATIENCE_SECONDS, "it does not come to an end"
            assert all(worker.poll() is None for worker in working)
            time.sleep(0.25)
    finally:
        for worker in working:
            worker.terminate()
        for worker in working:
            worker.wait(30)
    came.seconds = time.monotonic() - began
    _count(stage, came)
    return came


def _count(stage: Stage, came: Killed) -> None:
    """Compare what was to be said with what the server got."""
    got: Counter[tuple[int, str]] = Counter(
        (message["chat"], message["text"].partition("】")[2]) for message in stage.api.sent()
    )
    with stage.store.read() as unit:
        found = (
            select(Delivery, Message, Account)
            .join(Message, t.messages.c.id == t.deliveries.c.message_id)
            .join(Account, t.accounts.c.id == t.deliveries.c.account_id)
        )
        for delivery, message, account in unit._session.execute(found):
            times = got.pop((int(account.external_id), message.text), 0)
            if delivery.state is DeliveryState.DROPPED:
                came.given_up[str(delivery.reason)] += 1
                continue
            assert delivery.state is DeliveryState.SENT
            if times == 0:
                came.missed.append(message.key)
            if times > 1:
                (came.by_cuts if delivery.unknown else came.by_kills).add(delivery.id)
                came.more_than_twice += times > 2
    assert not got, "something was said that stands nowhere"
