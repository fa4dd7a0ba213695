"""What falls due about visits: the ladder of being late, verification after a day, steps that nobody reported.

Any number of processes work side by side: each takes rows that no other has. A row is done when its `due_at` has
moved on, in the transaction of what was done.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from actions import visit_words
from actions.house import House
from actions.replan import choices_of, offers
from actions.visit_after import ticket
from actions.visit_assign import first_look, note
from actions.visit_checks import verify_clean
from actions.visit_people import carer_of, elder_of, staff_name, staff_of, tell
from actions.visits import OPEN_AFTER
from domain.bookings import Booking, Slot, Status
from domain.errors import RuleBroken
from domain.store import Unit
from domain.tickets import Priority
from domain.visits import BEFORE, OBJECTION, OVER, STALE, UNDER_WAY, Visit, VisitState, late_by, next_rung
from nlu.zh.say import say_clock

log = structlog.get_logger()
_BATCH = 50
_AGAIN = timedelta(minutes=10)


def work_off(house: House) -> int:
    """Look at everything that is due now; returns how many visits were looked at."""
    with house.store.read() as unit:
        due = unit.visits.next_due()
    done = 0
    while due is not None and due <= house.now():
        with house.store.write() as unit:
            found = unit.visits.due(house.now(), _BATCH)
            for visit in found:
                _looked_at(house, unit, visit)
        done += len(found)
        if len(found) < _BATCH:
            break
    return done


def next_due(unit: Unit) -> datetime | None:
    """When something is due next."""
    return unit.visits.next_due()


def _looked_at(house: House, unit: Unit, visit: Visit) -> None:
    """One visit that can not be looked at now keeps nobody else's waiting."""
    visit_id = visit.id
    try:
        with unit.attempt():
            look(house, unit, visit)
    except Exception as error:
        if not isinstance(error, RuleBroken):
            log.error("visit_failed", visit=visit_id, error=type(error).__name__, exc_info=error)
        visit.due_at = house.now() + _AGAIN
        unit.flush()


def look(house: House, unit: Unit, visit: Visit) -> None:
    """Do what is due about one visit, and say when it is to be looked at again."""
    booking = unit.bookings.get(visit.booking_id)
    assert booking is not None
    due, visit.due_at = visit.due_at, None
    if visit.state in OVER:
        if visit.ended_at is not None and house.now() >= visit.ended_at + OBJECTION:
            verify_clean(house, unit, visit, booking)
    elif booking.status is not Status.CONFIRMED:
        _call_off(house, unit, visit)
    elif visit.state in BEFORE and booking.channel == "store":
        _site(house, unit, visit, booking)
    elif visit.state in BEFORE:
        _ladder(house, unit, visit, booking)
    elif visit.state in UNDER_WAY and due is not None:
        _still_open(house, unit, visit, booking)
    unit.flush()


def _call_off(house: House, unit: Unit, visit: Visit) -> None:
    """The booking no longer stands, so nobody goes."""
    if visit.state in (*BEFORE, VisitState.ARRIVED):
        visit.go(VisitState.CALLED_OFF)
        note(house, unit, visit, "called_off", f"{visit.id}:called_off", None)


def _site(house: House, unit: Unit, visit: Visit, booking: Booking) -> None:
    first = first_look(booking)
    if house.now() < first:
        visit.due_at = first
    elif house.now() - first < OBJECTION:
        visit_words.ask_site(house, unit, visit, booking)


def _still_open(house: House, unit: Unit, visit: Visit, booking: Booking) -> None:
    """Nobody said that it is done: the carer is asked, and a coordinator looks."""
    again = booking.end + OPEN_AFTER
    if house.now() < again:
        visit.due_at = again
        return
    carer = carer_of(unit, staff_of(unit, visit, booking))
    if carer is not None:
        gaps = {"name": elder_of(unit, booking).name, "service": visit_words.service_of(house, booking)}
        choices = visit_words.next_buttons(house, visit)
        tell(house, unit, carer, house.words.say("visit_open_carer", **gaps), f"{visit.id}:open", choices)
    ticket(house, unit, visit, booking, "visit_open", Priority.NORMAL, "not reported as done")


def _ladder(house: House, unit: Unit, visit: Visit, booking: Booking) -> None:
    """Climb the rungs that the time has passed, one after the other."""
    now, begin = house.now(), booking.begin
    climbed, reached = visit.late_rung(begin), late_by(begin, now)
    if now - begin > STALE:
        visit.late_begin, visit.late_step = begin, reached
        ticket(house, unit, visit, booking, "visit_late", Priority.HIGH, "nothing was reported")
        return
    for rung in range(climbed + 1, reached + 1):
        # The place of a visit in the ladder belongs to its agreed time: a moved one begins anew.
        visit.late_begin, visit.late_step = begin, rung
        key = f"{visit.id}:late:{int(begin.timestamp())}:{rung}"
        note(house, unit, visit, f"late_{rung}", key, None)
        (_first, _second, _third)[rung - 1](house, unit, visit, booking, key)
    visit.due_at = next_rung(begin, reached)


def _first(house: House, unit: Unit, visit: Visit, booking: Booking, key: str) -> None:
    """The elder first; then whoever is to come."""
    staff = staff_of(unit, visit, booking)
    gaps = {
        "staff": staff_name(house, staff),
        "service": visit_words.service_of(house, booking),
        "clock": say_clock(booking.begin),
    }
    name = "visit_late_15_on_way" if visit.state is VisitState.ON_THE_WAY else "visit_late_15"
    name = "visit_late_15_nobody" if staff is None else name
    used = {gap: gaps[gap] for gap in house.words.gaps(name)}
    tell(house, unit, elder_of(unit, booking), house.words.say(name, **used), key)
    if not visit_words.nudge(house, unit, visit, booking, f"{key}:carer"):
        # Nobody can be asked by us, so that a person must be, for what the elder was told to be true.
        ticket(house, unit, visit, booking, "visit_late", Priority.NORMAL, "a quarter of an hour late")


def _second(house: House, unit: Unit, visit: Visit, booking: Booking, key: str) -> None:
    """The coordinator."""
    ticket(house, unit, visit, booking, "visit_late", Priority.HIGH, "half an hour late")
    tell(house, unit, elder_of(unit, booking), house.words.say("visit_late_30"), key)


def _third(house: House, unit: Unit, visit: Visit, booking: Booking, key: str) -> None:
    """Another carer, if the elder takes one of the times."""
    ticket(house, unit, visit, booking, "visit_late", Priority.URGENT, "an hour late")
    found: list[Slot] = offers(house, unit, booking)
    name = "visit_late_60_offer" if found else "visit_late_60_none"
    text = house.words.say(name, service=visit_words.service_of(house, booking))
    tell(house, unit, elder_of(unit, booking), text, key, choices_of(house, booking, found))
