"""Whether a visit took place as it is told: the elder and the family say so, a person looks, corrections by two.

Only a verified visit uses up a benefit.
"""

from __future__ import annotations

from datetime import datetime

from actions.end_booking import end_booking
from actions.family import permit, permit_item
from actions.house import House
from actions.settle import commit_visit
from actions.visit_after import ended, ticket
from actions.visit_assign import note
from actions.visit_people import carer_of, staff_of
from actions.visits import reported
from domain.bookings import Booking, Status
from domain.endings import Ending
from domain.errors import NotFound, RuleBroken, WrongState
from domain.ids import new_id
from domain.people import Person, Role, Scope
from domain.policy import may_judge
from domain.store import Unit
from domain.tickets import Priority
from domain.visits import (
    CORRECTABLE,
    OVER,
    Correction,
    Flag,
    Method,
    Visit,
    VisitState,
)

# Why a visit ended that a butler found never to have been.
NOT_TAKEN_PLACE = "not_taken_place"


class BadCorrection(RuleBroken):
    """A correction without a reason, or of what can not be corrected, or to a time that can not be."""

    code = "bad_correction"


def seen(house: House, unit: Unit, actor: Person, visit_id: str, action: str) -> tuple[Visit, Booking]:
    """A visit that the elder, one of the family, a butler or its carer may see. Raises NotFound, NotAllowed."""
    visit = unit.visits.get(visit_id)
    booking = unit.bookings.get(visit.booking_id) if visit is not None else None
    if visit is None or booking is None:
        raise NotFound(visit_id)
    if actor.role is Role.CARER:
        return reported(unit, actor, visit_id, locked=False)
    permit_item(
        house,
        unit,
        actor,
        booking.member_id,
        Scope.SEE_VISITS,
        f"{action}:{booking.service}",
        item=visit_id,
        private=booking.private,
    )
    return visit, booking


def confirm(house: House, unit: Unit, actor: Person, visit_id: str, key: str, *, came: bool) -> Visit:
    """The elder or one of the family says that it was so, or that nobody came. A second word changes nothing.

    What is complete and unflagged is verified at once; 「没来过」 goes to a person, and nothing is used up.
    Raises NotFound, NotAllowed, WrongState before the agreed time.
    """
    if actor.role is not Role.MEMBER:
        raise NotFound(visit_id)
    visit, booking = seen(house, unit, actor, visit_id, "confirm_visit")
    locked = unit.visits.locked(visit.id)
    assert locked is not None
    visit = locked
    # Everybody numbers their own messages: a report, a word and a judgement of the same number are three.
    own = f"{visit.id}:said:{actor.id}:{key}"
    if unit.visits.event(own) is not None or visit.confirmed_at is not None:
        return visit
    if visit.state is VisitState.VERIFIED and came:
        return visit
    if booking.begin > house.now() or booking.status not in (Status.CONFIRMED, Status.FULFILLED):
        raise WrongState("not yet")
    note(house, unit, visit, "confirmed" if came else "objected", own, actor.id)
    if not came:
        _object(house, unit, visit, booking)
        return visit
    visit.confirmed_at, visit.confirmed_by = house.now(), actor.id
    if visit.state in (VisitState.ASSIGNED, VisitState.ON_THE_WAY) and booking.channel == "store":
        _by_elder(house, unit, actor, visit, booking)
    elif visit.clean:
        _verify(house, unit, visit, booking, actor.id)
    return visit


def _object(house: House, unit: Unit, visit: Visit, booking: Booking) -> None:
    visit.flag(Flag.OBJECTED)
    visit.due_at = None
    unit.flush()
    ticket(house, unit, visit, booking, "visit_objected", Priority.HIGH, "objected")


def _by_elder(house: House, unit: Unit, actor: Person, visit: Visit, booking: Booking) -> None:
    """A visit to a site of which only the elder tells: taken at its agreed times, and looked at by a person."""
    if visit.state is VisitState.ON_THE_WAY:
        raise WrongState("on the way")
    visit.go(VisitState.DONE)
    visit.method = Method.ELDER
    visit.arrived_at = visit.began_at = booking.begin
    visit.ended_at = booking.end
    visit.flag(Flag.SELF_REPORTED)
    ended(house, unit, visit, booking, actor)


def verify(
    house: House, unit: Unit, actor: Person, visit_id: str, key: str, *, took_place: bool = True
) -> Visit:
    """A butler has looked at a flagged visit: it counts and the benefit is used, or it never was and it comes back.

    A second time changes nothing. Raises NotFound for others, NotAllowed for who reported it, WrongState where it is not done.
    """
    visit = unit.visits.locked(visit_id)
    booking = unit.bookings.locked(visit.booking_id) if visit is not None else None
    if visit is None or booking is None:
        raise NotFound(visit_id)
    reporters = {e.actor_id for e in unit.visits.history(visit.id) if e.kind in ("arrived", "begun", "done")}
    may_judge(actor, reporters)
    permit(house, unit, actor, booking.member_id, Scope.SEE_VISITS, f"verify:{booking.service}")
    if visit.state in (VisitState.VERIFIED, VisitState.NOT_POSSIBLE):
        return visit
    if not took_place:
        visit.go(VisitState.NOT_POSSIBLE)
        visit.reason, visit.due_at = NOT_TAKEN_PLACE, None
        note(house, unit, visit, "not_taken_place", f"{visit.id}:judged:{key}", actor.id)
        end_booking(house, unit, booking, Ending.PROVIDER_NO_SHOW, actor, why=NOT_TAKEN_PLACE)
        return visit
    if visit.state is not VisitState.DONE:
        raise WrongState(str(visit.state))
    _verify(house, unit, visit, booking, actor.id, f"judged:{key}")
    return visit


def verify_clean(house: House, unit: Unit, visit: Visit, booking: Booking) -> None:
    """A day without objection: what is complete and unflagged counts."""
    if visit.clean:
        _verify(house, unit, visit, booking, None)


def _verify(
    house: House, unit: Unit, visit: Visit, booking: Booking, actor_id: str | None, key: str | None = None
) -> None:
    visit.go(VisitState.VERIFIED)
    visit.verified_at, visit.verified_by, visit.due_at = house.now(), actor_id, None
    note(house, unit, visit, "verified", f"{visit.id}:{key or 'verified'}", actor_id)
    commit_visit(house, unit, booking, f"visit:{visit.id}", actor_id or booking.member_id)
    unit.flush()


def correct(
    house: House,
    unit: Unit,
    actor: Person,
    visit_id: str,
    field: str,
    after: datetime,
    reason: str,
) -> Correction:
    """Ask for another time than was noted; it counts once a second person has agreed.

    Raises NotFound, WrongState before the end, BadCorrection without a reason or for a time that can not be.
    """
    visit, booking = reported(unit, actor, visit_id)
    if visit.state not in OVER:
        raise WrongState(str(visit.state))
    if field not in CORRECTABLE or not reason.strip() or after > house.now():
        raise BadCorrection(field)
    before: datetime | None = getattr(visit, field)
    made = Correction(
        id=new_id("vc"),
        visit_id=visit.id,
        field=field,
        before=before.isoformat() if before else None,
        after=after.isoformat(),
        reason=reason.strip()[:200],
        asked_by=actor.id,
        asked_at=house.now(),
    )
    unit.visits.add(made)
    if visit.state is VisitState.DONE:
        visit.flag(Flag.CORRECTED)
        visit.due_at = None
    note(house, unit, visit, "correction_asked", f"{made.id}:asked", actor.id, field=field, after=made.after)
    ticket(house, unit, visit, booking, "visit_correction", Priority.NORMAL, made.id)
    return made


def decide(
    house: House, unit: Unit, actor: Person, visit_id: str, correction_id: str, *, agreed: bool
) -> Correction:
    """A second person agrees to a correction or not; what was noted first stays either way.

    Raises NotFound, NotAllowed for the one who asked and the one who was there, WrongState where it is decided.
    """
    visit = unit.visits.locked(visit_id)
    booking = unit.bookings.get(visit.booking_id) if visit is not None else None
    made = next((c for c in unit.visits.corrections(visit_id) if c.id == correction_id), None)
    if visit is None or booking is None or made is None:
        raise NotFound(correction_id)
    carer = carer_of(unit, staff_of(unit, visit, booking))
    may_judge(actor, {made.asked_by, carer.id if carer else None})
    permit(house, unit, actor, booking.member_id, Scope.SEE_VISITS, f"correct:{booking.service}")
    if made.decided_at is not None:
        raise WrongState("decided")
    made.decided_by, made.decided_at, made.agreed = actor.id, house.now(), agreed
    kind = "correction_agreed" if agreed else "correction_refused"
    note(house, unit, visit, kind, f"{made.id}:decided", actor.id, field=made.field)
    return made
