"""Free times for the booking form: what is offered, what else there is, what is held, and the queue where there is none."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from actions.book import Order, hold, release_lapsed, take_again
from actions.find_times import Ask, find_times
from actions.looking import ANYBODY
from actions.rasa.asking import pack, search_windows
from actions.rasa.booking_draft import Draft, tell_lacking, tell_refusal
from actions.rasa.describe import wanted
from actions.wait import queue_up
from domain.bookings import Slot, Status
from domain.clock import local_day
from domain.errors import Exhausted, NotReady, Taken, WrongState
from domain.slots import Period
from nlu.zh.say import say_day

# With a place in the queue on a button of its own, two times are enough.
_OFFERS, _BESIDE_THE_QUEUE = 3, 2
_QUEUES = re.compile("排队|排上|排个队|排着|等着|等等看|我等|就等")


def search(draft: Draft, window: dict[str, Any]) -> None:
    """Hold the very moment that was asked for, or offer three; else say that there is none and offer the queue."""
    turn = draft.turn
    release_lapsed(turn.house, turn.unit)
    first, wider, near = search_windows(window)
    if turn.requested == "booking_slot" and (window.get("none") or draft["offers"]):
        return
    found, is_full = _found(draft, window, first, wider)
    if not found:
        _none(draft, window)
        return
    if near is not None and found[0].begin == near:
        hold_time(draft, found[0])
        return
    if is_full:
        _say_full(draft, window, first)
        draft.put(time={**window, "full": True})
        found = found[:_BESIDE_THE_QUEUE]
    elif window.get("again"):
        turn.say("other_times")
    elif near is not None and not window.get("gone"):
        turn.say("time_taken", when=turn.when(max(near, turn.now + draft.service.notice)))
    draft.put(offers=[pack(each) for each in found])


def _found(draft: Draft, window: dict[str, Any], first: Period, wider: Period) -> tuple[list[Slot], bool]:
    """What is free as wished, else by whoever can; whether it is only beyond what was said."""
    turn, near = draft.turn, search_windows(window)[2]
    shown = frozenset(datetime.fromisoformat(moment) for moment in window.get("shown", ()))
    for wish in dict.fromkeys((draft.wish, ANYBODY)):
        for where in (first, wider):
            ask = Ask(draft.member, draft.service, draft["channel"], where, near, wish=wish, shown=shown)
            found = find_times(turn.house, turn.unit, ask, _OFFERS)
            if found:
                if wish != draft.wish:
                    turn.say("nobody_like_that", wanted=wanted(turn, draft.wish))
                    draft.put(wish={"any": True})
                return found, where is wider
            if window.get("again"):
                break
    return [], False


def _none(draft: Draft, window: dict[str, Any]) -> None:
    turn = draft.turn
    if window.get("again"):
        turn.say("no_other_times", said=window["said"])
        draft.put(time=None, offers=None)
        return
    if not turn.unit.providers.offerings(draft["service"], draft.member.city_id, draft["channel"]):
        turn.say("no_provider", service=draft.service.name)
        draft.put(time=None, offers=None)
        return
    draft.put(time={**window, "none": True}, offers=[])


def _say_full(draft: Draft, window: dict[str, Any], first: Period) -> None:
    turn, day = draft.turn, local_day(first[0])
    holiday = turn.house.calendar.holiday_on(day)
    rests = draft["channel"] == "store" or not draft.service.on_holidays
    if holiday is not None and rests:
        turn.say(
            "on_holiday", day=say_day(day, turn.house.today()), holiday=holiday, service=draft.service.name
        )
    elif draft.wish:
        turn.say("day_full_for", said=window["said"], wanted=wanted(turn, draft.wish))
    else:
        turn.say("day_full", said=window["said"])


def others(draft: Draft) -> None:
    """「别的时间」: three others of what was said, the first time; then the question is when instead."""
    window = draft["time"]
    if window is None or window.get("again") or not draft["offers"] or draft.turn.requested != "booking_slot":
        draft.forget_slot()
        draft.put(time=None)
        return
    shown = [*window.get("shown", []), *(offer["begin"] for offer in draft["offers"])]
    draft.forget_slot()
    draft.put(time={**window, "again": True, "shown": shown})


def queues(draft: Draft, *, yes: bool) -> bool:
    """Whether the words put somebody on the waiting list; then that is done and the form is over."""
    turn, window = draft.turn, draft["time"]
    if turn.requested != "booking_slot" or window is None or not (window.get("none") or window.get("full")):
        return False
    asked = turn.choice == "wait" or (not turn.pressed and _QUEUES.search(turn.text) is not None)
    if not (asked or (yes and window.get("none"))):
        return False
    first, _, _ = search_windows(window)
    begin, end = max(first[0], turn.now), first[1]
    ask = Ask(draft.member, draft.service, draft["channel"], (begin, end), wish=draft.wish)
    queue_up(turn.house, turn.unit, turn.actor, ask, f"{turn.key}:queue", self_pay=draft["pay"] == "self")
    one_day = local_day(begin) == local_day(end) or (end - begin).days < 2
    said = say_day(local_day(begin), turn.house.today()) if one_day else window["said"]
    turn.say("waiting", service=draft.service.name, said=said)
    draft.put(ok="left")
    return True


def hold_time(draft: Draft, found: Slot) -> None:
    """Hold a time and its benefit while it is read back; a time that is gone meanwhile is said to be gone."""
    turn = draft.turn
    order = Order(
        turn.actor, draft.member, draft.service, draft["channel"], found, self_pay=draft["pay"] == "self"
    )
    try:
        with turn.unit.attempt():
            booking, verdict = hold(turn.house, turn.unit, order, key=f"{turn.key}:{found.begin.isoformat()}")
    except (Taken, Exhausted):
        turn.say("just_taken")
        draft.put(slot=None, offers=None)
        return
    except NotReady as not_yet:
        tell_lacking(draft, not_yet.needs)
        return
    if booking is None:
        tell_refusal(draft, verdict)
        return
    draft.put(slot=booking.id)


def settle(draft: Draft) -> None:
    """At the yes: a hold that lapsed is taken again if the time is still free, else there are three new times."""
    turn = draft.turn
    booking = turn.unit.bookings.locked(draft["slot"]) if draft["slot"] else None
    if draft["ok"] != "yes" or booking is None or booking.status is not Status.LAPSED:
        return
    try:
        with turn.unit.attempt():
            take_again(turn.house, turn.unit, turn.actor, booking)
    except (Taken, Exhausted, WrongState):
        near = booking.begin.isoformat()
        window = {"begin": near, "end": booking.end.isoformat(), "near": near, "doubts": []}
        draft.put(
            ok=None, slot=None, offers=None, time={**window, "said": turn.when(booking.begin), "gone": True}
        )
        turn.say("just_taken")
        search(draft, draft["time"])
