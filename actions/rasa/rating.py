"""`action_feedback`: a visit praised or rated by talking; the same way as what is pressed. Which visit a complaint is about."""

from __future__ import annotations

from datetime import timedelta

from actions import rate
from actions.family import permit
from actions.rasa.turn import Event, Turn
from actions.rate_chat import scored
from domain.bookings import Booking
from domain.errors import NotAllowed, NotFound
from domain.people import Scope
from domain.policy import may_see_booking
from domain.surveys import How, Why, subject_of
from nlu.zh.rating import read_rating

# What is said without a date is about a visit of so long ago at most.
_MEANT = timedelta(days=30)


def feedback(turn: Turn) -> list[Event]:
    """Kept with the visit that is meant; a low score goes to a person, and is asked after."""
    booking = _meant(turn)
    if booking is None:
        turn.say("feedback")
        return []
    survey = rate.of_visit(turn.house, turn.unit, turn.actor, booking)
    heard = None if turn.pressed else read_rating(turn.text)
    said = turn.entity("rating")
    score = int(said[0]) if said and said[0].isdigit() else heard.score if heard is not None else None
    if score is None:
        words = None if turn.pressed else turn.text
        if words:
            rate.tell(
                turn.house, turn.unit, turn.actor, survey.id, rate.Answer(turn.key, How.TALK, words=words)
            )
        turn.say("feedback_kept")
        return []
    answer = rate.Answer(
        turn.key,
        How.TALK,
        score=score,
        why=Why(heard.why) if heard is not None and heard.why else None,
        words=turn.text,
    )
    told = scored(turn.house, turn.unit, turn.actor, survey.id, answer)
    turn.say_text(told.text, told.choices)
    return []


def _meant(turn: Turn) -> Booking | None:
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
    booking = _meant(turn)
    if booking is None:
        return {}
    words = "" if turn.pressed else turn.text[: rate.LONGEST]
    asked = turn.unit.surveys.on(turn.actor.id, subject_of(booking.id))
    if asked is not None and words:
        answer = rate.Answer(turn.key, How.TALK, why=Why.OTHER, words=words)
        rate.tell(turn.house, turn.unit, turn.actor, asked.id, answer)
    return {**rate.task_of(turn.unit, booking), "words": words}
