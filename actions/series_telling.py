"""Who hears of a plan of visits as a whole, once and not visit by visit: those who come, the elder, the family."""

from __future__ import annotations

from collections.abc import Sequence

from actions.end_booking import others_of
from actions.family import KIN
from actions.house import House
from actions.series_words import clock_of, told
from actions.visit_people import carer_of, tell
from domain.bookings import Booking
from domain.clock import local_day
from domain.conversations import Lane
from domain.people import Person
from domain.series import Series, read_rule
from domain.store import Unit
from nlu.zh.say import say_day


def tell_carers(house: House, unit: Unit, series: Series, bookings: Sequence[Booking]) -> None:
    """Those who come hear once of all the visits that are theirs now."""
    elder = unit.people.get(series.member_id)
    assert elder is not None
    mine: dict[str, tuple[Person, list[Booking]]] = {}
    for booking in bookings:
        staff = unit.providers.staff(booking.staff_id) if booking.staff_id else None
        carer = carer_of(unit, staff)
        if carer is not None:
            mine.setdefault(carer.id, (carer, []))[1].append(booking)
    for carer, theirs in mine.values():
        text = house.words.say(
            "series_new_carer",
            name=elder.name,
            rule=told(house, read_rule(series.rule)),
            clock=clock_of(theirs),
            address=theirs[0].address or house.words.say("no_address"),
            **_span(house, series, theirs),
        )
        tell(house, unit, carer, text, f"{series.id}:new:{carer.id}", lane=Lane.REMINDER)


def tell_dropped(
    house: House, unit: Unit, actor: Person, series: Series, bookings: Sequence[Booking]
) -> None:
    """Everybody but the actor who would have heard of one of them hears once of all."""
    elder = unit.people.get(series.member_id)
    assert elder is not None
    told: dict[str, tuple[Person, str, list[Booking]]] = {}
    for booking in bookings:
        for person, part in others_of(house, unit, booking, actor):
            told.setdefault(person.id, (person, part, []))[2].append(booking)
    for person, part, theirs in told.values():
        kinship = unit.people.kinship(elder.id, person.id)
        who = house.words.say("series_who_own") if person.id == elder.id else elder.name
        if part == "family" and kinship is not None:
            who = KIN.get(kinship.relation, elder.name)
        text = house.words.say("series_dropped_others", who=who, **_span(house, series, theirs))
        tell(house, unit, person, text, f"{series.id}:dropped:{person.id}", lane=Lane.REMINDER, urgent=True)


def _span(house: House, series: Series, bookings: Sequence[Booking]) -> dict[str, object]:
    today, ordered = house.today(), sorted(bookings, key=lambda booking: booking.begin)
    return {
        "service": house.catalogue.service(series.service).name,
        "count": len(ordered),
        "first": say_day(local_day(ordered[0].begin), today),
        "last": say_day(local_day(ordered[-1].begin), today),
    }
