"""Staying on the line after a danger: one question at a time, a false alarm, who has been told, the day after.

Needs no Rasa. Answers are kept on the ticket's card for the person who takes over; once one has, the butler is silent.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any

from actions import after_alarm, alarm_family
from actions.alarm_say import (
    SURE,
    Said,
    asking,
    before,
    first_of_family,
    kinds_of,
    marked,
    question,
    tell,
    told_family,
    who_knows,
)
from actions.hand_over import withdraw
from actions.house import House
from actions.incident import is_danger, note
from actions.say import Choice, put
from actions.ticket_clocks import record
from domain.conversations import Conversation, Lane
from domain.danger_questions import load
from domain.incidents import Happened
from domain.people import Person
from domain.store import Unit
from domain.tickets import Ticket, TicketState

VERBS = ("answer", "false_alarm", "false_sure", "false_not", "after", "told")


def begin(
    house: House, unit: Unit, conversation: Conversation, ticket: Ticket, key: str, known: AbstractSet[str]
) -> None:
    """The first question that is not `known`, told of our own accord: it reaches the elder too where the first words went ahead alone.

    A second cry in the same danger hears the open question again, or that of the graver danger.
    """
    if conversation.human_id is not None:
        return
    ticket.card = {**ticket.card, "known": sorted({*known, *_listed(ticket, "known")})}
    ticket.card = {**ticket.card, "asking": _not_known(unit, ticket)}
    tell(house, unit, ticket, question(house, unit, ticket), f"{key}:ask")


def press(house: House, unit: Unit, conversation: Conversation, actor: Person, verb: str, rest: str) -> Said:
    """What is said to a press; nothing where a person speaks."""
    if verb == "after":
        ticket_id, said = rest.split(":")
        return after_alarm.answered(house, unit, conversation, actor, ticket_id, said)
    if verb == "false_not":
        return keep_on(house, unit, conversation)
    if verb == "false_alarm":
        return ask_sure(house, unit, conversation)
    if verb == "false_sure":
        return false_alarm(house, unit, conversation, actor)
    ticket_id, _, answer = rest.partition(":")
    ticket = unit.tickets.get(ticket_id)
    if ticket is None or ticket.conversation_id != conversation.id:
        return Said(house.words.say("button_unknown"))
    if verb == "told":
        return who_knows(house, unit, ticket)
    name, _, said = answer.partition(":")
    return answer_to(house, unit, conversation, ticket, name, said)


def answer_to(
    house: House, unit: Unit, conversation: Conversation, ticket: Ticket, name: str, said: str
) -> Said:
    """Keep an answer and ask the next; where a person speaks it is only kept, and an old one is not any more."""
    if ticket.state is TicketState.CLOSED or ticket.card.get("asking") != name:
        return _moved_on(house, unit, conversation, ticket)
    _keep(house, unit, conversation, ticket, name, said)
    if conversation.human_id is not None:
        return Said()
    if name == "tell_child":
        first = _told_child(house, unit, ticket, said)
    else:
        first = house.words.say(f"danger_grave_{name}") if load().grave.get(name) == said else ""
    return before(first, question(house, unit, ticket))


def _keep(house: House, unit: Unit, conversation: Conversation, ticket: Ticket, name: str, said: str) -> None:
    answer = {
        "question": name,
        "asked": asking(house, unit, ticket, name),
        "answer": house.words.say(f"button_danger_{name}_{said}"),
        "at": house.now().isoformat(),
    }
    ticket.card = {**ticket.card, "answers": [*_listed(ticket, "answers"), answer]}
    skipped = load().skips.get(name, {}).get(said, ())
    ticket.card = {**ticket.card, "known": [*_listed(ticket, "known"), *skipped]}
    ticket.card = {**ticket.card, "asking": _not_known(unit, ticket)}
    record(house, unit, ticket, "answered", conversation.person_id, question=name, answer=said)
    note(house, unit, ticket, Happened.ANSWERED, conversation.person_id, question=name, answer=said)
    unit.flush()


def _listed(ticket: Ticket, name: str) -> list[Any]:
    found = ticket.card.get(name)
    return found if isinstance(found, list) else []


def _not_known(unit: Unit, ticket: Ticket) -> str:
    """The first question whose answer we have not heard in this or another danger of the moment; empty where none is left."""
    known = set(_listed(ticket, "known"))
    for one in (ticket, *unit.tickets.live_of(ticket.conversation_id)):
        known |= {str(answer["question"]) for answer in _listed(one, "answers")}
    if not _may_ask(unit, ticket):
        known.add("tell_child")
    return next((name for name in load().to_ask(kinds_of(ticket)) if name not in known), "")


def _may_ask(unit: Unit, ticket: Ticket) -> bool:
    """Whether there is a child who was not told of a scam and might be, should the elder say so."""
    return first_of_family(unit, ticket) is not None and not told_family(unit, ticket)


def _moved_on(house: House, unit: Unit, conversation: Conversation, ticket: Ticket) -> Said:
    """A button of a question that is not asked any more: kindly, and with the one that is."""
    if conversation.human_id is not None:
        return Said()
    if ticket.state is TicketState.CLOSED:
        return Said(house.words.say("danger_over"))
    return before(house.words.say("danger_moved_on"), question(house, unit, ticket))


def _told_child(house: House, unit: Unit, ticket: Ticket, said: str) -> str:
    if said != "yes":
        return house.words.say("danger_child_not")
    relative = alarm_family.tell_asked(house, unit, ticket)
    return house.words.say("danger_child_told", name=relative.name) if relative is not None else ""


def ask_sure(house: House, unit: Unit, conversation: Conversation) -> Said:
    """A false alarm is asked about once: pressed by a trembling hand it would end the help."""
    found = [ticket for ticket in unit.tickets.live_of(conversation.id) if is_danger(ticket)]
    word = house.words.say
    if not found:
        return Said(word("danger_over"))
    choices = (Choice(word("button_false_sure"), "false_sure"), Choice(word("button_false_not"), "false_not"))
    return marked(found[0], word("false_alarm_sure"), choices, SURE)


def keep_on(house: House, unit: Unit, conversation: Conversation) -> Said:
    """It was none after all: the help goes on, with the question that is open."""
    found = [ticket for ticket in unit.tickets.live_of(conversation.id) if is_danger(ticket)]
    if not found or conversation.human_id is not None:
        return Said(house.words.say("false_alarm_not"))
    following = question(house, unit, found[0])
    return Said(f"{house.words.say('false_alarm_not')}\n{following.text}", following.choices, following.marks)


def false_alarm(house: House, unit: Unit, conversation: Conversation, actor: Person) -> Said:
    """It was none: those who were told hear so, and it is over; unless a person is to ask first."""
    stays = False
    for ticket in unit.tickets.live_of(conversation.id):
        if not is_danger(ticket):
            continue
        ticket.card = {**ticket.card, "false_alarm": house.now().isoformat(), "asking": ""}
        note(house, unit, ticket, Happened.FALSE_ALARM, actor.id)
        if not load().closes.issuperset(kinds_of(ticket)):
            stays = True
            continue
        _tell_all(house, unit, ticket, actor)
        if withdraw(house, unit, ticket, house.words.say("false_alarm_outcome")):
            note(house, unit, ticket, Happened.OUTCOME, actor.id, outcome=ticket.outcome or "")
        else:
            stays = True
    return Said(house.words.say("false_alarm" if stays else "false_alarm_closed"))


def _tell_all(house: House, unit: Unit, ticket: Ticket, actor: Person) -> None:
    for recipient in dict.fromkeys(alert.recipient_id for alert in unit.tickets.alerts(ticket.id)):
        put(
            unit,
            unit.conversations.of(recipient),
            house.words.say("alert_false", name=actor.name, phone=actor.phone or house.words.say("no_phone")),
            key=f"{ticket.id}:false:{recipient}",
            now=house.now(),
            lane=Lane.LIVE,
        )
