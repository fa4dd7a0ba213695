"""The record of dangers: for staff whose ticket it is, and for whom it happened to."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from actions import hand_over, incident
from bot.api.access import Owner, Ports, Staff
from bot.api.shapes import Page
from domain.clock import SHANGHAI
from domain.incidents import Happened, IncidentLine
from domain.store import Unit

router = APIRouter(prefix="/api/v1", tags=["staff"])
own_router = APIRouter(prefix="/api/v1", tags=["me"])


class IncidentLineOut(BaseModel):
    """One line: what happened, to whom it was told or who did it, and what is known of it. Never changed."""

    id: int
    ticket: str
    happened: Happened
    at: datetime
    who: str | None
    who_name: str | None
    detail: dict[str, str]


@router.get("/tickets/{ticket_id}/incident")
def of_ticket(ticket_id: str, person: Staff, parts: Ports) -> Page[IncidentLineOut]:
    """What happened in a danger, oldest first; nothing where the ticket is about none."""
    with parts.house.store.read() as unit:
        found = hand_over.readable(unit, person, ticket_id)
        return Page(items=[_line(unit, one) for one in incident.of_ticket(unit, person, found)])


@own_router.get("/me/incidents")
def of_me(person: Owner, parts: Ports) -> Page[IncidentLineOut]:
    """Everything on record of the token's owner's dangers."""
    with parts.house.store.read() as unit:
        return Page(items=[_line(unit, one) for one in incident.of_person(unit, person, person.id)])


def _line(unit: Unit, one: IncidentLine) -> IncidentLineOut:
    who = unit.people.get(one.who_id) if one.who_id else None
    assert one.id is not None
    return IncidentLineOut(
        id=one.id,
        ticket=one.ticket_id,
        happened=one.happened,
        at=one.at.astimezone(SHANGHAI),
        who=one.who_id,
        who_name=who.name if who is not None else None,
        detail={name: said for name, said in one.detail.items() if name != "audience"},
    )
