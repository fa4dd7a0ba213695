"""The moving form: which booking, when instead, which free time, yes or no. The old time stays until the yes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from actions.book import release_lapsed
from actions.find_times import Ask, find_times
from actions.rasa import later, refusing, which
from actions.rasa.asking import (
    is_aside,
    joined,
    ordinal,
    pack,
    say_trouble,
    says_no,
    says_yes,
    search_windows,
    unpack,
    window_of,
)
from actions.rasa.reminding_meant import is_of_reminder
from actions.rasa.turn import Event, Turn, press, slot
from actions.say import Choice
from domain.bookings import BOOKED
from domain.errors import NotAllowed, NotFound
from domain.people import Scope

SLOTS = ("moving_booking", "moving_time", "moving_slot", "moving_ok")
ALL = (*SLOTS, "moving_offers")
_STAYS = re.compile(
    r"不(?:用|想|要)?(?:改|换|挪|变)(?:时间|日子)?(?:了|啦|吧|咧|嘞|$)|别(?:改|换|挪)(?:了|$)"
    r"|(?:还是|就|照|按)(?:照|按|用|原来|原先)*(?:原来|原先|老时间|原定)(?:的|那个|定的)?(?:时间|日子|钟点|吧|好|来|那|$)|照旧"
)


def validate(turn: Turn) -> list[Event]:
    """`validate_moving_form`: take in what was said and search. No event means an aside."""
    kept: dict[str, Any] = {name: turn.slots.get(name) for name in ALL}
    starting = turn.requested is None
    window = window_of(turn)
    if starting and is_of_reminder(turn):
        # 「降压片那个往后推半个小时」 moves no visit.
        return [slot("moving_ok", "left"), slot("requested_slot", None), later.instead(turn, "set_reminder")]
    if not starting and (ended := _ended(turn, kept)) is not None:
        return ended
    if not starting and is_aside(turn, answers=bool(window or turn.choice), task="reschedule_booking"):
        return []
    try:
        heard = _booking(turn, kept, starting)
        if kept["moving_booking"]:
            which.permitted(turn, kept["moving_booking"], Scope.BOOK)
    except NotFound:
        return _end(turn, kept, "not_family")
    except NotAllowed as refused:
        return _end(turn, kept, "may_not_move" if refused.scope == Scope.BOOK else "may_not_see_visits")
    if kept["moving_ok"] == "left":
        return [*_events(kept), slot("requested_slot", None)]
    heard |= _choice(turn, kept, window is not None)
    if window is not None and not heard_choice(turn):
        _when(turn, kept, window)
        heard = True
    _settle(turn, kept)
    if (
        kept["moving_booking"]
        and kept["moving_time"]
        and not kept["moving_slot"]
        and not kept["moving_offers"]
    ):
        _search(turn, kept)
    events = _events(kept)
    if kept["moving_ok"]:
        events.append(slot("requested_slot", None))
    events.append(slot("misses", 0 if heard or starting else int(turn.slots.get("misses") or 0) + 1))
    return events


def _ended(turn: Turn, kept: dict[str, Any]) -> list[Event] | None:
    """Whether it is left as it was (「还是原来那个时间」), or there is nothing to move any more; None where neither."""
    booking = turn.unit.bookings.get(kept["moving_booking"]) if kept["moving_booking"] else None
    if booking is None:
        return None
    if booking.status not in BOOKED or booking.begin <= turn.now:
        kept["moving_ok"] = "left"
        return [*_events(kept), slot("requested_slot", None), later.instead(turn)]
    if turn.pressed or _STAYS.search(turn.text) is None:
        return None
    service = turn.house.catalogue.service(booking.service).name
    turn.say("move_kept", service=service, when=turn.when(booking.begin))
    kept["moving_ok"] = "left"
    return [*_events(kept), slot("requested_slot", None)]


def heard_choice(turn: Turn) -> bool:
    return (turn.choice or "").startswith(("offer:", "booking:", "more:"))


def _events(kept: dict[str, Any]) -> list[Event]:
    return [slot(name, value) for name, value in kept.items()]


def _end(turn: Turn, kept: dict[str, Any], sentence: str) -> list[Event]:
    booking = turn.unit.bookings.get(kept["moving_booking"]) if kept["moving_booking"] else None
    member = turn.unit.people.get(booking.member_id) if booking is not None else None
    who = turn.call(member) if member is not None else turn.word("the_elder")
    gaps = {"who": who} if "who" in turn.house.words.gaps(sentence) else {}
    turn.say(sentence, (turn.button("human", press("request_human"), once=False),), **gaps)
    kept["moving_ok"] = "left"
    return [*_events(kept), slot("requested_slot", None)]


def _booking(turn: Turn, kept: dict[str, Any], starting: bool) -> bool:
    """Settle which booking is meant; say so where there is none."""
    choice = turn.choice or ""
    if choice.startswith("booking:"):
        kept["moving_booking"] = choice.removeprefix("booking:")
        if which.over(turn, kept["moving_booking"]):
            kept["moving_booking"], kept["moving_ok"] = None, "left"
        return True
    if kept["moving_booking"] is not None and not (turn.services and not starting):
        return False
    if which.wants_more(turn):
        return True
    found = which.from_when(turn, which.narrowed(turn, which.candidates(turn), by_time=False))
    if not found:
        turn.say(which.none_found(turn), (turn.button("book", press("book_service"), once=False),))
        kept["moving_ok"] = "left"
        return True
    # 「改到四点」 says no more than that; 「改时间」 is asked about.
    in_one_breath = starting and turn.time.kind != "none"
    meant = found[0] if len(found) == 1 else which.just_made(turn, found) if in_one_breath else None
    if meant is not None:
        kept["moving_booking"] = meant.id
    return meant is not None


def _choice(turn: Turn, kept: dict[str, Any], timed: bool) -> bool:
    choice = turn.choice or ""
    offers = kept["moving_offers"] or []
    picked: int | None = None
    if choice.startswith("offer:"):
        picked = int(choice.removeprefix("offer:"))
    elif turn.requested == "moving_slot" and not timed:
        picked = ordinal(turn)
    if picked is not None and picked < len(offers):
        kept["moving_slot"] = offers[picked]
        return True
    no_slot = turn.requested in ("moving_ok", "moving_slot") and says_no(turn) and not timed
    if choice == "other_time" or no_slot:
        _others(turn, kept, offers)
        return True
    if turn.requested == "moving_ok" and says_yes(turn) and not timed:
        kept["moving_ok"] = "yes"
        return True
    return False


def _others(turn: Turn, kept: dict[str, Any], offers: list[dict[str, Any]]) -> None:
    """「别的时间」: three others of what was said, the first time; then the question is when instead."""
    window = kept["moving_time"] or {}
    again = None
    if turn.requested == "moving_slot" and offers and not window.get("again"):
        again = {**window, "again": True, "shown": [offer["begin"] for offer in offers]}
    kept.update(moving_time=again, moving_slot=None, moving_offers=None)


def _when(turn: Turn, kept: dict[str, Any], window: dict[str, Any]) -> None:
    window = joined(kept["moving_time"], window)
    kept.update(moving_slot=None, moving_offers=None, moving_time=None)
    booking = turn.unit.bookings.get(kept["moving_booking"]) if kept["moving_booking"] else None
    service = turn.house.catalogue.service(booking.service) if booking is not None else None
    if not say_trouble(turn, window, service):
        kept["moving_time"] = window


def _search(turn: Turn, kept: dict[str, Any]) -> None:
    booking = turn.unit.bookings.get(kept["moving_booking"])
    member = turn.unit.people.get(booking.member_id) if booking else None
    if booking is None or member is None or booking.status not in BOOKED:
        turn.say("booking_gone")
        kept["moving_ok"] = "left"
        return
    release_lapsed(turn.house, turn.unit)
    service = turn.house.catalogue.service(booking.service)
    first, wider, near = search_windows(kept["moving_time"])
    window = kept["moving_time"]
    shown = frozenset(datetime.fromisoformat(moment) for moment in window.get("shown", ()))
    ask = Ask(member, service, booking.channel, first, near, booking.id, shown=shown)
    found = find_times(turn.house, turn.unit, ask)
    again = bool(window.get("again"))
    if not found and not again:
        found = find_times(turn.house, turn.unit, replace(ask, window=wider))
        turn.say("day_full" if found else "nothing_free", said=window["said"], service=service.name)
    elif again:
        turn.say("other_times" if found else "no_other_times", said=window["said"])
    elif near is not None and found[0].begin != near and not window.get("gone"):
        turn.say("time_taken", when=turn.when(near))
    going = refusing.those_that_go(turn, booking, found)
    if going is None:
        kept["moving_ok"] = "left"
        return
    found = going
    if not found:
        kept["moving_time"] = None
    elif near is not None and found[0].begin == near:
        kept["moving_slot"] = pack(found[0])
    else:
        kept["moving_offers"] = [pack(each) for each in found]


def _settle(turn: Turn, kept: dict[str, Any]) -> None:
    """At the yes: a time that somebody else took meanwhile is said to be gone, with three new ones."""
    if kept["moving_ok"] != "yes" or not kept["moving_slot"]:
        return
    booking = turn.unit.bookings.get(kept["moving_booking"])
    member = turn.unit.people.get(booking.member_id) if booking else None
    if booking is None or member is None or booking.status not in BOOKED:
        return
    near = unpack(kept["moving_slot"]).begin
    service = turn.house.catalogue.service(booking.service)
    ask = Ask(member, service, booking.channel, (near, near + timedelta(minutes=1)), near, booking.id)
    if find_times(turn.house, turn.unit, ask):
        return
    turn.say("just_taken")
    said = {"begin": near.isoformat(), "end": near.isoformat(), "near": near.isoformat(), "doubts": []}
    kept.update(moving_ok=None, moving_slot=None, moving_time={**said, "said": turn.when(near), "gone": True})


def ask_booking(turn: Turn) -> list[Event]:
    """Which of the bookings?"""
    found = which.from_when(turn, which.narrowed(turn, which.candidates(turn), by_time=False))
    turn.say("ask_which_move", [*which.buttons(turn, found), turn.button("leave", press("stop"))])
    return []


def ask_time(turn: Turn) -> list[Event]:
    """To when?"""
    booking = turn.unit.bookings.get(turn.slots["moving_booking"])
    assert booking is not None
    turn.say(
        "ask_move_time",
        (
            turn.button("earliest", press("inform", choice="earliest")),
            turn.button("tomorrow", press("inform", time="明天")),
            turn.button("day_after", press("inform", time="后天")),
            turn.button("leave", press("stop")),
        ),
        service=turn.house.catalogue.service(booking.service).name,
        when=turn.when(booking.begin),
    )
    return []


def ask_slot(turn: Turn) -> list[Event]:
    """Which of these free times?"""
    choices = [
        Choice(turn.when(unpack(offer).begin), press("inform", choice=f"offer:{number}"))
        for number, offer in enumerate(turn.slots.get("moving_offers") or [])
    ]
    turn.say("ask_slot", [*choices, turn.button("other_time", press("inform", choice="other_time"))])
    return []


def ask_ok(turn: Turn) -> list[Event]:
    """Read both times back."""
    booking = turn.unit.bookings.get(turn.slots["moving_booking"])
    assert booking is not None
    turn.say(
        "read_back_move",
        (
            turn.button("yes_move", press("inform", choice="yes")),
            turn.button("other_time", press("inform", choice="other_time")),
            turn.button("leave", press("stop")),
        ),
        service=turn.house.catalogue.service(booking.service).name,
        before=turn.when(booking.begin),
        when=turn.when(unpack(turn.slots["moving_slot"]).begin),
    )
    return []
