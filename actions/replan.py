"""A visit that is planned and has lost its carer: another certified one at that time, else new times and a person."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, time, timedelta

from actions import visit_words
from actions.book import place_anew
from actions.family import permit_item
from actions.find_times import NOTICE, Ask, find_times
from actions.house import House
from actions.placing import place, plan_check
from actions.say import Choice
from actions.visit_after import ticket
from actions.visit_assign import assign
from actions.visit_people import button, elder_of, readers, staff_name, tell
from domain.bookings import Booking, BookingEvent, Slot, Status
from domain.clock import local_day
from domain.errors import NotFound, RuleBroken, Taken
from domain.people import Person, Scope
from domain.providers import Absence
from domain.slots import at
from domain.store import Unit
from domain.tickets import Priority
from nlu.zh.say import say_when

_DAYS_AHEAD = 7
_MOMENT = timedelta(minutes=1)


def replan(house: House, unit: Unit, booking: Booking, cause: str, actor_id: str) -> bool:
    """Find somebody else for a planned visit; True where somebody comes at the same time.

    The elder and the family are told. Where nobody is free then, the carer is taken off, the elder chooses among new
    times, and a coordinator gets a ticket; the benefit stays held.
    """
    before = booking.staff_id
    for slot in _times(house, unit, booking, (booking.begin, booking.begin + _MOMENT), booking.begin):
        if slot.begin == booking.begin and _taken_up(house, unit, booking, slot, cause, actor_id):
            _tell_replaced(house, unit, booking, before)
            return True
    booking.staff_id = booking.staff_from = booking.staff_until = None
    booking.version += 1
    unit.flush()
    _note(house, unit, booking, "carer_off", actor_id, before=before or "", cause=cause)
    visit_words.tell_carer(house, unit, "visit_gone_carer", booking, before)
    visit = assign(house, unit, booking)
    offered = offers(house, unit, booking)
    _tell_offer(house, unit, booking, before, offered)
    ticket(house, unit, visit, booking, "replan", Priority.HIGH, cause)
    return False


def ill(house: House, unit: Unit, actor: Person, booking: Booking) -> None:
    """A carer is ill: away for the rest of the day, and every visit of that day is planned anew."""
    assert booking.staff_id is not None
    staff_id = booking.staff_id
    now = house.now()
    tomorrow = at(house.today() + timedelta(days=1), time(0))
    away(house, unit, staff_id, now, max(tomorrow, booking.end), "ill", actor.id)


def away(
    house: House, unit: Unit, staff_id: str, begin: datetime, end: datetime, reason: str, actor_id: str
) -> int:
    """Somebody will not be there: noted, and every visit of theirs that meets the time is planned anew; how many."""
    unit.providers.add(Absence(staff_id=staff_id, begin=begin, end=end, reason=reason))
    unit.flush()
    hit = [
        b for b in unit.visits.booked_with(staff_id, begin, end) if b.begin >= begin or b.end > house.now()
    ]
    for booking in hit:
        replan(house, unit, booking, reason, actor_id)
    return len(hit)


def offers(house: House, unit: Unit, booking: Booking, limit: int = 3) -> list[Slot]:
    """New times for a visit that nobody can take at its own: of its day or today, else of the first day that has some.

    A day's are spread over it, for whoever had agreed to an afternoon may not want three mornings.
    """
    found: list[Slot] = []
    day = max(local_day(booking.begin), house.today())
    for _ in range(_DAYS_AHEAD):
        window = (at(day, time(0)), at(day + timedelta(days=1), time(0)))
        found += _times(house, unit, booking, window, None, limit - len(found))
        if len(found) >= limit:
            break
        day += timedelta(days=1)
    return found


def _times(
    house: House,
    unit: Unit,
    booking: Booking,
    window: tuple[datetime, datetime],
    near: datetime | None,
    limit: int = 3,
) -> list[Slot]:
    service = house.catalogue.service(booking.service)
    ask = Ask(
        elder_of(unit, booking),
        service,
        booking.channel,
        window,
        near,
        without=booking.id,
        not_staff=booking.staff_id,
        # Who loses a carer shortly before is not made to wait as one who books anew.
        notice=min(NOTICE, service.notice),
    )
    return find_times(house, unit, ask, limit)


def _taken_up(house: House, unit: Unit, booking: Booking, slot: Slot, cause: str, actor_id: str) -> bool:
    """Put another carer in; False where somebody else took that carer in between."""
    before = booking.staff_id
    try:
        with unit.attempt():
            place(house, unit, booking, slot)
            booking.go(Status.CONFIRMED)
            unit.flush()
            plan_check(house, unit, booking)
    except Taken:
        return False
    _note(
        house,
        unit,
        booking,
        "replanned",
        actor_id,
        before=before or "",
        after=slot.staff_id or "",
        cause=cause,
    )
    visit_words.tell_carer(house, unit, "visit_gone_carer", booking, before)
    assign(house, unit, booking)
    return True


def _tell_replaced(house: House, unit: Unit, booking: Booking, before: str | None) -> None:
    gaps = _gaps(house, unit, booking, before)
    staff = unit.providers.staff(booking.staff_id) if booking.staff_id else None
    key = f"replan:{booking.id}:{booking.version}"
    name = staff_name(house, staff)
    tell(house, unit, elder_of(unit, booking), house.words.say("replanned_elder", staff=name, **gaps), key)
    for reader in readers(house, unit, booking, "replanned"):
        text = house.words.say("replanned_family", who=reader.called, staff=name, **gaps)
        tell(house, unit, reader.person, text, f"{key}:{reader.person.id}")


def _tell_offer(house: House, unit: Unit, booking: Booking, before: str | None, offered: list[Slot]) -> None:
    gaps = _gaps(house, unit, booking, before)
    key = f"replan:{booking.id}:{booking.version}"
    name = "replan_offer_elder" if offered else "replan_none_elder"
    choices = choices_of(house, booking, offered)
    tell(house, unit, elder_of(unit, booking), house.words.say(name, **gaps), key, choices)
    for reader in readers(house, unit, booking, "replanned"):
        text = house.words.say("replan_offer_family", who=reader.called, **gaps)
        tell(house, unit, reader.person, text, f"{key}:{reader.person.id}")


def choices_of(house: House, booking: Booking, offered: list[Slot]) -> list[Choice]:
    """One button a new time, and a person."""
    found = [
        button(house, "retime", f"retime:{booking.id}:{pack(slot)}", when=say_when(slot.begin, house.now()))
        for slot in offered
    ]
    return [*found, button(house, "human", "human:life", once=False)]


def _gaps(house: House, unit: Unit, booking: Booking, before: str | None) -> dict[str, str]:
    return {
        "when": say_when(booking.begin, house.now()),
        "service": house.catalogue.service(booking.service).name,
        "before": staff_name(house, unit.providers.staff(before) if before else None),
    }


def retime(house: House, unit: Unit, actor: Person, booking_id: str, packed: str) -> Booking:
    """Take one of the offered times. Raises NotFound, NotAllowed, Taken where it is no longer free."""
    booking = unit.bookings.locked(booking_id)
    if booking is None:
        raise NotFound(booking_id)
    permit_item(
        house,
        unit,
        actor,
        booking.member_id,
        Scope.BOOK,
        f"retime:{booking.service}",
        item=booking_id,
        private=booking.private,
    )
    slot = unpack(packed)
    if booking.status is not Status.CONFIRMED or slot.begin <= house.now():
        raise Taken("time")
    return place_anew(house, unit, actor, booking, slot)


def _note(house: House, unit: Unit, booking: Booking, kind: str, actor_id: str, **detail: str) -> None:
    unit.bookings.add(
        BookingEvent(booking_id=booking.id, kind=kind, at=house.now(), actor_id=actor_id, detail=detail)
    )


def pack(slot: Slot) -> str:
    """A slot as the text of a button's action, which no door ever sees."""
    return json.dumps(asdict(slot), default=lambda moment: moment.isoformat(), separators=(",", ":"))


def unpack(text: str) -> Slot:
    """The slot of a packed text. Raises RuleBroken where it is none."""
    try:
        facts = json.loads(text)
        for name in ("begin", "end", "staff_from", "staff_until"):
            facts[name] = datetime.fromisoformat(facts[name]) if facts[name] else None
        return Slot(**facts)
    except (ValueError, KeyError, TypeError) as error:
        raise RuleBroken("slot") from error
