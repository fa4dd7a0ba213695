"""Another emergency while one is open: the same ticket, the words of both, and whoever was told is told once more.

A crisis and a scam stay tickets of their own: no button closes a crisis, and of a scam the family hears only with the
elder's leave.
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from actions import alarm_family, on_call
from actions.alarm_say import category_of, kinds_of, who_cried
from actions.house import House
from actions.incident import note
from actions.say import Choice, put
from actions.ticket_clocks import record
from domain.conversations import Conversation, Lane
from domain.danger_questions import load
from domain.incidents import Happened
from domain.people import Person, Role
from domain.store import Unit
from domain.tickets import Ticket, TicketState
from nlu.zh.danger import Danger, Kind


def open_one(unit: Unit, conversation: Conversation, danger: Danger) -> Ticket | None:
    """The emergency of a conversation that nobody has closed, where this is another cry in it."""
    if danger.category != "emergency":
        return None
    found = unit.tickets.live_of(conversation.id)
    return next((ticket for ticket in found if category_of(ticket) == danger.category), None)


def words_of(unit: Unit, conversation: Conversation, danger: Danger) -> Danger:
    """The danger whose first words are said to this one."""
    found = open_one(unit, conversation, danger) if danger.certain else None
    if found is None:
        return danger
    return replace(danger, kind=cast("Kind", load().words_of(danger.kind, kinds_of(found))))


def join(house: House, unit: Unit, ticket: Ticket, actor: Person, danger: Danger, queue: str) -> None:
    """Take another cry into an open emergency. Where it is of another kind, those who were told are told once more."""
    told = _told(unit, ticket)
    another = danger.kind not in kinds_of(ticket)
    if another:
        _add(house, unit, ticket, actor, danger)
    if queue == "doctor" and ticket.queue != queue:
        _to_doctor(house, unit, ticket, danger)
    if another:
        for person in told:
            _tell(house, unit, ticket, person, danger)


def _add(house: House, unit: Unit, ticket: Ticket, actor: Person, danger: Danger) -> None:
    """The card has the words of both; the topic is that of the graver."""
    kinds, (_, *more) = [*kinds_of(ticket), danger.kind], on_call.said_in(ticket)
    ticket.card = {**ticket.card, "kinds": kinds, "more": [*more, danger.text]}
    ticket.topic = f"{danger.category}:{load().sorted(kinds)[0]}"
    record(house, unit, ticket, "more", actor.id, topic=f"{danger.category}:{danger.kind}", said=danger.text)


def _to_doctor(house: House, unit: Unit, ticket: Ticket, danger: Danger) -> None:
    """What touches the body is the doctor's, and does not go back. A life butler who speaks is not cut off: the doctor
    is called beside them, and has the telephone number; the transfer is theirs."""
    if ticket.state is not TicketState.OPEN:
        people = on_call.on_duty(house, unit, "doctor", 1)
        on_call.alert(house, unit, ticket, people, "desk_called_beside")
        return
    ticket.queue, ticket.tier, ticket.version = "doctor", 1, ticket.version + 1
    record(house, unit, ticket, "transferred", None, queue="doctor", reason=danger.text)
    on_call.call(house, unit, ticket, 1)


def _told(unit: Unit, ticket: Ticket) -> list[Person]:
    """Whoever was told of it so far, and who has it in hand."""
    ids = [alert.recipient_id for alert in unit.tickets.alerts(ticket.id)]
    ids += [ticket.owner_id] if ticket.owner_id is not None else []
    people = (unit.people.get(one) for one in dict.fromkeys(ids))
    return [person for person in people if person is not None and person.died_on is None]


def _tell(house: House, unit: Unit, ticket: Ticket, person: Person, danger: Danger) -> None:
    """One more message under the first; the order of the family and what each has seen stay as they are."""
    actor = who_cried(unit, ticket)
    assert actor is not None
    if person.role is Role.MEMBER:
        found = alarm_family.ground(house, unit, danger.category, actor, person)
        if found is None:
            return
        alarm_family.log_use(house, unit, ticket, actor, person, found)
    mine = [one for one in unit.tickets.alerts(ticket.id) if one.recipient_id == person.id]
    seen = not mine or any(one.acknowledged_at is not None for one in mine)
    button = Choice(house.words.say("button_acknowledge"), f"acknowledge:{ticket.id}")
    put(
        unit,
        unit.conversations.of(person.id),
        on_call.more_words(house, actor, danger.text),
        key=f"{ticket.id}:more:{danger.kind}:{person.id}",
        now=house.now(),
        choices=() if seen else (button,),
        lane=Lane.LIVE,
        extra={"alert": ticket.id},
    )
    note(house, unit, ticket, Happened.TOLD, person.id, text=danger.text)
