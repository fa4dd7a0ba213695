"""The one place that wires everything together."""

from __future__ import annotations

from actions.house import House
from actions.rasa.registry import WORKS
from actions.rasa.server import executor
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
    )


def wire(
    settings: Settings,
    made: House | None = None,
    *,
    patience: float = 10.0,
    journal: Journal | None = None,
) -> Parts:
    """All parts of a butler; nothing is started yet."""
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
        actions=executor(made, WORKS),
        clock=made.clock if isinstance(made.clock, DemoClock) else None,
    )
