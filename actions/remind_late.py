"""The last look at a reminder's words, right before they are sent.

Between the outbox and the door lie seconds, or the hours of a power cut or of a door in trouble: a visit that is
cancelled meanwhile, an elder who has died, a night that has begun are found out here.
"""

from __future__ import annotations

from dataclasses import replace

from actions.house import House
from actions.remind_hand import Standing, judge, note
from actions.remind_hands import hands
from domain.conversations import Message
from domain.reminders import Instance, Outcome, Rule, RuleKind
from domain.sending import Decision, Reason, Unsaid, What
from domain.store import Unit

# A rule that comes once, and an offer, are `done` with being said.
_NO_MORE = (Reason.DIED, Reason.CANCELLED, Reason.MOVED, Reason.STOPPED)


def unsaid(house: House, unit: Unit, message: Message) -> Unsaid | None:
    """None where the words are to be said, and for words that are no reminder's.

    Several that were put together are said as long as one of them is to be.
    """
    decisions = [
        _decide(house, unit, rule, instance)
        for instance in unit.reminders.of_message(message.key)
        if (rule := unit.reminders.rule(instance.rule_id)) is not None
    ]
    if not decisions or any(one.what is What.SEND for one in decisions):
        return None
    later = [one for one in decisions if one.at is not None]
    first = min(later, key=lambda one: one.at or house.now()) if later else decisions[0]
    assert first.reason is not None
    return Unsaid(first.reason, first.at)


def dropped(house: House, unit: Unit, message: Message, reason: str) -> None:
    """The words of a reminder are said by no door any more: each that was said with them is told why."""
    if message.id is None or reason not in list(Reason) or not unit.conversations.drop(message.id, reason):
        return
    for instance in unit.reminders.of_message(message.key):
        instance.unsaid(Reason(reason))
        note(house, unit, instance, Outcome.SKIPPED, Reason(reason))
    unit.flush()


def _decide(house: House, unit: Unit, rule: Rule, instance: Instance) -> Decision:
    people = {instance.person_id, rule.person_id}
    standing = hands()[rule.kind].standing(house, unit, rule, instance)
    # Its own words are no sign that this is a bad moment.
    now = replace(standing, over=_over(rule, standing), busy_until=None)
    return judge(house, unit, instance, now, alive=unit.people.living(people) == people)


def _over(rule: Rule, standing: Standing) -> Reason | None:
    """What speaks against it now. That it was asked itself (enough for a week) is nothing against it."""
    if standing.over is not None and standing.over is not Reason.ENOUGH:
        return standing.over
    # A visit is judged by its time: one that was moved there and back is where it was.
    ended = rule.ended_why if rule.kind is not RuleKind.VISIT else None
    return ended if ended in _NO_MORE else None
