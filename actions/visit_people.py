"""Who is told of a visit, and how they are called: the elder, the family as far as consent reaches, those who come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from actions.family import KIN
from actions.house import House
from actions.say import Choice, put
from domain.bookings import Booking
from domain.clock import local
from domain.conversations import Lane
from domain.people import ConsentUse, Person, Role, Scope
from domain.policy import Basis, may_see_booking
from domain.providers import Staff
from domain.store import Unit
from domain.visits import Visit


@dataclass(frozen=True)
class Reader:
    """One of the family, and how the elder is called to them."""

    person: Person
    called: str


def elder_of(unit: Unit, booking: Booking) -> Person:
    """Whom a booking is for."""
    elder = unit.people.get(booking.member_id)
    assert elder is not None
    return elder


def staff_of(unit: Unit, visit: Visit, booking: Booking) -> Staff | None:
    """Who came, or before that who is to come."""
    staff_id = visit.staff_id or booking.staff_id
    return unit.providers.staff(staff_id) if staff_id else None


def staff_name(house: House, staff: Staff | None) -> str:
    return staff.name if staff is not None else house.words.say("somebody")


def carer_of(unit: Unit, staff: Staff | None) -> Person | None:
    """The account of somebody who comes, where they have one."""
    return unit.people.get(staff.person_id) if staff is not None and staff.person_id else None


def readers(house: House, unit: Unit, booking: Booking, action: str) -> list[Reader]:
    """The family who may see this visit; each use of their consent is written to the elder's log."""
    if not may_see_booking(Basis.CONSENT, private=booking.private):
        return []
    now, found = house.now(), []
    for kinship, relative in unit.people.relatives_of(booking.member_id):
        consent = unit.people.consents(booking.member_id, relative.id, now).get(Scope.SEE_VISITS)
        if consent is None:
            continue
        unit.people.add(
            ConsentUse(
                elder_id=booking.member_id,
                actor_id=relative.id,
                scope=Scope.SEE_VISITS,
                action=f"{action}:{booking.service}",
                basis=f"{Basis.CONSENT}:{consent.id}",
                at=now,
            )
        )
        found.append(Reader(relative, KIN.get(kinship.relation, elder_of(unit, booking).name)))
    return found


def tell(
    house: House,
    unit: Unit,
    person: Person,
    text: str,
    key: str,
    choices: Sequence[Choice] = (),
    lane: Lane = Lane.LIVE,
    *,
    urgent: bool = False,
) -> None:
    """Put words of our own accord into somebody's outbox; the same key a second time does nothing.

    What is no live word and not urgent waits for the end of a member's quiet window; those who work hear at once.
    """
    waits = lane is Lane.REMINDER and person.role is Role.MEMBER and not urgent
    quiet = unit.reminders.notices(person.id).quiet(house.calendar) if waits else None
    put(
        unit,
        unit.conversations.of(person.id),
        text,
        key=key,
        now=house.now(),
        choices=choices,
        lane=lane,
        not_before=quiet.until(house.now()) if quiet is not None else None,
    )


def button(house: House, name: str, action: str, *, once: bool = True, **gaps: object) -> Choice:
    """A button whose title is in the catalogue of words."""
    return Choice(house.words.say(f"button_{name}", **gaps), action, once)


def hour(moment: datetime) -> str:
    """「14:03」, as a record says it."""
    return f"{local(moment):%H:%M}"
