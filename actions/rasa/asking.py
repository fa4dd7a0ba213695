"""What the forms share: which words are an answer, which are an aside, and when somebody said yes or no."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from actions.find_times import FURTHEST, NOTICE
from actions.rasa.turn import Turn
from domain.bookings import Slot
from domain.slots import Period

# A question or a wish of another kind in the middle of a form: it is answered, and the form goes on.
ASIDES = frozenset(
    {
        "query_entitlement",
        "ask_service_info",
        "query_booking",
        "visit_status",
        "give_feedback",
        "complain",
        "consult_health",
        "emergency",
        "crisis",
        "report_fraud",
        "set_reminder",
        "query_reminder",
        "cancel_reminder",
        "manage_notifications",
        "link_family",
        "manage_privacy",
        "request_human",
        "help",
        "repeat",
        "bot_challenge",
        "greet",
        "goodbye",
        "thank",
        "chitchat",
        "out_of_scope",
        "stop",
    }
)
# Asides that are often what a model takes a short answer for; a time or a service in them makes them an answer.
_WEAK = frozenset({"greet", "goodbye", "thank", "chitchat", "out_of_scope", "repeat", "help", "set_reminder"})
_SURE = 0.6


def confidence(turn: Turn) -> float:
    """How sure Rasa is of the intent; a button is sure."""
    return 1.0 if turn.pressed else float((turn.heard.get("intent") or {}).get("confidence") or 0.0)


def is_aside(turn: Turn, *, answers: bool) -> bool:
    """Whether these words are another matter; `answers` tells that they hold what was asked for."""
    if turn.intent not in ASIDES or turn.choice is not None:
        return False
    return not (answers and (turn.intent in _WEAK or confidence(turn) < _SURE))


def says_yes(turn: Turn) -> bool:
    return turn.choice == "yes" or (turn.intent == "affirm" and turn.choice is None)


def says_no(turn: Turn) -> bool:
    return turn.choice == "no" or (turn.intent == "deny" and turn.choice is None)


def window_of(turn: Turn) -> dict[str, Any] | None:
    """The time that was said, as a slot keeps it: its window, the moment asked for, the phrase, what is in doubt.

    None where no time was said. A time too vague to search in is the next two weeks.
    """
    heard = turn.time
    if turn.choice == "earliest":
        return _window(turn, None, heard.text)
    if heard.kind == "none":
        return None
    found = heard.window()
    doubts = list(heard.doubts)
    if found is None:
        if heard.kind == "vague" and "impossible" not in doubts:
            return {**_window(turn, None, heard.text), "doubts": doubts, "vague": True}
        if heard.kind != "recurring":
            return {"begin": None, "end": None, "near": None, "said": heard.text, "doubts": doubts}
        return {**_window(turn, None, heard.text), "doubts": [*doubts, "recurring"]}
    begin, end = found
    near = begin if heard.kind == "point" and heard.grain in ("minute", "hour") else None
    return {
        "begin": begin.isoformat(),
        "end": end.isoformat(),
        "near": near.isoformat() if near else None,
        "said": heard.text,
        "doubts": doubts,
    }


def _window(turn: Turn, near: datetime | None, said: str) -> dict[str, Any]:
    begin = turn.now + NOTICE
    return {
        "begin": begin.isoformat(),
        "end": (begin + timedelta(days=14)).isoformat(),
        "near": near.isoformat() if near else None,
        "said": said,
        "doubts": [],
    }


def trouble_with(turn: Turn, window: dict[str, Any]) -> str | None:
    """The name of the sentence that says why a time cannot be searched for, or None."""
    if window["begin"] is None:
        return "time_impossible" if "impossible" in window["doubts"] else "time_unclear"
    begin, end = datetime.fromisoformat(window["begin"]), datetime.fromisoformat(window["end"])
    if end <= turn.now or "past" in window["doubts"]:
        return "time_past"
    if begin >= turn.now + FURTHEST:
        return "time_too_far"
    if ((window["near"] and datetime.fromisoformat(window["near"])) or end) < turn.now + NOTICE:
        return "time_too_soon"
    return None


def search_windows(window: dict[str, Any]) -> tuple[Period, Period, datetime | None]:
    """Where to look first (what was said; the whole day where a moment was), where next, and the moment itself."""
    begin, end = datetime.fromisoformat(window["begin"]), datetime.fromisoformat(window["end"])
    near = datetime.fromisoformat(window["near"]) if window["near"] else None
    if near is not None:
        day = near.replace(hour=0, minute=0, second=0, microsecond=0)
        begin, end = day, day + timedelta(days=1)
    return (begin, end), (begin, end + timedelta(days=7)), near


_MOMENTS = ("begin", "end", "staff_from", "staff_until")


def pack(found: Slot) -> dict[str, Any]:
    """A free time as Rasa's slot keeps it between two turns."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in vars(found).items()
    }


def unpack(kept: dict[str, Any]) -> Slot:
    """The free time again."""
    whole: dict[str, Any] = {
        name: datetime.fromisoformat(value) if name in _MOMENTS and value is not None else value
        for name, value in kept.items()
    }
    return Slot(**whole)
