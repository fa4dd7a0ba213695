"""What must be known of an elder before a service: what keeps it from being booked, and what is to be had ready.

Which is which stands in `standards.toml`. What is asked at the door is no matter of the booking.
"""

from __future__ import annotations

from datetime import date

from actions.house import House
from actions.visit_people import elder_of
from domain import standards
from domain.bookings import BOOKED, Booking
from domain.clock import local_day
from domain.errors import NotReady
from domain.people import Person
from domain.store import Unit

ASSESSMENT = "ability_assessment"
# Papers that a doctor writes: who has none is helped by the doctor butler.
OF_A_DOCTOR = frozenset({"doctor_order", "prescription", "discharge_summary", "surgery_record"})


def facts_of(unit: Unit, elder: Person, day: date) -> dict[str, str]:
    """What is known of an elder on a day, by the codes of the standards."""
    found = unit.benefits.assessment(elder.id, day)
    return standards.facts(elder.notes, day, found.valid_until if found else None, elder.phone)


def lacking(house: House, unit: Unit, elder: Person, service: str, day: date) -> list[str]:
    """What must be there before this is booked for that day, and is not. An assessment that is booked before it is."""
    standard = standards.load()[service]
    found = standard.lacking(facts_of(unit, elder, day)) if standard.keeps else []
    if ASSESSMENT in found and any(
        each.service == ASSESSMENT and each.status in BOOKED and local_day(each.begin) < day
        for each in unit.bookings.standing(elder.id, house.now())
    ):
        found.remove(ASSESSMENT)
    return found


def check(house: House, unit: Unit, elder: Person, service: str, day: date) -> None:
    """Raises NotReady where something must be there before this is booked for that day."""
    if found := lacking(house, unit, elder, service, day):
        raise NotReady(found)


def to_have_ready(unit: Unit, booking: Booking) -> list[str]:
    """The codes of what the elder is to have at hand for a booking."""
    elder, day = elder_of(unit, booking), local_day(booking.begin)
    return standards.load()[booking.service].to_have_ready(facts_of(unit, elder, day))


def ready_line(house: House, unit: Unit, booking: Booking) -> str:
    """What to have ready, as a sentence of the read-back; empty where there is nothing."""
    found = to_have_ready(unit, booking)
    if not found:
        return ""
    return house.words.say(f"ready_{booking.channel}", needs=named(house, found))


def named(house: House, codes: list[str]) -> str:
    """These needs in words, as things that one can have ready."""
    known = house.words.sentences
    return "、".join(
        house.words.say(f"thing_{code}" if f"thing_{code}" in known else f"need_{code}") for code in codes
    )
