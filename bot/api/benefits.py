"""Whether a benefit carries a wish; and how a booking ends without a visit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, Field

from actions import assess
from actions.end_booking import cancel_booking, fail_booking
from actions.enrol import open_case
from actions.family import permit
from actions.find_times import FURTHEST
from actions.look_up_benefits import judge_wish
from actions.refusals import explain
from bot.api import shapes
from bot.api.access import Owner, Ports, Staff
from bot.api.mine import For, subject
from domain.endings import Ending
from domain.people import Scope

router = APIRouter(prefix="/api/v1", tags=["benefits"])


class Failure(BaseModel):
    """Why it could not be: `elder_no_show`, `provider_no_show`, `weather`, `carer_ill`, `not_possible`."""

    reason: Ending


class AssessmentIn(BaseModel):
    """What a certified assessor found: a level of GB/T 42195-2022, valid through a day."""

    level: int = Field(ge=0, le=4)
    assessed_on: date
    valid_until: date


class CaseIn(BaseModel):
    """A case that a doctor butler opens. `key` makes a repeat harmless."""

    key: str = Field(min_length=1, max_length=36)
    note: str | None = Field(None, max_length=200)


@router.get("/me/eligibility", tags=["me"])
def eligibility(
    person: Owner,
    parts: Ports,
    service: Annotated[str, Query(max_length=40)],
    channel: Annotated[str | None, Query(max_length=8)] = None,
    day: Annotated[date | None, Query(description="tomorrow where none is named")] = None,
    wanted: For = None,
) -> shapes.EligibilityOut:
    """Whether a benefit carries a service on a day, and if not why, until when, and what can be done."""
    house = parts.house
    found = house.catalogue.find(service)
    if found is None or (channel is not None and channel not in found.channels):
        raise HTTPException(422, "没有这样的服务或做法")
    on = day or house.today() + timedelta(days=1)
    if not house.today() <= on <= house.today() + 7 * FURTHEST:
        raise HTTPException(422, "日子要在今天以后的一年里")
    with house.store.write() as unit:
        member = subject(unit, person, wanted)
        permit(house, unit, person, member.id, Scope.SEE_PLAN, f"api:eligibility:{service}")
        verdicts = [
            judge_wish(house, unit, member, service, way, on)
            for way in ((channel,) if channel else found.channels)
        ]
        verdict = next((v for v in verdicts if v.entitlement is not None), verdicts[0])
        why = explain(house, unit, person, member, found, verdict) if verdict.entitlement is None else None
        return shapes.eligibility(verdict, why, member.id)


@router.post("/bookings/{booking_id}/cancel")
def cancel(booking_id: str, person: Owner, parts: Ports) -> shapes.EndedOut:
    """Drop a booking, in time or late. 403 where the consent does not reach it, 409 where it has begun."""
    with parts.house.store.write() as unit:
        return shapes.ended(cancel_booking(parts.house, unit, person, booking_id))


@router.post("/bookings/{booking_id}/fail")
def fail(booking_id: str, body: Failure, person: Staff, parts: Ports) -> shapes.EndedOut:
    """What staff report: nobody was there, nobody came, weather, a carer who is ill."""
    with parts.house.store.write() as unit:
        return shapes.ended(fail_booking(parts.house, unit, person, booking_id, body.reason))


@router.post("/members/{member_id}/assessments", status_code=201)
def assessment(member_id: str, body: AssessmentIn, person: Owner, parts: Ports) -> dict[str, object]:
    """Write down what an assessor found. 403 for anybody who is not certified for it; never the AI."""
    with parts.house.store.write() as unit:
        member = subject(unit, person, member_id)
        kept = assess.record(
            parts.house, unit, person, member, body.level, body.assessed_on, body.valid_until
        )
        return {"id": kept.id, "level": kept.level, "valid_until": kept.valid_until.isoformat()}


@router.post("/members/{member_id}/cases", status_code=201)
def case(member_id: str, body: CaseIn, person: Staff, parts: Ports) -> dict[str, object]:
    """Begin a case, for which benefits per case are granted. 403 for anybody but a doctor butler."""
    with parts.house.store.write() as unit:
        member = subject(unit, person, member_id)
        opened = open_case(parts.house, unit, person, member, body.key, body.note)
        return {"id": opened.id, "opened_on": opened.opened_on.isoformat()}
