"""How the butler speaks in a danger: every line is marked, so that an answer in words is known to belong to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from actions.house import House
from actions.say import Choice, put
from domain.conversations import Conversation, Lane, Message, State
from domain.danger_questions import ANSWERS
from domain.people import Person, Role
from domain.store import Unit
from domain.tickets import Alert, Ticket

# What is asked where it is no question of the data: whether the alarm was false.
SURE = "false_alarm"
LASTS = timedelta(hours=2)  # how long the talk is about a danger
_LOOK_BACK = 12


@dataclass(frozen=True)
class Said:
    """Words, the buttons under them, and their marks; nothing is said where the words are empty."""

    text: str = ""
    choices: tuple[Choice, ...] = ()
    marks: dict[str, object] = field(default_factory=dict)


def before(text: str, said: Said) -> Said:
    """A line in front of another, in one message."""
    return Said("\n".join(part for part in (text, said.text) if part), said.choices, said.marks)


def category_of(ticket: Ticket) -> str:
    """`emergency`, `crisis` or `fraud`."""
    return ticket.topic.partition(":")[0]


def kinds_of(ticket: Ticket) -> list[str]:
    """The kinds of danger of a ticket, in the order in which they were heard."""
    found = ticket.card.get("kinds")
    return [str(kind) for kind in found] if isinstance(found, list) else [ticket.topic.partition(":")[2]]


def marked(ticket: Ticket, text: str, choices: tuple[Choice, ...] = (), asks: str | None = None) -> Said:
    """A line of a danger; `asks` names the question that it puts."""
    marks: dict[str, object] = {"danger": category_of(ticket)}
    if asks:
        marks["asks"] = f"{ticket.id}:{asks}"
    return Said(text, choices, marks)


def tell(house: House, unit: Unit, ticket: Ticket, said: Said, key: str) -> None:
    """Say a line of our own accord to the one who cried; the same key twice says it once."""
    conversation = unit.conversations.get(ticket.conversation_id)
    assert conversation is not None
    put(
        unit,
        conversation,
        said.text,
        key=key,
        now=house.now(),
        choices=said.choices,
        lane=Lane.LIVE,
        extra=said.marks,
    )


def asked_last(unit: Unit, conversation: Conversation) -> tuple[Ticket, str] | None:
    """The danger and the question that an answer in words would belong to.

    Only where nothing else was said since: 「对」 to a form that asks meanwhile is the form's.
    """
    for message in reversed(_lines(unit, conversation)):
        if not message.payload.get("danger"):
            return None
        if asks := message.payload.get("asks"):
            ticket_id, _, question = str(asks).partition(":")
            ticket = unit.tickets.get(ticket_id)
            return (ticket, question) if ticket is not None else None
    return None


def speaks_of_danger(house: House, unit: Unit, conversation: Conversation) -> bool:
    """Whether the newest line is about a danger, and of this hour or so: later the talk is about something else."""
    last = _lines(unit, conversation)[-1:]
    return bool(last and last[0].payload.get("danger")) and house.now() - last[0].created_at <= LASTS


def _lines(unit: Unit, conversation: Conversation) -> list[Message]:
    found = unit.conversations.last(conversation.id, _LOOK_BACK)
    return [m for m in found if m.direction == "out" and m.state is not State.DROPPED]


def question(house: House, unit: Unit, ticket: Ticket) -> Said:
    """The question that is open, with its answers; where none is, that all is noted and the butler stays."""
    name = str(ticket.card.get("asking") or "")
    if not name:
        who = Choice(house.words.say("button_told"), f"told:{ticket.id}", once=False)
        return marked(ticket, house.words.say(f"danger_stay_{category_of(ticket)}"), (who,))
    choices = tuple(
        Choice(house.words.say(f"button_danger_{name}_{answer}"), f"answer:{ticket.id}:{name}:{answer}")
        for answer in ANSWERS
    )
    return marked(ticket, asking(house, unit, ticket, name), choices, name)


def asking(house: House, unit: Unit, ticket: Ticket, name: str) -> str:
    """A question in words: with the address that 120 asks for, or whom of the family it is about."""
    actor = who_cried(unit, ticket)
    if name == "where" and actor is not None and actor.address and not unit.people.elders_of(actor.id):
        return house.words.say("danger_ask_address", address=actor.address)
    child = first_of_family(unit, ticket)
    return house.words.say(f"danger_ask_{name}", name=child.name if child is not None else "")


def who_cried(unit: Unit, ticket: Ticket) -> Person | None:
    conversation = unit.conversations.get(ticket.conversation_id)
    return unit.people.get(conversation.person_id) if conversation is not None else None


def first_of_family(unit: Unit, ticket: Ticket) -> Person | None:
    """Who comes first in the elder's order."""
    actor = who_cried(unit, ticket)
    found = unit.people.relatives_of(actor.id) if actor is not None else ()
    return next((relative for _, relative in found if relative.died_on is None), None)


def told_family(unit: Unit, ticket: Ticket) -> bool:
    """Whether anybody of the family has been told."""
    people = (unit.people.get(alert.recipient_id) for alert in unit.tickets.alerts(ticket.id))
    return any(person is not None and person.role is Role.MEMBER for person in people)


def _reached(alert: Alert) -> str:
    if alert.acknowledged_at:
        return "seen"
    if alert.delivered_at:
        return "yes"
    return "failed" if alert.failed_at else "sending"


def who_knows(house: House, unit: Unit, ticket: Ticket) -> Said:
    """Who has been told, and what is known of it: seen, told, not reached, still being told."""
    lines: dict[str, tuple[bool, datetime, str]] = {}
    for alert in unit.tickets.alerts(ticket.id):
        person = unit.people.get(alert.recipient_id)
        if person is None:
            continue
        staff = person.role is not Role.MEMBER
        name = house.words.say("told_staff", name=person.name) if staff else person.name
        said = house.words.say(f"told_{_reached(alert)}", name=name)
        lines[person.id] = (staff, alert.created_at, said)
    told = "\n".join(said for *_, said in sorted(lines.values()))
    return marked(ticket, told or house.words.say("told_nobody"))
