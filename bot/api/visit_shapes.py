"""The JSON shapes of visits: what members see, what those who come see (the card), what coordinators see beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from actions import needs, visit_words
from actions.house import House
from actions.visit_people import elder_of, staff_of
from bot.api.shapes import AppointmentOut, appointment
from domain import standards
from domain.bookings import Booking, Status
from domain.clock import SHANGHAI
from domain.people import Person, Role
from domain.store import Unit
from domain.visits import BEFORE, Correction, Impossible, Photo, Visit, VisitState, corrected


class VisitOut(AppointmentOut):
    """A visit. `elements` are the six of visit verification; `code` is told to the elder alone."""

    booking: str
    state: str
    staff_name: str | None
    provider: str
    on_the_way_at: datetime | None
    expected_at: datetime | None
    arrived_at: datetime | None
    began_at: datetime | None
    ended_at: datetime | None
    verified_at: datetime | None
    confirmed: bool
    steps: list[int]
    records: dict[str, str]
    note: str | None
    reason: str | None
    elements: dict[str, Any]
    missing: list[str]
    flags: list[str] = Field(default_factory=list)
    code: str | None = None
    card: dict[str, Any] | None = None
    leave: dict[str, bool] | None = None
    photos: list[str] = Field(default_factory=list)


class ReportIn(BaseModel):
    """A step. `message_id` makes a repeat harmless.

    Where there was no network, `at` is when it happened, or `seconds_ago` how long since (which needs no right clock).
    """

    message_id: str = Field(min_length=1, max_length=80)
    at: datetime | None = None
    seconds_ago: int | None = Field(None, ge=0, le=86_400)


class ArriveIn(ReportIn):
    """The place with its accuracy in metres, or the elder's four digits, or neither (which is flagged)."""

    lat: float | None = Field(None, ge=-90, le=90)
    lon: float | None = Field(None, ge=-180, le=180)
    accuracy: float = Field(0, ge=0, le=100_000)
    code: str | None = Field(None, pattern=r"^\d{4}$")


class BeginIn(ReportIn):
    """`seen` are the needs of the standard that were unknown and have been seen at the door."""

    seen: list[str] = Field([], max_length=30)


class DoneIn(ReportIn):
    """`steps` are the numbers of the standard's steps that were done; a note needs the elder's leave."""

    steps: list[int] = Field(max_length=50)
    records: dict[str, str] = {}
    note: str | None = Field(None, max_length=1000)


class NoteIn(ReportIn):
    """What the one who is there writes down, with the elder's leave."""

    text: str = Field(min_length=1, max_length=500)


class CannotIn(ReportIn):
    reason: Impossible


class ConfirmIn(BaseModel):
    """Whether somebody came, said by the elder or one of the family."""

    message_id: str = Field(min_length=1, max_length=80)
    came: bool = True


class VerifyIn(BaseModel):
    message_id: str = Field(min_length=1, max_length=80)
    took_place: bool = True


class CorrectIn(BaseModel):
    """Another time than was noted, and why."""

    field: str = Field(max_length=20)
    value: datetime
    reason: str = Field(max_length=200)


class DecideIn(BaseModel):
    agreed: bool


class AbsenceIn(BaseModel):
    """Somebody who comes will not be there."""

    begin: datetime
    end: datetime
    reason: str = Field(min_length=1, max_length=60)


class CorrectionOut(BaseModel):
    id: str
    visit: str
    field: str
    before: datetime | None
    after: datetime
    reason: str
    asked_by: str
    decided_by: str | None
    agreed: bool | None


class EventOut(BaseModel):
    kind: str
    at: datetime
    noted_at: datetime
    actor: str | None
    detail: dict[str, str]


def visit(house: House, unit: Unit, one: Visit, booking: Booking, reader: Person) -> VisitOut:
    """A visit as this reader may see it; that it may be seen at all was settled before."""
    staff = staff_of(unit, one, booking)
    times = corrected(one, unit.visits.corrections(one.id))
    told: dict[str, Any] = {name: _local(moment) for name, moment in times.items()}
    inside = reader.role is not Role.MEMBER
    return VisitOut(
        id=one.id,
        booking=booking.id,
        **appointment(booking),
        state=state_of(one, booking),
        staff=staff.id if staff else None,
        staff_name=staff.name if staff else None,
        provider=booking.provider_id,
        expected_at=_local(one.expected_at),
        verified_at=_local(one.verified_at),
        **told,
        confirmed=one.confirmed_at is not None,
        steps=one.steps,
        records=one.records,
        note=one.note,
        reason=one.reason,
        elements=_elements(one, booking, times),
        missing=one.missing,
        flags=one.flags if inside else [],
        code=one.code if reader.id == booking.member_id and one.state in BEFORE else None,
        card=card(house, unit, booking) if inside else None,
        leave=one.leave if inside else None,
        photos=[photo.id for photo in unit.visits.photos(one.id)],
    )


def state_of(one: Visit, booking: Booking) -> str:
    """The state; the visit of a booking that no longer stands is called off, whether or not that was noted yet."""
    stands = booking.status in (Status.CONFIRMED, Status.FULFILLED)
    if not stands and one.state in BEFORE:
        return str(VisitState.CALLED_OFF)
    return str(one.state)


def _elements(one: Visit, booking: Booking, times: dict[str, datetime | None]) -> dict[str, Any]:
    began, ended = _local(times["began_at"]), _local(times["ended_at"])
    return {
        "service": booking.service,
        "person": booking.member_id,
        "date": booking.begin.astimezone(SHANGHAI).date().isoformat(),
        "place": {"method": one.method, "metres": one.distance_m, "accuracy": one.accuracy_m},
        "provider": one.staff_id,
        "begin": began.isoformat() if began else None,
        "end": ended.isoformat() if ended else None,
    }


def card(house: House, unit: Unit, booking: Booking) -> dict[str, Any]:
    """What those who come are to know, and the whole standard."""
    elder, standard = elder_of(unit, booking), standards.load()[booking.service]
    return {
        "name": elder.name,
        "called": elder.called,
        "service_name": visit_words.service_of(house, booking),
        "phone": elder.phone,
        "address": booking.address,
        "dialect": elder.dialect,
        "facts": [{"label": a, "value": b} for a, b in visit_words.facts(house, unit, elder, standard)],
        "to_be_seen": standard.unknown(needs.facts_of(unit, elder, house.today())),
        **standard_of(standard),
    }


def standard_of(standard: standards.Standard) -> dict[str, Any]:
    """The whole standard of a service."""
    return {
        "service": standard.service,
        "certificate": standard.certificate,
        "grades": standard.grades,
        "years": standard.years,
        "minutes": standard.minutes,
        "occupies": standard.occupies,
        "how": standard.how,
        "needs": [
            {"need": item.text, "must": item.must, "met": standards.how_met(item)} for item in standard.needs
        ],
        "never": standard.never,
        "steps": [
            {"number": number, "text": item.text, "must": item.must}
            for number, item in enumerate(standard.steps, 1)
        ],
        "records": standard.records,
        "radius_m": standard.radius_m,
    }


def correction(one: Correction) -> CorrectionOut:
    """A correction with both times."""
    return CorrectionOut(
        id=one.id,
        visit=one.visit_id,
        field=one.field,
        before=_local(datetime.fromisoformat(one.before)) if one.before else None,
        after=datetime.fromisoformat(one.after).astimezone(SHANGHAI),
        reason=one.reason,
        asked_by=one.asked_by,
        decided_by=one.decided_by,
        agreed=one.agreed,
    )


def photo(one: Photo) -> dict[str, Any]:
    """A photograph's row, without where it lies."""
    return {"id": one.id, "visit": one.visit_id, "kind": one.kind, "size": one.size}


def _local(moment: datetime | None) -> datetime | None:
    return moment.astimezone(SHANGHAI) if moment is not None else None
