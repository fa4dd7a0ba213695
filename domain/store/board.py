"""What the desk's page looks at: the tickets of some queues with their last words, what is new, and a search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, cast, exists, func, or_, select

from domain.bookings import Booking
from domain.conversations import Message, State
from domain.people import Person
from domain.store import tables as t
from domain.store.collection import Collection
from domain.surveys import Survey
from domain.tickets import Ticket, TicketState

_SHOWN = (TicketState.OPEN, TicketState.CLAIMED, TicketState.WAITING, TicketState.RESOLVED)
_MOST = 500
# How a doctor's talk is marked in what lies beside the words (`actions/in_hand.py`).
_TO_DOCTOR = '"audience": "doctor"'


@dataclass(frozen=True)
class Row:
    """A ticket as the list shows it. `unreachable`: every chat of the one who is spoken with is blocked."""

    ticket: Ticket
    member: Person
    last: Message | None
    unreachable: bool = False


class Board(Collection):
    """Reads only."""

    def marker(self) -> tuple[int, int]:
        """The newest message and the newest line of a ticket's history: while these stand still, nothing has changed."""
        newest = select(
            select(func.max(t.messages.c.id)).scalar_subquery(),
            select(func.max(t.ticket_events.c.id)).scalar_subquery(),
        )
        messages, events = self._session.execute(newest).one()
        return messages or 0, events or 0

    def open(self, queues: Sequence[str]) -> list[Row]:
        """The tickets of these queues that are not closed, the oldest first."""
        c = t.tickets.c
        found = (
            select(Ticket, Person)
            .join(Person, t.persons.c.id == c.member_id)
            .where(c.queue.in_(queues), c.state.in_(_SHOWN))
            .order_by(c.opened_at, c.id)
            .limit(_MOST)
        )
        return self._rows([(ticket, person) for ticket, person in self._session.execute(found)])

    def search(self, queues: Sequence[str], words: str, since: datetime, limit: int) -> list[Row]:
        """Tickets of these queues by number, name, a telephone's last digits, or words said since a moment; newest first."""
        c, p, m = t.tickets.c, t.persons.c, t.messages.c
        said = exists().where(
            m.conversation_id == c.conversation_id,
            m.created_at >= since,
            m.state != State.DROPPED,
            m.text.contains(words, autoescape=True),
            # What was said with a doctor is found by doctors alone.
            or_(c.queue == "doctor", ~cast(m.payload, Text).contains(_TO_DOCTOR)),
        )
        wanted = [
            c.number == words.upper(),
            p.name.contains(words, autoescape=True),
            p.address_as.contains(words, autoescape=True),
            said,
        ]
        if words.isdigit() and len(words) >= 4:
            wanted.append(p.phone.endswith(words, autoescape=True))
        found = (
            select(Ticket, Person)
            .join(Person, p.id == c.member_id)
            .where(c.queue.in_(queues), or_(*wanted))
            .order_by(c.opened_at.desc(), c.id.desc())
            .limit(limit)
        )
        return self._rows([(ticket, person) for ticket, person in self._session.execute(found)])

    def lines(self, conversations: Sequence[str], after: int, limit: int) -> Sequence[Message]:
        """What was said in these conversations after a message, oldest first."""
        m = t.messages.c
        found = select(Message).where(m.id > after, m.conversation_id.in_(conversations))
        return self._session.scalars(found.order_by(m.id).limit(limit)).all()

    def unsent(self, conversations: Sequence[str], limit: int) -> Sequence[Message]:
        """What has been put down in these conversations to be said and has not gone out yet, the newest first."""
        m = t.messages.c
        found = select(Message).where(m.conversation_id.in_(conversations), m.state == State.QUEUED)
        return self._session.scalars(found.order_by(m.id.desc()).limit(limit)).all()

    def messages(self, ids: Sequence[int]) -> Sequence[Message]:
        """These messages as they are now."""
        return self._session.scalars(select(Message).where(t.messages.c.id.in_(ids))).all()

    def ratings(self, limit: int) -> list[tuple[Survey, Booking, Person]]:
        """The newest ratings and words about visits, with whose they are."""
        c = t.surveys.c
        found = (
            select(Survey, Booking, Person)
            .join(Booking, t.bookings.c.id == c.booking_id)
            .join(Person, t.persons.c.id == c.member_id)
            .where(or_(c.score.is_not(None), c.words.is_not(None)))
            .order_by(c.created_at.desc(), c.id)
            .limit(limit)
        )
        return [(survey, booking, person) for survey, booking, person in self._session.execute(found)]

    def _rows(self, found: Sequence[tuple[Ticket, Person]]) -> list[Row]:
        m = t.messages.c
        ids = {ticket.conversation_id for ticket, _ in found}
        newest = (
            select(func.max(m.id))
            .where(m.conversation_id.in_(ids), m.state != State.DROPPED)
            .group_by(m.conversation_id)
        )
        last = {
            message.conversation_id: message
            for message in (self._session.scalars(select(Message).where(m.id.in_(newest))) if ids else ())
        }
        blocked = self._unreachable(ids) if ids else set()
        return [
            Row(
                ticket,
                person,
                last.get(ticket.conversation_id),
                unreachable=ticket.conversation_id in blocked,
            )
            for ticket, person in found
        ]

    def _unreachable(self, conversations: set[str]) -> set[str]:
        a, c = t.accounts.c, t.conversations.c
        found = (
            select(c.id)
            .join(t.accounts, a.person_id == c.person_id)
            .where(c.id.in_(conversations), a.left_at.is_(None))
            .group_by(c.id)
            .having(func.count() == func.count(a.blocked_at))
        )
        return set(self._session.scalars(found))
