"""A whole butler with a stand-in for Rasa, served in a thread, and a Bot API server beside it."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from actions.accounts import join
from actions.house import House
from actions.say import Choice, put
from bot.api.app import create
from bot.rasa_client import RasaClient
from bot.settings import Settings
from bot.tokens import make
from bot.wiring import wire
from domain.doors import Account, Delivery
from tests.botapi import BotApi

SECRET = "a secret of the tests, long enough for SHA-256"
PHONES = {"mei": "8613900000001", "huan": "8613900000002"}


class Rasa:
    """The other end of the wire: away, or answering through the outbox as actions do. `questions` have buttons."""

    def __init__(self, house: House) -> None:
        self.house, self.up, self.turns = house, True, []
        self.before_answer: Callable[[], None] = lambda: None
        self.says: Callable[[str], str] = lambda text: f"听到{text}"

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if not self.up:
            raise httpx.ConnectError("away")
        body = json.loads(request.content)
        self.turns.append(body["message"])
        await asyncio.to_thread(self.before_answer)
        await asyncio.to_thread(self._answer, body)
        return httpx.Response(200, json=[])

    def _answer(self, body: dict[str, Any]) -> None:
        number, text = body["metadata"]["message_id"], body["message"]
        choices = (Choice("对，就这么定", "/affirm"), Choice("不办了", "/stop")) if "约" in text else ()
        with self.house.store.write() as unit:
            conversation = unit.conversations.get(body["sender"])
            assert conversation is not None
            key = f"m{number}:action_x:0"
            put(
                unit,
                conversation,
                self.says(text),
                key=key,
                now=self.house.now(),
                choices=choices,
                reply_to=number,
            )


class Stage:
    """Start it, act as people do through `api`, look at what the bot sent."""

    def __init__(self, house: House, api: BotApi, folder: Path, *, mode: str = "polling") -> None:
        self.house, self.api, self.folder, self.mode = house, api, folder, mode
        self.rasa, self.patience = Rasa(house), 4.0
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.settings = Settings(
            home=folder,
            port=self.port,
            secret=SECRET,
            rasa_url="http://rasa",
            telegram_token=api.token,
            telegram_api=api.url,
            telegram_mode=mode,  # type: ignore[arg-type]
            telegram_webhook_url=f"http://127.0.0.1:{self.port}/hooks/telegram",
            telegram_webhook_secret="hush-hush",
        )

    def start(self) -> Stage:
        self.parts = wire(self.settings, self.house, patience=self.patience)
        self.parts.way.rasa = self.parts.rasa = RasaClient(
            "http://rasa", transport=httpx.MockTransport(self.rasa)
        )
        config = uvicorn.Config(create(self.parts), port=self.port, log_level="warning")
        self.server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        if self.mode == "polling":
            self.api.wait_calls("deleteWebhook")
        else:
            self.api.wait_calls("setWebhook")
        return self

    def _run(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.loop.run_until_complete(self.server.serve())
        self.loop.close()

    def stop(self) -> None:
        self.server.should_exit = True
        self._thread.join(20)
        assert not self._thread.is_alive()

    def client(self, person: str) -> httpx.Client:
        return httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}",
            headers={"Authorization": f"Bearer {make(SECRET, person, 3600)}"},
            trust_env=False,
        )

    def user(self, person: str | None = None, **how: Any) -> int:
        """Somebody on Telegram; with a person's name, one whose chat has joined already."""
        if person in PHONES:
            how.setdefault("phone", PHONES[person])
        user = self.api.create_user(**how)
        if person is not None:
            with self.house.store.write() as unit:
                found = unit.people.get(person)
                assert found is not None
                join(self.house, unit, found, "telegram", str(user))
        return user

    def account(self, user: int) -> Account | None:
        with self.house.store.read() as unit:
            return unit.doors.account_of("telegram", str(user))

    def deliveries(self) -> list[Delivery]:
        from sqlalchemy import select

        with self.house.store.read() as unit:
            return list(unit._session.scalars(select(Delivery).order_by(Delivery.id)))  # type: ignore[arg-type]

    def lines(self, person: str) -> list[tuple[str, str, str]]:
        """What is stored of a conversation: direction, text, state."""
        with self.house.store.read() as unit:
            conversation = unit.conversations.of_existing(person)
            if conversation is None:
                return []
            return [
                (m.direction, m.text, str(m.state)) for m in unit.conversations.last(conversation.id, 100)
            ]

    def hears(self, user: int, count: int = 1, **how: Any) -> list[str]:
        """Wait for so many messages to this chat; their texts without who speaks."""
        self.api.wait_sent(user, count, **how)
        return [plain(text) for text in self.api.texts(user)]

    def until(self, there: Callable[[], bool], seconds: float = 30.0) -> None:
        """Wait for something to come about; how long it may take is no claim about speed."""
        end = time.monotonic() + seconds
        while not there():
            assert time.monotonic() < end, "it did not come about"
            time.sleep(0.01)

    def pass_time(self, **by: float) -> None:
        """Let the house's clock go on, and everybody look."""
        self.house.clock.advance(timedelta(**by))  # type: ignore[attr-defined]
        self.parts.outboxes.workers[0].bell.ring()


def plain(text: str) -> str:
    return text.split("】", 1)[1] if text.startswith("【") else text
