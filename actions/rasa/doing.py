"""What is being done in a conversation, kept beside it: a person who takes over sees it though Rasa be away."""

from __future__ import annotations

from typing import Any

from actions.rasa.turn import Event, Turn

# Slots that only steer a form.
_STEERS = ("offers", "asked", "shown", "draft")
_LONGEST = 120


def task_of(loop: str | None, slots: dict[str, Any]) -> dict[str, str]:
    """A form with what has been answered in it; empty where there is none."""
    if not loop:
        return {}
    prefix = loop.removesuffix("form")
    answered = {
        name: str(value)[:_LONGEST]
        for name, value in sorted(slots.items())
        if name.startswith(prefix) and value and not any(steer in name for steer in _STEERS)
    }
    return {"task": loop.removesuffix("_form"), **answered}


def keep(turn: Turn, events: list[Event]) -> None:
    """Note what is being done after this action."""
    loop, slots = turn.loop, dict(turn.slots)
    for event in events:
        if event.get("event") == "active_loop":
            loop = event.get("name")
        elif event.get("event") == "slot":
            slots[event["name"]] = event.get("value")
    now = task_of(loop, slots)
    if turn.conversation.topics != now:
        turn.conversation.topics = now
