"""A turn through the whole system beside the same turn sent straight to the Rasa server, in one run.

The booking turn is the one that searches, holds and reads back; the benefits turn asks what is left. Each member takes
each way once, in alternation, so that both meet the same load and the same histories. Memory and start-up beside it.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from domain.ids import new_id
from tests.live.conftest import Butler, _apart
from tests.live.talk import Stage

ROUNDS = 60
TURNS = {"": "约一个后天下午三点的助浴", "_benefits": "助浴还剩几次"}


def figures() -> Iterator[tuple[str, float, str, int]]:
    patch = pytest.MonkeyPatch()
    with tempfile.TemporaryDirectory() as folder:
        patch.setattr("bot.rasa_child.environment", _apart(Path(folder)))
        for name in ("start_cold_s", "start_warm_s"):
            butler = Butler(Path(folder))
            began = time.perf_counter()
            butler.start()
            yield name, time.perf_counter() - began, "s", 1
            if name == "start_cold_s":
                butler.stop()
                (Path(folder) / "guanjia.db").unlink()
        for suffix, words in TURNS.items():
            yield from _compare(butler, words, suffix)
        yield "butler_mb", psutil.Process().memory_info().rss / 2**20, "MB", 1
        if butler.child.pid is not None:
            yield "rasa_mb", psutil.Process(butler.child.pid).memory_info().rss / 2**20, "MB", 1
        butler.stop()
    patch.undo()


def _compare(butler: Butler, words: str, suffix: str) -> Iterator[tuple[str, float, str, int]]:
    whole, straight = [], []
    with httpx.Client(base_url=butler.settings.rasa, timeout=30) as rasa:
        for number in range(ROUNDS + 5):
            ways = [(_whole, whole), (_straight, straight)]
            for way, times in ways if number % 2 else reversed(ways):
                took = way(butler, rasa, words)
                if number >= 5:
                    times.append(took * 1000)
    p95, rasa_p95 = _p95(whole), _p95(straight)
    yield f"p50_ms{suffix}", statistics.median(whole), "ms", ROUNDS
    yield f"p95_ms{suffix}", p95, "ms", ROUNDS
    yield f"rasa_p95_ms{suffix}", rasa_p95, "ms", ROUNDS
    yield f"ratio_p95{suffix}", p95 / rasa_p95, "ratio", ROUNDS


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _whole(butler: Butler, _: httpx.Client, words: str) -> float:
    stage = Stage(butler, {})
    with butler.client(stage.elder.id) as client:
        client.get("/livez")  # the connection is there already, as a door's is
        took = _timed(
            lambda: client.post("/webhooks/rest/webhook", json={"message": words}).raise_for_status()
        )
    stage.clear()
    return took


def _straight(butler: Butler, rasa: httpx.Client, words: str) -> float:
    """The same words to Rasa alone, for a conversation and a message that are stored already."""
    stage = Stage(butler, {})
    with butler.store.write() as unit:
        conversation = unit.conversations.of(stage.elder.id).id
    # Rasa's own users send no stored message; the actions then key their words by themselves.
    body = {"sender": conversation, "message": words, "metadata": {"trace": new_id("t")}}
    took = _timed(lambda: rasa.post("/webhooks/rest/webhook", json=body).raise_for_status())
    stage.clear()
    return took
