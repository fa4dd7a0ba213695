"""A visit's steps as those who come report them: on the way, arrived, begun, done, not possible.

Each report carries a key and happens once; one that was made without a network says when it happened. What is out of
order is refused, what is odd (another place, a step left out) is allowed and flagged for a person.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from actions import scores, visit_words
from actions.hand_over import Cause, open_ticket
from actions.house import House
from actions.settle_visit import give_back
from actions.visit_people import carer_of, elder_of, staff_of
from domain import standards
from domain.bookings import Booking, Status
from domain.clock import local_day
from domain.errors import NotFound, WrongState
from domain.ids import new_id
from domain.people import Person
from domain.policy import may_report
from domain.store import Unit
from domain.tickets import Priority
from domain.visits import (
    BEFORE,
    CODE_TRIES,
    DISTRICT_RADIUS_M,
    EARLIEST_IN,
    EARLIEST_OUT,
    LATE_AFTER,
    OBJECTION,
    OFFLINE,
    OVER,
    Circle,
    Flag,
    Impossible,
    Method,
    NotAllowedHere,
    Spot,
    TooSoon,
    Visit,
    VisitEvent,
    VisitState,
    is_short,
    judge_spot,
)

# A telephone's clock may run ahead of ours by so much.
_AHEAD = timedelta(minutes=5)
# Reported so much later than it happened, a person looks at it.
_REPORTED_LATE = timedelta(hours=2)
# Nobody says that a site was visited; the elder is asked so long after the agreed end. Nobody says that it is done.
ASK_SITE_AFTER, OPEN_AFTER = timedelta(minutes=30), timedelta(hours=2)
_LONGEST_RECORD, _LONGEST_NOTE = 200, 1000


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


def assign(house: House, unit: Unit, booking: Booking) -> Visit:
    """The visit of a firm booking, made once; for a booking that was moved the ladder begins again."""
    visit = unit.visits.of_booking(booking.id)
    if visit is None:
        visit = Visit(
            id=new_id("vs"),
            booking_id=booking.id,
            state=VisitState.ASSIGNED,
            code=f"{secrets.randbelow(10**4):04}",
            created_at=house.now(),
        )
        unit.visits.add(visit)
        unit.flush()
        note(house, unit, visit, "assigned", f"{visit.id}:assigned", booking.booked_by)
    if visit.state is VisitState.ON_THE_WAY and visit.staff_id != booking.staff_id:
        visit.go(VisitState.ASSIGNED)
        visit.staff_id = visit.on_the_way_at = visit.expected_at = None
    if visit.state in BEFORE:
        visit.due_at = first_look(booking)
    unit.flush()
    visit_words.tell_carer(house, unit, "visit_new_carer", booking, booking.staff_id)
    return visit


def first_look(booking: Booking) -> datetime:
    """When a visit of which nothing is heard is looked at: the ladder's first rung, or after the end at a site."""
    return booking.end + ASK_SITE_AFTER if booking.channel == "store" else booking.begin + LATE_AFTER[0]


def reported(unit: Unit, actor: Person, visit_id: str, *, locked: bool = True) -> tuple[Visit, Booking]:
    """A visit that this person may report on. Raises NotFound for others."""
    visit = unit.visits.locked(visit_id) if locked else unit.visits.get(visit_id)
    booking = unit.bookings.get(visit.booking_id) if visit is not None else None
    if visit is None or booking is None:
        raise NotFound(visit_id)
    carer = carer_of(unit, staff_of(unit, visit, booking))
    may_report(actor, carer.id if carer is not None else None)
    return visit, booking


def note(
    house: House,
    unit: Unit,
    visit: Visit,
    kind: str,
    key: str,
    actor_id: str | None,
    at: datetime | None = None,
    /,
    **detail: object,
) -> None:
    """Add a line to the history, which nobody can change."""
    now = house.now()
    line = VisitEvent(
        visit_id=visit.id,
        kind=kind,
        at=at or now,
        noted_at=now,
        actor_id=actor_id,
        key=key,
        detail={name: str(value) for name, value in detail.items() if value is not None},
    )
    unit.visits.add(line)
    unit.flush()


def _step(house: House, unit: Unit, actor: Person, visit_id: str, report: Report) -> Work:
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


def _noted(house: House, unit: Unit, work: Work, kind: str, **detail: object) -> Visit:
    key = f"{work.visit.id}:{work.report.key}"
    note(house, unit, work.visit, kind, key, work.actor.id, work.at, **detail)
    return work.visit


def on_the_way(house: House, unit: Unit, actor: Person, visit_id: str, report: Report) -> Visit:
    """Somebody has set out: the elder hears who, about when, and the digits for the door.

    Raises NotFound, WrongState where it is past that step, TooSoon where the agreed time is far off.
    """
    work = _step(house, unit, actor, visit_id, report)
    visit, booking = work.visit, work.booking
    if not work.fresh or visit.state is VisitState.ON_THE_WAY:
        return visit
    if work.at < booking.begin - EARLIEST_OUT:
        raise TooSoon(booking.begin.isoformat())
    visit.go(VisitState.ON_THE_WAY)
    visit.staff_id, visit.on_the_way_at = booking.staff_id, work.at
    way = booking.begin - booking.staff_from if booking.staff_from else timedelta(0)
    visit.expected_at = max(booking.begin, work.at + way)
    _noted(house, unit, work, "on_the_way", expected=visit.expected_at.isoformat())
    visit_words.on_the_way(house, unit, visit, booking)
    return visit


@dataclass(frozen=True)
class Arrival:
    """What came of 「到了」: `wrong_code` tells that the digits were not the elder's, with so many tries `left`."""

    visit: Visit
    wrong_code: bool = False
    left: int = CODE_TRIES


def arrive(
    house: House,
    unit: Unit,
    actor: Person,
    visit_id: str,
    report: Report,
    spot: Spot | None = None,
    code: str | None = None,
) -> Arrival:
    """Somebody is there, known by a place, the elder's four digits, or (flagged) by nothing.

    A wrong code is counted, so the caller must let the transaction be kept. Raises NotFound, WrongState, TooSoon.
    """
    work = _step(house, unit, actor, visit_id, report)
    visit, booking = work.visit, work.booking
    if not work.fresh or visit.state in (VisitState.ARRIVED, VisitState.IN_SERVICE, *OVER):
        return Arrival(visit)
    if work.at < booking.begin - EARLIEST_IN:
        raise TooSoon(booking.begin.isoformat())
    right = _code_is_right(visit, code)
    if code is not None and not right and spot is None:
        visit.code_failures += 1
        key = f"{visit.id}:{report.key}"
        note(house, unit, visit, "wrong_code", key, actor.id, work.at, failures=visit.code_failures)
        return Arrival(visit, wrong_code=True, left=max(CODE_TRIES - visit.code_failures, 0))
    visit.go(VisitState.ARRIVED)
    visit.staff_id, visit.arrived_at = visit.staff_id or booking.staff_id, work.at
    _place(unit, visit, booking, spot, right=right)
    visit.due_at = booking.end + OPEN_AFTER
    _noted(
        house,
        unit,
        work,
        "arrived",
        method=visit.method,
        metres=visit.distance_m,
        accuracy=visit.accuracy_m,
        flags=",".join(visit.flags) or None,
    )
    return Arrival(visit)


def _code_is_right(visit: Visit, code: str | None) -> bool:
    usable = code is not None and visit.code_failures < CODE_TRIES
    return usable and hmac.compare_digest(str(code).strip().encode(), visit.code.encode())


def _place(unit: Unit, visit: Visit, booking: Booking, spot: Spot | None, *, right: bool) -> None:
    """How the place is known; the elder's own digits prove more than a telephone's place."""
    flags: list[Flag] = []
    if spot is not None:
        visit.distance_m, flags = judge_spot(circle_of(unit, booking), spot)
        visit.accuracy_m = spot.accuracy_m
    if booking.channel == "online":
        visit.method = Method.JOINED
        return
    if right:
        visit.method = Method.CODE
        return
    visit.method = Method.GPS if spot is not None and Flag.NO_PLACE not in flags else Method.NONE
    visit.flag(*(flags if spot is not None else [Flag.NO_PLACE]))


def circle_of(unit: Unit, booking: Booking) -> Circle | None:
    """Where a visit is to be: the site, the home where its coordinates are known, else the district's middle."""
    standard = standards.load()[booking.service]
    if booking.site_id is not None and (site := unit.providers.site(booking.site_id)) is not None:
        return Circle(site.lat, site.lon, standard.radius_m)
    elder = elder_of(unit, booking)
    lat, lon = elder.notes.get("lat"), elder.notes.get("lon")
    if lat and lon and booking.address == elder.address:
        return Circle(float(lat), float(lon), standard.radius_m)
    district = unit.people.district(elder.district_id) if elder.district_id else None
    return Circle(district.lat, district.lon, DISTRICT_RADIUS_M) if district is not None else None


def begin(
    house: House, unit: Unit, actor: Person, visit_id: str, report: Report, seen: Sequence[str] = ()
) -> Visit:
    """The service begins. `seen` are the needs (codes) that were unknown before and have been seen at the door.

    Raises NotFound, WrongState where nobody has arrived.
    """
    work = _step(house, unit, actor, visit_id, report)
    visit, booking = work.visit, work.booking
    if not work.fresh or visit.state in (VisitState.IN_SERVICE, *OVER):
        return visit
    visit.go(VisitState.IN_SERVICE)
    visit.began_at = work.at
    visit.staff_id = visit.staff_id or booking.staff_id
    standard = standards.load()[booking.service]
    elder, day = elder_of(unit, booking), local_day(work.at)
    unseen = [need for need in standard.unknown(elder.notes, day) if need not in seen]
    if unseen:
        visit.flag(Flag.NOT_KNOWN)
    certified = visit.staff_id is None or unit.visits.certified_on(visit.staff_id, standard.certificate, day)
    if not certified:
        visit.flag(Flag.NOT_CERTIFIED)
    _noted(house, unit, work, "begun", seen=",".join(seen) or None, unseen=",".join(unseen) or None)
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
    work = _step(house, unit, actor, visit_id, report)
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
    _noted(house, unit, work, "done", steps=",".join(map(str, visit.steps)), flags=",".join(visit.flags))
    ended(house, unit, visit, booking, actor)
    visit_words.after(house, unit, visit, booking)
    return visit


def ended(house: House, unit: Unit, visit: Visit, booking: Booking, actor: Person) -> None:
    """What follows the end: verified after a day without objection, or a person looks at it."""
    assert visit.ended_at is not None
    if visit.clean:
        visit.due_at = visit.ended_at + OBJECTION
        return
    visit.due_at = None
    ticket(
        house,
        unit,
        visit,
        booking,
        "visit_flagged",
        Priority.NORMAL,
        ",".join((*visit.flags, *visit.missing)),
    )


def ticket(
    house: House, unit: Unit, visit: Visit, booking: Booking, topic: str, priority: Priority, why: str
) -> None:
    """A coordinator's ticket about a visit; one at a time of each topic."""
    elder = elder_of(unit, booking)
    staff = staff_of(unit, visit, booking)
    task = {
        "visit": visit.id,
        "booking": booking.number,
        "service": booking.service,
        "begin": booking.begin.isoformat(),
        "staff": staff.name if staff is not None else "",
        "why": why,
    }
    cause = Cause("life", topic, priority, task=task, member=elder)
    conversation = unit.conversations.of(elder.id)
    made = open_ticket(house, unit, conversation, elder, cause, f"{visit.id}:{topic}:{why}"[:150])
    if priority is Priority.URGENT and made.priority is not Priority.URGENT:
        made.priority = Priority.URGENT


def cannot(
    house: House, unit: Unit, actor: Person, visit_id: str, report: Report, reason: Impossible
) -> Visit:
    """A visit that can not take place. A carer who is ill is replaced; anything else ends it, and a person is told.

    Raises NotFound, WrongState, TooSoon where nobody can have been at the door yet.
    """
    work = _step(house, unit, actor, visit_id, report)
    visit, booking = work.visit, work.booking
    if not work.fresh or visit.state is VisitState.NOT_POSSIBLE:
        return visit
    if reason is Impossible.CARER_ILL and visit.state in BEFORE:
        from actions.replan import ill

        _noted(house, unit, work, "carer_ill")
        ill(house, unit, actor, booking)
        return visit
    if reason is Impossible.NOBODY_HOME and work.at < booking.begin:
        raise TooSoon(booking.begin.isoformat())
    visit.go(VisitState.NOT_POSSIBLE)
    visit.staff_id, visit.reason, visit.due_at = visit.staff_id or booking.staff_id, str(reason), None
    _noted(house, unit, work, "not_possible", reason=reason)
    give_back(house, unit, booking, reason, actor)
    visit_words.not_possible(house, unit, visit, booking, reason)
    grave = reason is Impossible.NOBODY_HOME
    # Nobody opens: something may have happened to the elder.
    ticket(
        house, unit, visit, booking, "visit_failed", Priority.HIGH if grave else Priority.NORMAL, str(reason)
    )
    return visit
