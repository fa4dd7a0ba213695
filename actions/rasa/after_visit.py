"""Which visit is spoken of, where somebody praises, rates or complains without naming a day."""

from __future__ import annotations

from datetime import timedelta

from actions import rate
from actions.family import permit
from actions.rasa.turn import Turn
from domain.bookings import Booking
from domain.errors import NotAllowed, NotFound
from domain.people import Scope
from domain.policy import may_see_booking
from domain.surveys import How, Why, subject_of

# What is said without a date is about a visit of so long ago at most.
_MEANT = timedelta(days=30)


def meant(turn: Turn) -> Booking | None:
    """The visit that is spoken of: one's own or that of the elder who is named, of the service that is named."""
    try:
        people = turn.whom()
    except NotFound:
        return None
    since, services = turn.now - _MEANT, turn.services
    asked = turn.unit.surveys.open_of(turn.actor.id, since)
    if asked is not None and asked.booking_id is not None and not services and not turn.entity("person"):
        return turn.unit.bookings.get(asked.booking_id)
    for relative in people:
        try:
            reach = permit(
                turn.house, turn.unit, turn.actor, relative.person.id, Scope.SEE_VISITS, "give_feedback"
            )
        except (NotAllowed, NotFound):
            continue
        private = may_see_booking(reach.basis, private=True)
        found = turn.unit.surveys.last_visit(relative.person.id, since, turn.now, services, private=private)
        if found is not None:
            return found
    return None


def about(turn: Turn) -> dict[str, str]:
    """Which visit a complaint is told after, for the card; who was asked how it was has answered with it."""
    booking = meant(turn)
    if booking is None:
        return {}
    words = "" if turn.pressed else turn.text[: rate.LONGEST]
    asked = turn.unit.surveys.on(turn.actor.id, subject_of(booking.id))
    if asked is not None and words:
        answer = rate.Answer(turn.key, How.TALK, why=Why.OTHER, words=words)
        rate.tell(turn.house, turn.unit, turn.actor, asked.id, answer)
    return {**rate.task_of(turn.unit, booking), "words": words}
