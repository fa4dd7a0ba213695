"""A booking ends without a visit: dropped in time or late, nobody there, weather, a carer who is ill.

One way for the dialogue, the API and the visits. The rules are in `domain/endings.py`; here they are carried out in
one transaction: the state, the ledger, the words to the others, the ticket, the freed time.
"""

from __future__ import annotations

from dataclasses import dataclass

from actions.family import KIN, permit_item
from actions.freed import freed, given_up
from actions.hand_over import Cause, open_ticket
from actions.house import House
from actions.remind_visits import end_visit
from actions.say import Choice, press, put
from actions.settle import make_up, release_booking, take_booking
from domain.benefits import Plan
from domain.bookings import Booking, BookingEvent, Status
from domain.conversations import Lane
from domain.endings import RULES, Ending, Rule, cancelled_at, is_possible, takes
from domain.errors import NotAllowed, NotFound, WrongState
from domain.people import Person, Scope
from domain.policy import Basis, may_see_booking
from domain.sending import Reason
from domain.store import Unit
from nlu.zh.say import say_when

_ENDED = (Status.CANCELLED, Status.NO_SHOW, Status.FAILED)
_CANCELS = (Ending.TIMELY, Ending.LATE)


@dataclass(frozen=True)
class Ended:
    """What came of it: `taken` tells that the benefit is used up, `made_up` that it goes on in the next period."""

    booking: Booking
    ending: Ending
    taken: bool = False
    given_back: bool = False
    made_up: bool = False


def foreseen(house: House, unit: Unit, booking: Booking) -> tuple[Ending, bool, Plan | None]:
    """What a cancel now would be, whether it would use the benefit up, and the plan in which that is written."""
    plan = _plan(unit, booking)
    ending = cancelled_at(booking, plan, house.now())
    return ending, takes(ending, plan), plan


def cancel_booking(house: House, unit: Unit, actor: Person, booking_id: str, *, alone: bool = True) -> Ended:
    """Drop a booking, in time or late. A second time changes nothing. `alone` as in `end_booking`.

    Raises NotFound, NotAllowed where the consent does not reach it, WrongState where the visit has begun or is over.
    """
    booking = _own(house, unit, actor, booking_id)
    if booking.status in _ENDED:
        return _as_it_ended(unit, booking)
    if not is_possible(Ending.TIMELY, booking, house.now()):
        raise WrongState("begun")
    ending, _, _ = foreseen(house, unit, booking)
    return end_booking(house, unit, booking, ending, actor, alone=alone)


def fail_booking(house: House, unit: Unit, actor: Person, booking_id: str, ending: Ending) -> Ended:
    """What staff report: nobody there, nobody came, weather, a carer who is ill. A second time changes nothing.

    Raises NotFound for anybody but a butler, NotAllowed for a member's own cancel (that is `cancel_booking`),
    WrongState where the booking can not end like this now.
    """
    if not actor.role.is_butler:
        raise NotFound(booking_id)
    if ending in _CANCELS:
        raise NotAllowed(Scope.CANCEL)
    booking = _own(house, unit, actor, booking_id)
    if booking.status in _ENDED:
        return _as_it_ended(unit, booking)
    return end_booking(house, unit, booking, ending, actor)


def end_booking(
    house: House,
    unit: Unit,
    booking: Booking,
    ending: Ending,
    actor: Person,
    *,
    why: str | None = None,
    alone: bool = True,
) -> Ended:
    """Carry out an ending; whether the actor may do so was settled before. Raises WrongState where it is too late.

    `why` says more than the ending does, to the history and to whoever looks after it. Where many end at once and
    not one `alone`, whoever ends them tells the others.
    """
    if booking.status in _ENDED and booking.cancel_reason == ending:
        return _as_it_ended(unit, booking)
    if not is_possible(ending, booking, house.now()):
        raise WrongState(f"{ending} now")
    rule, plan = RULES[ending], _plan(unit, booking)
    given = given_up(booking)
    booking.go(rule.status)
    booking.cancel_reason = str(ending)
    unit.bookings.add(
        BookingEvent(
            booking_id=booking.id,
            kind=str(rule.status),
            at=house.now(),
            actor_id=actor.id,
            detail={"reason": str(ending)} | ({"why": why} if why else {}),
        )
    )
    done = _settle(house, unit, booking, ending, plan, actor)
    unit.flush()
    end_visit(house, unit, booking, Reason.CANCELLED)
    if alone:
        _tell(house, unit, done, actor, rule, why)
    if rule.ticket is not None:
        _ticket(house, unit, done, actor, rule, why)
    if rule.frees:
        freed(house, unit, given)
    return done


def _settle(
    house: House, unit: Unit, booking: Booking, ending: Ending, plan: Plan | None, actor: Person
) -> Ended:
    key = f"end:{booking.id}"
    if takes(ending, plan):
        taken = take_booking(house, unit, booking, key, actor.id, str(ending))
        return Ended(booking, ending, taken=taken > 0)
    back = release_booking(house, unit, booking, key, actor.id, str(ending))
    carried = make_up(house, unit, booking, key, actor.id) if back and RULES[ending].makes_up else 0
    return Ended(booking, ending, given_back=back > 0, made_up=carried > 0)


def _as_it_ended(unit: Unit, booking: Booking) -> Ended:
    """What was done the first time, as the ledger tells it."""
    ending = next((one for one in Ending if one == booking.cancel_reason), Ending.TIMELY)
    kinds = {str(e.kind) for e in unit.benefits.entries_of(booking.id)}
    return Ended(
        booking,
        ending,
        taken="commit" in kinds,
        given_back="release" in kinds and "commit" not in kinds,
        made_up="adjust" in kinds,
    )


def _plan(unit: Unit, booking: Booking) -> Plan | None:
    return unit.benefits.plan_of(booking.grant_id) if booking.grant_id else None


def _own(house: House, unit: Unit, actor: Person, booking_id: str) -> Booking:
    booking = unit.bookings.locked(booking_id)
    if booking is None:
        raise NotFound(booking_id)
    permit_item(
        house,
        unit,
        actor,
        booking.member_id,
        Scope.CANCEL,
        f"cancel:{booking.service}",
        item=booking_id,
        private=booking.private,
    )
    return booking


def _tell(house: House, unit: Unit, done: Ended, actor: Person, rule: Rule, why: str | None) -> None:
    """The others hear of it: the elder, the one who booked, those of the family who may see visits, the carer."""
    for person, part in others_of(house, unit, done.booking, actor):
        gaps = _gaps(house, unit, done, person) | {"why": _why(house, why)}
        name = f"ended_{done.ending}_{part}"
        used = {gap: gaps[gap] for gap in house.words.gaps(name)}
        text = house.words.say(name, **used)
        choices: list[Choice] = []
        if part != "carer":
            text += house.words.say(_ledger_words(done), who=gaps["who"])
            choices = _again(house, unit, done.booking, person) if rule.again else []
        put(
            unit,
            unit.conversations.of(person.id),
            text,
            key=f"end:{done.booking.id}:{person.id}",
            now=house.now(),
            choices=choices,
            lane=Lane.LIVE if rule.again else Lane.REMINDER,
        )


def others_of(house: House, unit: Unit, booking: Booking, actor: Person) -> list[tuple[Person, str]]:
    """Who but the actor hears of what becomes of a booking, and what they are to it."""
    found: dict[str, tuple[Person, str]] = {}
    elder = unit.people.get(booking.member_id)
    assert elder is not None
    found[elder.id] = (elder, "elder")
    for kinship, relative in unit.people.relatives_of(elder.id):
        may = unit.people.consents(elder.id, relative.id, house.now())
        sees = Scope.SEE_VISITS in may and may_see_booking(Basis.CONSENT, private=booking.private)
        if sees and (relative.id == booking.booked_by or Scope.ALERTS in may or kinship.rank == 1):
            found[relative.id] = (relative, "family")
    staff = unit.providers.staff(booking.staff_id) if booking.staff_id else None
    carer = unit.people.get(staff.person_id) if staff and staff.person_id else None
    if carer is not None:
        found[carer.id] = (carer, "carer")
    found.pop(actor.id, None)
    return list(found.values())


def _gaps(house: House, unit: Unit, done: Ended, reader: Person) -> dict[str, object]:
    booking = done.booking
    elder = unit.people.get(booking.member_id)
    assert elder is not None
    kinship = unit.people.kinship(elder.id, reader.id)
    who = "您" if reader.id == elder.id else KIN.get(kinship.relation, elder.name) if kinship else elder.name
    return {
        "who": who,
        "name": elder.name,
        "service": house.catalogue.service(booking.service).name,
        "when": say_when(booking.begin, house.now()),
    }


def _why(house: House, why: str | None) -> str:
    name = f"impossible_{why}"
    return "：" + house.words.say(name) if name in house.words.sentences else ""


def _ledger_words(done: Ended) -> str:
    if done.taken:
        return "ended_taken"
    if done.made_up:
        return "ended_made_up"
    return "ended_given_back" if done.given_back else "ended_nothing_taken"


def _again(house: House, unit: Unit, booking: Booking, reader: Person) -> list[Choice]:
    facts = {"service": booking.service, "channel": booking.channel}
    kinship = unit.people.kinship(booking.member_id, reader.id)
    if kinship is not None and reader.id != booking.member_id:
        facts["person"] = kinship.relation
    return [
        Choice(house.words.say("button_book_again"), press("book_service", **facts), once=False),
        Choice(house.words.say("button_human"), press("request_human"), once=False),
    ]


def _ticket(house: House, unit: Unit, done: Ended, actor: Person, rule: Rule, why: str | None) -> None:
    booking = done.booking
    elder = unit.people.get(booking.member_id)
    assert elder is not None
    assert rule.ticket is not None
    task = {
        "booking": booking.number,
        "service": booking.service,
        "at": booking.begin.isoformat(),
        "ending": str(done.ending),
    } | ({"why": why} if why else {})
    cause = Cause("life", f"{done.ending}:{booking.number}", rule.ticket, task=task, member=elder)
    conversation = unit.conversations.of(elder.id)
    open_ticket(house, unit, conversation, actor, cause, key=f"end:{booking.id}:ticket")
