"""The one place that wires everything together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actions.house import House
from actions.words import load as load_words
from bot.bell import Bell
from bot.demo_clock import DemoClock
from bot.doors.outbox import Outboxes
from bot.doors.port import Door
from bot.journal import Journal
from bot.parts import Parts
from bot.rasa_client import RasaClient
from bot.settings import Settings
from bot.telegram import open_telegram
from bot.way import Way
from domain.calendar import load as load_calendar
from domain.catalogue import load as load_catalogue
from domain.clock import Clock, SystemClock
from domain.store import Store
from domain.store.migrate import upgrade

if TYPE_CHECKING:
    from rasa_sdk.executor import ActionExecutor


def house(settings: Settings, store: Store | None = None, clock: Clock | None = None) -> House:
    """The store, the clock, the calendar and the words, as the settings say."""
    store = store or Store(settings.store_url)
    if clock is None:
        clock = DemoClock(store) if settings.demo else SystemClock()
    return House(
        store=store,
        clock=clock,
        calendar=load_calendar(),
        catalogue=load_catalogue(),
        words=load_words(),
        address=settings.address,
        secret=settings.signing_secret,
        secret_before=settings.secret_before,
        broadcast_alone=settings.broadcast_alone,
    )


def ready(settings: Settings) -> House:
    """The same for a command: with the store at its newest revision."""
    settings.var.mkdir(parents=True, exist_ok=True)
    store = Store(settings.store_url)
    upgrade(store)
    return house(settings, store)


def wire(
    settings: Settings,
    made: House | None = None,
    *,
    patience: float = 10.0,
    journal: Journal | None = None,
    dialogue: bool = True,
) -> Parts:
    """All parts of a butler; nothing is started yet. Without `dialogue` Rasa cannot call back here."""
    made = made or house(settings)
    rasa = RasaClient(settings.rasa)
    journal = journal or Journal(settings.var / "journal.jsonl")
    way = Way(made, rasa, journal, patience=patience)
    bell = Bell()
    made.store.on_words.append(bell.ring)
    carrying = Bell()
    made.store.on_deliveries.append(carrying.ring)
    own = Bell()
    made.store.on_own_words.append(own.ring)
    own.call(way.go_on)
    telegram = open_telegram(settings, made, way) if settings.telegram_token else None
    doors: list[Door] = [telegram] if telegram is not None else []
    return Parts(
        settings=settings,
        house=made,
        rasa=rasa,
        way=way,
        outboxes=Outboxes(made, doors, carrying, journal),
        bell=bell,
        own=own,
        telegram=telegram,
        actions=_executor(made) if dialogue else None,
        clock=made.clock if isinstance(made.clock, DemoClock) else None,
    )


def _executor(made: House) -> ActionExecutor:
    from actions.rasa.registry import WORKS
    from actions.rasa.server import executor

    return executor(made, WORKS)
