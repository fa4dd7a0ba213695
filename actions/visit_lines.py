"""What those who come type in the chat: 「今天」, the elder's four digits, a place, what was not done, a note."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from actions import visit_leave, visit_words
from actions.house import House
from actions.visit_chat import Call, Said, arrived, finished
from domain.bookings import Booking
from domain.clock import SHANGHAI, local_day
from domain.errors import RuleBroken
from domain.people import Person
from domain.places import Spot
from domain.store import Unit
from domain.visits import BEFORE, NotAllowedHere, TooSoon, Visit, VisitState
from nlu.zh.say import say_when

# A place as RFC 5870 writes it; doors hand in a shared location like this.
_GEO = re.compile(r"geo:(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)(?:;u=(\d+(?:\.\d+)?))?")
_CODE = re.compile(r"\d{4}")
_LEFT_OUT = re.compile(r"没做[\s:：]*([\d\s,，、和]+)")
_NOTE = re.compile(r"记[\s:：]+(.+)", re.DOTALL)


def hear(house: House, unit: Unit, actor: Person, text: str, key: str) -> Said:
    """What a carer types: the elder's digits, a place, what was not done, a note; anything else shows today."""
    call = Call(house, unit, actor, key)
    if found := _GEO.fullmatch(text.strip()):
        spot = Spot(float(found[1]), float(found[2]), float(found[3] or 0))
        return _to_current(call, BEFORE, lambda v: arrived(call, v.id, spot))
    if _CODE.fullmatch(text.strip()):
        return _to_current(call, BEFORE, lambda v: arrived(call, v.id, code=text.strip()))
    if found := _LEFT_OUT.fullmatch(text.strip()):
        numbers = [int(n) for n in re.findall(r"\d+", found[1])]
        return _to_current(call, (VisitState.IN_SERVICE,), lambda v: finished(call, v.id, numbers))
    if found := _NOTE.fullmatch(text.strip()):
        there = (VisitState.ARRIVED, VisitState.IN_SERVICE, VisitState.DONE)
        said = found[1]
        return _to_current(call, there, lambda v: _write(call, v, said))
    return today(house, unit, actor)


def _write(call: Call, visit: Visit, text: str) -> Said:
    try:
        visit_leave.write(call.house, call.unit, call.actor, visit.id, text, call.key)
    except NotAllowedHere:
        if visit.leave.get("note") is False:
            return call.say("visit_leave_refused")
        visit_leave.ask(call.house, call.unit, call.actor, visit.id, "note")
        return call.say("visit_need_leave")
    return call.say("visit_note_kept")


def _to_current(call: Call, states: Sequence[VisitState], act: Callable[[Visit], Said]) -> Said:
    """The visit that a line is about: the one under way, else the next of today."""
    found = [(v, b) for v, b in _todays(call.house, call.unit, call.actor) if v.state in states]
    moving = [v for v, _ in found if v.state is VisitState.ON_THE_WAY] or [v for v, _ in found]
    if not moving:
        return call.say("visit_code_which")
    try:
        with call.unit.attempt():
            return act(moving[0])
    except TooSoon as error:
        when = say_when(datetime.fromisoformat(str(error)), call.house.now())
        return call.say("visit_too_soon", when=when)
    except RuleBroken:
        return call.say("visit_wrong_step")


def _todays(house: House, unit: Unit, actor: Person) -> list[tuple[Visit, Booking]]:
    begin = datetime.combine(local_day(house.now()), datetime.min.time(), SHANGHAI)
    return unit.visits.of_carer(actor.id, begin, begin + timedelta(days=1))


def today(house: House, unit: Unit, actor: Person) -> Said:
    """Today's visits of somebody who comes: one card each, with what can be pressed now."""
    found = _todays(house, unit, actor)
    call = Call(house, unit, actor, "")
    if not found:
        return Said(f"{house.words.say('visit_today_none')}\n{house.words.say('visit_carer_help')}")
    cards = tuple(
        (visit_words.staff_card(house, unit, visit, booking), visit_words.next_buttons(house, visit))
        for visit, booking in found
    )
    return Said(call.say("visit_today", count=len(found)).text, more=cards)
