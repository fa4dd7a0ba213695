"""The card: everything that the person who takes over should know, so that the elder never says it twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from actions.house import House
from actions.task_words import told
from domain.clock import local
from domain.conversations import Conversation, Message
from domain.measures import shown
from domain.people import Person
from domain.policy import may_read_words
from domain.store import Unit
from domain.tickets import Ticket
from nlu.zh.mood import mood

# How many of the last lines the card shows, and of how many of the member's own the mood is guessed.
_LINES, _FELT = 8, 4
_VISITS = 3
_PAST = timedelta(days=30)


def card(
    house: House,
    unit: Unit,
    conversation: Conversation,
    actor: Person,
    member: Person,
    *,
    queue: str,
    topic: str,
    task: dict[str, str] | None,
) -> dict[str, object]:
    """The whole story as it stands now, as far as the butlers of this queue may read it."""
    last = lines(unit.conversations.last(conversation.id, _LINES * 2), queue)
    said = [line for line in last if line["who"] == "member"]
    return {
        **_standing(house, unit, member),
        "asked_by": _facts(actor) if actor.id != member.id else None,
        "task": task,
        "doing": dict(conversation.topics) or None,
        "why": topic,
        "lines": last[-_LINES:],
        "mood": mood([str(line["text"]) for line in said[-_FELT:]]),
    }


def fresh(house: House, unit: Unit, ticket: Ticket) -> dict[str, object]:
    """The card of a ticket as it is now: why it came and what was being done then stay, the rest is built anew."""
    conversation = unit.conversations.get(ticket.conversation_id)
    member, opener = unit.people.get(ticket.member_id), unit.people.get(ticket.opened_by)
    if conversation is None or member is None:
        return ticket.card
    now = card(
        house,
        unit,
        conversation,
        opener or member,
        member,
        queue=ticket.queue,
        topic=ticket.topic,
        task=None,
    )
    kept = {
        name: value for name, value in ticket.card.items() if name not in now or name in ("task", "asked_by")
    }
    return {
        **now,
        **kept,
        "task_told": told(house, unit, ticket.card.get("task")),
        "notes_told": noted(house, member),
        "felt": ticket.card.get("mood"),
    }


def noted(house: House, member: Person) -> list[dict[str, str]]:
    """What is noted of somebody, under names for people; what has none here (a place on the map) is not shown."""
    known, found = house.words.sentences, []
    # In one order, whatever order the database keeps them in; what was said once comes last, the oldest first.
    for key, value in sorted(
        member.notes.items(), key=lambda row: (row[0].startswith("note_"), len(row[0]), row[0])
    ):
        names = ("note_said",) if key.startswith("note_") else (f"fact_{key}", f"need_{key}")
        name = next((one for one in names if one in known), None)
        if name is not None and value:
            found.append(
                {"name": house.words.say(name), "value": house.words.sentences.get(f"{name}_{value}", value)}
            )
    return found


def lines(messages: Sequence[Message], queue: str) -> list[dict[str, object]]:
    """Messages as the card shows them; what was said with a doctor is not for a life butler."""
    return [
        {"who": str(m.speaker), "text": m.text, "at": m.created_at.isoformat()}
        for m in messages
        if may_read_words(queue, m.payload)
    ]


def _standing(house: House, unit: Unit, member: Person) -> dict[str, object]:
    now = house.now()
    family = [
        {
            "name": relative.name,
            "is": kinship.relation,
            "phone": relative.phone,
            "may": sorted(unit.people.consents(member.id, relative.id, now)),
        }
        for kinship, relative in unit.people.relatives_of(member.id)
    ]
    plans = [
        plan.name
        for enrolment, plan in unit.benefits.enrolments(member.id)
        if enrolment.ends_before > house.today()
    ]
    left = [
        {
            "name": item.benefit.name,
            "left": shown(item.benefit.unit, item.balance.left),
            "unit": item.benefit.unit,
        }
        for item in unit.benefits.entitlements(member.id, house.today())
    ]
    booked = [
        {
            "number": b.number,
            "service": b.service,
            "at": local(b.begin).isoformat(),
            "channel": b.channel,
            "status": str(b.status),
        }
        for b in unit.bookings.standing(member.id, now)
    ]
    return {
        "who": _facts(member),
        "elder_of": [
            {"name": elder.name, "is": kinship.relation}
            for kinship, elder in unit.people.elders_of(member.id)
        ],
        "family": family,
        "plans": plans,
        "left": left,
        "booked": booked,
        "visits": _visits(house, unit, member),
        "ratings": _ratings(house, unit, member),
    }


def _visits(house: House, unit: Unit, member: Person) -> list[dict[str, object]]:
    """The last visits that were not only planned."""
    found: list[dict[str, object]] = [
        {
            "number": booking.number,
            "service": booking.service,
            "at": local(booking.begin).isoformat(),
            "state": str(v.state),
        }
        for v, booking in unit.visits.of_member(member.id, house.now() - _PAST, 50)
        if booking.begin <= house.now()
    ]
    return found[-_VISITS:]


def _ratings(house: House, unit: Unit, member: Person) -> list[str]:
    """What was heard of the last services, newest last."""
    return [
        str(survey.score)
        for booking in list(unit.bookings.of(member.id, since=house.now() - _PAST, limit=20))[-_VISITS:]
        for survey in unit.surveys.of_booking(booking.id)
        if survey.score is not None
    ]


def _facts(person: Person) -> dict[str, object]:
    return {
        "id": person.id,
        "name": person.name,
        "called": person.called,
        "phone": person.phone,
        "address": person.address,
        "dialect": person.dialect,
        "notes": person.notes,
    }
