"""A ticket's card as a staff group reads it: few lines, what matters first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from actions.card import fresh
from actions.house import House
from actions.on_call import said_in, topic_words
from domain.clock import local
from domain.policy import audiences_in
from domain.store import Unit
from domain.tickets import Priority, Ticket

_LINES, _NOTES = 6, 4
_MOST = 3500
_TITLE = 120


def title(house: House, unit: Unit, ticket: Ticket) -> str:
    """The name of a topic."""
    member = unit.people.get(ticket.member_id)
    return house.words.say(
        "topic_title",
        mark=mark(ticket),
        number=ticket.number,
        name=(member.name if member else "")[:40],
        topic=topic_words(house, ticket.topic),
    )[:_TITLE]


def mark(ticket: Ticket) -> str:
    return "🔴" if ticket.priority is Priority.URGENT else "🟠" if ticket.priority is Priority.HIGH else ""


def text(house: House, unit: Unit, ticket: Ticket) -> str:
    """The whole card, built anew, as far as the butlers of its queue may read it."""
    found = fresh(house, unit, ticket)
    member = unit.people.get(ticket.member_id)
    return house.words.say(
        "topic_card",
        number=ticket.number,
        name=member.name if member else "",
        queue=house.words.say(f"topic_queue_{ticket.queue}"),
        topic=topic_words(house, ticket.topic),
        state=state(house, unit, ticket),
        story="\n".join(_story(house, unit, ticket, found)),
    )[:_MOST].rstrip()


def state(house: House, unit: Unit, ticket: Ticket) -> str:
    """Who has it, or until when somebody should."""
    owner = unit.people.get(ticket.owner_id) if ticket.owner_id else None
    due = local(ticket.first_reply_due)
    when = f"{due:%m月%d日 %H:%M}" if due.date() != house.today() else f"{due:%H:%M}"
    name = owner.name if owner else ""
    return house.words.say(f"topic_state_{ticket.state}", owner=name, due=when)


def _story(house: House, unit: Unit, ticket: Ticket, found: dict[str, object]) -> Iterator[str]:
    say = house.words.say
    if unreachable(unit, ticket):
        yield say("topic_card_blocked")
    if found.get("said"):
        yield say("topic_card_why", said="；".join(said_in(ticket))[:200])
    yield from facts(house, found)
    for note in list(unit.desks.notes(ticket.id, audiences_in(ticket.queue)))[-_NOTES:]:
        author = unit.people.get(note.author_id)
        who_wrote = author.name if author else ""
        yield say("topic_line_note", at=f"{local(note.at):%H:%M}", who=who_wrote, text=note.text[:200])
    lines = _listed(found.get("lines"))[-_LINES:]
    if lines:
        yield say("topic_card_lines")
    for line in lines:
        at = local(datetime.fromisoformat(str(line["at"])))
        who_said = say(f"topic_who_{line['who']}")
        yield say("topic_line", at=f"{at:%H:%M}", who=who_said, text=str(line["text"])[:200])


def facts(house: House, found: Mapping[str, object]) -> Iterator[str]:
    """What is known of the one whom a card is about, a line each: who, how it feels, family, benefits, bookings, the task."""
    say = house.words.say
    who, asked = found.get("who"), found.get("asked_by")
    if isinstance(asked, dict):
        yield say("topic_card_asked", name=str(asked.get("name")))
    if isinstance(who, dict):
        yield say("topic_card_called", called=str(who.get("called")), phone=str(who.get("phone") or "—"))
    yield from _felt(house, found.get("mood"))
    family, plans, left, booked, task = (
        _listed(found.get(name)) for name in ("family", "plans", "left", "booked", "task_told")
    )
    if family:
        people = "、".join(f"{one['name']} {one['phone'] or '—'}" for one in family[:4])
        yield say("topic_card_family", family=people)
    if plans:
        yield say("topic_card_plans", plans="、".join(map(str, plans)))
    if left:
        yield say("topic_card_left", left="、".join(_left(house, item) for item in left[:6]))
    if booked:
        coming = "、".join(f"{one['number']} {_service(house, one)}" for one in booked[:5])
        yield say("topic_card_booked", booked=coming)
    if task:
        yield say("topic_card_task", task="；".join(f"{row['name']} {row['value']}" for row in task))


def _felt(house: House, mood: object) -> Iterator[str]:
    name = f"mood_{mood.get('mood')}" if isinstance(mood, dict) else ""
    if name in house.words.sentences:
        yield house.words.say(name)


def _left(house: House, item: dict[str, object]) -> str:
    unit = house.words.say(f"unit_{item['unit']}")
    return f"{item['name']} {item['left']}{unit}"


def _service(house: House, booked: dict[str, object]) -> str:
    service = house.catalogue.find(str(booked["service"]))
    at = local(datetime.fromisoformat(str(booked["at"])))
    return f"{service.name if service else booked['service']} {at:%m-%d %H:%M}"


def _listed(found: object) -> list[Any]:
    return list(found.items()) if isinstance(found, dict) else found if isinstance(found, list) else []


def unreachable(unit: Unit, ticket: Ticket) -> bool:
    """Whether every chat of the one who is spoken with is blocked: words are stored and arrive nowhere."""
    conversation = unit.conversations.get(ticket.conversation_id)
    accounts = unit.doors.accounts(conversation.person_id) if conversation is not None else []
    return bool(accounts) and all(account.blocked_at is not None for account in accounts)
