"""Booking and moving from the desk, on the elder's behalf: by the same actions as in the dialogue, and told in the chat.

Only who has claimed the ticket does it, for the member whose ticket it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from actions import desk_words, hand_over
from actions.book import Order, confirm, hold, move
from actions.find_times import Ask, find_times
from actions.house import House
from actions.look_up_benefits import judge_wish
from actions.refusals import explain
from actions.whereabouts import where
from domain.bookings import BOOKED, Booking, Slot
from domain.catalogue import Service
from domain.errors import NotAllowed, NotFound, RuleBroken, Taken
from domain.people import Person
from domain.slots import at
from domain.store import Unit
from domain.tickets import Ticket, TicketState
from nlu.zh.say import say_when

_DAY = timedelta(days=1)


class NotCovered(RuleBroken):
    """No benefit carries it; `sentence` says why. It can be paid for."""

    code = "not_covered"

    def __init__(self, sentence: str, cents: int) -> None:
        super().__init__("not_covered")
        self.sentence, self.cents = sentence, cents


@dataclass(frozen=True)
class Wish:
    """What is to be booked for the ticket's member."""

    service: str
    channel: str


@dataclass(frozen=True)
class Offers:
    """Free times of a day, and in one sentence why no benefit carries it, where none does."""

    slots: list[Slot]
    refusal: str | None
    own_cents: int


def offers(
    house: House, unit: Unit, actor: Person, ticket_id: str, wish: Wish, day: date, without: str | None = None
) -> Offers:
    """Three free times on a day. Raises NotFound, NotAllowed."""
    _, member = _mine(unit, actor, ticket_id)
    service = _service(house, wish)
    window = (at(day, time(0)), at(day + _DAY, time(0)))
    slots = find_times(house, unit, Ask(member, service, wish.channel, window, without=without))
    verdict = judge_wish(house, unit, member, service.code, wish.channel, day, without=without)
    if verdict.entitlement is not None:
        return Offers(slots, None, verdict.own_cents)
    why = explain(house, unit, actor, member, service, verdict)
    return Offers(slots, why.sentence, min((slot.price_cents for slot in slots), default=0))


def book(
    house: House,
    unit: Unit,
    actor: Person,
    ticket_id: str,
    wish: Wish,
    begin: datetime,
    key: str,
    *,
    self_pay: bool = False,
) -> Booking:
    """Book the free time and tell the elder. Raises Taken where it has gone, NotCovered, NotFound, NotAllowed."""
    ticket, member = _mine(unit, actor, ticket_id)
    service = _service(house, wish)
    done = unit.bookings.by_key(f"{ticket.id}:{key}")
    if done is not None and done.status in BOOKED:
        return done
    found = _at(house, unit, Ask(member, service, wish.channel, (begin, begin + _DAY), near=begin))
    order = Order(actor, member, service, wish.channel, found, self_pay)
    held, verdict = hold(house, unit, order, f"{ticket.id}:{key}")
    if held is None:
        why = explain(house, unit, actor, member, service, verdict)
        raise NotCovered(why.sentence, found.price_cents)
    booking = confirm(house, unit, actor, held.id)
    _tell(house, unit, actor, ticket, booking, service, "desk_booked")
    return booking


def move_to(
    house: House, unit: Unit, actor: Person, ticket_id: str, booking_id: str, begin: datetime
) -> Booking:
    """Move one of the member's bookings and tell the elder. Raises as `book.move` does, and Taken."""
    ticket, member = _mine(unit, actor, ticket_id)
    booking = to_move(unit, actor, ticket_id, booking_id)
    service = house.catalogue.service(booking.service)
    ask = Ask(member, service, booking.channel, (begin, begin + _DAY), near=begin, without=booking.id)
    moved = move(house, unit, actor, booking.id, _at(house, unit, ask))
    _tell(house, unit, actor, ticket, moved, service, "desk_moved")
    return moved


def to_move(unit: Unit, actor: Person, ticket_id: str, booking_id: str) -> Booking:
    """A booking of the ticket's member. Raises NotFound for anybody else's, NotAllowed."""
    _, member = _mine(unit, actor, ticket_id)
    booking = unit.bookings.get(booking_id)
    if booking is None or booking.member_id != member.id:
        raise NotFound(booking_id)
    return booking


def _mine(unit: Unit, actor: Person, ticket_id: str) -> tuple[Ticket, Person]:
    """A ticket that the actor has claimed, and whose it is. Raises NotFound, NotAllowed."""
    ticket = hand_over.readable(unit, actor, ticket_id)
    if ticket.owner_id != actor.id or ticket.state not in (TicketState.CLAIMED, TicketState.WAITING):
        raise NotAllowed("claim")
    member = unit.people.get(ticket.member_id)
    assert member is not None
    return ticket, member


def _service(house: House, wish: Wish) -> Service:
    service = house.catalogue.find(wish.service)
    if service is None or wish.channel not in service.channels:
        raise NotFound(wish.service)
    return service


def _at(house: House, unit: Unit, ask: Ask) -> Slot:
    """The free time that begins at the moment which was asked for. Raises Taken where there is none any more."""
    found = next((slot for slot in find_times(house, unit, ask) if slot.begin == ask.near), None)
    if found is None:
        raise Taken("time")
    return found


def _tell(
    house: House, unit: Unit, actor: Person, ticket: Ticket, booking: Booking, service: Service, name: str
) -> None:
    gaps = {
        "service": service.name,
        "when": say_when(booking.begin, house.now()),
        "where": where(house, unit, booking),
        "number": booking.number,
        "prepare": service.prepare,
    }
    wanted = {gap: gaps[gap] for gap in house.words.gaps(name)}
    text = house.words.say(name, **wanted)
    desk_words.reply(house, unit, actor, ticket.id, text, f"{name}:{booking.id}:{booking.version}")


def bookable(house: House, unit: Unit, member: Person) -> list[Booking]:
    """What stands for a member and has not begun."""
    now = house.now()
    return [b for b in unit.bookings.standing(member.id, now) if b.status in BOOKED and b.begin > now]
