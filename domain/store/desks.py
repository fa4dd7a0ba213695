"""What hangs on tickets, and the shifts of the desks, in the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from domain.desk import Duty
from domain.store import tables as t
from domain.store.collection import Collection
from domain.tickets import Audience, Complaint, Helped, Note, Ticket


class Desks(Collection):
    """Notes, complaints, ratings of the help given; who is on shift."""

    def notes(self, ticket_id: str, audiences: Sequence[Audience]) -> Sequence[Note]:
        """The notes of a ticket that are for these, oldest first."""
        found = (
            select(Note)
            .where(t.ticket_notes.c.ticket_id == ticket_id, t.ticket_notes.c.audience.in_(audiences))
            .order_by(t.ticket_notes.c.id)
        )
        return self._session.scalars(found).all()

    def note_by_key(self, key: str) -> Note | None:
        return self._session.scalar(select(Note).where(t.ticket_notes.c.key == key))

    def complaint(self, ticket_id: str) -> Complaint | None:
        return self._session.get(Complaint, ticket_id)

    def due_complaints(self, now: datetime, limit: int) -> Sequence[Complaint]:
        """Complaints of which a moment has come, kept from others."""
        found = (
            select(Complaint)
            .where(t.complaints.c.due_at <= now)
            .order_by(t.complaints.c.due_at, t.complaints.c.ticket_id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return self._session.scalars(found.execution_options(populate_existing=True)).all()

    def next_due(self) -> datetime | None:
        """When a complaint is to be looked at next."""
        found: datetime | None = self._session.scalar(select(func.min(t.complaints.c.due_at)))
        return found

    def helped(self, ticket_id: str) -> Helped | None:
        return self._session.get(Helped, ticket_id)

    def duties(self, queue: str | None = None) -> Sequence[Duty]:
        """The weekly shifts, in a fixed order."""
        found = select(Duty)
        if queue is not None:
            found = found.where(t.duties.c.queue == queue)
        order = (
            t.duties.c.queue,
            t.duties.c.tier,
            t.duties.c.weekday,
            t.duties.c.starts,
            t.duties.c.person_id,
        )
        return self._session.scalars(found.order_by(*order)).all()

    def end_duties(self, person_id: str) -> None:
        """Take somebody's shifts away; others are put in their place."""
        self._session.execute(delete(t.duties).where(t.duties.c.person_id == person_id))

    def tickets_between(self, begin: datetime, end: datetime) -> list[tuple[Ticket, Helped | None]]:
        """The tickets that were opened in a period, with what was said of the help."""
        found = (
            select(Ticket, Helped)
            .outerjoin(Helped, t.helped.c.ticket_id == t.tickets.c.id)
            .where(t.tickets.c.opened_at >= begin, t.tickets.c.opened_at < end)
            .order_by(t.tickets.c.opened_at)
        )
        return [(ticket, helped) for ticket, helped in self._session.execute(found)]

    def lost_between(self, begin: datetime, end: datetime) -> dict[str, int]:
        """How often the tickets that were opened in a period were lost by a silent claimer."""
        e = t.ticket_events.c
        found = (
            select(e.ticket_id, func.count())
            .join(t.tickets, t.tickets.c.id == e.ticket_id)
            .where(e.kind == "lost", t.tickets.c.opened_at >= begin, t.tickets.c.opened_at < end)
            .group_by(e.ticket_id)
        )
        return {row[0]: row[1] for row in self._session.execute(found)}
