"""An elder's word until the coordinator's stream has it, and the coordinator's until the chat's stream has it.

The butler serves in a process of its own, over real HTTP and server-sent events: several coordinators with the whole
list open, forty elders who are being spoken with, each with the chat open. Rasa is not asked: a person has the word.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from actions import desk_access
from actions.hand_over import Cause, claim, open_ticket
from actions.house import House
from bot.desk_page.access import COOKIE
from bot.seeding import seed
from bot.settings import ROOT, Settings
from bot.tokens import make
from bot.wiring import house
from domain.clock import SystemClock
from domain.store import Store
from domain.store.migrate import upgrade
from tests.live.conftest import free_port

ELDERS, ROUNDS, WARM = 40, 200, 10
COORDINATORS = ("chen-jing", "sun-li", "supervisor")
_SECRET = "a secret of the benchmark, long enough for SHA-256"


def figures() -> Iterator[tuple[str, float, str, int]]:
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        url = f"sqlite:///{Path(folder) / 'guanjia.db'}"
        tickets, secrets = _world(url)
        server = _serve(url, port, folder)
        try:
            yield from _measure(f"http://127.0.0.1:{port}", tickets, secrets)
        finally:
            server.terminate()
            server.wait(20)


def _world(url: str) -> tuple[dict[str, str], dict[str, str]]:
    """A demo world with tickets that the first coordinator has claimed, and logins at the desk; by elder, by person."""
    store, clock = Store(url), SystemClock()
    upgrade(store)
    seed(store, 200, clock.now().date(), now=clock.now())
    made = house(Settings(home=ROOT, database_url=url), store, clock)
    elders = [f"m{number:07}" for number in range(200)]
    tickets: dict[str, str] = {}
    for elder in elders:
        if len(tickets) < ELDERS and (ticket := _ticket(made, elder)) is not None:
            tickets[elder] = ticket
    with store.write() as unit:
        people = [unit.people.get(name) for name in COORDINATORS]
        secrets = {p.id: desk_access.begin(unit, p, "demo", clock.now()) for p in people if p is not None}
    store.close()
    return tickets, secrets


def _ticket(made: House, elder: str) -> str | None:
    with made.store.write() as unit:
        person, coordinator = unit.people.get(elder), unit.people.get(COORDINATORS[0])
        if person is None or person.address is None or coordinator is None:
            return None
        conversation = unit.conversations.of(elder)
        one = open_ticket(made, unit, conversation, person, Cause("life", "request"), f"bench:{elder}")
        return claim(made, unit, coordinator, one.id).id


def _serve(url: str, port: int, folder: str) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "GUANJIA_DATABASE_URL": url,
        "GUANJIA_SECRET": _SECRET,
        "GUANJIA_RASA_URL": "http://127.0.0.1:9",
        "GUANJIA_TELEGRAM_TOKEN": "",
        "GUANJIA_HOME": folder,
    }
    command = [str(Path(sys.executable).parent / "guanjia"), "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)
    for _ in range(300):
        try:
            httpx.get(f"http://127.0.0.1:{port}/livez", timeout=2)
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return server
    server.terminate()
    raise RuntimeError("the butler does not serve")


@dataclass
class Ear:
    """One open stream; `heard` says when each text came."""

    address: str
    path: str
    headers: dict[str, str]
    heard: dict[str, float] = field(default_factory=dict)
    news: threading.Condition = field(default_factory=threading.Condition)

    def open(self) -> Ear:
        ready = threading.Event()
        threading.Thread(target=self._until_the_end, args=(ready,), daemon=True).start()
        assert ready.wait(20), "a stream does not open"
        return self

    def _until_the_end(self, ready: threading.Event) -> None:
        with suppress(httpx.HTTPError):  # the server goes first
            self._listen(ready)

    def _listen(self, ready: threading.Event) -> None:
        with httpx.stream("GET", self.address + self.path, headers=self.headers, timeout=60) as answer:
            for row in answer.iter_lines():
                ready.set()
                if not row.startswith("data: "):
                    continue
                found = json.loads(row[6:])
                line = found.get("line", found) if isinstance(found, dict) else {}
                if "text" in line:
                    with self.news:
                        self.heard.setdefault(line["text"], time.perf_counter())
                        self.news.notify_all()

    def wait(self, text: str) -> float:
        with self.news:
            assert self.news.wait_for(lambda: text in self.heard, 10), "a word did not come"
            return self.heard[text]


def _measure(
    address: str, tickets: dict[str, str], secrets: dict[str, str]
) -> Iterator[tuple[str, float, str, int]]:
    elders = {elder: {"Authorization": f"Bearer {make(_SECRET, elder, 3600)}"} for elder in tickets}
    staff = {name: {"Cookie": f"{COOKIE}={secret}", "Origin": address} for name, secret in secrets.items()}
    desks = {name: Ear(address, "/desk/events", headers).open() for name, headers in staff.items()}
    chats = {
        elder: Ear(address, "/api/v1/me/conversation/events", headers).open()
        for elder, headers in elders.items()
    }
    speaker = staff[COORDINATORS[0]]
    to_desk, to_chat = [], []
    with httpx.Client(base_url=address, timeout=20) as http:
        for number in range(ROUNDS + WARM):
            elder = list(tickets)[number % len(tickets)]
            asked, answered = f"第{number}句，在吗", f"第{number}句，在的"
            began = time.perf_counter()
            body = {"message": asked, "message_id": f"w{number}"}
            http.post("/webhooks/rest/webhook", json=body, headers=elders[elder]).raise_for_status()
            heard = max(desk.wait(asked) for desk in desks.values())
            again = time.perf_counter()
            path = f"/desk/tickets/{tickets[elder]}/words"
            words = {"text": answered, "message_id": f"d{number}"}
            http.post(path, json=words, headers=speaker).raise_for_status()
            back = chats[elder].wait(answered)
            if number >= WARM:
                to_desk.append((heard - began) * 1000)
                to_chat.append((back - again) * 1000)
    both = to_desk + to_chat
    yield "p50_ms", statistics.median(both), "ms", len(both)
    yield "p95_ms", _p95(both), "ms", len(both)
    yield "to_desk_p95_ms", _p95(to_desk), "ms", len(to_desk)
    yield "to_chat_p95_ms", _p95(to_chat), "ms", len(to_chat)


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]
