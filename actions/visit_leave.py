"""Notes and photographs of a visit: only with the elder's leave, asked for each visit and each kind apart."""

from __future__ import annotations

from actions.house import House
from actions.photograph import BadPhoto, bare, kind_of
from actions.visit_assign import note
from actions.visit_people import button, carer_of, elder_of, staff_name, staff_of, tell
from actions.visits import reported
from domain.errors import NotFound, WrongState
from domain.ids import new_id
from domain.people import Person
from domain.store import Unit
from domain.visits import NotAllowedHere, Photo, Visit, VisitState

KINDS = ("note", "photo")
MOST_PHOTOS = 10
_THERE = (VisitState.ARRIVED, VisitState.IN_SERVICE, VisitState.DONE)


def ask(house: House, unit: Unit, actor: Person, visit_id: str, kind: str) -> Visit:
    """Ask the elder for leave; once a visit and kind. Raises NotFound, WrongState where nobody is there."""
    visit, booking = reported(unit, actor, visit_id)
    if kind not in KINDS:
        raise NotFound(kind)
    if visit.state not in _THERE:
        raise WrongState(str(visit.state))
    if kind in visit.leave:
        return visit
    staff = staff_name(house, staff_of(unit, visit, booking))
    choices = [
        button(house, "leave_yes", f"leave_visit:{kind}:yes:{visit.id}"),
        button(house, "leave_no", f"leave_visit:{kind}:no:{visit.id}"),
    ]
    text = house.words.say(f"leave_{kind}", staff=staff)
    tell(house, unit, elder_of(unit, booking), text, f"{visit.id}:leave:{kind}", choices)
    return visit


def answer(house: House, unit: Unit, actor: Person, visit_id: str, kind: str, *, yes: bool) -> Visit:
    """The elder's own answer, which the carer hears. Raises NotFound for anybody else."""
    visit = unit.visits.locked(visit_id)
    booking = unit.bookings.get(visit.booking_id) if visit is not None else None
    if visit is None or booking is None or booking.member_id != actor.id or kind not in KINDS:
        raise NotFound(visit_id)
    visit.leave = {**visit.leave, kind: yes}
    key = f"{visit.id}:leave:{kind}:{len(unit.visits.history(visit.id))}"
    note(house, unit, visit, "leave_given" if yes else "leave_refused", key, actor.id, kind=kind)
    carer = carer_of(unit, staff_of(unit, visit, booking))
    if carer is not None:
        what = house.words.say(f"leave_what_{kind}")
        text = house.words.say("leave_yes_carer" if yes else "leave_no_carer", what=what)
        tell(house, unit, carer, text, f"{key}:carer")
    return visit


def write(house: House, unit: Unit, actor: Person, visit_id: str, text: str, key: str) -> Visit:
    """A note of the one who is there. Raises NotFound, WrongState, NotAllowedHere without the elder's leave."""
    visit, _ = reported(unit, actor, visit_id)
    _may(visit, "note")
    # Apart from the keys of reports: a note is no repeat of an arrival that was told under the same one.
    mine = f"{visit.id}:note:{key}"
    if unit.visits.event(mine) is None:
        visit.note = "\n".join(filter(None, (visit.note, text.strip()[:500])))[:2000]
        note(house, unit, visit, "note", mine, actor.id)
    return visit


def photo(house: House, unit: Unit, actor: Person, visit_id: str, body: bytes) -> tuple[Photo, bytes]:
    """The row of a photograph, and the bytes to keep at its `path`: without what the camera wrote of place and owner.

    Raises NotFound, WrongState, NotAllowedHere without the elder's leave, BadPhoto.
    """
    visit, _ = reported(unit, actor, visit_id)
    _may(visit, "photo")
    kind = kind_of(body)
    if len(unit.visits.photos(visit.id)) >= MOST_PHOTOS:
        raise BadPhoto("many")
    kept = bare(body)
    photo_id = new_id("ph")
    made = Photo(
        id=photo_id,
        visit_id=visit.id,
        path=f"visits/{visit.id}/{photo_id}.{'jpg' if kind == 'image/jpeg' else 'png'}",
        kind=kind,
        size=len(kept),
        taken_by=actor.id,
        taken_at=house.now(),
    )
    unit.visits.add(made)
    note(house, unit, visit, "photo", f"{photo_id}:taken", actor.id, photo=photo_id)
    return made, kept


def _may(visit: Visit, kind: str) -> None:
    if visit.state not in _THERE:
        raise WrongState(str(visit.state))
    if not visit.leave.get(kind):
        raise NotAllowedHere(kind)
