"""The whole butler with the real Rasa and the real model, on loopback, with a clock that stands still."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from bot.api.app import create
from bot.journal import Journal
from bot.parts import Parts
from bot.rasa_child import RasaChild
from bot.seeding import seed
from bot.settings import ROOT, Settings
from bot.telegram.limits import Limits
from bot.tokens import make
from bot.training import train
from bot.wiring import house, wire
from domain.clock import FixedClock
from domain.store import Store
from domain.store.migrate import upgrade
from tests.botapi import BotApi, RemoteBotApi
from tests.botapi.server import TOKEN
from tests.conftest import NOW

# A busy machine must not make the butler say that it is slow; where that is wanted, a test says so.
_PATIENCE = 18.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Butler:
    """A running butler in a thread of its own; with a Bot API server it is on Telegram too."""

    def __init__(self, folder: Path, api: BotApi | RemoteBotApi | None = None, token: str = TOKEN) -> None:
        self.settings = Settings(
            home=ROOT,
            port=free_port(),
            rasa_port=free_port(),
            database_url=f"sqlite:///{folder / 'guanjia.db'}",
            secret="a secret of the tests, long enough for SHA-256",
            telegram_token=token if api is not None else "",
            telegram_api=api.url if api is not None else "https://api.telegram.org",
        )
        self.folder = folder
        self.store = Store(self.settings.store_url)
        upgrade(self.store)
        self.clock = FixedClock(NOW)
        seed(self.store, 40, NOW.date(), now=NOW)
        self.parts: Parts = wire(
            self.settings,
            house(self.settings, self.store, self.clock),
            patience=_PATIENCE,
            journal=Journal(folder / "journal.jsonl"),
        )
        self.child = RasaChild(self.settings, self.parts.rasa)
        self.parts.child = self.child
        config = uvicorn.Config(create(self.parts), port=self.settings.port, log_level="warning")
        self.server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        await self.child.start()
        serving = asyncio.create_task(self.server.serve())
        up = await self.child.wait()
        assert up, "Rasa does not come up: var/log/rasa.log"
        self._ready.set()
        await serving
        await self.child.stop()

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(240)

    def stop(self) -> None:
        self.server.should_exit = True
        self._thread.join(30)
        self.store.close()

    def client(self, person_id: str) -> httpx.Client:
        """An HTTP client with somebody's token."""
        token = make(self.settings.signing_secret, person_id, 3600)
        return httpx.Client(
            base_url=self.settings.butler, headers={"Authorization": f"Bearer {token}"}, timeout=20
        )


def running(folder: Path, api: BotApi) -> Iterator[Butler]:
    """One butler for all live tests; each uses people of its own."""
    train(Settings(home=ROOT))
    patch = pytest.MonkeyPatch()
    # The trackers of the tests must not lie beside those of a butler that somebody runs.
    patch.setattr("bot.rasa_child.environment", _apart(folder))
    made = Butler(folder, api)
    unhurried(made)
    made.start()
    yield made
    made.stop()
    patch.undo()


def unhurried(butler: Butler) -> None:
    """Let the door's seconds be short, so that a dialogue need not wait for a chat's own limit."""
    assert butler.parts.telegram is not None
    butler.parts.telegram.api.limits = Limits(clock=lambda: time.monotonic() * 1000)


def _apart(folder: Path):
    from bot.rasa_child import environment

    def inner(settings: Settings) -> dict[str, str]:
        return {**environment(settings), "GUANJIA_TRACKER_DB": str(folder / "trackers.db")}

    return inner
