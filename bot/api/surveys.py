"""Surveys over HTTP: what one was asked, with the answer; for the family as far as consent goes, for coordinators all."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from actions import rate, surveys
from bot.api.access import Owner, Ports, Staff
from bot.api.mine import For, subject
from bot.api.shapes import Page
from domain.bookings import Booking
from domain.clock import SHANGHAI
from domain.people import Person
from domain.surveys import How, Survey, SurveyKind, Why

router = APIRouter(prefix="/api/v1", tags=["surveys"])
Limit = Annotated[int, Query(ge=1, le=200)]


class SurveyOut(BaseModel):
    """One question to `person` about `member`. `score` is 1 to 5 of a visit, 0 to 10 of a recommendation.

    `asked_at` is null where the person spoke before being asked; `why` and `words` are null for the family.
    """

    id: str
    kind: SurveyKind
    person: str
    member: str
    booking: str | None
    service: str | None
    asked_at: datetime | None
    nudged_at: datetime | None
    answered_at: datetime | None
    score: int | None
    why: Why | None
    words: str | None
    declined: bool
    ticket: str | None


class AnswerIn(BaseModel):
    """A score, with words where there are any. `message_id` makes a repeat harmless."""

    score: int = Field(ge=0, le=10)
    words: str | None = Field(None, max_length=rate.LONGEST)
    message_id: str = Field(min_length=1, max_length=80)


def _shape(survey: Survey, booking: Booking | None, reader: Person) -> SurveyOut:
    open_words = surveys.own_words(survey, reader)
    return SurveyOut(
        id=survey.id,
        kind=survey.kind,
        person=survey.person_id,
        member=survey.member_id,
        booking=survey.booking_id,
        service=booking.service if booking is not None else None,
        asked_at=_local(survey.asked_at),
        nudged_at=_local(survey.nudged_at),
        answered_at=_local(survey.scored_at),
        score=survey.score,
        why=survey.why if open_words else None,
        words=survey.words if open_words else None,
        declined=survey.declined_at is not None,
        ticket=survey.ticket_id if reader.role.is_butler else None,
    )


def _local(moment: datetime | None) -> datetime | None:
    return moment.astimezone(SHANGHAI) if moment is not None else None


@router.get("/me/surveys")
def mine(
    person: Owner, parts: Ports, wanted: For = None, after: str | None = None, limit: Limit = 50
) -> Page[SurveyOut]:
    """What the token's owner was asked or said, newest first; with `for` what was asked about a relative's visits."""
    with parts.house.store.write() as unit:
        if wanted is None:
            found = surveys.mine(unit, person, after, limit)
            following = found[-1][0].id if len(found) == limit else None
        else:
            member = subject(unit, person, wanted)
            found, following = surveys.about(parts.house, unit, person, member, after, limit)
        return Page(items=[_shape(*row, person) for row in found], next=following)


@router.post("/me/surveys/{survey_id}")
def answer(survey_id: str, body: AnswerIn, person: Owner, parts: Ports) -> SurveyOut:
    """Rate, or change it within a day (later the words alone are kept). 404 for what is another's, or no such score."""
    with parts.house.store.write() as unit:
        key = f"{survey_id}:{person.id}:{body.message_id}"
        said = rate.Answer(key, How.API, score=body.score, words=body.words)
        rate.rate(parts.house, unit, person, survey_id, said)
        survey = rate.own(unit, person, survey_id)
        booking = unit.bookings.get(survey.booking_id) if survey.booking_id else None
        return _shape(survey, booking, person)


@router.get("/surveys")
def all_of_them(
    person: Staff,
    parts: Ports,
    member: Annotated[str | None, Query(description="about this member's visits alone")] = None,
    answered: bool | None = None,
    after: str | None = None,
    limit: Limit = 50,
) -> Page[SurveyOut]:
    """Everybody's, newest first, for coordinators. 404 for others."""
    with parts.house.store.read() as unit:
        found = unit.surveys.page(member_id=member, answered=answered, after=after, limit=limit)
        following = found[-1][0].id if len(found) == limit else None
        return Page(items=[_shape(*row, person) for row in found], next=following)
