"""Tickets and alerts in the store."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from domain.store import tables as t
from domain.store.collection import Collection
from domain.tickets import LIVE, Alert, Ticket, TicketEvent, TicketState


class Tickets(Collection):
    """What people look after."""

    def get(self, ticket_id: str) -> Ticket | None:
        return self._session.get(Ticket, ticket_id)

    def by_key(self, key: str) -> Ticket | None:
        return self._session.scalar(select(Ticket).where(t.tickets.c.key == key))

    def claim(self, ticket_id: str, owner_id: str, version: int) -> bool:
        """One winner: True where the ticket was still open at this version."""
        done = self._session.execute(
            update(t.tickets)
            .where(
                t.tickets.c.id == ticket_id,
                t.tickets.c.state == TicketState.OPEN,
                t.tickets.c.version == version,
            )
            .values(state=TicketState.CLAIMED, owner_id=owner_id, version=version + 1)
            .returning(t.tickets.c.id)
        )
        return done.first() is not None

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

    def list(
        self,
        *,
        queues: Sequence[str],
        states: Sequence[TicketState] | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Sequence[Ticket]:
        """Tickets of these queues, newest first; `after` is the last id of the page before."""
        found = select(Ticket).where(t.tickets.c.queue.in_(queues))
        if states is not None:
            found = found.where(t.tickets.c.state.in_(states))
        if after is not None and (last := self.get(after)) is not None:
            found = found.where(
                (t.tickets.c.opened_at < last.opened_at)
                | ((t.tickets.c.opened_at == last.opened_at) & (t.tickets.c.id < last.id))
            )
        found = found.order_by(t.tickets.c.opened_at.desc(), t.tickets.c.id.desc()).limit(limit)
        return self._session.scalars(found).all()

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
