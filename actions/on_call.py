"""Who is on shift at a desk, and calling them: alerts to staff's chats, each on record."""

from __future__ import annotations

from collections.abc import Sequence

from actions.house import House
from actions.incident import note
from actions.say import Choice, put
from actions.ticket_clocks import record
from domain.clock import local
from domain.conversations import Lane
from domain.desk import is_on, load
from domain.ids import new_id
from domain.incidents import Happened
from domain.people import Person, Role
from domain.store import Unit
from domain.tickets import Alert, Ticket
from nlu.zh.say import say_when

_ROLE = {"life": Role.LIFE, "doctor": Role.DOCTOR}


def on_duty(house: House, unit: Unit, queue: str, tier: int) -> Sequence[Person]:
    """Who is on shift for a queue at this tier now; where nobody is, everybody whose work it is, at the last tier the
    supervisors."""
    now = local(house.now())
    found = [duty.person_id for duty in unit.desks.duties(queue) if duty.tier == tier and is_on(duty, now)]
    people = [person for each in dict.fromkeys(found) if (person := unit.people.get(each)) is not None]
    if people:
        return people
    if tier < load().last_tier:
        return unit.people.with_roles(_ROLE[queue])
    return unit.people.with_roles(Role.SUPERVISOR)


def call(house: House, unit: Unit, ticket: Ticket, tier: int) -> None:
    """Call those of a tier for an urgent ticket; who has been called already is not called again."""
    rung = load().rung_after(tier)
    ticket.tier = max(ticket.tier, tier)
    now = house.now()
    ticket.call_at = ticket.opened_at + rung.after if rung is not None else None
    if ticket.call_at is not None and ticket.call_at <= now:
        ticket.call_at = now + rung.after if rung is not None else None
    ticket.plan()
    people = on_duty(house, unit, ticket.queue, tier)
    alert(house, unit, ticket, people, "desk_called")
    record(house, unit, ticket, "called", None, tier=str(tier), people=",".join(p.id for p in people))


def warn(house: House, unit: Unit, ticket: Ticket, why: str) -> None:
    """Tell the supervisors of a promise that was not kept."""
    people = on_duty(house, unit, ticket.queue, load().last_tier)
    member = unit.people.get(ticket.member_id)
    for person in people:
        put(
            unit,
            unit.conversations.of(person.id),
            house.words.say(
                "desk_late",
                number=ticket.number,
                name=member.name if member else "",
                clock=house.words.say(f"clock_{why}"),
                topic=topic_words(house, ticket.topic),
            ),
            key=f"{ticket.id}:late:{why}:{ticket.version}:{person.id}",
            now=house.now(),
            lane=Lane.LIVE,
        )


def alert(
    house: House, unit: Unit, ticket: Ticket, people: Sequence[Person], sentence: str, *, again: bool = False
) -> None:
    """Words to each of them with a button to say that they have seen it; `again` tells those too who were told before."""
    told = {one.recipient_id for one in unit.tickets.alerts(ticket.id)}
    member = unit.people.get(ticket.member_id)
    for person in people:
        if person.id in told and not again:
            continue
        key = alert_key(ticket, person) + (f":{ticket.version}" if again else "")
        text = house.words.say(
            sentence,
            number=ticket.number,
            name=member.name if member else "",
            topic=topic_words(house, ticket.topic),
            since=say_when(ticket.opened_at, house.now()),
        )
        danger = f"{danger_words(house, unit, ticket)}\n" if ticket.card.get("said") else ""
        say_alert(house, unit, ticket, person, danger + text, key)


def say_alert(house: House, unit: Unit, ticket: Ticket, person: Person, text: str, key: str) -> None:
    """One alert: its words in the outbox, its row beside them."""
    put(
        unit,
        unit.conversations.of(person.id),
        text,
        key=key,
        now=house.now(),
        choices=(Choice(house.words.say("button_acknowledge"), f"acknowledge:{ticket.id}"),),
        lane=Lane.LIVE,
        extra={"alert": ticket.id},
    )
    unit.tickets.add(
        Alert(
            id=new_id("al"),
            ticket_id=ticket.id,
            recipient_id=person.id,
            message_key=key,
            created_at=house.now(),
        )
    )
    note(house, unit, ticket, Happened.TOLD, person.id)
    unit.flush()


def alert_key(ticket: Ticket, person: Person) -> str:
    """The key of the first alert to somebody about a ticket."""
    return f"{ticket.id}:alert:{person.id}"


def danger_words(house: House, unit: Unit, ticket: Ticket) -> str:
    """What the family and those on duty are told of a danger."""
    conversation = unit.conversations.get(ticket.conversation_id)
    actor = unit.people.get(conversation.person_id) if conversation is not None else None
    assert actor is not None
    said = house.words.say("alert_more_between").join(said_in(ticket))
    return _of_danger(house, actor, f"alert_{ticket.topic.partition(':')[0]}", said)


def more_words(house: House, actor: Person, said: str) -> str:
    """What those who were told of a danger are told of another one in it."""
    return _of_danger(house, actor, "alert_more", said)


def _of_danger(house: House, actor: Person, sentence: str, said: str) -> str:
    return house.words.say(
        sentence,
        name=actor.name,
        said=said,
        phone=actor.phone or house.words.say("no_phone"),
        address=actor.address or house.words.say("no_address"),
    )


def said_in(ticket: Ticket) -> list[str]:
    """The words in which a danger was heard, and those of each other danger that came in it."""
    more = ticket.card.get("more")
    return [str(ticket.card.get("said") or ""), *(map(str, more) if isinstance(more, list) else ())]


def topic_words(house: House, topic: str) -> str:
    """What a ticket is about, for staff."""
    for name in (topic, topic.partition(":")[0]):
        if f"topic_{name}" in house.words.sentences:
            return house.words.say(f"topic_{name}")
    return house.words.say("topic_other")
