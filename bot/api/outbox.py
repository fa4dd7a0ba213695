"""How the outbox does, for staff: counts for each door, and what was given up with its reason. Never the words."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from bot.api.access import Ports, Staff
from domain.clock import local

router = APIRouter(prefix="/api/v1", tags=["staff"])


class DoorOut(BaseModel):
    """`perhaps_doubled` counts deliveries of which a send ended in the dark, `unknown` how many such sends there were."""

    door: str
    state: str
    count: int
    perhaps_doubled: int
    unknown: int


class GivenUpOut(BaseModel):
    id: int
    door: str
    person: str
    reason: str | None
    attempts: int
    due: datetime


class OutboxOut(BaseModel):
    doors: list[DoorOut]
    given_up: list[GivenUpOut]
    next: int | None


@router.get("/outbox")
def outbox(
    person: Staff,
    parts: Ports,
    after: Annotated[int | None, Query(ge=0)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> OutboxOut:
    """Counts by door and state, and what was given up, newest first."""
    with parts.house.store.read() as unit:
        given_up = unit.doors.given_up(after, limit)
        doors = [
            DoorOut(door=door, state=str(state), count=count, perhaps_doubled=doubled, unknown=unknown)
            for door, state, count, doubled, unknown in unit.doors.tally()
        ]
    return OutboxOut(
        doors=doors,
        given_up=[
            GivenUpOut(
                id=delivery.id or 0,
                door=account.door,
                person=account.person_id,
                reason=delivery.reason,
                attempts=delivery.attempts,
                due=local(delivery.due_at),
            )
            for delivery, account in given_up
        ],
        next=given_up[-1][0].id if len(given_up) == limit else None,
    )
