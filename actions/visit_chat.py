"""Visits by chat: what those who come press and type, and what the elder and the family press.

No dialogue: each button is one step, and what a carer types is 「今天」, the four digits, a place, or a note.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from actions import replan, visit_arrival, visit_checks, visit_leave, visit_words, visits
from actions.hand_over import Cause, open_ticket
from actions.house import House
from actions.say import Choice
from actions.visit_people import button, elder_of, staff_name
from actions.visits import Report
from domain import standards
from domain.bookings import Booking
from domain.errors import NotAllowed, NotFound, RuleBroken, Taken, WrongState
from domain.people import Person
from domain.places import Spot
from domain.store import Unit
from domain.visits import BEFORE, Flag, Impossible, TooSoon, Visit, VisitState
from nlu.zh.say import say_clock, say_when


@dataclass(frozen=True)
class Said:
    """The answer, with its buttons. `more` are further messages, one a visit."""

    text: str
    choices: Sequence[Choice] = ()
    more: tuple[tuple[str, Sequence[Choice]], ...] = ()


@dataclass(frozen=True)
class Call:
    """One press or one line: who, and the key of the message."""

    house: House
    unit: Unit
    actor: Person
    key: str

    def say(self, name: str, choices: Sequence[Choice] = (), /, **gaps: object) -> Said:
        return Said(self.house.words.say(name, **gaps), choices)

    @property
    def report(self) -> Report:
        return Report(self.key)


def press(house: House, unit: Unit, actor: Person, verb: str, rest: str, key: str) -> Said:
    """What a button of a visit does. Bad presses get a kind sentence and change nothing."""
    call = Call(house, unit, actor, key)
    try:
        with unit.attempt():
            return VERBS[verb](call, rest)
    except TooSoon as error:
        when = say_when(datetime.fromisoformat(str(error)), house.now())
        return call.say("visit_too_soon", when=when)
    except (NotFound, NotAllowed):
        return call.say("visit_not_yours" if verb == "visit" else "button_unknown")
    except Taken:
        return call.say("retime_gone")
    except RuleBroken:
        return call.say("visit_wrong_step" if verb == "visit" else "came_already")


def _visit(call: Call, rest: str) -> Said:
    """A step of those who come: `step:visit[:more]`."""
    step, _, tail = rest.partition(":")
    return _STEPS[step](call, *tail.split(":"))


def _on_the_way(call: Call, visit_id: str) -> Said:
    visit = visits.on_the_way(call.house, call.unit, call.actor, visit_id, call.report)
    booking = _booking(call, visit)
    clock = say_clock(visit.expected_at or booking.begin)
    return _next(call, visit, "visit_on_the_way_noted", name=elder_of(call.unit, booking).name, clock=clock)


def _arrive(call: Call, visit_id: str) -> Said:
    visit, booking = visits.reported(call.unit, call.actor, visit_id, locked=False)
    if booking.channel == "online":
        return arrived(call, visit_id)
    if visit.state not in BEFORE:
        raise WrongState(str(visit.state))
    choices = [button(call.house, "visit_no_place", f"visit:no_place:{visit_id}")]
    return call.say("visit_ask_place", choices, name=elder_of(call.unit, booking).name)


def arrived(call: Call, visit_id: str, spot: Spot | None = None, code: str | None = None) -> Said:
    done = visit_arrival.arrive(call.house, call.unit, call.actor, visit_id, call.report, spot, code)
    if done.wrong_code:
        return call.say("visit_code_wrong", left=done.left) if done.left else call.say("visit_code_over")
    visit = done.visit
    clock = say_clock(visit.arrived_at or call.house.now())
    if Flag.OUTSIDE in visit.flags:
        return _next(call, visit, "visit_arrived_outside", clock=clock, metres=round(visit.distance_m or 0))
    if Flag.NO_PLACE in visit.flags:
        return _next(call, visit, "visit_arrived_no_place", clock=clock)
    return _next(call, visit, "visit_arrived_noted", clock=clock)


def _no_place(call: Call, visit_id: str) -> Said:
    return arrived(call, visit_id)


def _begin(call: Call, visit_id: str) -> Said:
    visit, booking = visits.reported(call.unit, call.actor, visit_id, locked=False)
    standard = standards.load()[booking.service]
    missing = visit_words.unknown(call.house, call.unit, elder_of(call.unit, booking), standard)
    if missing and visit.state is VisitState.ARRIVED:
        choices = [
            button(call.house, "visit_known", f"visit:known:{visit_id}"),
            button(call.house, "visit_not_known", f"visit:not_known:{visit_id}"),
        ]
        return call.say("visit_ask_known", choices, needs="、".join(missing))
    return _begun(call, visit_id, ())


def _known(call: Call, visit_id: str) -> Said:
    _, booking = visits.reported(call.unit, call.actor, visit_id, locked=False)
    return _begun(call, visit_id, [need.text for need in standards.load()[booking.service].needs])


def _not_known(call: Call, visit_id: str) -> Said:
    return _begun(call, visit_id, ())


def _begun(call: Call, visit_id: str, seen: Sequence[str]) -> Said:
    visit = visits.begin(call.house, call.unit, call.actor, visit_id, call.report, seen)
    booking = _booking(call, visit)
    text = call.house.words.say("visit_begun", clock=say_clock(visit.began_at or call.house.now()))
    whole = visit_words.steps(call.house, booking.service)
    return Said(f"{text}\n{whole}", visit_words.next_buttons(call.house, visit))


def _done(call: Call, visit_id: str) -> Said:
    visit, booking = visits.reported(call.unit, call.actor, visit_id, locked=False)
    if visit.state is not VisitState.IN_SERVICE:
        raise WrongState(str(visit.state))
    choices = [
        button(call.house, "visit_all_done", f"visit:all_done:{visit_id}"),
        button(call.house, "visit_left_out", f"visit:left_out:{visit_id}"),
    ]
    return call.say("visit_ask_steps", choices, steps=visit_words.steps(call.house, booking.service))


def _all_done(call: Call, visit_id: str) -> Said:
    return finished(call, visit_id, ())


def _ask_left_out(call: Call, visit_id: str) -> Said:
    return call.say("visit_ask_left_out")


def finished(call: Call, visit_id: str, left_out: Sequence[int]) -> Said:
    _, booking = visits.reported(call.unit, call.actor, visit_id, locked=False)
    count = len(standards.load()[booking.service].steps)
    steps = [n for n in range(1, count + 1) if n not in left_out]
    visit = visits.finish(call.house, call.unit, call.actor, visit_id, call.report, steps)
    name = "visit_done_flagged" if visit.flags else "visit_done_noted"
    return call.say(name, clock=say_clock(visit.ended_at or call.house.now()))


def _cannot(call: Call, visit_id: str) -> Said:
    visits.reported(call.unit, call.actor, visit_id, locked=False)
    choices = [button(call.house, f"reason_{why}", f"visit:because:{visit_id}:{why}") for why in Impossible]
    choices.append(button(call.house, "visit_back", f"visit:back:{visit_id}"))
    return call.say("visit_ask_reason", choices)


def _because(call: Call, visit_id: str, why: str) -> Said:
    reason = Impossible(why)
    visit = visits.cannot(call.house, call.unit, call.actor, visit_id, call.report, reason)
    ill = reason is Impossible.CARER_ILL and visit.state is not VisitState.NOT_POSSIBLE
    return call.say("visit_ill_noted" if ill else "visit_not_possible_noted")


def _back(call: Call, visit_id: str) -> Said:
    visit, booking = visits.reported(call.unit, call.actor, visit_id, locked=False)
    text = visit_words.staff_card(call.house, call.unit, visit, booking)
    return Said(text, visit_words.next_buttons(call.house, visit))


_STEPS: dict[str, Callable[..., Said]] = {
    "on_the_way": _on_the_way,
    "arrive": _arrive,
    "no_place": _no_place,
    "begin": _begin,
    "known": _known,
    "not_known": _not_known,
    "done": _done,
    "all_done": _all_done,
    "left_out": _ask_left_out,
    "cannot": _cannot,
    "because": _because,
    "back": _back,
}


def _came(call: Call, rest: str) -> Said:
    """The elder or one of the family: it was so, nobody came, or there is something to say."""
    said, _, visit_id = rest.partition(":")
    if said == "words":
        visit, booking = visit_checks.seen(call.house, call.unit, call.actor, visit_id, "words_about_visit")
        cause = Cause("life", "after_visit", task={"visit": visit.id}, member=elder_of(call.unit, booking))
        conversation = call.unit.conversations.of(call.actor.id)
        open_ticket(call.house, call.unit, conversation, call.actor, cause, f"{call.key}:words")
        return call.say("came_words")
    visit_checks.confirm(call.house, call.unit, call.actor, visit_id, call.key, came=said == "yes")
    return call.say("came_thanks" if said == "yes" else "came_not")


def _retime(call: Call, rest: str) -> Said:
    booking_id, _, packed = rest.partition(":")
    booking = replan.retime(call.house, call.unit, call.actor, booking_id, packed)
    staff = call.unit.providers.staff(booking.staff_id) if booking.staff_id else None
    return call.say(
        "retimed",
        service=visit_words.service_of(call.house, booking),
        when=say_when(booking.begin, call.house.now()),
        staff=staff_name(call.house, staff),
    )


def _leave(call: Call, rest: str) -> Said:
    kind, said, visit_id = rest.split(":")
    visit_leave.answer(call.house, call.unit, call.actor, visit_id, kind, yes=said == "yes")
    return call.say("leave_yes" if said == "yes" else "leave_no")


VERBS: dict[str, Callable[[Call, str], Said]] = {
    "visit": _visit,
    "came": _came,
    "retime": _retime,
    "leave_visit": _leave,
}


def _booking(call: Call, visit: Visit) -> Booking:
    booking = call.unit.bookings.get(visit.booking_id)
    assert booking is not None
    return booking


def _next(call: Call, visit: Visit, name: str, /, **gaps: object) -> Said:
    return Said(call.house.words.say(name, **gaps), visit_words.next_buttons(call.house, visit))
