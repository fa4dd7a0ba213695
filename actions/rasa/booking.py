"""The booking form: whom for, what, over which channel, when, out of what, and yes or no. One question at a time.

Every turn the draft takes in what was said, then goes as far as it can by itself: a time that is free is held
before it is read back. What happens is decided here; Rasa leads from question to question.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from actions.rasa import papers, series, series_wishes
from actions.rasa.asking import (
    PAYS,
    is_aside,
    joined,
    ordinal,
    say_trouble,
    says_no,
    says_yes,
    unpack,
    window_of,
)
from actions.rasa.booking_draft import ALL, Draft, go_on
from actions.rasa.booking_offers import hold_time, others, queues, search, settle
from actions.rasa.describe import wanted
from actions.rasa.turn import Event, Turn, press, slot
from domain.bookings import Status
from domain.errors import NotAllowed, NotFound
from nlu.zh.carers import gender_wish, tongue_wish


def validate(turn: Turn) -> list[Event]:
    """`validate_booking_form`: take in what was said and go on as far as possible. No event means an aside."""
    draft = Draft.of(turn)
    starting = turn.requested is None
    if draft["slot"]:
        held = turn.unit.bookings.get(draft["slot"])
        if series.is_firm(draft) or (held is not None and held.status is Status.CONFIRMED):
            # The confirmation went through although Rasa never heard of it (a cut in between): the form is over.
            return [slot(name, None) for name in ALL] + [slot("requested_slot", None)]
    try:
        taken_in = _take_in(draft, starting)
        if taken_in is None:
            return []
        if go_on(draft):
            if series.is_meant(draft):
                series.search(draft)
            else:
                search(draft, draft["time"])
        if _taken_as_offered(draft):
            draft.put(ok="yes")
        settle(draft)
        series.settle(draft)
    except NotFound:
        turn.say("not_family")
        return [*draft.events(), slot("booking_ok", "left"), slot("requested_slot", None)]
    except NotAllowed:
        member = draft.member
        turn.say("may_not_book", (turn.button("human", press("request_human")),), who=turn.call(member))
        return [*draft.events(), slot("booking_ok", "left"), slot("requested_slot", None)]
    events = draft.events()
    if draft["ok"] is not None:
        events.append(slot("requested_slot", None))
    if not starting and not taken_in:
        events.append(slot("misses", int(turn.slots.get("misses") or 0) + 1))
    elif turn.slots.get("misses"):
        events.append(slot("misses", 0))
    return events


def _take_in(draft: Draft, starting: bool) -> bool | None:
    """Put what was said into the draft. None for an aside, False where nothing in it was an answer."""
    turn = draft.turn
    window = (
        _offered(turn) or series_wishes.some_days(turn) or window_of(turn) or series_wishes.picked_days(draft)
    )
    answers = bool(window or turn.services or turn.entity("channel") or turn.choice)
    wished = _wished(turn)
    if papers.is_missed(turn) and papers.leave_off(draft):
        return True
    if draft["series"] and turn.requested == "booking_slot" and series.answer(draft, window):
        return True
    if draft["series"] and turn.requested == "booking_ok" and series.leaves_out(draft, window):
        return True
    if (
        not starting
        and not (wished or _fits(turn) or series_wishes.fits(draft))
        and is_aside(turn, answers=answers, task="book_service")
    ):
        return None
    heard = (
        _who(draft, starting)
        | _what(draft)
        | series_wishes.take_in_product(draft)
        | series_wishes.take_in_count(draft)
        | _channel(draft)
        | _wish(draft, wished, timed=window is not None)
    )
    if window is not None and not (turn.choice or "").startswith("offer:"):
        _when(draft, window)
        heard = True
    return _choice(draft, window is not None or bool(wished)) or heard or starting


_AT = "at:"


def _offered(turn: Turn) -> dict[str, Any] | None:
    """The moment of an offer that was made of our own accord and read back there."""
    choice = turn.choice or ""
    if not choice.startswith(_AT):
        return None
    begin = datetime.fromisoformat(choice.removeprefix(_AT))
    end = begin + timedelta(hours=1)
    near = begin.isoformat()
    return {"begin": near, "end": end.isoformat(), "near": near, "said": turn.when(begin), "doubts": []}


def _taken_as_offered(draft: Draft) -> bool:
    """Whether this press took up such an offer and the time was still free: then it is booked with this one tap."""
    offered = _offered(draft.turn)
    held = draft.turn.unit.bookings.get(draft["slot"]) if offered and draft["slot"] else None
    return held is not None and offered is not None and held.begin == datetime.fromisoformat(offered["near"])


def _wished(turn: Turn) -> dict[str, str]:
    """Whom the words want to come: a woman or a man, somebody who speaks their tongue."""
    if turn.pressed:
        return {}
    said = {"gender": gender_wish(turn.text), "dialect": tongue_wish(turn.text)}
    return {name: value for name, value in said.items() if value is not None}


def _wish(draft: Draft, wished: dict[str, str], *, timed: bool) -> bool:
    if not wished:
        return False
    kept = {name: value for name, value in (draft["wish"] or {}).items() if name != "any"}
    draft.forget_slot()
    draft.put(wish={**kept, **wished})
    if not timed and draft["time"] is None and draft["service"] is not None:
        draft.turn.say("wish_kept", wanted=wanted(draft.turn, draft.wish))
    return True


def _fits(turn: Turn) -> bool:
    """Whether the words are an answer to the open question by their form, whatever the model takes them for."""
    if turn.requested == "booking_pay":
        return PAYS.search(turn.text) is not None
    return turn.requested == "booking_slot" and ordinal(turn) is not None


def _who(draft: Draft, starting: bool) -> bool:
    turn = draft.turn
    if turn.choice is not None and turn.choice.startswith("for:"):
        draft.put(**{"for": turn.choice.removeprefix("for:")})
        return True
    if turn.entity("person"):
        named = turn.named()
        if len(named) > 1:
            # Both parents: the question is which of them first.
            return True
        if named and named[0].person.id != draft["for"]:
            draft.forget_slot()
            draft.put(**{"for": named[0].person.id, "pay": None})
        return bool(named)
    if draft["for"] is None and starting:
        whom = turn.whom()
        if len(whom) == 1:
            draft.put(**{"for": whom[0].person.id})
    return False


def _what(draft: Draft) -> bool:
    turn = draft.turn
    if not turn.services:
        return False
    if turn.services[0] != draft["service"]:
        draft.forget_slot()
        draft.put(service=turn.services[0], channel=None, pay=None)
        if not series_wishes.is_unsettled(draft):
            draft.put(product=None)
    return True


def _channel(draft: Draft) -> bool:
    turn = draft.turn
    said = turn.entity("channel")
    if not said or draft["service"] is None:
        return False
    if said[0] not in draft.service.channels:
        turn.say(
            "channel_not_there",
            service=draft.service.name,
            channels="、".join(turn.word(f"channel_{c}") for c in draft.service.channels),
        )
    elif said[0] != draft["channel"]:
        draft.forget_slot()
        draft.put(channel=said[0], pay=None)
    return True


def _when(draft: Draft, window: dict[str, Any]) -> None:
    turn = draft.turn
    draft.forget_slot()
    window = series_wishes.joined(draft["time"], window) or joined(draft["time"], window)
    service = turn.house.catalogue.find(draft["service"])
    if say_trouble(turn, window, service):
        draft.put(time=None)
        return
    if window.get("which_days"):
        draft.put(time=None, offers=[{"rule": series_wishes.on_some_days(window), "said": window["said"]}])
        return
    draft.put(time=window)


def _choice(draft: Draft, timed: bool) -> bool:
    """Take in a yes, a no, or a button, for the question that was open."""
    turn = draft.turn
    choice = turn.choice or ""
    if choice.startswith("offer:") and draft["offers"]:
        number = int(choice.removeprefix("offer:"))
        if number < len(draft["offers"]) and "begin" in draft["offers"][number]:
            draft.put(slot=None)
            hold_time(draft, unpack(draft["offers"][number]))
        return True
    if choice == "self_pay":
        draft.put(pay="self")
        return True
    if turn.requested == "booking_slot" and not timed and _among_times(draft):
        return True
    if choice == "other_time":
        draft.forget_slot()
        draft.put(time=None)
        return True
    if turn.requested == "booking_ok" and draft["slot"] and not timed:
        if says_yes(turn):
            draft.put(ok="yes")
            return True
        if says_no(turn):
            draft.forget_slot()
            draft.put(time=None)
            return True
    return turn.requested == "booking_pay" and not timed and _pays(draft)


def _among_times(draft: Draft) -> bool:
    """The question was which of the free times: one of them, none of them, or the queue."""
    turn = draft.turn
    if queues(draft, yes=says_yes(turn)):
        return True
    picked, offers = ordinal(turn), draft["offers"] or []
    if picked is not None and picked < len(offers):
        hold_time(draft, unpack(offers[picked]))
        return True
    if turn.choice == "other_time" or says_no(turn):
        others(draft)
        return True
    return False


def _pays(draft: Draft) -> bool:
    turn = draft.turn
    if says_yes(turn) or PAYS.search(turn.text):
        draft.put(pay="self")
        return True
    if says_no(turn):
        draft.put(ok="left")
        turn.say("left_task")
        return True
    return False
