"""The JSON shapes of the desk: tickets with their clocks, notes, history, shifts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from pydantic import BaseModel, Field

from actions.house import House
from bot.api.sent_files import FileOut, file_out
from domain.clock import SHANGHAI
from domain.conversations import Message
from domain.desk import Duty
from domain.people import Person
from domain.policy import may_read_words
from domain.store import Unit
from domain.tickets import Alert, Audience, Complaint, Note, Ticket, TicketEvent
from domain.topics import Sent


class Words(BaseModel):
    """What a person says to the member. `message_id` makes a repeat harmless."""

    text: str = Field(min_length=1, max_length=4000)
    message_id: str | None = Field(None, min_length=1, max_length=80)


class Outcome(BaseModel):
    """One line of what came of it; the member reads it."""

    outcome: str = Field(min_length=1, max_length=400)


class ClaimIn(BaseModel):
    """`version` refuses a ticket that has changed since it was read."""

    version: int | None = None


class NoteIn(Words):
    """A private note; a doctor's is for doctors where `audience` says nothing else."""

    audience: Audience | None = None


class TransferIn(BaseModel):
    queue: str = Field(max_length=8)
    reason: str = Field(min_length=1, max_length=400)


class WaitIn(BaseModel):
    """An `until` without a zone is Shanghai's."""

    until: datetime
    reason: str = Field(min_length=1, max_length=400)


class ReasonIn(BaseModel):
    reason: str = Field(min_length=1, max_length=400)


class ComplaintIn(BaseModel):
    """A step of a complaint: `called`, `proposed`, `extend` (with a `kind`: complex or special)."""

    step: str = Field(max_length=16)
    text: str = Field(min_length=1, max_length=400)
    kind: str | None = Field(None, max_length=16)


class ShiftIn(BaseModel):
    """A weekly shift (Monday is 0), local time; over midnight where it ends before it starts."""

    queue: str = Field(pattern="^(life|doctor)$")
    tier: int = Field(1, ge=1, le=3)
    weekday: int = Field(ge=0, le=6)
    starts: time
    ends: time


class ShiftsIn(BaseModel):
    items: list[ShiftIn] = Field(max_length=100)


class ComplaintOut(BaseModel):
    """A complaint's own path; days are included."""

    kind: str
    received_at: datetime
    call_due: datetime
    propose_by: date
    close_by: date
    decide_by: date
    called_at: datetime | None
    proposed_at: datetime | None
    told_at: datetime | None


class TicketOut(BaseModel):
    """A ticket. `overdue` are the clocks that are late now, `missed` those that are known to have been."""

    id: str
    number: str
    member: str
    member_name: str
    queue: str
    topic: str
    priority: str
    state: str
    owner: str | None
    version: int
    tier: int
    opened_at: datetime
    first_reply_due: datetime
    first_reply_at: datetime | None
    next_reply_due: datetime | None
    resolve_due: datetime | None
    waiting_since: datetime | None
    claimed_at: datetime | None
    silent_at: datetime | None
    until_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    reopened: int
    missed: list[str]
    overdue: list[str]
    complaint: ComplaintOut | None
    card: dict[str, Any]


class NoteOut(BaseModel):
    id: int
    author: str
    author_name: str
    audience: Audience
    text: str
    at: datetime


class TicketEventOut(BaseModel):
    """A line of a ticket's history."""

    id: int
    kind: str
    actor: str | None
    at: datetime
    detail: dict[str, str]


class AlertOut(BaseModel):
    """Who was told of a danger, and what is known of it."""

    recipient: str
    name: str
    created_at: datetime
    delivered_at: datetime | None
    failed_at: datetime | None
    acknowledged_at: datetime | None


class ShiftOut(ShiftIn):
    person: str
    name: str
    now: bool


class HoursOut(BaseModel):
    """When a desk works, and when it opens next."""

    queue: str
    always: bool
    open: bool
    opens_at: datetime


class LineOut(BaseModel):
    """A line of the conversation; `text` is null where it is a doctor's talk and the reader is not to know."""

    id: int
    who: str
    direction: str
    text: str | None
    at: datetime
    state: str
    author: str | None
    buttons: list[str]
    attached: dict[str, Any] | None
    attachments: list[FileOut] = []
    seen: bool = False


def _at(moment: datetime | None) -> datetime | None:
    return moment.astimezone(SHANGHAI) if moment is not None else None


def ticket(house: House, unit: Unit, one: Ticket, card: dict[str, object] | None = None) -> TicketOut:
    """A ticket with its clocks, and the card as it was when it was opened, or the one that is given."""
    member = unit.people.get(one.member_id)
    complaint = unit.desks.complaint(one.id) if one.topic == "complaint" else None
    moments = (
        "first_reply_at next_reply_due resolve_due waiting_since claimed_at silent_at until_at resolved_at closed_at"
    ).split()
    plain = "id number queue topic version tier outcome reopened missed".split()
    facts: dict[str, Any] = {name: getattr(one, name) for name in plain}
    facts |= {name: _at(getattr(one, name)) for name in moments}
    return TicketOut(
        **facts,
        priority=one.priority,
        state=one.state,
        member=one.member_id,
        member_name=member.name if member else "",
        owner=one.owner_id,
        opened_at=one.opened_at.astimezone(SHANGHAI),
        first_reply_due=one.first_reply_due.astimezone(SHANGHAI),
        overdue=one.overdue(house.now()),
        complaint=complaint_out(complaint) if complaint else None,
        card=card if card is not None else one.card,
    )


def complaint_out(one: Complaint) -> ComplaintOut:
    moments: dict[str, Any] = {
        name: _at(getattr(one, name)) for name in ("called_at", "proposed_at", "told_at")
    }
    return ComplaintOut(
        kind=one.kind,
        received_at=one.received_at.astimezone(SHANGHAI),
        call_due=one.call_due.astimezone(SHANGHAI),
        propose_by=one.propose_by,
        close_by=one.close_by,
        decide_by=one.decide_by,
        **moments,
    )


def note(unit: Unit, one: Note) -> NoteOut:
    author = unit.people.get(one.author_id)
    assert one.id is not None
    return NoteOut(
        id=one.id,
        author=one.author_id,
        author_name=author.name if author else "",
        audience=one.audience,
        text=one.text,
        at=one.at.astimezone(SHANGHAI),
    )


def event(one: TicketEvent, queue: str) -> TicketEventOut:
    """A line of the history as those who work in a queue see it: that a doctor wrote something, never what."""
    assert one.id is not None
    detail, at = one.detail if may_read_words(queue, one.detail) else {}, one.at.astimezone(SHANGHAI)
    return TicketEventOut(id=one.id, kind=one.kind, actor=one.actor_id, at=at, detail=detail)


def alert(unit: Unit, one: Alert) -> AlertOut:
    person = unit.people.get(one.recipient_id)
    return AlertOut(
        recipient=one.recipient_id,
        name=person.name if person else "",
        created_at=one.created_at.astimezone(SHANGHAI),
        delivered_at=_at(one.delivered_at),
        failed_at=_at(one.failed_at),
        acknowledged_at=_at(one.acknowledged_at),
    )


def shift(one: Duty, person: Person | None, *, now: bool) -> ShiftOut:
    return ShiftOut(
        queue=one.queue,
        tier=one.tier,
        weekday=one.weekday,
        starts=one.starts,
        ends=one.ends,
        person=one.person_id,
        name=person.name if person else "",
        now=now,
    )


def line(one: Message, queue: str, files: Sequence[Sent] = ()) -> LineOut:
    """A message as those who work in a queue may see it."""
    readable = may_read_words(queue, one.payload)
    buttons, attached = one.payload.get("buttons"), one.payload.get("attached")
    assert one.id is not None
    return LineOut(
        id=one.id,
        who=str(one.speaker),
        direction=one.direction,
        text=one.text if readable else None,
        at=one.created_at.astimezone(SHANGHAI),
        state=str(one.state),
        author=one.author_id,
        buttons=[str(b["title"]) for b in buttons] if isinstance(buttons, list) and readable else [],
        attached=attached if isinstance(attached, dict) and readable else None,
        attachments=[file_out(file) for file in files if file.message_id == one.id and readable],
        seen=bool(one.payload.get("seen")),
    )
