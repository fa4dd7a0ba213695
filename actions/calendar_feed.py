"""A person's visits for their calendar program: a secret address, made and taken back, and what stands behind it.

What is behind the address is read by a machine that somebody set up once; so it holds no more than a name of a service,
a time and a place, of a private visit nothing, and of a home not the address.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.family import KIN, permit
from actions.house import House
from domain.bookings import Booking, Status
from domain.conversations import Message
from domain.doors import CalendarLink
from domain.errors import NotAllowed, NotFound
from domain.ids import new_id
from domain.people import Kinship, Person, Scope
from domain.policy import may_see_booking, reach
from domain.store import Unit

# What is longer over than this is left out; enough that one looks back at last month's.
BACK = timedelta(days=60)
# One for the telephone, one for the computer …; with one more the oldest ends.
LINKS = 5
# The part of a message that says which link it gives, and how long the address can be read in the conversation.
PAYLOAD = "calendar"
_SHOWN_FOR = timedelta(minutes=10)
_USE = "calendar"
_TENTATIVE, _CONFIRMED, _CANCELLED = "TENTATIVE", "CONFIRMED", "CANCELLED"
_STATUS = {
    Status.REQUESTED: _TENTATIVE,
    Status.CONFIRMED: _CONFIRMED,
    Status.FULFILLED: _CONFIRMED,
    Status.CANCELLED: _CANCELLED,
    Status.NO_SHOW: _CANCELLED,
    Status.FAILED: _CANCELLED,
}


@dataclass(frozen=True)
class Entry:
    """One visit as a calendar has it. `sequence` grows with every change, `status` is RFC 5545's."""

    uid: str
    begin: datetime
    end: datetime
    changed: datetime
    sequence: int
    status: str
    summary: str
    place: str
    note: str


@dataclass(frozen=True)
class Feed:
    """Everything that a calendar program is told."""

    name: str
    entries: list[Entry]


def make(house: House, unit: Unit, person: Person) -> CalendarLink:
    """A fresh link, under whose address the person's calendar program finds the visits. Kept as a digest."""
    now = house.now()
    standing = list(unit.doors.calendar_links(person.id))
    for old in standing[: max(0, len(standing) - LINKS + 1)]:
        old.revoked_at = now
    link_id = new_id("cl")
    made = CalendarLink(
        id=link_id, digest=_digest(_secret(house, link_id)), person_id=person.id, created_at=now
    )
    unit.doors.add(made)
    unit.flush()
    return made


def address_of(house: House, link_id: str) -> str:
    """The address of a link, which stands nowhere: whoever is to have it is told it by the door."""
    return f"{house.address}/calendar/{_secret(house, link_id)}.ics"


def _secret(house: House, link_id: str) -> str:
    made = hmac.new(house.secret.encode(), f"calendar:{link_id}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made[:24]).decode()


def filled(house: House, message: Message, *, leaving: bool) -> str:
    """A message's text for its reader, with the address of the link that it gives.

    That is in it while it is `leaving` for the first time, and for ten minutes; whoever reads it later finds none.
    """
    link_id = message.payload.get(PAYLOAD)
    if link_id is None or not (leaving or house.now() - message.created_at < _SHOWN_FOR):
        return message.text
    return message.text.replace(house.words.say("calendar_masked"), address_of(house, str(link_id)))


def revoke(house: House, unit: Unit, person: Person) -> int:
    """Take every address of this person back, at once; returns how many there were."""
    standing = unit.doors.calendar_links(person.id)
    for link in standing:
        link.revoked_at = house.now()
    unit.flush()
    return len(standing)


def feed(house: House, secret: str) -> Feed:
    """What stands behind an address now. Raises NotFound where there is none, or it was taken back.

    That a relative looks is written to the elders' log once a day, for the program asks every hour.
    """
    with house.store.read() as unit:
        link, reader = _behind(unit, secret)
        if link.told_on == house.today():
            return _feed(house, unit, reader)
    with house.store.write() as unit:
        link, reader = _behind(unit, secret)
        link.told_on = house.today()
        for _, elder in unit.people.elders_of(reader.id):
            try:
                permit(house, unit, reader, elder.id, Scope.SEE_VISITS, _USE)
            except NotAllowed:
                continue
        return _feed(house, unit, reader)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _behind(unit: Unit, secret: str) -> tuple[CalendarLink, Person]:
    link = unit.doors.calendar_link(_digest(secret))
    reader = unit.people.get(link.person_id) if link is not None and link.revoked_at is None else None
    if link is None or reader is None:
        raise NotFound("calendar")
    return link, reader


def _feed(house: House, unit: Unit, reader: Person) -> Feed:
    whose = {reader.id: "", **_elders(house, unit, reader)}
    found = unit.bookings.for_calendar(list(whose), house.now() - BACK)
    entries = [
        _entry(house, unit, booking, whose[booking.member_id], changed)
        for booking, changed in found
        # A calendar is looked at by others: what is private is in none, the elder's own neither.
        if not booking.private
    ]
    return Feed(house.words.say("calendar_name"), entries)


def _elders(house: House, unit: Unit, reader: Person) -> dict[str, str]:
    """The elders whose consent lets this person see visits, with what they are called in the calendar."""
    now = house.now()
    bonds: Sequence[tuple[Kinship, Person]] = unit.people.elders_of(reader.id)
    alike = Counter(kinship.relation for kinship, _ in bonds)
    found: dict[str, str] = {}
    for kinship, elder in bonds:
        consents = unit.people.consents(elder.id, reader.id, now)
        try:
            basis = reach(reader, elder.id, Scope.SEE_VISITS, kinship, consents).basis
        except (NotAllowed, NotFound):
            continue
        if may_see_booking(basis, private=False):
            named = kinship.relation in KIN and alike[kinship.relation] == 1
            found[elder.id] = KIN[kinship.relation].removeprefix("您") if named else elder.name
    return found


def _entry(house: House, unit: Unit, booking: Booking, who: str, changed: datetime) -> Entry:
    service = house.catalogue.service(booking.service).name
    word = house.words.say
    return Entry(
        uid=f"{booking.id}@guanjia",
        begin=booking.begin,
        end=booking.end,
        changed=changed,
        sequence=booking.version - 1,
        status=_STATUS[booking.status],
        summary=word("calendar_whose", who=who, service=service) if who else service,
        place=_place(house, unit, booking),
        note=word("calendar_note", number=booking.number),
    )


def _place(house: House, unit: Unit, booking: Booking) -> str:
    site = unit.providers.site(booking.site_id) if booking.site_id else None
    if site is not None:
        return f"{site.name}，{site.address}"
    return house.words.say(f"calendar_at_{booking.channel}")
