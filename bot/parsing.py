"""`guanjia parse` and `guanjia time`: what is understood in a sentence, the same way as in a conversation."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import datetime
from typing import Any

from bot.rasa_child import RasaChild
from bot.rasa_client import RasaAway, RasaClient
from bot.settings import Settings
from bot.training import is_trained
from bot.troubles import Trouble
from domain.calendar import Calendar, load
from nlu.zh import times as zh
from nlu.zh.danger import detect
from nlu.zh.person_please import wants_person
from nlu.zh.text import clean

_INTENT = {"emergency": "emergency", "crisis": "crisis", "fraud": "report_fraud"}
_FALLBACK = "nlu_fallback"


def understood(text: str, found: dict[str, Any], now: datetime, calendar: Calendar) -> dict[str, Any]:
    """Rasa's parse of a sentence as the contract writes it; a safety finding goes before Rasa's intent."""
    danger = detect(text)
    intent, confidence = found["intent"]["name"], float(found["intent"]["confidence"])
    if danger is not None and danger.certain:
        intent, confidence = _INTENT[danger.category], 1.0
    elif wants_person(text) is not None:
        intent, confidence = "request_human", 1.0
    elif intent in (_FALLBACK, None):
        intent = "out_of_scope"
    entities = [
        {
            "entity": e["entity"],
            "value": e["value"],
            "text": text[e["start"] : e["end"]],
            "start": e["start"],
            "end": e["end"],
        }
        for e in found["entities"]
        if e["entity"] != "time"
    ]
    entities += [
        {"entity": "time", "value": t.value, "text": t.text, "start": t.start, "end": t.end}
        for t in zh.find(text, now, calendar)
    ]
    return {
        "text": text,
        "intent": intent,
        "confidence": round(confidence, 4),
        "entities": sorted(entities, key=lambda e: (e["start"], e["end"])),
        "safety": danger.category if danger is not None and danger.certain else None,
    }


def parse(settings: Settings, now: datetime) -> None:
    """One JSON line out for each line in. Starts a Rasa of its own where none answers."""
    asyncio.run(_parse(settings, now))


async def _parse(settings: Settings, now: datetime) -> None:
    client, child, calendar = RasaClient(settings.rasa), None, load()
    try:
        if not await client.is_up():
            if settings.rasa_url or not is_trained(settings):
                raise Trouble("no Rasa answers and there is no model; `make setup` makes one")
            child = RasaChild(settings, client)
            await child.start()
            if not await child.wait():
                raise RasaAway("not up in time")
        for line in sys.stdin:
            text = line.rstrip("\r\n")
            heard = clean(text)
            found = await client.parse(heard.replace("/", "／")) if heard else _NOTHING
            # Offsets are those of the line as it was given, wherever cleaning changed nothing.
            row = understood(text if len(heard) == len(text) else heard, found, now, calendar)
            print(json.dumps({**row, "text": text}, ensure_ascii=False), flush=True)
    finally:
        if child is not None:
            await child.stop()
        await client.close()


_NOTHING: dict[str, Any] = {"intent": {"name": "out_of_scope", "confidence": 0.0}, "entities": []}


def times(now: datetime) -> None:
    """One JSON line out for each line in: the first time in it."""
    calendar = load()
    for line in sys.stdin:
        print(
            json.dumps(zh.first(line.rstrip("\r\n"), now, calendar).as_json(), ensure_ascii=False), flush=True
        )
