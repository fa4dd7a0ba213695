"""A visit's steps as those who come report them: on the way, arrived, begun, done, not possible.

Each report carries a key and happens once; one that was made without a network says when it happened. What is out of
order is refused, what is odd (another place, a step left out) is allowed and flagged for a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from actions import needs, scores, visit_words
from actions.end_booking import end_booking
from actions.house import House
from actions.remind_visits import end_visit
from actions.replan import ill
from actions.visit_after import ended
from actions.visit_assign import note
from actions.visit_people import carer_of, elder_of, staff_of
from domain import standards
from domain.bookings import Booking, Status
from domain.clock import local_day
from domain.endings import Ending
from domain.errors import NotFound, WrongState
from domain.people import Person
from domain.policy import may_report
from domain.sending import Reason
from domain.store import Unit
from domain.visits import (
    BEFORE,
    EARLIEST_OUT,
    LATE_AFTER,
    OFFLINE,
    OVER,
    Flag,
    Impossible,
    NotAllowedHere,
    TooSoon,
    Visit,
    VisitState,
    is_short,
)

# A telephone's clock may run ahead of ours by so much.
_AHEAD = timedelta(minutes=5)
# Reported so much later than it happened, a person looks at it.
_REPORTED_LATE = timedelta(hours=2)
# Nobody says that it is done.
OPEN_AFTER = timedelta(hours=2)
_LONGEST_RECORD, _LONGEST_NOTE = 200, 1000
# What a visit that could not take place is to its booking; anything else is nobody's fault.
_ENDS_AS = {
    Impossible.NOBODY_HOME: Ending.ELDER_NO_SHOW,
    Impossible.CARER_ILL: Ending.CARER_ILL,
    Impossible.WEATHER: Ending.WEATHER,
}


@dataclass(frozen=True)
class Report:
    """One report: its key (sent twice, it happens once), and when it happened, where that was before now."""

    key: str
    at: datetime | None = None


@dataclass(frozen=True)
class Work:
    """One step of one visit: the rows, who reports, when it happened; `fresh` is false for a repeat."""

    visit: Visit
    booking: Booking
    actor: Person
    at: datetime
    report: Report
    fresh: bool


def reported(unit: Unit, actor: Person, visit_id: str, *, locked: bool = True) -> tuple[Visit, Booking]:
    """A visit that this person may report on. Raises NotFound for others."""
    visit = unit.visits.locked(visit_id) if locked else unit.visits.get(visit_id)
    booking = unit.bookings.get(visit.booking_id) if visit is not None else None
    if visit is None or booking is None:
        raise NotFound(visit_id)
    carer = carer_of(unit, staff_of(unit, visit, booking))
    may_report(actor, carer.id if carer is not None else None)
    return visit, booking


def step(house: House, unit: Unit, actor: Person, visit_id: str, report: Report) -> Work:
    visit, booking = reported(unit, actor, visit_id)
    now = house.now()
    at = report.at or now
    if not now - OFFLINE <= at <= now + _AHEAD:
        raise WrongState("a report of another day")
    fresh = unit.visits.event(f"{visit.id}:{report.key}") is None
    if fresh:
        if booking.status is not Status.CONFIRMED:
            raise WrongState("called off")
        if now - at > _REPORTED_LATE:
            visit.flag(Flag.REPORTED_LATE)
    return Work(visit, booking, actor, min(at, now), report, fresh)


def noted(house: House, unit: Unit, work: Work, kind: str, **detail: object) -> Visit:
    key = f"{work.visit.id}:{work.report.key}"
    note(house, unit, work.visit, kind, key, work.actor.id, work.at, **detail)
    return work.visit


def on_the_way(house: House, unit: Unit, actor: Person, visit_id: str, report: Report) -> Visit:
    """Somebody has set out: the elder hears who, about when, and the digits for the door.

    Raises NotFound, WrongState where it is past that step, TooSoon where the agreed time is far off.
    """
    work = step(house, unit, actor, visit_id, report)
    visit, booking = work.visit, work.booking
    if not work.fresh or visit.state is VisitState.ON_THE_WAY:
        return visit
    if work.at < booking.begin - EARLIEST_OUT:
        raise TooSoon(booking.begin.isoformat())
    visit.go(VisitState.ON_THE_WAY)
    visit.staff_id, visit.on_the_way_at = booking.staff_id, work.at
    way = booking.begin - booking.staff_from if booking.staff_from else timedelta(0)
    visit.expected_at = max(booking.begin, work.at + way)
    noted(house, unit, work, "on_the_way", expected=visit.expected_at.isoformat())
    end_visit(house, unit, booking, Reason.DONE)
    visit_words.on_the_way(house, unit, visit, booking)
    return visit


def begin(
    house: House, unit: Unit, actor: Person, visit_id: str, report: Report, seen: Sequence[str] = ()
) -> Visit:
    """The service begins. `seen` are the needs (codes) that were unknown before and have been seen at the door.

    Raises NotFound, WrongState where nobody has arrived.
    """
    work = step(house, unit, actor, visit_id, report)
    visit, booking = work.visit, work.booking
    if not work.fresh or visit.state in (VisitState.IN_SERVICE, *OVER):
        return visit
    visit.go(VisitState.IN_SERVICE)
    visit.began_at = work.at
    visit.staff_id = visit.staff_id or booking.staff_id
    standard = standards.load()[booking.service]
    elder, day = elder_of(unit, booking), local_day(work.at)
    unseen = [need for need in standard.unknown(needs.facts_of(unit, elder, day)) if need not in seen]
    if unseen:
        visit.flag(Flag.NOT_KNOWN)
    certified = visit.staff_id is None or unit.visits.certified_on(visit.staff_id, standard.certificate, day)
    if not certified:
        visit.flag(Flag.NOT_CERTIFIED)
    noted(house, unit, work, "begun", seen=",".join(seen) or None, unseen=",".join(unseen) or None)
    in_time = (visit.arrived_at or work.at) <= booking.begin + LATE_AFTER[0]
    scores.came(house, unit, booking, in_time=in_time)
    return visit


def finish(
    house: House,
    unit: Unit,
    actor: Person,
    visit_id: str,
    report: Report,
    steps: Sequence[int],
    records: Mapping[str, str] | None = None,
    text: str | None = None,
) -> Visit:
    """The service is done: the elder is asked, the family gets the card, what is odd goes to a person.

    `steps` are the numbers of the steps that were done, `records` what the standard has recorded, by its codes.
    Raises NotFound, WrongState where it has not begun, NotAllowedHere for a note without the elder's leave.
    """
    work = step(house, unit, actor, visit_id, report)
    visit, booking = work.visit, work.booking
    if not work.fresh or visit.state in OVER:
        return visit
    if text and not visit.leave.get("note"):
        raise NotAllowedHere("note")
    if visit.state is not VisitState.IN_SERVICE:
        raise WrongState(f"{visit.state} -> {VisitState.DONE}")
    standard = standards.load()[booking.service]
    visit.go(VisitState.DONE)
    visit.ended_at = work.at
    visit.steps = sorted({n for n in steps if 0 < n <= len(standard.steps)})
    visit.records = {
        name: str(value)[:_LONGEST_RECORD]
        for name, value in (records or {}).items()
        if name in standard.records and str(value).strip()
    }
    visit.note = text[:_LONGEST_NOTE] if text else visit.note
    if standard.left_out(visit.steps):
        visit.flag(Flag.STEPS_LEFT_OUT)
    if is_short(visit, booking.end - booking.begin):
        visit.flag(Flag.SHORT)
    noted(house, unit, work, "done", steps=",".join(map(str, visit.steps)), flags=",".join(visit.flags))
    end_visit(house, unit, booking, Reason.DONE)
    ended(house, unit, visit, booking, actor)
    visit_words.after(house, unit, visit, booking)
    return visit


def cannot(
    house: House, unit: Unit, actor: Person, visit_id: str, report: Report, reason: Impossible
) -> Visit:
    """A visit that can not take place. A carer who is ill is replaced; anything else ends it, and a person is told.

    Raises NotFound, WrongState, TooSoon where nobody can have been at the door yet.
    """
    work = step(house, unit, actor, visit_id, report)
    visit, booking = work.visit, work.booking
    if not work.fresh or visit.state is VisitState.NOT_POSSIBLE:
        return visit
    if reason is Impossible.CARER_ILL and visit.state in BEFORE:
        noted(house, unit, work, "carer_ill")
        ill(house, unit, actor, booking)
        return visit
    if reason is Impossible.NOBODY_HOME and work.at < booking.begin:
        raise TooSoon(booking.begin.isoformat())
    visit.go(VisitState.NOT_POSSIBLE)
    visit.staff_id, visit.reason, visit.due_at = visit.staff_id or booking.staff_id, str(reason), None
    noted(house, unit, work, "not_possible", reason=reason)
    end_booking(house, unit, booking, _ENDS_AS.get(reason, Ending.NOT_POSSIBLE), actor, why=str(reason))
    return visit
