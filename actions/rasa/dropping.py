"""The dropping form: which booking, and are you sure. A child learns here where the consent ends."""

from __future__ import annotations

import re
from typing import Any

from actions.end_booking import foreseen
from actions.rasa import calendar, later, queueing, series_end, which
from actions.rasa.asking import is_aside, says_no, says_yes
from actions.rasa.reminding_meant import is_of_reminder
from actions.rasa.turn import Event, Turn, press, slot
from domain.bookings import Booking
from domain.errors import NotAllowed, NotFound
from domain.people import Scope

SLOTS = ("dropping_booking", "dropping_ok")
ALL = SLOTS
# 「不来了」 answers 「真的不来了吗？」 with a yes, though it begins as a no does.
_DROPS = re.compile(r"(?:不|别|甭|莫)(?:用|要|想)?(?:来|去|做|洗|上门)|取消|退了")
_KEEPS = re.compile(r"(?:不|别|甭|莫|没)(?:用|要|想|能)?(?:取消|退)|[吗么？?]|来吧|还是来|要来|留")
_JUST_NOW = re.compile("刚才|刚刚|刚约|刚定|刚订")


def validate(turn: Turn) -> list[Event]:
    """`validate_dropping_form`: settle which booking is meant. No event means an aside."""
    kept: dict[str, Any] = {name: turn.slots.get(name) for name in ALL}
    starting = turn.requested is None
    if starting and (calendar.take(turn) or queueing.take(turn)):
        # 「取消日历」 and 「别排队了」 drop no booking.
        return _left()
    if starting and is_of_reminder(turn):
        # 「都停了吧」, said of reminders, drops no booking.
        return [*_left(), later.instead(turn, "cancel_reminder")]
    if not starting and is_aside(turn, answers=bool(turn.choice), task="cancel_booking"):
        return []
    try:
        heard = _booking(turn, kept, starting)
        if kept["dropping_booking"]:
            which.permitted(turn, kept["dropping_booking"], Scope.CANCEL)
    except NotFound:
        return _end(turn, kept, "not_family")
    except NotAllowed as refused:
        return _end(turn, kept, f"may_not_{refused.scope}")
    if turn.requested == "dropping_ok" and kept["dropping_booking"] and not heard:
        if _means_it(turn):
            kept["dropping_ok"], heard = "yes", True
        elif says_no(turn):
            kept["dropping_ok"], heard = "left", True
            turn.say("kept")
        elif says_yes(turn) or turn.intent == "cancel_booking":
            kept["dropping_ok"], heard = "yes", True
    events = [slot(name, value) for name, value in kept.items()]
    if kept["dropping_ok"]:
        events.append(slot("requested_slot", None))
    events.append(slot("misses", 0 if heard or starting else int(turn.slots.get("misses") or 0) + 1))
    return events


def _means_it(turn: Turn) -> bool:
    """「不来了」, said once more to the question whether it is really so."""
    if turn.pressed:
        return False
    return _DROPS.search(turn.text) is not None and _KEEPS.search(turn.text) is None


def _end(turn: Turn, kept: dict[str, Any], sentence: str) -> list[Event]:
    choices = (turn.button("human", press("request_human"), once=False),)
    key = kept["dropping_booking"]
    meant = (turn.unit.bookings.get(key) or turn.unit.series.get(key)) if key else None
    member = turn.unit.people.get(meant.member_id) if meant else None
    who = turn.call(member) if member else turn.word("the_elder")
    turn.say_text(turn.word(sentence, who=who), choices)
    return _left()


def _left() -> list[Event]:
    return [slot("dropping_booking", None), slot("dropping_ok", "left"), slot("requested_slot", None)]


def _booking(turn: Turn, kept: dict[str, Any], starting: bool) -> bool:
    choice = turn.choice or ""
    if choice.startswith(("booking:", "series:")):
        key = choice.partition(":")[2]
        if series_end.is_series(key) and not turn.unit.series.standing(key, turn.now):
            turn.say("no_bookings")
            kept["dropping_ok"] = "left"
            return True
        kept["dropping_booking"] = key
        if not series_end.is_series(key) and which.over(turn, key):
            kept["dropping_booking"], kept["dropping_ok"] = None, "left"
        return True
    if kept["dropping_booking"] is not None and not turn.services:
        return False
    if which.wants_more(turn):
        return True
    found = _found(turn)
    if not found:
        turn.say(which.none_found(turn))
        kept["dropping_ok"] = "left"
        return True
    whole = series_end.whole(turn, found)
    if whole is not None:
        kept["dropping_booking"] = whole.id
        return True
    recent = which.just_made(turn, found) if starting and _JUST_NOW.search(turn.text) else None
    meant = found[0] if len(found) == 1 else recent
    if meant is not None:
        changed = bool(kept["dropping_booking"] != meant.id)
        kept["dropping_booking"] = meant.id
        return changed
    return False


def _found(turn: Turn) -> list[Booking]:
    return which.narrowed(turn, which.candidates(turn), by_time=True)


def ask_booking(turn: Turn) -> list[Event]:
    """Which of the bookings?"""
    found = _found(turn)
    rest = series_end.rest_button(turn, found)
    choices = [
        *which.buttons(turn, found, 4 - len(rest), timed=True),
        *rest,
        turn.button("leave", press("stop")),
    ]
    turn.say("ask_which_drop", choices)
    return []


def ask_ok(turn: Turn) -> list[Event]:
    """Read back what would be dropped."""
    if series_end.is_series(turn.slots["dropping_booking"]):
        series_end.ask_ok(turn, turn.slots["dropping_booking"])
        return []
    booking = turn.unit.bookings.get(turn.slots["dropping_booking"])
    assert booking is not None
    _, taken, plan = foreseen(turn.house, turn.unit, booking)
    turn.say(
        "read_back_drop_late" if taken else "read_back_drop",
        (
            turn.button("yes_drop", press("inform", choice="yes")),
            turn.button("keep", press("inform", choice="no")),
            turn.button("move_instead", press("reschedule_booking")),
        ),
        service=turn.house.catalogue.service(booking.service).name,
        when=turn.when(booking.begin),
        plan=plan.name if plan else "",
        hours=plan.late_hours if plan else 0,
    )
    return []
