"""Emergencies, crises and scams: the first sentence, then the ticket, the people on duty and the family.

The first sentence needs nothing but words (DOMAIN: §5.3): it never waits for the database. What is said to have
been done is what was done: 「正在通知」 until an alert is delivered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from actions import alarm_family
from actions.hand_over import Cause, open_ticket
from actions.house import House
from actions.say import Choice, put
from actions.ticket_clocks import record
from domain.conversations import Conversation, Lane
from domain.people import Person, Role
from domain.store import Unit
from domain.tickets import Priority, Ticket
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
    house: House, unit: Unit, conversation: Conversation, actor: Person, danger: Danger, key: str
) -> Ticket:
    """Open the ticket of the highest priority: who is on duty and the first of the family are told at once, the others
    in their order until somebody has seen it."""
    topic = f"{danger.category}:{danger.kind}"
    cause = Cause(queue=queue_of(danger), topic=topic, priority=Priority.URGENT, said=danger.text)
    ticket = open_ticket(house, unit, conversation, actor, cause, key=f"{key}:alarm")
    if ticket.family_at is None:
        alarm_family.next_one(house, unit, ticket)
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
        record(house, unit, ticket, "acknowledged", actor.id)
        conversation = unit.conversations.get(ticket.conversation_id)
        assert conversation is not None
        put(
            unit,
            conversation,
            house.words.say("alert_acknowledged", name=actor.name),
            key=f"{ticket_id}:acknowledged:{actor.id}",
            now=now,
            lane=Lane.LIVE,
        )
    return True


def delivered(house: House, unit: Unit, message_keys: list[str]) -> None:
    """Note which alerts have left, and only then tell the member that somebody has been told."""
    for alert in unit.tickets.alerts_of(message_keys):
        if alert.delivered_at is not None:
            continue
        alert.delivered_at = house.now()
        ticket, recipient = unit.tickets.get(alert.ticket_id), unit.people.get(alert.recipient_id)
        if ticket is None or recipient is None or recipient.role is not Role.MEMBER:
            continue
        conversation = unit.conversations.get(ticket.conversation_id)
        assert conversation is not None
        put(
            unit,
            conversation,
            house.words.say("alert_delivered", name=recipient.name),
            key=f"{alert.id}:delivered",
            now=house.now(),
            lane=Lane.LIVE,
        )
