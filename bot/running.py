"""Running: `up` for one machine (Rasa as a child, the demo world where the store is empty), `serve` and `work` for
several."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import shutil
import socket
from datetime import datetime

import typer
import uvicorn

from bot import logs
from bot.api.app import create
from bot.desk_page.giving import seal
from bot.parts import Parts
from bot.pauses import settle
from bot.presence import alone, serving
from bot.rasa_child import RasaChild
from bot.seeding import MEMBERS, is_seeded, seed
from bot.settings import Settings
from bot.training import is_trained
from bot.troubles import Trouble
from bot.wiring import wire
from domain.store import Store
from domain.store.migrate import upgrade

# Less than this and SQLite, the journal or Rasa's trackers will soon fail in the middle of something.
_ROOM_BYTES = 50 * 2**20
_NO_PORT = {
    errno.EADDRINUSE: "port {port} is taken by another program; choose another one: PORT=8081 make run",
    errno.EADDRNOTAVAIL: "GUANJIA_HOST: {host} is no address of this machine",
    errno.EACCES: "port {port} needs more rights; choose one above 1023: PORT=8081 make run",
}


def up(settings: Settings, now: datetime | None) -> None:
    """Serve everything until stopped."""
    logs.setup(settings.log_level)
    _check_port(settings)
    settings.var.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(settings.var).free < _ROOM_BYTES:
        raise Trouble("the disk is full; make room and start again")
    if not settings.rasa_url and not is_trained(settings):
        raise Trouble(
            "there is no model for what it is to be trained from; `make setup` or `guanjia train` makes it"
        )
    with contextlib.nullcontext() if settings.rasa_url else alone(settings.var):
        _up(settings, now)


def _up(settings: Settings, now: datetime | None) -> None:
    store = Store(settings.store_url)
    upgrade(store)
    parts = _parts(settings, store)
    if now is not None:
        if parts.clock is None:
            raise Trouble("--now is for the demo; set GUANJIA_DEMO=1")
        parts.clock.set(now)
    if settings.demo and not is_seeded(store):
        typer.echo("laying the demo world …")
        seed(store, MEMBERS, parts.house.today(), now=parts.house.now())
    with serving(store):
        asyncio.run(_serve(parts, child=not settings.rasa_url))


def serve(settings: Settings) -> None:
    """Serve the doors and the API; Rasa is elsewhere, and so is who works off what is due and sends."""
    logs.setup(settings.log_level)
    _check_port(settings)
    store = Store(settings.store_url)
    upgrade(store)
    with serving(store):
        asyncio.run(_serve(_parts(settings, store), child=False, works=False))


def _parts(settings: Settings, store: Store) -> Parts:
    from bot.wiring import house

    made = house(settings, store)
    seal(made)
    return wire(settings, made)


def _check_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except socket.gaierror as error:
            raise Trouble(f"GUANJIA_HOST: nothing is called {settings.host}") from error
        except OSError as error:
            sentence = _NO_PORT.get(error.errno or 0)
            if sentence is None:
                raise
            raise Trouble(sentence.format(host=settings.host, port=settings.port)) from error


class _Server(uvicorn.Server):
    """Uvicorn, which says when it serves."""

    def __init__(self, config: uvicorn.Config, serving: asyncio.Event) -> None:
        super().__init__(config)
        self._serving = serving

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._serving.set()


async def _serve(parts: Parts, *, child: bool, works: bool = True) -> None:
    settings = parts.settings
    config = uvicorn.Config(
        create(parts, works=works),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        timeout_graceful_shutdown=5,
    )
    begun = asyncio.Event()
    server = _Server(config, begun)
    if child:
        parts.child = RasaChild(settings, parts.rasa, say=lambda text: typer.echo(text, err=True))
        await parts.child.start()
    told = asyncio.create_task(_tell(parts, begun))
    try:
        await server.serve()
    finally:
        told.cancel()
        if parts.child is not None:
            await parts.child.stop()
        await parts.rasa.close()
        parts.house.store.close()


async def _tell(parts: Parts, serving: asyncio.Event) -> None:
    """Say where to go, as soon as it is true."""
    await serving.wait()
    settle()
    at = parts.settings.butler
    rasa = "is starting (about half a minute)" if parts.child else f"is waited for on {parts.settings.rasa}"
    typer.echo(f"serving on {at}; Rasa {rasa} …")
    loop = asyncio.get_running_loop()
    began = loop.time()
    while not await parts.rasa.is_up():  # noqa: ASYNC110  (another process: there is no event to wait for)
        await asyncio.sleep(0.5)
    typer.echo(
        f"ready after {loop.time() - began:.0f} s: {at}/chat, {at}/desk, {at}/healthz, {at}/openapi.json"
    )
    typer.echo("talk: .venv/bin/guanjia chat --as wang-xiulan    (or li-qiang, chen-jing, …)")
