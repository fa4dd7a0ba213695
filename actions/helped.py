"""One question about the help given, some time after it: asked as a reminder, so that quiet hours and wishes hold."""

from __future__ import annotations

from datetime import timedelta

from actions.good_moment import no_moment, talking_until, wanted
from actions.house import House
from actions.remind_hand import Said, Standing
from actions.remind_plan import keep_rule, plan
from actions.say import Choice
from domain.people import Role
from domain.reminders import Instance, Rule, RuleKind
from domain.sending import Reason
from domain.store import Unit
from domain.tickets import Helped, Ticket, TicketState

# Not in the moment of parting, when something else may go on; and of no use any more after two days.
_AFTER, _USEFUL = timedelta(minutes=30), timedelta(days=2)
# What the answers under the question count as, of five.
ANSWERS = {"good": 5, "fair": 3, "bad": 1}


def ask_later(house: House, unit: Unit, ticket: Ticket) -> None:
    """Plan the question after a ticket in which a person spoke to the member."""
    series = f"helped:{ticket.id}"
    if ticket.first_reply_at is None or ticket.owner_id is None or unit.reminders.latest(series) is not None:
        return
    conversation = unit.conversations.get(ticket.conversation_id)
    person = unit.people.get(conversation.person_id) if conversation is not None else None
    if person is None or person.role is not Role.MEMBER:
        return
    now = house.now()
    rule = keep_rule(
        house, unit, RuleKind.HELPED, series, person.id, {"ticket": ticket.id}, by=ticket.owner_id
    )
    plan(house, unit, rule, person.id, "ask", now + _AFTER, now + _USEFUL, joins=False)


class HelpedHand:
    """What is known and said about the question after a ticket."""

    def standing(self, house: House, unit: Unit, rule: Rule, instance: Instance) -> Standing:
        ticket = unit.tickets.get(rule.detail["ticket"])
        if ticket is None or ticket.state is not TicketState.CLOSED:
            return Standing(over=Reason.DONE)
        person_id = instance.person_id
        return Standing(
            over=no_moment(house, unit, {person_id}),
            answered=unit.desks.helped(ticket.id) is not None,
            wanted=wanted(unit, person_id),
            busy_until=talking_until(house, unit, person_id),
        )

    def words(self, house: House, unit: Unit, rule: Rule, instance: Instance) -> Said | None:
        ticket = unit.tickets.get(rule.detail["ticket"])
        owner = unit.people.get(ticket.owner_id) if ticket is not None and ticket.owner_id else None
        word = house.words.say
        choices = [
            Choice(word(f"button_helped_{name}"), f"helped:{rule.detail['ticket']}:{name}")
            for name in ANSWERS
        ]
        return Said(word("helped_ask", name=owner.name if owner else ""), choices)

    def after(self, house: House, unit: Unit, rule: Rule, instance: Instance, reason: Reason | None) -> None:
        """Nothing follows: who does not answer is not asked again."""


def rate(house: House, unit: Unit, person_id: str, ticket_id: str, answer: str) -> Ticket | None:
    """Keep what somebody said of the help; the ticket, or None where it is not theirs or was rated already."""
    ticket = unit.tickets.get(ticket_id)
    conversation = unit.conversations.get(ticket.conversation_id) if ticket is not None else None
    if ticket is None or conversation is None or conversation.person_id != person_id or answer not in ANSWERS:
        return None
    if unit.desks.helped(ticket_id) is not None:
        return None
    unit.desks.add(Helped(ticket_id=ticket_id, person_id=person_id, rating=ANSWERS[answer], at=house.now()))
    return ticket
