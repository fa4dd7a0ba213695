"""Visits over HTTP: those who come report their steps, the elder and the family confirm, coordinators verify."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response

from actions import replan, visit_arrival, visit_checks, visit_leave, visits
from actions.family import permit
from actions.photograph import LARGEST
from actions.visits import Report
from bot.api import visit_shapes as shapes
from bot.api.access import Owner, Ports, Staff
from bot.api.bodies import body_of
from bot.api.mine import subject
from bot.api.shapes import Page
from bot.parts import Parts
from domain import standards
from domain.clock import SHANGHAI, local_day
from domain.errors import NotFound
from domain.people import Person, Role, Scope
from domain.places import Spot
from domain.policy import may_see_booking
from domain.store import Unit
from domain.visits import Visit, WrongCode

router = APIRouter(prefix="/api/v1", tags=["visits"])
Key = Annotated[str, Query(min_length=1, max_length=80)]
Limit = Annotated[int, Query(ge=1, le=200)]
# How far back a member's list goes.
_PAST = timedelta(days=30)


def _shown(parts: Parts, unit: Unit, visit: Visit, reader: Person) -> shapes.VisitOut:
    booking = unit.bookings.get(visit.booking_id)
    assert booking is not None
    return shapes.visit(parts.house, unit, visit, booking, reader)


def _report(parts: Parts, body: shapes.ReportIn) -> Report:
    at = body.at
    if at is None and body.seconds_ago:
        at = parts.house.now() - timedelta(seconds=body.seconds_ago)
    if at is not None and at.tzinfo is None:
        at = at.replace(tzinfo=SHANGHAI)
    return Report(body.message_id, at)


def _day(parts: Parts, day: str | None) -> tuple[datetime, datetime]:
    """A day in Shanghai as a period; today where none is said. 422 where it is no day."""
    try:
        found = datetime.fromisoformat(day).date() if day else local_day(parts.house.now())
    except ValueError as error:
        raise HTTPException(422, "day 要写成 2026-11-24 这样") from error
    begin = datetime.combine(found, datetime.min.time(), SHANGHAI)
    return begin, begin + timedelta(days=1)


@router.get("/me/visits")
def mine(
    person: Owner,
    parts: Ports,
    wanted: Annotated[str | None, Query(alias="for", description="a relative's id or handle")] = None,
    day: str | None = None,
) -> Page[shapes.VisitOut]:
    """A member's visits of the last month and to come; for those who come, the visits of a day (today)."""
    if person.role is Role.CARER:
        with parts.house.store.read() as unit:
            own = unit.visits.of_carer(person.id, *_day(parts, day))
            return Page(items=[shapes.visit(parts.house, unit, v, b, person) for v, b in own])
    with parts.house.store.write() as unit:
        member = subject(unit, person, wanted)
        reach = permit(parts.house, unit, person, member.id, Scope.SEE_VISITS, "api:visits")
        found = unit.visits.of_member(member.id, parts.house.now() - _PAST, 200)
        seen = [(v, b) for v, b in found if may_see_booking(reach.basis, private=b.private)]
        return Page(items=[shapes.visit(parts.house, unit, v, b, person) for v, b in seen])


@router.get("/visits")
def day_of_all(
    person: Staff,
    parts: Ports,
    day: str | None = None,
    flagged: bool = False,
    after: str | None = None,
    limit: Limit = 50,
) -> Page[shapes.VisitOut]:
    """Everybody's visits of a day, for coordinators; `flagged` leaves those that a person has to look at."""
    with parts.house.store.read() as unit:
        found = unit.visits.within(*_day(parts, day), after=after, limit=limit, flagged=flagged)
        following = found[-1][0].id if len(found) == limit else None
        items = [shapes.visit(parts.house, unit, v, b, person) for v, b in found]
        return Page(items=items, next=following)


@router.get("/visits/{visit_id}")
def one(visit_id: str, person: Owner, parts: Ports) -> shapes.VisitOut:
    """One visit, as far as the reader may see it."""
    with parts.house.store.write() as unit:
        visit, _ = visit_checks.seen(parts.house, unit, person, visit_id, "api:visit")
        return _shown(parts, unit, visit, person)


@router.get("/visits/{visit_id}/events")
def history(visit_id: str, person: Owner, parts: Ports) -> Page[shapes.EventOut]:
    """What happened, line by line; for its carer and for coordinators."""
    with parts.house.store.read() as unit:
        visits.reported(unit, person, visit_id, locked=False)
        return Page(
            items=[
                shapes.EventOut(kind=e.kind, at=e.at, noted_at=e.noted_at, actor=e.actor_id, detail=e.detail)
                for e in unit.visits.history(visit_id)
            ]
        )


@router.post("/visits/{visit_id}/on_the_way")
def on_the_way(visit_id: str, body: shapes.ReportIn, person: Owner, parts: Ports) -> shapes.VisitOut:
    """Set out: the elder is told."""
    with parts.house.store.write() as unit:
        visit = visits.on_the_way(parts.house, unit, person, visit_id, _report(parts, body))
        return _shown(parts, unit, visit, person)


@router.post("/visits/{visit_id}/arrived")
def arrived(visit_id: str, body: shapes.ArriveIn, person: Owner, parts: Ports) -> shapes.VisitOut:
    """There: by place, by the elder's code, or flagged. 422 for a wrong code, which is counted."""
    there = body.lat is not None and body.lon is not None
    spot = Spot(body.lat or 0.0, body.lon or 0.0, body.accuracy) if there else None
    with parts.house.store.write() as unit:
        done = visit_arrival.arrive(
            parts.house, unit, person, visit_id, _report(parts, body), spot, body.code
        )
        shown = _shown(parts, unit, done.visit, person)
    if done.wrong_code:
        raise WrongCode(done.left)
    return shown


@router.post("/visits/{visit_id}/begin")
def begin(visit_id: str, body: shapes.BeginIn, person: Owner, parts: Ports) -> shapes.VisitOut:
    """The service begins."""
    with parts.house.store.write() as unit:
        visit = visits.begin(parts.house, unit, person, visit_id, _report(parts, body), body.seen)
        return _shown(parts, unit, visit, person)


@router.post("/visits/{visit_id}/done")
def done(visit_id: str, body: shapes.DoneIn, person: Owner, parts: Ports) -> shapes.VisitOut:
    """The service is done: the elder is asked, the family gets the card."""
    with parts.house.store.write() as unit:
        visit = visits.finish(
            parts.house, unit, person, visit_id, _report(parts, body), body.steps, body.records, body.note
        )
        return _shown(parts, unit, visit, person)


@router.post("/visits/{visit_id}/not_possible")
def not_possible(visit_id: str, body: shapes.CannotIn, person: Owner, parts: Ports) -> shapes.VisitOut:
    """It can not take place; a carer who is ill is replaced."""
    with parts.house.store.write() as unit:
        visit = visits.cannot(parts.house, unit, person, visit_id, _report(parts, body), body.reason)
        return _shown(parts, unit, visit, person)


@router.post("/visits/{visit_id}/confirm")
def confirm(visit_id: str, body: shapes.ConfirmIn, person: Owner, parts: Ports) -> shapes.VisitOut:
    """The elder or one of the family says whether somebody came."""
    with parts.house.store.write() as unit:
        visit = visit_checks.confirm(parts.house, unit, person, visit_id, body.message_id, came=body.came)
        return _shown(parts, unit, visit, person)


@router.post("/visits/{visit_id}/verify")
def verify(visit_id: str, body: shapes.VerifyIn, person: Staff, parts: Ports) -> shapes.VisitOut:
    """A coordinator has looked: it counts, or it never was. 403 for who reported it."""
    with parts.house.store.write() as unit:
        visit = visit_checks.verify(
            parts.house, unit, person, visit_id, body.message_id, took_place=body.took_place
        )
        return _shown(parts, unit, visit, person)


@router.post("/visits/{visit_id}/correct", status_code=201)
def correct(visit_id: str, body: shapes.CorrectIn, person: Owner, parts: Ports) -> shapes.CorrectionOut:
    """Ask for another time than was noted; it counts when a second person agrees."""
    value = body.value if body.value.tzinfo else body.value.replace(tzinfo=SHANGHAI)
    with parts.house.store.write() as unit:
        made = visit_checks.correct(parts.house, unit, person, visit_id, body.field, value, body.reason)
        return shapes.correction(made)


@router.get("/visits/{visit_id}/corrections")
def corrections(visit_id: str, person: Owner, parts: Ports) -> Page[shapes.CorrectionOut]:
    """The corrections of a visit, asked for and decided."""
    with parts.house.store.read() as unit:
        visits.reported(unit, person, visit_id, locked=False)
        return Page(items=[shapes.correction(c) for c in unit.visits.corrections(visit_id)])


@router.post("/visits/{visit_id}/corrections/{correction_id}")
def decide(
    visit_id: str, correction_id: str, body: shapes.DecideIn, person: Staff, parts: Ports
) -> shapes.CorrectionOut:
    """A second person agrees or not. 403 for the one who asked."""
    with parts.house.store.write() as unit:
        made = visit_checks.decide(parts.house, unit, person, visit_id, correction_id, agreed=body.agreed)
        return shapes.correction(made)


@router.post("/visits/{visit_id}/leave/{kind}")
def ask_leave(visit_id: str, kind: str, person: Owner, parts: Ports) -> dict[str, Any]:
    """Ask the elder's leave for a `note` or a `photo`; `leave` is null until it is answered."""
    with parts.house.store.write() as unit:
        visit = visit_leave.ask(parts.house, unit, person, visit_id, kind)
        return {"kind": kind, "leave": visit.leave.get(kind)}


@router.post("/visits/{visit_id}/note")
def write_note(visit_id: str, body: shapes.NoteIn, person: Owner, parts: Ports) -> shapes.VisitOut:
    """Write something down, with the elder's leave."""
    with parts.house.store.write() as unit:
        visit = visit_leave.write(parts.house, unit, person, visit_id, body.text, body.message_id)
        return _shown(parts, unit, visit, person)


@router.post("/visits/{visit_id}/photos", status_code=201)
async def add_photo(visit_id: str, request: Request, person: Owner, parts: Ports) -> dict[str, Any]:
    """Keep a photograph (the body of the request), with the elder's leave."""
    body = await body_of(request, LARGEST, "照片太大了")
    with parts.house.store.write() as unit:
        made, kept = visit_leave.photo(parts.house, unit, person, visit_id, body)
        # Written before the row is committed: a row without its file would be a promise.
        _write(parts.settings.var / made.path, kept)
        return shapes.photo(made)


def _write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_bytes(body)
    path.chmod(0o600)


@router.get("/visits/{visit_id}/photos/{photo_id}")
def photo(visit_id: str, photo_id: str, person: Owner, parts: Ports) -> Response:
    """A photograph, for who may see the visit."""
    with parts.house.store.write() as unit:
        visit, _ = visit_checks.seen(parts.house, unit, person, visit_id, "see_photo")
        found = next((p for p in unit.visits.photos(visit.id) if p.id == photo_id), None)
    if found is None or not (path := parts.settings.var / found.path).exists():
        raise NotFound(photo_id)
    return Response(path.read_bytes(), media_type=found.kind, headers={"Cache-Control": "private, no-store"})


@router.get("/services/{code}/standard")
def standard(code: str, person: Owner) -> dict[str, Any]:
    """The whole standard of a service, for those who come and for coordinators."""
    found = standards.load().get(code)
    if found is None or person.role is Role.MEMBER:
        raise NotFound(code)
    return shapes.standard_of(found)


@router.post("/staff/{staff_id}/absences", status_code=201)
def absence(staff_id: str, body: shapes.AbsenceIn, person: Staff, parts: Ports) -> dict[str, int]:
    """Somebody who comes will not be there; their visits in that time are planned anew."""
    begin, end = (m if m.tzinfo else m.replace(tzinfo=SHANGHAI) for m in (body.begin, body.end))
    if begin >= end:
        raise HTTPException(422, "end 要在 begin 之后")
    with parts.house.store.write() as unit:
        if unit.providers.staff(staff_id) is None:
            raise NotFound(staff_id)
        hit = replan.away(parts.house, unit, staff_id, begin, end, body.reason, person.id)
        return {"planned_anew": hit}
