"""Turns of a dialogue without Rasa: what somebody says, as an action sees it."""

from __future__ import annotations

from typing import Any

from actions.house import House
from actions.rasa.turn import Turn
from domain.store import Unit
from nlu.zh import lexicon
from tests.actions.care import who


def turn(
    house: House,
    unit: Unit,
    text: str = "",
    *,
    who_speaks: str = "mei",
    intent: str = "inform",
    slots: dict[str, Any] | None = None,
    choice: str | None = None,
    **facts: str,
) -> Turn:
    """One turn; `choice` and `facts` make it the press of a button."""
    pressed = choice is not None or bool(facts)
    given = {**({"choice": choice} if choice is not None else {}), **facts}
    entities = (
        [{"entity": name, "value": value, "start": 0, "end": 0} for name, value in given.items()]
        if pressed
        else [
            {"entity": m.entity, "value": m.value, "start": m.start, "end": m.end} for m in lexicon.find(text)
        ]
    )
    heard = {
        "text": f"/{intent}" if pressed else text,
        "intent": {"name": intent, "confidence": 1.0},
        "entities": entities,
    }
    conversation = unit.conversations.of(who_speaks)
    actor = who(unit, who_speaks)
    return Turn(house, unit, conversation, actor, "action_test", heard, slots or {})


def after(events: list[dict[str, Any]]) -> dict[str, Any]:
    """The slots that these events set."""
    return {event["name"]: event["value"] for event in events if event["event"] == "slot"}


def buttons(house: House, unit: Unit, spoken: Turn) -> list[str]:
    """What stood on the buttons of what was said last."""
    found = unit.conversations.last(spoken.conversation.id, 1)
    kept = found[-1].payload.get("buttons") if found else None
    return [button["title"] for button in kept] if isinstance(kept, list) else []
