"""The words of the questions how it was: five faces with plain words, why it was not good, the yearly one."""

from __future__ import annotations

from actions.house import House
from actions.remind_hand import Said
from actions.remind_words import called
from actions.say import Choice
from actions.visit_people import button, elder_of
from domain.bookings import Booking
from domain.people import ConsentUse, Scope
from domain.policy import Basis
from domain.store import Unit
from domain.surveys import SCORES, Survey, Why
from nlu.zh.say import say_when

# How the yearly question is answered by a press, and what each is of ten.
RECOMMENDATIONS = (10, 8, 5, 2)
# The reasons that are offered; what else there is, people say themselves.
_WHYS = (Why.LATE, Why.CARELESS, Why.ATTITUDE)


def ask(house: House, unit: Unit, booking: Booking, survey: Survey, *, again: bool) -> Said:
    """The question about a visit, to the elder or to one of the family."""
    gaps = {
        "when": say_when(booking.begin, house.now()),
        "service": house.catalogue.service(booking.service).name,
    }
    choices = faces(house, survey)
    if again:
        choices.append(button(house, "follow_never", f"rate:{survey.id}:never"))
    if survey.person_id == booking.member_id:
        return Said(house.words.say("follow_again" if again else "follow_ask", **gaps), choices)
    name = "follow_again_child" if again else "follow_ask_child"
    return Said(house.words.say(name, who=_used(house, unit, booking, survey.person_id), **gaps), choices)


def _used(house: House, unit: Unit, booking: Booking, relative_id: str) -> str:
    """How the elder is called to the relative; that the consent was used is written to the elder's log."""
    consent = unit.people.consents(booking.member_id, relative_id, house.now()).get(Scope.SEE_VISITS)
    if consent is not None:
        unit.people.add(
            ConsentUse(
                elder_id=booking.member_id,
                actor_id=relative_id,
                scope=Scope.SEE_VISITS,
                action=f"survey:{booking.service}",
                basis=f"{Basis.CONSENT}:{consent.id}",
                at=house.now(),
            )
        )
    return called(unit, elder_of(unit, booking), relative_id)


def faces(house: House, survey: Survey) -> list[Choice]:
    """From the worst to the best, so that the place of a face is its score. A second press changes the first."""
    return [button(house, f"face_{n}", f"rate:{survey.id}:{n}", once=False) for n in SCORES]


def whys(house: House, survey: Survey) -> list[Choice]:
    """Why it was not good: the usual reasons, own words, and a way back for a slip of the finger."""
    return [
        *(button(house, f"follow_why_{why}", f"why:{survey.id}:{why}", once=False) for why in _WHYS),
        button(house, "follow_why_own", f"why:{survey.id}:own", once=False),
        mistaken(house, survey),
    ]


def mistaken(house: House, survey: Survey) -> Choice:
    """The way back to the faces."""
    return button(house, "follow_mistaken", f"rerate:{survey.id}", once=False)


def unsaid(house: House, survey: Survey) -> Choice:
    """The way out of telling why."""
    return button(house, "follow_why_unsaid", f"why:{survey.id}:unsaid", once=False)


def ask_recommendation(house: House, survey: Survey) -> Said:
    """The yearly question."""
    choices = [button(house, f"recommend_{n}", f"rate:{survey.id}:{n}", once=False) for n in RECOMMENDATIONS]
    return Said(house.words.say("recommend_ask"), choices)
