"""`action_feedback`: a visit praised or rated by talking; the same way as what is pressed."""

from __future__ import annotations

from actions import rate
from actions.follow_up_words import ask
from actions.rasa.after_visit import meant
from actions.rasa.handing import ticket
from actions.rasa.turn import Event, Turn
from actions.rate_chat import scored
from domain.bookings import Booking
from domain.surveys import How, Survey, SurveyKind, Why, is_low
from nlu.zh.rating import read_rating


def feedback(turn: Turn) -> list[Event]:
    """Kept with the visit that is meant; a low score goes to a person, and is asked after."""
    booking = meant(turn)
    heard = None if turn.pressed else read_rating(turn.text)
    said = turn.entity("rating")
    score = int(said[0]) if said and said[0].isdigit() else heard.score if heard is not None else None
    if booking is None:
        _of_nothing(turn, score)
        return []
    survey = rate.of_visit(turn.house, turn.unit, turn.actor, booking)
    if score is None:
        _without_score(turn, booking, survey)
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


def _of_nothing(turn: Turn, score: int | None) -> None:
    """Of no visit that we know: who is not content is listened to all the same."""
    if score is not None and is_low(SurveyKind.VISIT, score):
        ticket(turn, "life", "low_rating")
        turn.say("feedback_low")
    else:
        turn.say("feedback")


def _without_score(turn: Turn, booking: Booking, survey: Survey) -> None:
    """Words alone are kept with the visit; whoever pressed 「评价服务」 is asked how it was."""
    if turn.pressed:
        asked = ask(turn.house, turn.unit, booking, survey, again=False)
        turn.say_text(asked.text, asked.choices)
        return
    answer = rate.Answer(turn.key, How.TALK, words=turn.text)
    rate.tell(turn.house, turn.unit, turn.actor, survey.id, answer)
    turn.say("feedback_kept")
