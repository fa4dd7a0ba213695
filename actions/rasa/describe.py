"""Things told in people's words: where a booking is, why a benefit says no, what is left of one."""

from __future__ import annotations

from actions import whereabouts
from actions.looking import CarerWish
from actions.rasa.turn import Turn
from actions.refusals import Explained, explain
from domain.benefits import Entitlement
from domain.bookings import Booking
from domain.catalogue import Service
from domain.judging import Verdict
from domain.measures import shown
from domain.people import Person
from nlu.zh.say import say_day


def where(turn: Turn, booking: Booking) -> str:
    """The place, the way to join, or who comes."""
    return whereabouts.where(turn.house, turn.unit, booking)


def wanted(turn: Turn, wish: CarerWish) -> str:
    """「会说上海话的女师傅」."""
    if wish.dialect is None:
        return turn.word(f"wanted_{wish.gender}")
    return turn.word(f"wanted_tongue_{wish.gender}" if wish.gender else "wanted_tongue", tongue=wish.dialect)


def refusal(turn: Turn, verdict: Verdict, member: Person, service: Service) -> str:
    """One plain sentence for a refusal, with the date on which the answer changes."""
    return explained(turn, verdict, member, service).sentence


def explained(turn: Turn, verdict: Verdict, member: Person, service: Service) -> Explained:
    """A refusal for the one who speaks, with what can be done about it."""
    return explain(turn.house, turn.unit, turn.actor, member, service, verdict)


def left(turn: Turn, item: Entitlement, reader_id: str | None = None) -> str:
    """One line about one entitlement: what is left of what, until when; more only where there is more to say."""
    benefit, balance, today = item.benefit, item.balance, turn.house.today()
    unit = turn.word(f"unit_{benefit.unit}")

    def count(steps: int) -> int | float:
        return shown(benefit.unit, steps)

    more = turn.word("used_too", count=count(balance.used), unit=unit) if balance.used else ""
    more += turn.word("held", count=count(balance.held), unit=unit) if balance.held else ""
    line = turn.word(
        "entitlement_line",
        name=benefit.name,
        left=count(balance.left),
        allowed=count(balance.allowed),
        unit=unit,
        held=more,
        until=say_day(item.expires_on, today),
    )
    if item.opens_on > today:
        line += turn.word("opens_from", day=say_day(item.opens_on, today))
    others = [turn.unit.people.get(p) for p in item.people if p != (reader_id or turn.actor.id)]
    names = [other.name for other in others if other is not None]
    if names:
        line += turn.word("with_family", names="、".join(names))
    if item.own_left < balance.left:
        line += turn.word("own_part", count=count(item.own_left), unit=unit)
    return line
