"""Working: the scheduler and the outboxes alone, without HTTP and without Rasa. Any number of them side by side."""

from __future__ import annotations

import asyncio
import signal

import typer

from bot import logs
from bot.parts import Parts
from bot.settings import Settings
from bot.ticking import ticking
from bot.wiring import house, wire
from domain.store import Store
from domain.store.migrate import upgrade


def work(settings: Settings) -> None:
    """Work off what is due and send what is in the outbox, until stopped; what is in hand is ended first."""
    logs.setup(settings.log_level)
    settings.var.mkdir(parents=True, exist_ok=True)
    store = Store(settings.store_url)
    upgrade(store)
    asyncio.run(_work(wire(settings, house(settings, store), dialogue=False)))


async def _work(parts: Parts) -> None:
    over = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    # Who fetches updates answers them too, so that it has to look after those that an earlier one left.
    fetches = parts.telegram is not None and parts.telegram.webhook_path is None
    async with ticking(parts, recovers=fetches, at_once=True):
        typer.echo("working", err=True)
        await over.wait()
    await parts.rasa.close()
    parts.house.store.close()
