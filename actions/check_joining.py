"""Before something online begins: can you open it? Who can not is helped by a person while there is still time."""

from __future__ import annotations

import structlog

from actions.hand_over import Cause, open_ticket
from actions.house import House
from actions.placing import CHECK_BEFORE
from actions.say import Choice, press, put
from domain.bookings import BOOKED, Booking
from domain.errors import NotFound
from domain.people import Person
from domain.store import Unit
from domain.tickets import Priority
from domain.waiting import JoinCheck
from nlu.zh.say import say_when

log = structlog.get_logger()


def work_off(house: House) -> int:
    """Ask those whose time is near; returns how many rows were looked after."""
    with house.store.read() as unit:
        first = unit.waiting.next_due()
    if first is None or first > house.now():
        return 0
    with house.store.write() as unit:
        due = unit.waiting.due_checks(house.now())
        for booking_id, check in [(check.booking_id, check) for check in due]:
            try:
                with unit.attempt():
                    _ask(house, unit, check)
            except Exception as error:  # nobody else's question waits for it
                log.error("joining_not_asked", booking=booking_id, error=type(error).__name__, exc_info=error)
        return len(due)


def _ask(house: House, unit: Unit, check: JoinCheck) -> None:
    """One question, unless the booking is dropped, begun or moved meanwhile."""
    booking = unit.bookings.get(check.booking_id)
    check.sent_at = house.now()
    if booking is None or booking.status not in BOOKED or booking.begin <= house.now():
        return
    if booking.begin - CHECK_BEFORE > house.now():
        check.sent_at, check.due_at = None, booking.begin - CHECK_BEFORE
        return
    hearer = _hearer(house, unit, booking)
    member = unit.people.get(booking.member_id)
    staff = unit.providers.staff(booking.staff_id) if booking.staff_id else None
    assert member is not None
    kind = "link" if booking.join_url else "call"
    text = house.words.say(
        f"join_{kind}",
        who="" if hearer.id == member.id else member.name,
        service=house.catalogue.service(booking.service).name,
        when=say_when(booking.begin, house.now()),
        staff=staff.name if staff else "",
        link=booking.join_url,
        phone=member.phone or house.words.say("no_phone"),
    )
    choices = [
        Choice(house.words.say(f"button_join_{kind}_yes"), press("inform", choice=f"join_yes:{booking.id}")),
        Choice(house.words.say(f"button_join_{kind}_no"), press("inform", choice=f"join_no:{booking.id}")),
    ]
    key = f"{booking.id}:join:{booking.begin:%Y%m%d%H%M}"
    put(unit, unit.conversations.of(hearer.id), text, key=key, now=house.now(), choices=choices)


def _hearer(house: House, unit: Unit, booking: Booking) -> Person:
    """The member, where they can be written to; else the one who booked."""
    person_id = booking.member_id if unit.lapses.can_hear(booking.member_id) else booking.booked_by
    person = unit.people.get(person_id)
    assert person is not None
    return person


def answer(house: House, unit: Unit, actor: Person, booking_id: str, *, can: bool, key: str) -> None:
    """Keep the answer; a no brings a life butler at once. Raises NotFound for somebody else's booking."""
    booking, check = unit.bookings.get(booking_id), unit.waiting.check(booking_id)
    if booking is None or check is None or actor.id not in (booking.member_id, booking.booked_by):
        raise NotFound(booking_id)
    check.answer, check.answered_at = ("yes" if can else "no"), house.now()
    if not can:
        member = unit.people.get(booking.member_id)
        task = {"booking": booking.number, "service": booking.service, "at": booking.begin.isoformat()}
        cause = Cause("life", f"cannot_join:{booking.number}", Priority.URGENT, task=task, member=member)
        open_ticket(house, unit, unit.conversations.of(actor.id), actor, cause, key=key)
