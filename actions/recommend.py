"""Once a year a member is asked whether they would recommend us, in a week in which nothing else is asked."""

from __future__ import annotations

from datetime import datetime

from actions.follow_up_words import ask_recommendation
from actions.good_moment import busy_until, no_moment, wanted
from actions.house import House
from actions.remind_hand import Said, Standing
from actions.remind_plan import keep_rule, plan
from domain.clock import local_day
from domain.reminders import Instance, InstanceState, Rule, RuleKind
from domain.sending import Reason
from domain.store import Unit
from domain.surveys import RECOMMEND_AFTER, RECOMMEND_WITHIN, WEEK, YEAR, SurveyKind, free_again


def series_of(person_id: str) -> str:
    """The name under which a person's yearly questions hang together."""
    return f"recommend:{person_id}"


def subject_of(instance: Instance) -> str:
    """The subject of one year's question."""
    return f"recommend:{instance.occurrence}"


def plan_first(house: House, unit: Unit, person_id: str, since: datetime) -> None:
    """The first question, a month after the first visit; each later one is planned by the one before."""
    if unit.reminders.latest(series_of(person_id)) is not None:
        return
    rule = keep_rule(house, unit, RuleKind.RECOMMEND, series_of(person_id), person_id, {})
    _plan(house, unit, rule, since + RECOMMEND_AFTER)


def _plan(house: House, unit: Unit, rule: Rule, at: datetime) -> None:
    until = at + RECOMMEND_WITHIN
    plan(house, unit, rule, rule.person_id, local_day(at).isoformat(), at, until, joins=False)


def is_waiting(unit: Unit, person_id: str, now: datetime) -> bool:
    """Whether the yearly question's turn has come and it has not been said."""
    rule = unit.reminders.latest(series_of(person_id))
    return rule is not None and any(
        one.state is InstanceState.PENDING and one.planned_at <= now
        for one in unit.reminders.instances(rule.id)
    )


class RecommendHand:
    """What is known and done about the yearly question."""

    def standing(self, house: House, unit: Unit, rule: Rule, instance: Instance) -> Standing:
        now, person_id = house.now(), instance.person_id
        survey = unit.surveys.on(person_id, subject_of(instance))
        asked = unit.surveys.asked_since(person_id, now - WEEK)
        # Once a year is rare enough to wait for a better week.
        elders = {elder.id for _, elder in unit.people.elders_of(person_id)}
        bad = no_moment(house, unit, {person_id, *elders})
        later = now + WEEK if bad is not None else free_again(asked, now)
        return Standing(
            answered=survey is not None and survey.is_over,
            wanted=wanted(unit, person_id),
            busy_until=later or busy_until(house, unit, person_id),
        )

    def words(self, house: House, unit: Unit, rule: Rule, instance: Instance) -> Said | None:
        person_id = instance.person_id
        survey = unit.surveys.made(
            SurveyKind.RECOMMEND, subject_of(instance), person_id, person_id, house.now()
        )
        survey.asked_at = house.now()
        unit.flush()
        return ask_recommendation(house, survey)

    def after(self, house: House, unit: Unit, rule: Rule, instance: Instance, reason: Reason | None) -> None:
        """Said or not, the next comes a year after this one was planned."""
        if reason is not Reason.DIED and rule.ended_at is None:
            _plan(house, unit, rule, instance.planned_at + YEAR)
