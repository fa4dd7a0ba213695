"""Emergencies, crises and scams: the first sentence, then the ticket, the people on duty and the family.

The first sentence needs nothing but words (DOMAIN: §5.3): it never waits for the database. What is said to have
been done is what was done: 「正在通知」 until an alert is delivered.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from actions import after_alarm, alarm_family, alarm_more, alarm_say, alarm_talk
from actions.hand_over import Cause, open_ticket
from actions.house import House
from actions.incident import note
from actions.say import Choice
from actions.ticket_clocks import record
from domain.conversations import Conversation
from domain.incidents import Happened
from domain.people import Person, Role
from domain.store import Unit
from domain.tickets import Priority, Ticket, TicketState
from nlu.zh.danger import Danger

# How the catalogue begins a sentence about what we are doing meanwhile; a test holds it to that.
_BEING_DONE = "我正在"


@dataclass(frozen=True)
class FirstWords:
    """What is said at once, and the buttons under it."""

    text: str
    choices: tuple[Choice, ...]


def first_words(house: House, danger: Danger) -> FirstWords:
    """The first sentence for a kind of danger; a check question where the words leave a doubt."""
    words = house.words
    if not danger.certain:
        return FirstWords(
            words.say(f"check_{danger.category}"),
            (
                Choice(words.say("button_danger_now"), f"alarm:{danger.category}:{danger.kind}"),
                Choice(words.say("button_danger_over"), f"calm:{danger.category}:{danger.kind}"),
            ),
        )
    name = f"alarm_{danger.kind}_act" if danger.act else f"alarm_{danger.kind}"
    return FirstWords(words.say(name), (Choice(words.say("button_false_alarm"), "false_alarm"),))


def words_for_stranger(house: House, danger: Danger) -> str:
    """The first sentence for somebody whom no account knows: what to do, and nothing that is being done for them."""
    said = re.split(r"(?<=[。！？\n])", first_words(house, danger).text)
    return "".join(sentence for sentence in said if not sentence.startswith(_BEING_DONE)).strip()


def queue_of(danger: Danger) -> str:
    """Whom it goes to: what touches the body or the mind to the doctor butler, the rest to the life butler."""
    return "life" if danger.kind in ("scam", "violence", "missing", "fire", "gas") else "doctor"


def raise_alarm(
    house: House,
    unit: Unit,
    conversation: Conversation,
    actor: Person,
    danger: Danger,
    key: str,
    *,
    known: AbstractSet[str] = frozenset(),
) -> Ticket:
    """Open the ticket of the highest priority: who is on duty and the first of the family are told at once, the others
    in their order until somebody has seen it. An emergency in an open one belongs to that. `known` need not be asked."""
    ticket = alarm_more.open_one(unit, conversation, danger)
    if ticket is not None:
        note(house, unit, ticket, Happened.SAID, actor.id, text=danger.text, rule=danger.rule)
        alarm_more.join(house, unit, ticket, actor, danger, queue_of(danger))
    else:
        topic = f"{danger.category}:{danger.kind}"
        cause = Cause(queue=queue_of(danger), topic=topic, priority=Priority.URGENT, said=danger.text)
        ticket = open_ticket(house, unit, conversation, actor, cause, key=f"{key}:alarm")
        note(house, unit, ticket, Happened.SAID, actor.id, text=danger.text, rule=danger.rule)
    if ticket.family_at is None:
        alarm_family.next_one(house, unit, ticket)
    alarm_talk.begin(house, unit, conversation, ticket, key, known)
    after_alarm.ask_later(house, unit, ticket, actor.id)
    unit.flush()
    return ticket


def acknowledge(house: House, unit: Unit, actor: Person, ticket_id: str) -> bool:
    """Note that somebody has seen their alert, and tell the member. False where it was not theirs."""
    mine = [alert for alert in unit.tickets.alerts(ticket_id) if alert.recipient_id == actor.id]
    ticket = unit.tickets.get(ticket_id)
    if not mine or ticket is None:
        return False
    now, first = house.now(), all(alert.acknowledged_at is None for alert in mine)
    for alert in mine:
        alert.acknowledged_at = alert.acknowledged_at or now
    if first:
        note(house, unit, ticket, Happened.ACKNOWLEDGED, actor.id)
        record(house, unit, ticket, "acknowledged", actor.id)
        said = alarm_say.marked(ticket, house.words.say("alert_acknowledged", name=actor.name))
        alarm_say.tell(house, unit, ticket, said, f"{ticket_id}:acknowledged:{actor.id}")
    return True


def delivered(house: House, unit: Unit, message_keys: list[str]) -> None:
    """Note which alerts have left, and only then tell the member that somebody has been told."""
    for alert in unit.tickets.alerts_of(message_keys):
        if alert.delivered_at is not None:
            continue
        alert.delivered_at = house.now()
        ticket, recipient = unit.tickets.get(alert.ticket_id), unit.people.get(alert.recipient_id)
        if ticket is None or recipient is None:
            continue
        note(house, unit, ticket, Happened.DELIVERED, recipient.id)
        if recipient.role is not Role.MEMBER or ticket.state is TicketState.CLOSED:
            continue
        said = alarm_say.marked(ticket, house.words.say("alert_delivered", name=recipient.name))
        alarm_say.tell(house, unit, ticket, said, f"{alert.id}:delivered")
