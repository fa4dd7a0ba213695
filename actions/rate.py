"""A rating, however it comes: pressed, typed, told in the dialogue, by the API. The one way into surveys.

A low one opens a ticket with its clock, one that lies far from the family's another. Changed within a day the later word
wins; every word is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from actions import scores
from actions.hand_over import Cause, open_ticket, withdraw
from actions.house import House
from actions.visit_people import staff_of
from domain.bookings import Booking
from domain.clock import local
from domain.errors import NotFound
from domain.people import Person
from domain.store import Unit
from domain.surveys import (
    RECOMMENDATIONS,
    SCORES,
    VERY_LOW,
    How,
    Survey,
    SurveyAnswer,
    SurveyKind,
    Why,
    apart,
    is_low,
    subject_of,
)
from domain.tickets import LIVE, Priority, TicketEvent

# So much of what somebody tells is kept with a rating.
LONGEST = 500


class Outcome(StrEnum):
    """What came of a rating. `later` are those that came more than a day after the first."""

    KEPT = "kept"
    CHANGED = "changed"
    LATER = "later"


@dataclass(frozen=True)
class Answer:
    """One word on a survey: its key (the same key twice happens once), how it came, and what it says."""

    key: str
    how: How
    score: int | None = None
    why: Why | None = None
    words: str | None = None


def of_visit(house: House, unit: Unit, actor: Person, booking: Booking) -> Survey:
    """The actor's survey on a visit, made where they speak before they are asked."""
    return unit.surveys.made(
        SurveyKind.VISIT, subject_of(booking.id), actor.id, booking.member_id, house.now(), booking.id
    )


def own(unit: Unit, actor: Person, survey_id: str) -> Survey:
    """The actor's own survey, locked. Raises NotFound for everybody else's."""
    survey = unit.surveys.locked(survey_id)
    if survey is None or survey.person_id != actor.id:
        raise NotFound(survey_id)
    return survey


def rate(house: House, unit: Unit, actor: Person, survey_id: str, said: Answer) -> Outcome:
    """Give a score, or another within a day. Raises NotFound for somebody else's survey or a score that is none."""
    survey, now = own(unit, actor, survey_id), house.now()
    known = RECOMMENDATIONS if survey.kind is SurveyKind.RECOMMEND else SCORES
    if said.score not in known:
        raise NotFound("score")
    before = survey.score
    if unit.surveys.answer(said.key) is not None:
        return Outcome.KEPT
    if not survey.may_change(now):
        _keep(house, unit, actor, survey, Answer(said.key, said.how, words=said.words))
        return Outcome.LATER
    survey.score, survey.scored_at, survey.declined_at = said.score, survey.scored_at or now, None
    _keep(house, unit, actor, survey, said)
    if survey.booking_id is not None:
        _weigh(house, unit, actor, survey, before)
    return Outcome.KEPT if before is None else Outcome.CHANGED


def tell(house: House, unit: Unit, actor: Person, survey_id: str, said: Answer) -> Survey:
    """Words about a visit, or why it was not good, without a score; they stand on the ticket too, where there is one."""
    survey = own(unit, actor, survey_id)
    if unit.surveys.answer(said.key) is None:
        _keep(house, unit, actor, survey, said)
        _on_ticket(house, unit, survey, actor)
    return survey


def decline(house: House, unit: Unit, actor: Person, survey_id: str) -> Survey:
    """No answer, and no second time of asking."""
    survey = own(unit, actor, survey_id)
    if survey.score is None:
        survey.declined_at = house.now()
    unit.flush()
    return survey


def _keep(house: House, unit: Unit, actor: Person, survey: Survey, said: Answer) -> None:
    words = said.words[:LONGEST] if said.words else None
    survey.why, survey.words = said.why or survey.why, words or survey.words
    unit.surveys.add(
        SurveyAnswer(
            survey_id=survey.id,
            at=house.now(),
            actor_id=actor.id,
            how=said.how,
            key=said.key,
            score=said.score,
            why=said.why,
            words=words,
        )
    )
    unit.flush()


def _weigh(house: House, unit: Unit, actor: Person, survey: Survey, before: int | None) -> None:
    """What follows a score: the counts of who came, the ticket, and the look at the family's."""
    assert survey.booking_id is not None
    assert survey.score is not None
    booking = unit.bookings.get(survey.booking_id)
    assert booking is not None
    scores.rated(house, unit, booking, survey.score, before)
    if is_low(survey.kind, survey.score):
        _low(house, unit, actor, survey, booking)
    else:
        _not_low_any_more(house, unit, survey)
    _gap(house, unit, actor, booking)


def task_of(unit: Unit, booking: Booking, **more: str) -> dict[str, str]:
    """What a coordinator should know of the visit; `more` is the cause's own."""
    visit = unit.visits.of_booking(booking.id)
    staff = staff_of(unit, visit, booking) if visit is not None else None
    return {
        "visit": visit.id if visit is not None else "",
        "booking": booking.number,
        "service": booking.service,
        "begin": local(booking.begin).isoformat(),
        "staff": staff.name if staff is not None else "",
        **more,
    }


def _low(house: House, unit: Unit, actor: Person, survey: Survey, booking: Booking) -> None:
    """A life butler asks what went wrong; very low ones sooner."""
    priority = Priority.HIGH if (survey.score or 0) <= VERY_LOW else Priority.NORMAL
    elder = unit.people.get(booking.member_id)
    cause = Cause("life", "low_rating", priority, task=task_of(unit, booking), member=elder)
    # Withdrawn because the score rose, and fallen again: that is another ticket.
    key = f"{survey.id}:low:{len(unit.surveys.answers(survey.id))}"
    live = unit.tickets.get(survey.ticket_id) if survey.ticket_id else None
    if live is None or live.state not in LIVE:
        live = open_ticket(house, unit, unit.conversations.of(actor.id), actor, cause, key)
    survey.ticket_id = live.id
    unit.flush()
    _on_ticket(house, unit, survey, actor)


def _not_low_any_more(house: House, unit: Unit, survey: Survey) -> None:
    """Nobody need call about what was a slip of the finger, if nobody has begun to."""
    ticket = unit.tickets.get(survey.ticket_id) if survey.ticket_id else None
    if ticket is not None and ticket.topic == "low_rating":
        withdraw(house, unit, ticket, house.words.say("follow_changed_outcome", score=survey.score))


def _on_ticket(house: House, unit: Unit, survey: Survey, actor: Person) -> None:
    """The score and its reason stand on the card, whoever opens it later."""
    ticket = unit.tickets.get(survey.ticket_id) if survey.ticket_id else None
    if ticket is None or ticket.state not in LIVE:
        return
    booking = unit.bookings.get(survey.booking_id) if survey.booking_id else None
    said = {
        "booking": booking.number if booking is not None else "",
        "score": str(survey.score) if survey.score is not None else "",
        "why": house.words.say(f"follow_why_{survey.why}") if survey.why else "",
        "words": survey.words or "",
    }
    task = ticket.card.get("task")
    # One ticket may be about two visits: the card shows the first, the history both.
    if isinstance(task, dict) and task.get("booking") == said["booking"]:
        ticket.card = {**ticket.card, "task": {**task, **said}}
    unit.tickets.add(
        TicketEvent(ticket_id=ticket.id, kind="rated", at=house.now(), actor_id=actor.id, detail=said)
    )
    unit.flush()


def _gap(house: House, unit: Unit, actor: Person, booking: Booking) -> None:
    """Elder and family see it so differently that a person listens to both, once for each visit."""
    found = apart(booking.member_id, unit.surveys.of_booking(booking.id))
    elder = unit.people.get(booking.member_id)
    if found is None or elder is None:
        return
    task = task_of(unit, booking, elder_score=str(found[0]), family_score=str(found[1]))
    cause = Cause("life", "rating_gap", Priority.NORMAL, task=task, member=elder)
    open_ticket(house, unit, unit.conversations.of(elder.id), actor, cause, f"{booking.id}:rating_gap")
