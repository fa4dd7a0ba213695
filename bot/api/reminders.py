"""Personal reminders over HTTP: one's own, and an elder's (`?for=MEMBER`) as far as consent goes."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field

from actions.remind_personal import (
    Wish,
    change_reminder,
    lead_of,
    next_of,
    reminders_of,
    set_reminder,
    stop_reminder,
)
from actions.remind_rules import said_of
from bot.api.access import Owner, Ports
from bot.api.mine import For, subject
from bot.api.shapes import Page
from bot.parts import Parts
from domain.clock import SHANGHAI
from domain.recurrence import Recurrence, checked
from domain.reminders import Rule
from domain.store import Unit
from nlu.zh.reminder_wish import is_medicine
from nlu.zh.text import clean

router = APIRouter(prefix="/api/v1/me/reminders", tags=["reminders"])
_MOST_LEAD = 366 * 24 * 60


class ReminderOut(BaseModel):
    """`rule` is RFC 5545 (lunar ones with RSCALE=CHINESE, solar terms with X-TERM), null for what comes once.

    `next` is when it is said, which is `lead_minutes` before what it is about; null once it is over.
    """

    id: str
    member: str
    created_by: str
    kind: str
    what: str
    rule: str | None
    said: str | None
    lead_minutes: int
    next: datetime | None
    ended_at: datetime | None


class ReminderIn(BaseModel):
    """`rule`, or `at` for once. `message_id` makes a repeat harmless."""

    what: str = Field(min_length=1, max_length=40)
    rule: str | None = Field(None, max_length=200)
    at: datetime | None = None
    lead_minutes: int = Field(0, ge=0, le=_MOST_LEAD)
    message_id: str = Field(min_length=1, max_length=80)


@router.get("")
def reminders(person: Owner, parts: Ports, wanted: For = None) -> Page[ReminderOut]:
    """What somebody is reminded of, the oldest first."""
    with parts.house.store.write() as unit:
        member = subject(unit, person, wanted)
        found = reminders_of(parts.house, unit, person, member.id)
        return Page(items=[_shown(parts, unit, rule) for rule in found])


@router.post("", status_code=201)
def set_one(person: Owner, parts: Ports, body: ReminderIn, wanted: For = None) -> ReminderOut:
    """Set one. 404 for a stranger's and for what never comes, 403 where consent does not reach."""
    wish = _wish(body)
    with parts.house.store.write() as unit:
        member = subject(unit, person, wanted)
        key = f"api:{person.id}:{body.message_id}"
        return _shown(parts, unit, set_reminder(parts.house, unit, person, member, wish, key))


@router.put("/{reminder_id}")
def change_one(reminder_id: str, person: Owner, parts: Ports, body: ReminderIn) -> ReminderOut:
    """Another time or other words: the next version, with an id of its own."""
    wish = _wish(body)
    with parts.house.store.write() as unit:
        key = f"api:{person.id}:{body.message_id}"
        return _shown(parts, unit, change_reminder(parts.house, unit, person, reminder_id, wish, key))


@router.delete("/{reminder_id}")
def stop_one(reminder_id: str, person: Owner, parts: Ports) -> ReminderOut:
    """No more of it; a second time changes nothing."""
    with parts.house.store.write() as unit:
        return _shown(parts, unit, stop_reminder(parts.house, unit, person, reminder_id))


def _wish(body: ReminderIn) -> Wish:
    """What was asked for. 422 where it is neither a rule that we know nor a moment."""
    if (body.rule is None) == (body.at is None):
        raise HTTPException(422, "rule 和 at 要有一个，只要一个")
    what, lead = clean(body.what).strip(), timedelta(minutes=body.lead_minutes)
    if not what:
        raise HTTPException(422, "what 不能是空的")
    if body.at is not None:
        at = body.at if body.at.tzinfo else body.at.replace(tzinfo=SHANGHAI)
        return Wish(what, once=at, medicine=is_medicine(what), lead=lead)
    try:
        rule = checked(body.rule or "")
    except ValueError as error:
        raise HTTPException(422, "rule 要写成 FREQ=DAILY;BYHOUR=8 这样") from error
    named = Recurrence(rule, date.min).named_hour
    return Wish(what, rule=rule, hour=named, medicine=is_medicine(what), lead=lead)


def _shown(parts: Parts, unit: Unit, rule: Rule) -> ReminderOut:
    following, lead, text = next_of(unit, rule), lead_of(rule), rule.detail.get("rule")
    return ReminderOut(
        id=rule.id,
        member=rule.person_id,
        created_by=rule.created_by,
        kind=rule.kind,
        what=rule.detail["what"],
        rule=text,
        said=said_of(parts.house, text, lead) if text else None,
        lead_minutes=lead // timedelta(minutes=1),
        next=following.astimezone(SHANGHAI) if following else None,
        ended_at=rule.ended_at.astimezone(SHANGHAI) if rule.ended_at else None,
    )
