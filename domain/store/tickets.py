"""Tickets and alerts in the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, and_, exists, func, or_, select, update

from domain.store import tables as t
from domain.store.collection import Collection
from domain.tickets import LIVE, Alert, Audience, Ticket, TicketEvent, TicketState


class Tickets(Collection):
    """What people look after."""

    def get(self, ticket_id: str) -> Ticket | None:
        return self._session.get(Ticket, ticket_id)

    def by_key(self, key: str) -> Ticket | None:
        return self._session.scalar(select(Ticket).where(t.tickets.c.key == key))

    def claim(self, ticket_id: str, owner_id: str, version: int, now: datetime) -> bool:
        """One winner: True where the ticket was still open at this version."""
        done = self._session.execute(
            update(t.tickets)
            .where(
                t.tickets.c.id == ticket_id,
                t.tickets.c.state == TicketState.OPEN,
                t.tickets.c.version == version,
            )
            .values(
                state=TicketState.CLAIMED,
                owner_id=owner_id,
                version=version + 1,
                claimed_at=now,
                call_at=None,
            )
            .returning(t.tickets.c.id)
        )
        return done.first() is not None

    def locked(self, ticket_id: str) -> Ticket | None:
        """The ticket as it stands now, kept from others until the transaction ends."""
        found = select(Ticket).where(t.tickets.c.id == ticket_id).with_for_update(key_share=True)
        return self._session.scalars(found.execution_options(populate_existing=True)).one_or_none()

    def due(self, now: datetime, limit: int) -> Sequence[tuple[str, str]]:
        """Tickets of which a moment has come, with their conversations; the earliest first. Lock the conversation first."""
        c = t.tickets.c
        found = select(c.id, c.conversation_id).where(c.due_at <= now).order_by(c.due_at, c.id).limit(limit)
        return [(ticket_id, conversation_id) for ticket_id, conversation_id in self._session.execute(found)]

    def next_due(self) -> datetime | None:
        """When a ticket is to be looked at next."""
        found: datetime | None = self._session.scalar(select(func.min(t.tickets.c.due_at)))
        return found

    def reread(self, ticket: Ticket) -> None:
        """Read the ticket again after a claim wrote past it."""
        self._session.refresh(ticket)

    def live_of(self, conversation_id: str, queue: str | None = None) -> Sequence[Ticket]:
        """The tickets of a conversation that nobody has closed, newest first."""
        found = select(Ticket).where(
            t.tickets.c.conversation_id == conversation_id, t.tickets.c.state.in_(LIVE)
        )
        if queue is not None:
            found = found.where(t.tickets.c.queue == queue)
        return self._session.scalars(found.order_by(t.tickets.c.opened_at.desc())).all()

    def held_by(self, conversation_id: str, owner_id: str) -> Sequence[Ticket]:
        """Those of a conversation that somebody has claimed and not closed, newest first."""
        found = select(Ticket).where(
            t.tickets.c.conversation_id == conversation_id,
            t.tickets.c.owner_id == owner_id,
            t.tickets.c.state.not_in((TicketState.OPEN, TicketState.CLOSED)),
        )
        return self._session.scalars(found.order_by(t.tickets.c.opened_at.desc())).all()

    def closed_since(self, conversation_id: str, queue: str, topic: str, since: datetime) -> Ticket | None:
        """The last ticket of this topic that was closed since a moment."""
        found = (
            select(Ticket)
            .where(
                t.tickets.c.conversation_id == conversation_id,
                t.tickets.c.queue == queue,
                t.tickets.c.topic == topic,
                t.tickets.c.state == TicketState.CLOSED,
                t.tickets.c.closed_at >= since,
            )
            .order_by(t.tickets.c.closed_at.desc())
            .limit(1)
        )
        return self._session.scalars(found).one_or_none()

    def list(
        self,
        *,
        queues: Sequence[str],
        states: Sequence[TicketState] | None = None,
        owner: str | None = None,
        unowned: bool = False,
        overdue_at: datetime | None = None,
        words: str | None = None,
        notes_for: Sequence[Audience] = tuple(Audience),
        member_id: str | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Sequence[Ticket]:
        """Tickets of these queues, newest first; `after` is the last id of the page before.

        `overdue_at` leaves those with a clock that is late then; `words` are looked for in number, topic, outcome,
        the member's name and telephone, and in the notes that are for `notes_for`.
        """
        c = t.tickets.c
        found = select(Ticket).where(c.queue.in_(queues))
        if states is not None:
            found = found.where(c.state.in_(states))
        if owner is not None:
            found = found.where(c.owner_id == owner)
        if unowned:
            found = found.where(c.owner_id.is_(None))
        if member_id is not None:
            found = found.where(c.member_id == member_id)
        if overdue_at is not None:
            late = or_(
                and_(c.first_reply_at.is_(None), c.first_reply_due <= overdue_at),
                c.next_reply_due <= overdue_at,
                c.resolve_due <= overdue_at,
            )
            found = found.where(c.state.in_(LIVE), late)
        if words:
            found = _about(found, words, notes_for)
        if after is not None and (last := self.get(after)) is not None:
            found = found.where(
                (c.opened_at < last.opened_at) | ((c.opened_at == last.opened_at) & (c.id < last.id))
            )
        found = found.order_by(c.opened_at.desc(), c.id.desc()).limit(limit)
        return self._session.scalars(found).all()

    def changes(self, queues: Sequence[str], after: int, limit: int) -> Sequence[tuple[TicketEvent, Ticket]]:
        """What happened to tickets of these queues after an event, oldest first."""
        found = (
            select(TicketEvent, Ticket)
            .join(Ticket, t.tickets.c.id == t.ticket_events.c.ticket_id)
            .where(t.ticket_events.c.id > after, t.tickets.c.queue.in_(queues))
            .order_by(t.ticket_events.c.id)
            .limit(limit)
        )
        return [(event, ticket) for event, ticket in self._session.execute(found)]

    def newest_change(self) -> int:
        return self._session.scalar(select(func.max(t.ticket_events.c.id))) or 0

    def history(self, ticket_id: str) -> Sequence[TicketEvent]:
        found = (
            select(TicketEvent).where(t.ticket_events.c.ticket_id == ticket_id).order_by(t.ticket_events.c.id)
        )
        return self._session.scalars(found).all()

    def alerts(self, ticket_id: str) -> Sequence[Alert]:
        found = (
            select(Alert)
            .where(t.alerts.c.ticket_id == ticket_id)
            .order_by(t.alerts.c.created_at, t.alerts.c.id)
        )
        return self._session.scalars(found).all()

    def alerts_of(self, message_keys: Sequence[str]) -> Sequence[Alert]:
        """The alerts that these messages carry."""
        return self._session.scalars(select(Alert).where(t.alerts.c.message_key.in_(message_keys))).all()


def _about(found: Select[Ticket], words: str, notes_for: Sequence[Audience]) -> Select[Ticket]:
    """Those in which the words stand, as far as the reader may see."""
    c, n, p = t.tickets.c, t.ticket_notes.c, t.persons.c
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    like = f"%{escaped}%"
    noted = exists().where(n.ticket_id == c.id, n.audience.in_(notes_for), n.text.ilike(like, escape="\\"))
    member = exists().where(
        p.id == c.member_id, or_(p.name.ilike(like, escape="\\"), p.phone.like(f"{escaped}%", escape="\\"))
    )
    own = (column.ilike(like, escape="\\") for column in (c.number, c.topic, c.outcome))
    return found.where(or_(*own, noted, member))
