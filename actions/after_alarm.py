"""The day after a danger: one question how it is, asked as a reminder, so that quiet hours hold."""

from __future__ import annotations

from datetime import timedelta

from actions import desk_work
from actions.alarm_say import Said as Answer
from actions.alarm_say import kinds_of
from actions.good_moment import talking_until
from actions.hand_over import Cause, open_ticket
from actions.house import House
from actions.incident import note
from actions.remind_hand import Said, Standing
from actions.remind_plan import keep_rule, plan
from actions.say import Choice
from domain.conversations import Conversation
from domain.danger_questions import load
from domain.incidents import Happened
from domain.people import Person, Role
from domain.reminders import Instance, Rule, RuleKind
from domain.sending import Reason
from domain.store import Unit
from domain.tickets import HELD, Priority, Ticket, TicketState

# DOMAIN 5.3.9; three days later nobody knows any more what is meant.
_AFTER, _USEFUL = timedelta(hours=24), timedelta(days=3)
ANSWERS = ("good", "bad")


def ask_later(house: House, unit: Unit, ticket: Ticket, person_id: str) -> None:
    """Plan the question; once for each danger."""
    series = f"danger:{ticket.id}"
    if unit.reminders.latest(series) is not None:
        return
    now = house.now()
    rule = keep_rule(house, unit, RuleKind.DANGER, series, person_id, {"ticket": ticket.id})
    plan(house, unit, rule, person_id, "ask", now + _AFTER, now + _USEFUL, joins=False)


class DangerHand:
    """What is known and said about the question of the day after."""

    def standing(self, house: House, unit: Unit, rule: Rule, instance: Instance) -> Standing:
        ticket = unit.tickets.get(rule.detail["ticket"])
        if ticket is None or (ticket.state in HELD and ticket.state is not TicketState.RESOLVED):
            return Standing(over=Reason.DONE)  # a person is with them
        if "false_alarm" in ticket.card and load().closes.issuperset(kinds_of(ticket)):
            return Standing(over=Reason.DONE)  # there was nothing
        return Standing(busy_until=talking_until(house, unit, instance.person_id))

    def words(self, house: House, unit: Unit, rule: Rule, instance: Instance) -> Said | None:
        ticket = unit.tickets.get(rule.detail["ticket"])
        if ticket is None:
            return None
        choices = [
            Choice(house.words.say(f"button_follow_{name}"), f"after:{ticket.id}:{name}") for name in ANSWERS
        ]
        return Said(house.words.say(f"follow_{ticket.topic.partition(':')[0]}"), choices)

    def after(self, house: House, unit: Unit, rule: Rule, instance: Instance, reason: Reason | None) -> None:
        """It is on record that it was asked, or why it was not."""
        ticket = unit.tickets.get(rule.detail["ticket"])
        if ticket is not None:
            note(house, unit, ticket, Happened.FOLLOWED_UP, None, asked=str(reason or "sent"))


def answered(
    house: House, unit: Unit, conversation: Conversation, actor: Person, ticket_id: str, said: str
) -> Answer:
    """The answer of the day after; who is not well is called by a person."""
    ticket = unit.tickets.get(ticket_id)
    if ticket is None or ticket.conversation_id != conversation.id or said not in ANSWERS:
        return Answer(house.words.say("button_unknown"))
    note(house, unit, ticket, Happened.FOLLOWED_UP, actor.id, answer=said)
    if said == "good":
        return Answer(house.words.say("follow_danger_good"))
    cause = Cause(ticket.queue, "after_danger", Priority.HIGH, member=unit.people.get(ticket.member_id))
    open_ticket(house, unit, conversation, actor, cause, key=f"{ticket.id}:after")
    return Answer(*desk_work.words_of_handing(house, Role(ticket.queue).value))


def typed(house: House, unit: Unit, conversation: Conversation, actor: Person, text: str) -> Answer | None:
    """The same in words, where that question was the last thing that was said."""
    said = load().how_after(text)
    if said is None:
        return None
    lines = [m for m in unit.conversations.last(conversation.id, 4) if m.direction == "out"][-1:]
    for instance in unit.reminders.of_message(lines[0].key) if lines else ():
        rule = unit.reminders.rule(instance.rule_id)
        if rule is not None and rule.kind is RuleKind.DANGER:
            return answered(house, unit, conversation, actor, rule.detail["ticket"], said)
    return None
