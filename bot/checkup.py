"""`guanjia doctor`: what is set up, what is missing, and how to mend it."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Iterator

import typer

from bot.rasa_client import RasaClient
from bot.settings import Settings
from bot.ticking import late_work
from bot.training import is_trained
from bot.troubles import explain
from bot.wiring import house
from domain.calendar import load
from domain.clock import local
from domain.doors import DeliveryState
from domain.store import Store
from domain.store.migrate import newest, version_of

Finding = tuple[bool, str, str]


def checkup(settings: Settings) -> bool:
    """Print each finding; True where nothing is missing."""
    well = True
    for good, what, mend in findings(settings):
        typer.echo(f"{'ok  ' if good else 'MISS'} {what}" + ("" if good else f"\n     → {mend}"))
        well = well and good
    return well


def findings(settings: Settings) -> Iterator[Finding]:
    """(is it well, what it is, how to mend it)."""
    yield sys.version_info >= (3, 11), f"Python {sys.version.split()[0]}", "use Python 3.11 or newer"
    rasa = settings.home / "nlu/.venv/bin/python"
    yield rasa.exists(), "Rasa's environment (nlu/.venv)", "make setup"
    yield is_trained(settings), "the model (var/models) is of today's training data", "guanjia train"
    yield from _database(settings)
    free = shutil.disk_usage(settings.home).free // 2**20
    yield free > 200, f"{free} MiB of disk left", "make room"
    calendar = load()
    yield True, f"the holiday table ends on {calendar.valid_through}", ""
    up = asyncio.run(_rasa_up(settings))
    yield up, f"Rasa on {settings.rasa}", "it runs while `make run` does; var/log/rasa.log says more"
    yield from _due(settings)
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    yield browser is not None, "a browser for the browser tests", "apt-get install chromium"
    yield True, f"Telegram: {'on' if settings.telegram_token else 'off (no token)'}", ""


def _database(settings: Settings) -> Iterator[Finding]:
    store = Store(settings.store_url)
    try:
        current = version_of(store)
    except Exception as error:  # noqa: BLE001  (whatever it is, it is told)
        yield False, "the database answers", explain(error) or type(error).__name__
        return
    finally:
        store.close()
    yield (
        current == newest(),
        f"the database is at revision {current or 'none'}",
        "make run brings it up to date",
    )


def _due(settings: Settings) -> Iterator[Finding]:
    """What should have been done by now and was not, and what of the outbox waits or was given up."""
    store = Store(settings.store_url)
    try:
        if version_of(store) != newest():
            return  # said already
        made = house(settings, store)
        late = late_work(made)
        with store.read() as unit:
            tally = unit.doors.tally()
    except Exception:  # noqa: BLE001  (that the database does not answer is said already)
        return
    finally:
        store.close()
    said = ", ".join(f"{name} since {local(due):%m-%d %H:%M}" for name, due in late.items())
    yield (
        not late,
        f"due work is late: {said}" if late else "no due work is late",
        "it is worked off while `guanjia up` or `guanjia work` runs; their log says `due_work_failed` where it fails",
    )
    for door, state, count, _, _ in tally:
        if state in (DeliveryState.QUEUED, DeliveryState.FAILED):
            yield True, f"outbox {door}: {count} {state}; GET /api/v1/outbox says why", ""


async def _rasa_up(settings: Settings) -> bool:
    client = RasaClient(settings.rasa)
    try:
        return await client.is_up()
    finally:
        await client.close()
