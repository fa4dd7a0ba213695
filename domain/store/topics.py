"""Topics of the staff groups, and the files that people send, in the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CompoundSelect, and_, case, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from domain.conversations import OWN, Message, State
from domain.desk import QUEUES
from domain.store import tables as t
from domain.store.collection import Collection
from domain.store.columns import spelled
from domain.tickets import LIVE, Priority, Ticket, TicketState
from domain.topics import TOLD_AFTER, Kept, Post, Sent, Topic

_SHOWN = (*LIVE, TicketState.RESOLVED)


def _lately(now: datetime) -> CompoundSelect[str]:
    """The tickets that are not closed, and those that were not long ago."""
    c = t.tickets.c
    shown = select(c.id).where(c.queue.in_(QUEUES), c.state.in_(_SHOWN))
    return shown.union_all(select(c.id).where(c.closed_at >= now - TOLD_AFTER))


class Topics(Collection):
    """Which ticket is shown where, and what is still to be told."""

    def get(self, ticket_id: str, chat: str) -> Topic | None:
        return self._session.get(Topic, (ticket_id, chat))

    def of_thread(self, chat: str, thread: int) -> Topic | None:
        """The topic that a group knows by this number."""
        return self._session.scalar(select(Topic).where(t.topics.c.chat == chat, t.topics.c.thread == thread))

    def begin(self, chat: str, queues: Sequence[str]) -> None:
        """A row for each ticket of these queues that is being looked after and has none in this group."""
        insert = sqlite.insert if self._session.get_bind().dialect.name == "sqlite" else postgresql.insert
        c = t.tickets.c
        mine = exists().where(t.topics.c.ticket_id == c.id, t.topics.c.chat == chat)
        found = select(c.id).where(c.state.in_(_SHOWN), c.queue.in_(queues), ~mine)
        for ticket_id in self._session.scalars(found):
            made = insert(t.topics).values(
                ticket_id=ticket_id,
                chat=chat,
                shown=0,
                told_event=0,
                told_message=0,
                told_note=0,
                made=0,
                over=False,
            )
            self._session.execute(made.on_conflict_do_nothing())

    def unbegun(self, chat: str, queues: Sequence[str]) -> bool:
        """Whether `begin` would find something."""
        c = t.tickets.c
        mine = exists().where(t.topics.c.ticket_id == c.id, t.topics.c.chat == chat)
        found = select(c.id).where(c.state.in_(_SHOWN), c.queue.in_(queues), ~mine).limit(1)
        return self._session.scalar(found) is not None

    def stale(self, chat: str, now: datetime, limit: int) -> list[str]:
        """Tickets whose topic does not show what is so, the gravest and then the oldest first: of those that are being
        looked after or ended lately, so that no look takes longer for all that ever were."""
        mine, c, e, m = t.topics.c, t.tickets.c, t.ticket_events.c, t.messages.c
        happened = exists().where(e.ticket_id == mine.ticket_id, e.id > mine.told_event)
        said = exists().where(
            m.conversation_id == c.conversation_id,
            m.id > mine.told_message,
            m.state != State.DROPPED,
            m.direction != OWN,
        )
        news = or_(happened, c.version != mine.shown, and_(~mine.over, c.state.in_(_SHOWN), said))
        free = or_(mine.held_until.is_(None), mine.held_until <= now)
        order = case({str(p): place for place, p in enumerate(Priority)}, value=c.priority, else_=9)
        found = (
            select(mine.ticket_id)
            .join(t.tickets, c.id == mine.ticket_id)
            .where(mine.chat == chat, mine.ticket_id.in_(_lately(now)), free, news)
            .order_by(order, c.opened_at, c.id)
            .limit(limit)
        )
        return list(self._session.scalars(found))

    def take(self, ticket_id: str, chat: str, worker: str, now: datetime, until: datetime) -> Topic | None:
        """Take a topic in hand: None where another worker has it."""
        c = t.topics.c
        done = self._session.execute(
            update(t.topics)
            .where(
                c.ticket_id == ticket_id,
                c.chat == chat,
                or_(c.held_until.is_(None), c.held_until <= now, c.held_by == worker),
            )
            .values(held_by=worker, held_until=until)
            .returning(c.ticket_id)
        )
        return self.get(ticket_id, chat) if done.first() is not None else None

    def last_event(self, ticket_id: str) -> int:
        c = t.ticket_events.c
        return self._session.scalar(select(func.max(c.id)).where(c.ticket_id == ticket_id)) or 0

    def ticket_of(self, chat: str, thread: int) -> Ticket | None:
        """The ticket that is shown in a topic."""
        found = self.of_thread(chat, thread)
        return self._session.get(Ticket, found.ticket_id) if found is not None else None

    def post(self, chat: str, number: int) -> Post | None:
        """What a message in a topic told of."""
        return self._session.get(Post, (chat, number))

    def last_heard(self, conversation_id: str, up_to: int) -> Message | None:
        """The member's newest word up to a line of a conversation."""
        c = t.messages.c
        found = select(Message).where(
            c.conversation_id == conversation_id, c.direction == "in", c.id <= up_to
        )
        return self._session.scalar(found.order_by(c.id.desc()).limit(1))

    def file(self, file_id: str) -> Sent | None:
        return self._session.get(Sent, file_id)

    def files_of(self, message_ids: Sequence[int]) -> Sequence[Sent]:
        """The files of these messages, in the order in which they were sent."""
        if not message_ids:
            return []
        c = t.sent_files.c
        return self._session.scalars(
            select(Sent).where(c.message_id.in_(message_ids)).order_by(c.message_id, c.at, c.id)
        ).all()

    def to_fetch(self, door: str, limit: int) -> Sequence[Sent]:
        """Files that a door still has to fetch, those tried least first."""
        c = t.sent_files.c
        found = select(Sent).where(spelled(c.state, Kept.WAITING), c.door == door)
        return self._session.scalars(found.order_by(c.tries, c.id).limit(limit)).all()
