"""Some hours after a visit one question how it was, to the elder and to the family who may know; once more, never twice.

Planned with the end of a visit, as reminders are: judged when it is due, kept out of quiet hours.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from actions import recommend
from actions.follow_up_words import ask
from actions.good_moment import busy_until, no_moment, wanted
from actions.house import House
from actions.remind_hand import Said, Standing
from actions.remind_plan import keep_rule, plan
from actions.remind_visits import may_know
from domain.bookings import Booking, Status
from domain.reminders import Instance, Rule, RuleKind
from domain.sending import Reason
from domain.store import Unit
from domain.surveys import (
    ASK_AFTER,
    ASK_WITHIN,
    NUDGE_AFTER,
    NUDGE_WITHIN,
    PAUSE,
    WEEK,
    SurveyKind,
    enough,
    subject_of,
)
from domain.visits import OVER, Flag, Visit

ASK, NUDGE = "ask", "nudge"
# Two questions to one person come so far apart.
_APART = timedelta(hours=2)


def series_of(booking: Booking) -> str:
    """The name under which the questions about a visit hang together."""
    return f"follow:{booking.id}"


def plan_follow_up(house: House, unit: Unit, visit: Visit, booking: Booking) -> None:
    """A visit has ended: the elder and the family are to be asked, each once. A second time plans nothing."""
    if unit.reminders.latest(series_of(booking)) is not None or visit.ended_at is None:
        return
    now = house.now()
    rule = keep_rule(
        house,
        unit,
        RuleKind.FOLLOW_UP,
        series_of(booking),
        booking.member_id,
        {"booking": booking.id, "visit": visit.id},
    )
    # Reported a day later, it is not asked about in the same minute.
    at, until = max(visit.ended_at + ASK_AFTER, now + PAUSE), visit.ended_at + ASK_WITHIN
    family = [relative.id for _, relative in unit.people.relatives_of(booking.member_id)]
    for person_id in (booking.member_id, *family):
        plan(house, unit, rule, person_id, ASK, _apart(unit, person_id, at), until, joins=False)
        recommend.plan_first(house, unit, person_id, visit.ended_at)


def _apart(unit: Unit, person_id: str, at: datetime) -> datetime:
    """Not in the same breath as a question about another visit."""
    taken = [
        one.due_at
        for one in unit.reminders.waiting_of(person_id)
        if one.occurrence == ASK and one.due_at is not None
    ]
    while any(abs(other - at) < _APART for other in taken):
        at += _APART
    return at


class FollowUpHand:
    """What is known and done about the question after a visit."""

    def standing(self, house: House, unit: Unit, rule: Rule, instance: Instance) -> Standing:
        booking = unit.bookings.get(rule.detail["booking"])
        visit = unit.visits.get(rule.detail["visit"])
        if booking is None or visit is None:
            return Standing(over=Reason.CANCELLED)
        survey = unit.surveys.on(instance.person_id, subject_of(booking.id))
        mine = instance.person_id == booking.member_id
        return Standing(
            over=_took_no_place(visit, booking)
            or no_moment(house, unit, {instance.person_id, booking.member_id})
            or (_enough(house, unit, instance) if instance.occurrence == ASK else None),
            consents=mine or may_know(house, unit, booking, instance.person_id),
            answered=survey is not None and survey.is_over,
            wanted=wanted(unit, instance.person_id),
            busy_until=busy_until(house, unit, instance.person_id),
        )

    def words(self, house: House, unit: Unit, rule: Rule, instance: Instance) -> Said | None:
        booking = unit.bookings.get(rule.detail["booking"])
        assert booking is not None
        survey = unit.surveys.made(
            SurveyKind.VISIT,
            subject_of(booking.id),
            instance.person_id,
            booking.member_id,
            house.now(),
            booking.id,
        )
        again = instance.occurrence == NUDGE
        if again:
            survey.nudged_at = house.now()
        else:
            survey.asked_at = house.now()
        unit.flush()
        return ask(house, unit, booking, survey, again=again)

    def after(self, house: House, unit: Unit, rule: Rule, instance: Instance, reason: Reason | None) -> None:
        """Asked once, once more a day later where nobody answers; then never."""
        if reason is None and instance.occurrence == ASK:
            at = house.now() + NUDGE_AFTER
            until = house.now() + NUDGE_WITHIN
            plan(house, unit, rule, instance.person_id, NUDGE, at, until, joins=False)


def _took_no_place(visit: Visit, booking: Booking) -> Reason | None:
    """Nothing is asked of a visit that was not, or of which somebody says so."""
    if visit.state not in OVER or booking.status not in (Status.CONFIRMED, Status.FULFILLED):
        return Reason.NOT_DONE
    return Reason.COMPLAINT if Flag.OBJECTED in visit.flags else None


def _enough(house: House, unit: Unit, instance: Instance) -> Reason | None:
    """A person is not asked all week long; and the yearly question, when its turn has come, has the week to itself."""
    now = house.now()
    asked = unit.surveys.asked_since(instance.person_id, now - WEEK)
    waits = recommend.is_waiting(unit, instance.person_id, now)
    return Reason.ENOUGH if waits or enough(asked, now) else None
