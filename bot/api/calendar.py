"""A person's visits as iCalendar (RFC 5545) under a secret address; and the address made and taken back."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, Request, Response
from icalendar import Calendar, Event, Timezone, TimezoneStandard
from pydantic import BaseModel

from actions import calendar_feed
from actions.calendar_feed import Entry, Feed
from bot.api.access import Owner, Ports
from domain.clock import SHANGHAI
from domain.errors import NotFound

router = APIRouter()
_NAME = re.compile(r"([A-Za-z0-9_-]{32})\.ics")
_EVERY = timedelta(hours=1)
_HEADERS = {
    # The address is the secret: it goes into nobody's cache but the program's own, and into no search.
    "Cache-Control": "private, no-cache",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
    "Content-Disposition": 'inline; filename="visits.ics"',
}


class CalendarOut(BaseModel):
    """The address, told this once."""

    url: str


class RevokedOut(BaseModel):
    """How many addresses ended."""

    revoked: int


@router.post("/api/v1/me/calendar", status_code=201, tags=["me"])
def make(person: Owner, parts: Ports) -> CalendarOut:
    """A fresh address for a calendar program: one's own visits, and an elder's as far as consent goes."""
    with parts.house.store.write() as unit:
        made = calendar_feed.make(parts.house, unit, person)
        return CalendarOut(url=calendar_feed.address_of(parts.house, made.id))


@router.delete("/api/v1/me/calendar", tags=["me"])
def revoke(person: Owner, parts: Ports) -> RevokedOut:
    """Every address that was made ends at once."""
    with parts.house.store.write() as unit:
        return RevokedOut(revoked=calendar_feed.revoke(parts.house, unit, person))


@router.head("/calendar/{name}", include_in_schema=False)
@router.get("/calendar/{name}", tags=["calendar"])
def calendar(name: str, request: Request, parts: Ports) -> Response:
    """The feed. 404 where the address is none, or was taken back."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise NotFound("calendar")
    body = as_ical(calendar_feed.feed(parts.house, match[1]))
    tag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    headers = {**_HEADERS, "ETag": tag}
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="text/calendar; charset=utf-8")


def as_ical(feed: Feed) -> bytes:
    """The feed as RFC 5545 has it: lines of 75 octets, CRLF, times in Asia/Shanghai with its VTIMEZONE."""
    found = Calendar()
    found.add("prodid", "-//guanjia//visits//ZH")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("method", "PUBLISH")
    # RFC 7986, and what Apple and Outlook read instead of it.
    found.add("name", feed.name)
    found.add("x-wr-calname", feed.name)
    found.add("refresh-interval", _EVERY, parameters={"VALUE": "DURATION"})
    found.add("x-published-ttl", "PT1H")
    found.add_component(_zone())
    for entry in feed.entries:
        found.add_component(_event(entry))
    return bytes(found.to_ical(sorted=False))


def _zone() -> Timezone:
    """Shanghai as it has been since the end of its summer times in 1991."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", SHANGHAI.key)
    standard.add("dtstart", datetime(1991, 9, 15))  # noqa: DTZ001  (a zone's own beginning has no zone)
    standard.add("tzoffsetfrom", timedelta(hours=8))
    standard.add("tzoffsetto", timedelta(hours=8))
    standard.add("tzname", "CST")
    zone.add_component(standard)
    return zone


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.changed.astimezone(UTC))
    event.add("last-modified", entry.changed.astimezone(UTC))
    event.add("dtstart", entry.begin.astimezone(SHANGHAI))
    event.add("dtend", entry.end.astimezone(SHANGHAI))
    event.add("sequence", entry.sequence)
    event.add("status", entry.status)
    event.add("summary", entry.summary)
    event.add("location", entry.place)
    event.add("description", entry.note)
    event.add("class", "PRIVATE")
    return event
