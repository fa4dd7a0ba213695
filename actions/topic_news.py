"""What a topic of a staff group still has to tell: events, words and notes in their order, as its queue may read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from actions.house import House
from actions.sent_files import place_of, words_with
from domain.clock import local
from domain.conversations import Message
from domain.policy import audiences_in, may_read_words
from domain.store import Unit
from domain.tickets import Ticket, TicketEvent
from domain.topics import Sent, Topic

# What is told at once at most: after a long silence the newest is enough, the rest stands at the desk.
_MOST = 60
_SHORT = 20


@dataclass(frozen=True)
class Item:
    """One piece of news: words, and a file or a place beside them; and up to where everything is told once it is out."""

    at: datetime
    text: str = ""
    file: Sent | None = None
    place: tuple[float, float] | None = None
    event: int = 0
    message: int = 0
    note: int = 0


def news(house: House, unit: Unit, topic: Topic, ticket: Ticket) -> list[Item]:
    """Everything after what is told, oldest first. Items without words only move on what is told."""
    found = [
        *_events(house, unit, ticket, topic.told_event),
        *_words(house, unit, topic, ticket),
        *_notes(house, unit, topic, ticket),
    ]
    return sorted(found, key=lambda item: item.at)


def history(house: House, unit: Unit, ticket: Ticket) -> list[str]:
    """What happened so far, in short."""
    told = [item.text for item in _events(house, unit, ticket, 0) if item.text]
    return told[-_SHORT:]


def told_all(unit: Unit, topic: Topic, ticket: Ticket) -> None:
    """Nothing that has been so far is news any more: it stands in the card."""
    topic.told_event = unit.topics.last_event(ticket.id)
    topic.told_message = unit.conversations.latest_id(ticket.conversation_id)
    notes = unit.desks.notes(ticket.id, audiences_in(ticket.queue))
    topic.told_note = max((note.id or 0 for note in notes), default=0)


def _events(house: House, unit: Unit, ticket: Ticket, after: int) -> Iterator[Item]:
    for event in unit.tickets.history(ticket.id):
        assert event.id is not None
        if event.id > after:
            told = _event(house, unit, event) if may_read_words(ticket.queue, event.detail) else ""
            yield Item(event.at, told, event=event.id)


def _event(house: House, unit: Unit, event: TicketEvent) -> str:
    name = f"topic_event_{event.kind}"
    if name not in house.words.sentences:
        return ""
    who = unit.people.get(event.actor_id) if event.actor_id else None
    facts = {
        "at": f"{local(event.at):%H:%M}",
        "who": who.name if who else "AI",
        "queue": house.words.say(f"topic_queue_{event.detail.get('queue', 'life')}"),
        **{
            name: str(event.detail.get(name, "")) for name in ("reason", "outcome", "rating", "emoji", "said")
        },
    }
    return house.words.say(name, **facts)


def _words(house: House, unit: Unit, topic: Topic, ticket: Ticket) -> Iterator[Item]:
    own = f":reply:tg:{topic.chat}:"
    found = unit.conversations.both_ways(ticket.conversation_id, topic.told_message, _MOST)
    files: dict[int, list[Sent]] = {}
    for file in unit.topics.files_of([m.id for m in found if m.id is not None]):
        files.setdefault(file.message_id, []).append(file)
    for message in found:
        assert message.id is not None
        # What was written in this very topic stands there already.
        if own in message.key or not may_read_words(ticket.queue, message.payload):
            yield Item(message.created_at, message=message.id)
            continue
        with_it = next(iter(files.get(message.id, ())), None)
        yield Item(
            message.created_at,
            _line(house, unit, message),
            file=with_it,
            place=place_of(message),
            message=message.id,
        )


def _line(house: House, unit: Unit, message: Message) -> str:
    author = unit.people.get(message.author_id) if message.author_id else None
    who = house.words.say(f"topic_who_{message.speaker}")
    if author is not None:
        who = author.name
    name = "topic_line_edit" if "edits" in message.payload else "topic_line"
    return house.words.say(name, at=f"{local(message.created_at):%H:%M}", who=who, text=words_with(message))


def _notes(house: House, unit: Unit, topic: Topic, ticket: Ticket) -> Iterator[Item]:
    own = f":note:tg:{topic.chat}:"
    for note in unit.desks.notes(ticket.id, audiences_in(ticket.queue)):
        if note.id is None or note.id <= topic.told_note:
            continue
        author = unit.people.get(note.author_id)
        text = house.words.say(
            "topic_line_note",
            at=f"{local(note.at):%H:%M}",
            who=author.name if author else "",
            text=note.text,
        )
        yield Item(note.at, "" if own in note.key else text, note=note.id)
