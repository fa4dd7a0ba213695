"""What the tests of the desks share: a ticket by what is said, steps as somebody, what is on record."""

from __future__ import annotations

from datetime import timedelta

from actions import desk_due, hand_over
from actions.hand_over import Cause
from actions.house import House
from actions.ticket_clocks import heard
from domain.conversations import Message, Speaker, State
from domain.people import Person, Role
from domain.tickets import Priority, Ticket
from tests.actions.care import who

MINUTE = timedelta(minutes=1)
_count = iter(range(1_000_000))


def opened(
    house: House,
    topic: str = "request",
    queue: str = "life",
    priority: Priority = Priority.NORMAL,
    by: str = "mei",
) -> str:
    """A ticket of somebody; its id."""
    with house.store.write() as unit:
        conversation = unit.conversations.of(by)
        cause = Cause(queue, topic, priority)
        return hand_over.open_ticket(
            house, unit, conversation, who(unit, by), cause, f"open{next(_count)}"
        ).id


def act(house: House, step, person: str, ticket_id: str, *more, **named):
    """A step of a ticket as somebody."""
    with house.store.write() as unit:
        return step(house, unit, who(unit, person), ticket_id, *more, **named)


def reply(house: House, person: str, ticket_id: str, text: str = "您好") -> None:
    act(house, hand_over.reply, person, ticket_id, text, f"r{next(_count)}")


def says(house: House, text: str, person: str = "mei") -> None:
    """A word of a member while a person speaks."""
    with house.store.write() as unit:
        conversation = unit.conversations.locked(unit.conversations.of(person).id)
        message = Message(
            conversation_id=conversation.id,
            direction="in",
            speaker=Speaker.MEMBER,
            channel="test",
            text=text,
            key=f"said{next(_count)}",
            state=State.ANSWERED,
            created_at=house.now(),
            author_id=person,
        )
        unit.conversations.add(message)
        unit.flush()
        heard(house, unit, conversation, message)


def read(house: House, ticket_id: str) -> Ticket:
    with house.store.read() as unit:
        found = unit.tickets.get(ticket_id)
        assert found is not None
        return found


def owner(house: House, person: str = "mei") -> str:
    with house.store.read() as unit:
        found = unit.conversations.of_existing(person)
        assert found is not None
        return found.owner


def events(house: House, ticket_id: str) -> list[str]:
    with house.store.read() as unit:
        return [event.kind for event in unit.tickets.history(ticket_id)]


def later(house: House, clock, minutes: float) -> None:
    """Let time pass, stopping at each moment at which something of the desks falls due."""
    end = clock.now() + timedelta(minutes=minutes)
    while True:
        with house.store.read() as unit:
            due = desk_due.next_due(unit)
        if due is None or due > end:
            break
        clock.moment = max(due, clock.now())
        desk_due.work_off(house)
    clock.moment = end
    desk_due.work_off(house)


def supervisor(house: House) -> None:
    """A supervisor, who has talked with us."""
    with house.store.write() as unit:
        unit.people.add(Person(id="sup", name="吴主管", role=Role.SUPERVISOR, handle="sup"))
        unit.flush()
        unit.conversations.of("sup")
