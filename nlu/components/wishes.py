"""The second wish of a message, understood by itself, so that it is not forgotten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nlu.components.lexicon import entities_of
from nlu.zh.wishes import Way, split, two_services

# What may wait until the first wish is done. A danger never waits, and a person who is asked for sees everything.
_MAY_WAIT = frozenset(
    {
        "book_service",
        "query_entitlement",
        "ask_service_info",
        "query_booking",
        "reschedule_booking",
        "cancel_booking",
        "visit_status",
        "complain",
        "consult_health",
        "set_reminder",
        "query_reminder",
        "cancel_reminder",
        "manage_notifications",
        "link_family",
        "update_profile",
        "manage_privacy",
    }
)
# A thank or a greeting before a wish is no wish.
_LEADS = _MAY_WAIT | {"inform", "give_feedback"}
_SURE = 0.12
Understand = Callable[[str], dict[str, Any]]


def second_wish(text: str, understand: Understand) -> dict[str, Any] | None:
    """The wish behind the first one: its text, intent and entities; and `lead`, the first one, by itself.

    None where the message is one wish: no joining words, a part that is not surely understood, or twice the same.
    """
    for way in split(text):
        first, then = understand(way.lead_text), understand(way.other_text)
        if min(first["confidence"], then["confidence"]) < _SURE:
            continue
        if first["name"] not in _LEADS or then["name"] not in _MAY_WAIT:
            continue
        if first["name"] != then["name"] or _differ(way):
            return _found(way, first, then)
    side_by_side = two_services(text)
    if side_by_side is not None and (wish := understand(text))["name"] == "book_service":
        return _found(side_by_side, wish, wish)
    return None


def _found(way: Way, first: dict[str, Any], then: dict[str, Any]) -> dict[str, Any]:
    entities = entities_of(way.other_text)
    if not any(e["entity"] == "person" for e in entities):
        # 「给我妈约理发，再约个助浴」: both are for her.
        entities += [e for e in entities_of(way.lead_text) if e["entity"] == "person"]
    return {
        "text": way.other_text,
        "intent": then,
        "entities": entities,
        "lead": {"text": way.lead_text, "intent": first, "spans": [list(span) for span in way.lead]},
    }


def _differ(way: Way) -> bool:
    """Whether both parts name services, and others."""
    one, other = (
        {e["value"] for e in entities_of(text) if e["entity"] == "service"}
        for text in (way.lead_text, way.other_text)
    )
    return bool(one and other) and not one & other
