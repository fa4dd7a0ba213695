"""A new table of holidays: what was booked before on a day that turns out to be off is moved and told, as was promised.

Worked off once a table, one booking a transaction; whoever does it last marks the table as looked through.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from actions.book import place_anew
from actions.family import KIN
from actions.house import House
from actions.replan import choices_of, offers
from actions.say import press
from actions.series_times import Search
from actions.visit_after import ticket
from actions.visit_people import button, tell
from domain.bookings import BOOKED, Booking, BookingEvent, Slot
from domain.clock import local, local_day
from domain.conversations import Lane
from domain.errors import Exhausted, Taken
from domain.judging import NotCarried
from domain.people import Person, Scope
from domain.series import moved_on
from domain.slots import Period, at
from domain.store import Unit
from domain.tickets import Priority
from nlu.zh.say import say_when

# The fact that says through which day the tables were looked through, and the event of a booking that is stuck.
_FACT, _NOTED = "holidays_through", "holiday"
_NEVER_AGAIN = timedelta(days=36_500)
# So far behind a holiday a time is looked for.
_DAYS_AFTER = 7


def work_off(house: House) -> int:
    """Look through a table that is new since the last time; returns how many bookings were looked after."""
    through = house.calendar.valid_through
    with house.store.read() as unit:
        before = unit.facts.get(_FACT)
    if before == through.isoformat():
        return 0
    done = 0
    while before is not None and _one(house, date.fromisoformat(before)):
        done += 1
    with house.store.write() as unit:
        if unit.visits.take_sweep(f"{_FACT}:{through}", house.now(), house.now() + _NEVER_AGAIN):
            unit.facts.put(_FACT, through.isoformat())
    return done


def _new_spans(house: House, before: date) -> Iterator[Period]:
    for first, end in house.calendar.spans.values():
        if end > before:
            yield at(max(first, before + timedelta(days=1)), time(0)), at(end, time(0))


def _one(house: House, before: date) -> bool:
    """Look after one booking; False where there is none left."""
    spans = list(_new_spans(house, before))
    resting = [code for code, service in house.catalogue.services.items() if not service.on_holidays]
    with house.store.write() as unit:
        booking = unit.bookings.on_days_off(spans, resting, house.now(), _NOTED) if spans else None
        if booking is None:
            return False
        _look_after(house, unit, booking)
    return True


def _look_after(house: House, unit: Unit, booking: Booking) -> None:
    began, holiday = booking.begin, house.calendar.holiday_on(local_day(booking.begin))
    assert holiday is not None
    member = person(unit, booking.member_id)
    search = Search(house, unit, member, booking.service, booking.channel, "FREQ=DAILY;COUNT=1")
    taken = {local_day(other.begin) for other in unit.bookings.standing(member.id, house.now())}
    moved = to_a_working_day(house, unit, search, booking, taken)
    for reader, who in readers_of(house, unit, booking.member_id, booking.booked_by):
        key = f"{booking.id}:{_NOTED}:{house.calendar.valid_through}:{reader.id}"
        if not moved:
            tell_stuck(house, unit, booking, holiday, (reader, who), key)
            continue
        text = house.words.say(
            "holiday_moved",
            who=who,
            service=house.catalogue.service(booking.service).name,
            line=line(house, booking, began, holiday),
        )
        choices = [button(house, "move", press("reschedule_booking"), once=False)]
        tell(house, unit, reader, text, key, choices, Lane.REMINDER)


def line(house: House, booking: Booking, before: datetime, holiday: str) -> str:
    """From when to when, and why."""
    now = house.now()
    return house.words.say(
        "series_known_line", before=say_when(before, now), holiday=holiday, when=say_when(booking.begin, now)
    )


def to_a_working_day(house: House, unit: Unit, search: Search, booking: Booking, taken: set[date]) -> bool:
    """Move a booking to the first working day after it on which there is a time, at its hour with its person if they can.

    `taken` are days that are to have no second one. Where there is no time it is noted, and False.
    """
    day = local_day(booking.begin)
    for _ in range(_DAYS_AFTER):
        day = moved_on(day, taken, house.calendar)
        clock = local(booking.begin).time()
        slot = search.one(booking.service, day, clock, booking.staff_id, any_hour=True)
        if slot is not None and _placed(house, unit, booking, slot):
            taken.add(day)
            return True
        day += timedelta(days=1)
    note = {"day": local_day(booking.begin).isoformat()}
    unit.bookings.add(
        BookingEvent(
            booking_id=booking.id, kind=_NOTED, at=house.now(), actor_id=booking.booked_by, detail=note
        )
    )
    return False


def _placed(house: House, unit: Unit, booking: Booking, slot: Slot) -> bool:
    assert booking.status in BOOKED
    try:
        with unit.attempt():
            place_anew(house, unit, person(unit, booking.booked_by), booking, slot)
    except (Taken, Exhausted, NotCarried):
        return False
    return True


def person(unit: Unit, person_id: str) -> Person:
    """Somebody who is known to be there."""
    found = unit.people.get(person_id)
    assert found is not None
    return found


def readers_of(house: House, unit: Unit, elder_id: str, booker_id: str) -> list[tuple[Person, str]]:
    """The elder, and whoever booked it while they may still see visits; with how the elder is called to them."""
    elder, booker = person(unit, elder_id), person(unit, booker_id)
    found = [(elder, house.words.say("series_who_own"))]
    if booker.id != elder.id:
        kinship = unit.people.kinship(elder.id, booker.id)
        if kinship and Scope.SEE_VISITS in unit.people.consents(elder.id, booker.id, house.now()):
            found.append((booker, KIN.get(kinship.relation, elder.name)))
    return found


def tell_stuck(
    house: House, unit: Unit, booking: Booking, holiday: str, told: tuple[Person, str], key: str
) -> None:
    """No working day after the holiday has a time: new times to choose from, and a coordinator is set on it."""
    reader, who = told
    text = house.words.say(
        "series_known_stuck",
        who=who,
        service=house.catalogue.service(booking.service).name,
        before=say_when(booking.begin, house.now()),
        holiday=holiday,
    )
    tell(house, unit, reader, text, key, choices_of(house, booking, offers(house, unit, booking)))
    visit = unit.visits.of_booking(booking.id)
    if visit is not None:
        ticket(house, unit, visit, booking, "replan", Priority.NORMAL, "holiday")
