"""A second wish is not forgotten: kept while the first is worked on, then taken up by itself.

Taken up means that Rasa hears it as a message of its own, so that it leads there as it would have.
"""

from __future__ import annotations

import re
from typing import Any

from actions.rasa.turn import Event, Turn, slot

# A question of a form, and what only makes room, is not the end of a task.
_ON_THE_WAY = ("validate_", "action_ask_", "action_leave")
# A person who was asked for, and who comes after a danger, reads the whole message.
_GIVEN_UP = frozenset({"action_human", "action_alarm", "action_clarify"})
# 「都不办了」 means the other wish too, 「不办了」 the task that we are in the middle of.
_ALL = re.compile("都|全")


def after(turn: Turn, events: list[Event]) -> list[Event]:
    """What follows an action: the second wish kept, or taken up where the first is done."""
    kept: list[dict[str, Any]] = list(turn.slots.get("later") or [])
    if turn.action in _GIVEN_UP or (turn.action == "action_stop" and _ALL.search(turn.text)):
        return [slot("later", None)] if kept else []
    new = turn.also is not None and all(each["message_id"] != turn.message_id for each in kept)
    if new and turn.also is not None:
        kept.append({**turn.also, "message_id": turn.message_id})
    if turn.action.startswith(_ON_THE_WAY) or (turn.loop and turn.action != "action_stop"):
        if new:
            turn.say("kept_for_later", said=kept[-1]["text"])
            return [slot("later", kept)]
        return []
    if not kept:
        return []
    wish, *rest = kept
    if not wish.get("quiet"):
        turn.say("now_the_other", said=wish["text"])
    return [slot("later", rest or None), {"event": "action", "name": "action_listen"}, _heard(turn, wish)]


def instead(turn: Turn, intent: str | None = None) -> Event:
    """The same words once more as soon as this form has ended, as another wish (`intent`) or as they were heard.

    For words that a form took up and that are none of its own: nothing is said of it.
    """
    heard = turn.heard.get("intent") if intent is None else {"name": intent, "confidence": 1.0}
    wish = {
        "text": turn.text,
        "intent": heard,
        "entities": turn.heard.get("entities") or [],
        "message_id": turn.message_id,
        "quiet": True,
    }
    return slot("later", [wish, *(turn.slots.get("later") or [])])


def booking_wish(turn: Turn, text: str, service: str, channel: str, member_id: str) -> dict[str, Any]:
    """A wish for a booking that came out of another one, as if it had been said: `text` is how."""
    kinship = turn.unit.people.kinship(member_id, turn.actor.id)
    facts = {"service": service, "channel": channel}
    if kinship is not None and member_id != turn.actor.id:
        facts["person"] = kinship.relation
    entities = [
        {"entity": name, "value": value, "start": 0, "end": len(text)} for name, value in facts.items()
    ]
    return {
        "text": text,
        "intent": {"name": "book_service", "confidence": 1.0},
        "entities": entities,
        "message_id": turn.message_id,
    }


def _heard(turn: Turn, wish: dict[str, Any]) -> Event:
    """The wish as a message of the person; it belongs to the message that it came in, or to the one that ended."""
    part = (turn.heard.get("metadata") or {}).get("part") or ""
    metadata = {"message_id": turn.message_id, "part": f"{part}+"}
    parsed = {
        "text": wish["text"],
        "intent": wish["intent"],
        "entities": wish["entities"],
        "metadata": metadata,
    }
    return {"event": "user", "text": wish["text"], "parse_data": parsed, "metadata": metadata}
