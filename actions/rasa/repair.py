"""Keeping a conversation whole: not understood, say it again, help, small talk, and what is not our trade."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions import alarm_hear
from actions.rasa import pushed
from actions.rasa.asking import confidence
from actions.rasa.handing import hand_over
from actions.rasa.turn import Event, Turn, press, slot
from actions.say import Choice
from domain.conversations import OWN, Speaker
from nlu.zh.reminder_wish import is_medicine

# What a guess may be: the wishes that lead somewhere. A danger is never a guess on a button.
GUESSES = (
    "book_service",
    "query_entitlement",
    "ask_service_info",
    "query_booking",
    "reschedule_booking",
    "cancel_booking",
    "visit_status",
    "give_feedback",
    "complain",
    "request_human",
    "consult_health",
    "update_profile",
    "manage_privacy",
    "link_family",
    "manage_notifications",
    "set_reminder",
    "help",
)
# What is heard as none of our trade with less than this is rather not understood: of 28 sentences looked at, what we really
# cannot do had 0.93 and more, and murmurs had less than 0.8.
_SURE = 0.8
_SMALL_TALK = ("greet", "goodbye", "thank", "chitchat", "out_of_scope", "affirm", "deny", "bot_challenge")


def clarify(turn: Turn) -> list[Event]:
    """`action_clarify`: two or three guesses as buttons; the second time in a row, a person."""
    return _missed(turn, "clarify", _guesses(turn))


def _missed(turn: Turn, sentence: str, choices: Sequence[Choice]) -> list[Event]:
    """Not understood: the ways on; the second time in a row, a person."""
    if _stays(turn):
        return []
    misses = int(turn.slots.get("misses") or 0) + 1
    if misses >= 2:
        hand_over(turn, "life", "not_understood", first=turn.house.words.say("missed_again"))
        return [slot("misses", 0)]
    turn.say(sentence, choices)
    return [slot("misses", misses)]


def _stays(turn: Turn) -> bool:
    """In a danger nobody is offered a menu: what was not understood is noted, and the butler stays on the line."""
    said = alarm_hear.stay(turn.house, turn.unit, turn.conversation)
    if said is None or turn.loop:
        return False
    turn.say_text(said.text, said.choices, dict(said.marks))
    return True


def _guesses(turn: Turn) -> list[Choice]:
    ranking: list[dict[str, Any]] = turn.heard.get("intent_ranking") or []
    names = [str(row["name"]) for row in ranking if row.get("name") in GUESSES][:2]
    service = turn.services[0] if turn.services else None
    choices = []
    for name in names:
        carried = {"service": service} if service and name in ("book_service", "ask_service_info") else {}
        choices.append(turn.button(f"guess_{name}", press(name, **carried), once=False))
    if "request_human" not in names:
        choices.append(turn.button("human", press("request_human"), once=False))
    return choices


def repeat(turn: Turn) -> list[Event]:
    """`action_repeat`: what was said last, once more; in a form the open question follows by itself.

    After a person has handed back we ask for it ourselves: then the interrupted task goes on.
    """
    asked = turn.unit.conversations.message(turn.message_id) if turn.message_id is not None else None
    if asked is not None and asked.direction == OWN:
        if turn.loop:
            turn.say("going_on")
        return []
    said = [
        m
        for m in turn.unit.conversations.last(turn.conversation.id, 20)
        if m.direction == "out" and m.speaker is Speaker.AI and m.reply_to != turn.message_id
    ]
    if not said:
        turn.say("help", _menu(turn))
        return []
    if turn.loop:
        turn.say("repeating")
        return []
    last = said[-1].reply_to
    for message in [m for m in said if m.reply_to == last] if last is not None else said[-1:]:
        buttons = turn.unit.conversations.buttons(message.key)
        turn.say_text(message.text, [Choice(b.title, b.action, b.once) for b in buttons])
    return []


def help_(turn: Turn) -> list[Event]:
    """`action_help`: what I can do, and the ways there."""
    turn.say("help_in_form" if turn.loop else "help", () if turn.loop else _menu(turn))
    return []


def _menu(turn: Turn) -> list[Choice]:
    return [
        turn.button("benefits", press("query_entitlement"), once=False),
        turn.button("book", press("book_service"), once=False),
        turn.button("my_bookings", press("query_booking"), once=False),
        turn.button("human", press("request_human"), once=False),
    ]


def small_talk(turn: Turn) -> list[Event]:
    """`action_small_talk`: a friendly word, and the way back to what we can do."""
    if pushed.take(turn):
        return []
    if _stays(turn):
        return []
    intent = turn.intent if turn.intent in _SMALL_TALK else "chitchat"
    in_form = bool(turn.loop)
    choices = [] if in_form or intent in ("goodbye", "thank") else _menu(turn)[:3]
    if choices and intent == "out_of_scope":
        # What we cannot do, somebody else may.
        choices[2] = _menu(turn)[3]
        if confidence(turn) < _SURE:
            return _missed(turn, "missed", _menu(turn))
    if intent == "bot_challenge":
        choices = [turn.button("human", press("request_human"), once=False)]
    turn.say(f"talk_{intent}", choices, called=turn.actor.called)
    return []


def heard_as(turn: Turn, intent: str) -> list[Event]:
    """The same words again, as the wish that they are."""
    metadata = {"message_id": turn.message_id, "part": "="}
    heard = {"name": intent, "confidence": 1.0}
    parsed = {
        "text": turn.text,
        "intent": heard,
        "entities": turn.heard.get("entities") or [],
        "metadata": metadata,
    }
    user = {"event": "user", "text": turn.text, "parse_data": parsed, "metadata": metadata}
    return [{"event": "action", "name": "action_listen"}, user]


def inform(turn: Turn) -> list[Event]:
    """`action_inform`: an answer to no question. A service leads to what can be done with it."""
    if pushed.take(turn):
        return []
    if turn.choice is not None:
        turn.say("stale_button", _menu(turn))
    elif turn.services and turn.time.kind == "recurring" and not turn.loop:
        # Nobody says so of what they have already: 「每周四下午三点助浴」 is a wish, and Rasa hears it as one.
        return heard_as(turn, "book_service")
    elif turn.time.kind == "recurring" and not turn.loop and is_medicine(turn.text):
        return heard_as(turn, "set_reminder")
    elif turn.services:
        code = turn.services[0]
        turn.say(
            "service_alone",
            (
                turn.button("book_this", press("book_service", service=code), once=False),
                turn.button("left_of_this", press("query_entitlement", service=code), once=False),
                turn.button("about_this", press("ask_service_info", service=code), once=False),
            ),
            service=turn.house.catalogue.service(code).name,
        )
    elif turn.time.kind != "none":
        then = turn.button("remind_me_then", press("set_reminder", time=turn.time.text), once=False)
        turn.say("time_alone", (turn.button("book", press("book_service"), once=False), then, _menu(turn)[2]))
    elif turn.loop:
        turn.say("inform_alone", _menu(turn))
    else:
        return _missed(turn, "missed", _menu(turn))
    return []
