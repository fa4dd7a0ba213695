"""What stands in the way of a move is said before the question, not after the yes."""

from __future__ import annotations

from collections.abc import Sequence

from actions.book import foresee_move
from actions.needs import ASSESSMENT
from actions.rasa.describe import refusal
from actions.rasa.turn import Turn, press
from domain.bookings import Booking, Slot
from domain.clock import local_day
from domain.errors import NotReady, RuleBroken, Taken
from domain.judging import NotCarried


def those_that_go(turn: Turn, booking: Booking, found: Sequence[Slot]) -> list[Slot] | None:
    """The times to which this booking may be moved; where none of them is one, it is said why.

    None where no other day helps: it has begun, or is over.
    """
    days: dict[object, RuleBroken | None] = {}
    for slot in found:
        day = local_day(slot.begin)
        if day not in days:
            days[day] = _why_not(turn, booking, slot)
    good = [slot for slot in found if days[local_day(slot.begin)] is None]
    refused = next((why for why in days.values() if why is not None), None)
    if not good and refused is not None:
        say_why(turn, booking, refused)
        return [] if isinstance(refused, (NotCarried, NotReady)) else None
    return good


def _why_not(turn: Turn, booking: Booking, slot: Slot) -> RuleBroken | None:
    try:
        foresee_move(turn.house, turn.unit, turn.actor, booking.id, slot)
    except Taken:
        # Gone in this very moment: it is looked for once more at the yes.
        return None
    except RuleBroken as refused:
        return refused
    return None


def say_why(turn: Turn, booking: Booking, refused: RuleBroken) -> None:
    """Why a booking cannot go to a day, and that another one may do; or that it cannot be moved at all."""
    member = turn.unit.people.get(booking.member_id)
    assert member is not None
    service = turn.house.catalogue.service(booking.service)
    match refused:
        case NotCarried(verdict=verdict):
            turn.say_text(refusal(turn, verdict, member, service))
        case NotReady(needs=[need, *_]):
            name = f"first_{need}_again" if need == ASSESSMENT else f"first_{need}"
            turn.say(name, service=service.name, who=turn.call(member))
        case _:
            turn.say("cannot_move", (turn.button("human", press("request_human"), once=False),))
            return
    turn.say("move_not_that_day", when=turn.when(booking.begin))
