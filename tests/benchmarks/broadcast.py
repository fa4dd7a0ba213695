"""A broadcast to 10,000 against a Bot API server that keeps Telegram's limits, with people who talk meanwhile.

A live turn is an elder's question through the real Rasa, from the update at the server to the reply there; first alone,
then while the broadcast is on its way. The server is a process of its own.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.pauses import settle
from bot.ticking import tick
from domain.broadcasts import Audience, Condition
from domain.people import City
from tests.botapi import RemoteBotApi
from tests.crowd import TEXT, broadcast_to, counts, people
from tests.live.conftest import Butler, _apart, free_port
from tests.live.telegram import Chat

# As many who talk as there are rounds alone: a long conversation is slower by itself, and would count as the broadcast's.
PEOPLE, ROUNDS, WARM, CHATS = 10_000, 150, 5, 150
# How long somebody thinks before the next question, in seconds.
THINKS = 0.4
BUTLER = "1111111111:AAbutler-of-the-benchmark"
WORDS = "助浴还剩几次"
CITY = "crowd"


@dataclass
class RunningClock:
    """The house's clock set to a morning, and running: what a 429 puts off comes due again."""

    moment: datetime
    _began: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        return self.moment + timedelta(seconds=time.monotonic() - self._began)


def figures() -> Iterator[tuple[str, float, str, int]]:
    patch, port = pytest.MonkeyPatch(), free_port()
    command = [sys.executable, "-m", "tests.botapi", "--port", str(port), "--token", BUTLER]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    url = server.stdout.readline().strip()
    try:
        with tempfile.TemporaryDirectory() as folder:
            patch.setattr("bot.rasa_child.environment", _apart(Path(folder)))
            patch.setattr("tests.live.conftest.FixedClock", RunningClock)
            api = RemoteBotApi(url)
            butler = Butler(Path(folder), api, BUTLER)
            crowd = _crowd(butler, api)
            butler.start()
            yield from _measured(butler, api, crowd)
            butler.stop()
            api.close()
    finally:
        patch.undo()
        server.terminate()
        server.wait(10)


def _crowd(butler: Butler, api: RemoteBotApi) -> list[int]:
    """The chats of everybody whom it is for."""
    with butler.store.write() as unit:
        unit.people.add(City(id=CITY, name=CITY))
    users = [int(api.create_user()) for _ in range(PEOPLE)]
    people(butler.store, users, city=CITY)
    return users


def _measured(butler: Butler, api: RemoteBotApi, crowd: list[int]) -> Iterator[tuple[str, float, str, int]]:
    settle()  # as the process that serves does
    talkers = [Chat(butler, api, {}) for _ in range(CHATS)]  # type: ignore[arg-type]
    heard = Counter[int]()
    for number in range(WARM):
        _timed(api, talkers[number].user, heard)
    alone = [_turn(api, talkers[number % CHATS].user, heard) for number in range(ROUNDS)]
    made = broadcast_to(butler.parts.house, Audience(include=Condition(cities=(CITY,))))
    asyncio.run(tick(butler.parts))
    live: list[float] = []
    done = threading.Event()
    watching = threading.Thread(target=_watch, args=(butler, made, done))
    watching.start()
    number = 0
    while not done.is_set():
        live.append(_turn(api, talkers[number % CHATS].user, heard))
        number += 1
    watching.join()
    told = [one for one in api.sent() if TEXT in one["text"]]
    times = Counter(one["chat"] for one in told)
    at = sorted(one["at"] for one in told)
    yield "rate", (len(at) - 1) / (at[-1] - at[0]), "1/s", len(at)
    yield "lost", sum(times[user] == 0 for user in crowd), "people", PEOPLE
    yield "doubled", sum(times[user] > 1 for user in crowd), "people", PEOPLE
    yield "live_p50_ms", statistics.median(live), "ms", len(live)
    yield "live_p95_ms", _p95(live), "ms", len(live)
    yield "alone_p50_ms", statistics.median(alone), "ms", len(alone)
    yield "alone_p95_ms", _p95(alone), "ms", len(alone)
    yield "ratio_p95", _p95(live) / _p95(alone), "", len(live)
    yield "refused_429", sum(call["status"] == 429 for call in api.calls("sendMessage")), "calls", len(at)


def _watch(butler: Butler, made: str, done: threading.Event) -> None:
    """Until every recipient is over; looked at seldom, for it is not what is measured."""
    while True:
        found = counts(butler.parts.house, made)
        if found and not found.get("queued") and not found.get("handed"):
            done.set()
            return
        time.sleep(2.0)


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _turn(api: RemoteBotApi, user: int, heard: Counter[int]) -> float:
    time.sleep(THINKS)
    return _timed(api, user, heard)


def _timed(api: RemoteBotApi, user: int, heard: Counter[int]) -> float:
    """From the moment the update is with the server to the moment the reply is; the server waits, we do not look."""
    began = time.monotonic()
    api.says(user, WORDS)
    heard[user] += 1
    replies = api.wait_sent(user, heard[user], timeout=20)
    return float(replies[-1]["at"] - began) * 1000
