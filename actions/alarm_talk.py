"""Staying on the line after a danger: one question at a time, a false alarm, the question of the day after.

Needs no Rasa. Answers are kept on the ticket's card for the person who takes over; once one has, the butler is silent.
"""

from __future__ import annotations

from actions import after_alarm, alarm_family, desk_work
from actions.hand_over import Cause, open_ticket, withdraw
from actions.house import House
from actions.incident import is_danger, note
from actions.say import Choice, put
from actions.ticket_clocks import record
from domain.conversations import Conversation, Lane
from domain.danger_questions import ANSWERS, load
from domain.incidents import Happened
from domain.people import Person, Role
from domain.store import Unit
from domain.tickets import Priority, Ticket, TicketState

VERBS = ("answer", "false_alarm", "false_sure", "false_not", "after")
Words = tuple[str, tuple[Choice, ...]]


def begin(house: House, unit: Unit, conversation: Conversation, ticket: Ticket) -> None:
    """The first question, told of our own accord: it reaches the elder too where the first words went ahead alone."""
    if "asking" in ticket.card or conversation.human_id is not None:
        return
    text, choices = _next(house, unit, ticket, None)
    put(
        unit,
        conversation,
        text,
        key=f"{ticket.id}:ask",
        now=house.now(),
        choices=choices,
        lane=Lane.LIVE,
        extra={"danger": ticket.topic.partition(":")[0]},
    )


def typed(house: House, unit: Unit, conversation: Conversation, text: str) -> Words | None:
    """An answer in words to the question that is open; None where there is none, or it is no answer."""
    said = load().heard(text)
    if said is None:
        return None
    for ticket in unit.tickets.live_of(conversation.id):
        asking = ticket.card.get("asking")
        last = [m for m in unit.conversations.last(conversation.id, 6) if m.payload.get("danger")]
        if is_danger(ticket) and asking and last:
            return _answer(house, unit, conversation, ticket, str(asking), said)
    return None


def press(house: House, unit: Unit, conversation: Conversation, actor: Person, verb: str, rest: str) -> Words:
    """What is said to a press; nothing where a person speaks."""
    if verb == "answer":
        ticket_id, question, said = rest.split(":")
        ticket = unit.tickets.get(ticket_id)
        if ticket is None or ticket.conversation_id != conversation.id:
            return house.words.say("button_unknown"), ()
        return _answer(house, unit, conversation, ticket, question, said)
    if verb == "after":
        return _after(house, unit, conversation, actor, *rest.split(":"))
    if verb == "false_not":
        return house.words.say("false_alarm_not"), ()
    if verb == "false_alarm":
        word = house.words.say
        return word("false_alarm_sure"), (
            Choice(word("button_false_sure"), "false_sure"),
            Choice(word("button_false_not"), "false_not"),
        )
    return house.words.say(_false(house, unit, conversation, actor)), ()


def _answer(
    house: House, unit: Unit, conversation: Conversation, ticket: Ticket, question: str, said: str
) -> Words:
    """Keep it, and ask the next; where a person speaks or the danger is over it is only kept."""
    asked = f"danger_ask_{question}"
    title = house.words.say(f"button_danger_{question}_{said}")
    before = ticket.card.get("answers")
    answers = [
        *(before if isinstance(before, list) else []),
        {
            "asked": house.words.say(asked, name=_child(unit, ticket)),
            "answer": title,
            "at": house.now().isoformat(),
        },
    ]
    ticket.card = {**ticket.card, "answers": answers, "asking": ""}
    record(house, unit, ticket, "answered", conversation.person_id, question=question, answer=said)
    note(house, unit, ticket, Happened.ANSWERED, conversation.person_id, question=question, answer=said)
    unit.flush()
    if conversation.human_id is not None or ticket.state is TicketState.CLOSED:
        return "", ()
    told = _told_child(house, unit, ticket, said) if question == "tell_child" else ""
    grave = house.words.say(f"danger_grave_{question}") if load().grave.get(question) == said else ""
    text, choices = _next(house, unit, ticket, question)
    return "\n".join(part for part in (told or grave, text) if part), choices


def _next(house: House, unit: Unit, ticket: Ticket, asked: str | None) -> Words:
    """The question after one, or that all is noted and the butler stays."""
    category, _, kind = ticket.topic.partition(":")
    question = load().after(kind, asked)
    if question == "tell_child" and not _child(unit, ticket):
        question = load().after(kind, question)
    ticket.card = {**ticket.card, "asking": question or ""}
    if question is None:
        return house.words.say(f"danger_stay_{category}"), ()
    choices = tuple(
        Choice(house.words.say(f"button_danger_{question}_{said}"), f"answer:{ticket.id}:{question}:{said}")
        for said in ANSWERS
    )
    return house.words.say(f"danger_ask_{question}", name=_child(unit, ticket)), choices


def _child(unit: Unit, ticket: Ticket) -> str:
    """Whom of the family a scam may be told to, if the elder says yes; empty where somebody has been told already."""
    if alarm_family.told_family(unit, ticket):
        return ""
    found = alarm_family.first_of_family(unit, ticket)
    return found.name if found is not None else ""


def _told_child(house: House, unit: Unit, ticket: Ticket, said: str) -> str:
    if said != "yes":
        return house.words.say("danger_child_not")
    relative = alarm_family.tell_asked(house, unit, ticket)
    return house.words.say("danger_child_told", name=relative.name) if relative is not None else ""


def _false(house: House, unit: Unit, conversation: Conversation, actor: Person) -> str:
    """It was none: those who were told hear so, and it is over; unless a person is to ask first."""
    stays = False
    for ticket in unit.tickets.live_of(conversation.id):
        if not is_danger(ticket):
            continue
        ticket.card = {**ticket.card, "false_alarm": house.now().isoformat(), "asking": ""}
        note(house, unit, ticket, Happened.FALSE_ALARM, actor.id)
        kind = ticket.topic.partition(":")[2]
        if kind not in load().closes:
            stays = True
            continue
        _tell_all(house, unit, ticket, actor)
        if withdraw(house, unit, ticket, house.words.say("false_alarm_outcome")):
            note(house, unit, ticket, Happened.OUTCOME, actor.id, outcome=ticket.outcome or "")
        else:
            stays = True
    return "false_alarm" if stays else "false_alarm_closed"


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


def _after(
    house: House, unit: Unit, conversation: Conversation, actor: Person, ticket_id: str, said: str
) -> Words:
    """The answer of the day after; who is not well is called by a person."""
    ticket = unit.tickets.get(ticket_id)
    if ticket is None or ticket.conversation_id != conversation.id or said not in after_alarm.ANSWERS:
        return house.words.say("button_unknown"), ()
    note(house, unit, ticket, Happened.FOLLOWED_UP, actor.id, answer=said)
    if said == "good":
        return house.words.say("follow_danger_good"), ()
    cause = Cause(ticket.queue, "after_danger", Priority.HIGH, member=unit.people.get(ticket.member_id))
    open_ticket(house, unit, conversation, actor, cause, key=f"{ticket.id}:after")
    return desk_work.words_of_handing(house, Role(ticket.queue).value)
