"""Conversations, messages and buttons in the store."""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Table, func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from domain.conversations import BUTLER, OWN, Button, Conversation, Message, OwnWords, Speaker, State
from domain.doors import DeliveryState
from domain.ids import new_id
from domain.store import tables as t
from domain.store.collection import Collection
from domain.store.columns import spelled
from domain.store.many import among, put_many

# By which what is open is found without looking at all that was ever said.
_OPEN = spelled(t.messages.c.state, State.RECEIVED, State.QUEUED)


class Conversations(Collection):
    """One conversation a person."""

    def get(self, conversation_id: str) -> Conversation | None:
        return self._session.get(Conversation, conversation_id)

    def of(self, person_id: str) -> Conversation:
        """This person's conversation, begun where there is none."""
        found = self.of_existing(person_id)
        if found is not None:
            return found
        # Two first messages may come at the same moment: one of them begins the conversation.
        begun = self._insert(t.conversations).values(
            id=new_id("cv"), person_id=person_id, owner=BUTLER, version=1, topics={}
        )
        self._session.execute(begun.on_conflict_do_nothing())
        found = self.of_existing(person_id)
        assert found is not None
        return found

    def of_existing(self, person_id: str) -> Conversation | None:
        """This person's conversation, if it has begun."""
        return self._session.scalar(select(Conversation).where(t.conversations.c.person_id == person_id))

    def of_all(self, people: Some[str]) -> dict[str, tuple[str, int]]:
        """The conversation of each of them and its version, begun where there is none."""
        found = self._begun(people)
        fresh = [
            {"id": new_id("cv"), "person_id": one, "owner": BUTLER, "version": 1, "topics": {}}
            for one in people
            if one not in found
        ]
        if not fresh:
            return found
        # Who writes for the first time in this very moment has begun it already.
        self._session.execute(self._insert(t.conversations).on_conflict_do_nothing(), fresh)
        return self._begun(people)

    def _begun(self, people: Some[str]) -> dict[str, tuple[str, int]]:
        c = t.conversations.c
        found = select(c.person_id, c.id, c.version).where(among(self._session, c.person_id, people))
        return {
            person_id: (conversation_id, version)
            for person_id, conversation_id, version in self._session.execute(found)
        }

    def locked(self, conversation_id: str) -> Conversation:
        """The conversation as it stands now, kept from others until the transaction ends."""
        found = select(Conversation).where(t.conversations.c.id == conversation_id).with_for_update()
        return self._session.scalars(found.execution_options(populate_existing=True)).one()

    def put_same(
        self, text: str, lane: int, keys: Mapping[str, str], payload: dict[str, object], now: datetime
    ) -> dict[str, int]:
        """Store the same words for many people (person and key of each) and put them on the way to every chat that they
        have; the ids of the messages. A constant number of statements, however many people."""
        known = self.of_all(keys)
        words = [OwnWords(*known[person], text, key, payload) for person, key in keys.items()]
        by_key = self.put_words(words, lane, now)
        made = {person: by_key[key] for person, key in keys.items()}
        m, a = t.messages.c, t.accounts.c
        ways = (
            select(
                m.id,
                a.id,
                m.lane,
                literal(now, t.deliveries.c.due_at.type),
                literal(DeliveryState.QUEUED, t.deliveries.c.state.type),
                literal(0),
                literal(0),
            )
            .join(t.conversations, t.conversations.c.id == m.conversation_id)
            .join(t.accounts, a.person_id == t.conversations.c.person_id)
            .where(
                among(self._session, m.id, list(made.values())), a.left_at.is_(None), a.blocked_at.is_(None)
            )
            .order_by(m.id, a.joined_at, a.id)
        )
        names = ["message_id", "account_id", "lane", "due_at", "state", "attempts", "unknown"]
        self._session.execute(t.deliveries.insert().from_select(names, ways))
        return made

    def put_words(self, words: Sequence[OwnWords], lane: int, now: datetime) -> dict[str, int]:
        """Store words of our own accord for many at once, in their order; the id of each by its key."""
        rows = [
            {
                "conversation_id": one.conversation_id,
                "direction": "out",
                "speaker": Speaker.AI,
                "channel": "outbox",
                "text": one.text,
                "key": one.key,
                "state": State.QUEUED,
                "created_at": now,
                "payload": one.payload,
                "pushed": True,
                "lane": lane,
                "owner_version": one.owner_version,
            }
            for one in words
        ]
        m = t.messages.c
        return {row.key: row.id for row in put_many(self._session, t.messages, rows, (m.id, m.key))}

    def message(self, message_id: int) -> Message | None:
        return self._session.get(Message, message_id)

    def by_key(self, key: str) -> Message | None:
        return self._session.scalar(select(Message).where(t.messages.c.key == key))

    def stored(self, keys: Some[str]) -> set[str]:
        """Which of these keys there are already."""
        k = t.messages.c.key
        return set(self._session.scalars(select(k).where(among(self._session, k, keys))))

    def replies(self, message_id: int) -> Sequence[Message]:
        """What was answered to a message, in order."""
        found = select(Message).where(t.messages.c.reply_to == message_id).order_by(t.messages.c.id)
        return self._session.scalars(found).all()

    def last(self, conversation_id: str, limit: int) -> list[Message]:
        """The newest messages of a conversation, oldest first."""
        found = (
            select(Message)
            .where(t.messages.c.conversation_id == conversation_id, t.messages.c.direction != OWN)
            .order_by(t.messages.c.id.desc())
            .limit(limit)
        )
        return list(reversed(self._session.scalars(found).all()))

    def after(
        self, conversation_id: str, message_id: int, limit: int, *, pushed: bool | None = None
    ) -> Sequence[Message]:
        """Messages that went out after one, oldest first; `pushed` leaves out replies already returned."""
        found = select(Message).where(
            t.messages.c.conversation_id == conversation_id,
            t.messages.c.id > message_id,
            t.messages.c.direction == "out",
            t.messages.c.state != State.DROPPED,
        )
        if pushed is not None:
            found = found.where(t.messages.c.pushed == pushed)
        return self._session.scalars(found.order_by(t.messages.c.id).limit(limit)).all()

    def unanswered(self, limit: int = 500) -> Sequence[Message]:
        """Messages that came in and have not been answered yet, oldest first."""
        found = (
            select(Message)
            .where(t.messages.c.state == State.RECEIVED, _OPEN, t.messages.c.direction.in_(("in", OWN)))
            .order_by(t.messages.c.id)
            .limit(limit)
        )
        return self._session.scalars(found).all()

    def next_unanswered(self, conversation_id: str) -> Message | None:
        """The oldest message of a conversation that waits for an answer."""
        found = (
            select(Message)
            .where(
                t.messages.c.conversation_id == conversation_id,
                t.messages.c.state == State.RECEIVED,
                _OPEN,
                t.messages.c.direction.in_(("in", OWN)),
            )
            .order_by(t.messages.c.id)
            .limit(1)
        )
        return self._session.scalars(found).one_or_none()

    def queued(self, conversation_id: str | None = None, limit: int = 500) -> Sequence[Message]:
        """Messages that are stored and not yet sent, by lane and age."""
        found = select(Message).where(t.messages.c.state == State.QUEUED, _OPEN)
        if conversation_id is not None:
            found = found.where(t.messages.c.conversation_id == conversation_id)
        return self._session.scalars(found.order_by(t.messages.c.lane, t.messages.c.id).limit(limit)).all()

    def mark_sent(self, message_ids: Sequence[int], moment: datetime) -> None:
        """Note that messages have left."""
        self._session.execute(
            update(t.messages)
            .where(t.messages.c.id.in_(message_ids), t.messages.c.state == State.QUEUED)
            .values(state=State.SENT, sent_at=moment)
        )

    def drop(self, message_id: int, reason: str) -> bool:
        """A message that nobody has had is not said any more; False where somebody has."""
        dropped = self._session.execute(
            update(t.messages)
            .where(t.messages.c.id == message_id, t.messages.c.state == State.QUEUED)
            .values(state=State.DROPPED, reason=reason)
        )
        return bool(dropped.rowcount)  # type: ignore[attr-defined]

    def last_word_at(self, conversation_id: str) -> datetime | None:
        """When the person last wrote."""
        found = (
            select(t.messages.c.created_at)
            .where(t.messages.c.conversation_id == conversation_id, t.messages.c.direction == "in")
            .order_by(t.messages.c.id.desc())
            .limit(1)
        )
        return self._session.scalar(found)

    def both_ways(self, conversation_id: str, after: int, limit: int) -> Sequence[Message]:
        """What was said on both sides after a message, oldest first; what was dropped was never said."""
        found = select(Message).where(
            t.messages.c.conversation_id == conversation_id,
            t.messages.c.id > after,
            t.messages.c.state != State.DROPPED,
            t.messages.c.direction != OWN,
        )
        return self._session.scalars(found.order_by(t.messages.c.id).limit(limit)).all()

    def both_ways_before(self, conversation_id: str, before: int | None, limit: int) -> list[Message]:
        """The newest of what was said on both sides (before a message, where one is named), oldest first."""
        found = select(Message).where(
            t.messages.c.conversation_id == conversation_id,
            t.messages.c.state != State.DROPPED,
            t.messages.c.direction != OWN,
        )
        if before is not None:
            found = found.where(t.messages.c.id < before)
        return list(
            reversed(self._session.scalars(found.order_by(t.messages.c.id.desc()).limit(limit)).all())
        )

    def latest_id(self, conversation_id: str) -> int:
        found = select(func.max(t.messages.c.id)).where(t.messages.c.conversation_id == conversation_id)
        return self._session.scalar(found) or 0

    def button(self, button_id: str) -> Button | None:
        return self._session.get(Button, button_id)

    def put_buttons(self, rows: Sequence[tuple[str, str, str, str, str, bool]], now: datetime) -> None:
        """Write many at once: id, conversation, key of the message, title, action, whether it is an answer."""
        names = ("id", "conversation_id", "message_key", "title", "action", "once")
        made = [dict(zip(names, row, strict=True)) | {"created_at": now, "pressed_at": None} for row in rows]
        put_many(self._session, t.buttons, made)

    def buttons(self, message_key: str) -> Sequence[Button]:
        """The buttons under one message."""
        found = select(Button).where(t.buttons.c.message_key == message_key).order_by(t.buttons.c.id)
        return self._session.scalars(found).all()

    def _insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An insert that can say what is to happen where the row is there already."""
        is_sqlite = self._session.get_bind().dialect.name == "sqlite"
        return sqlite.insert(table) if is_sqlite else postgresql.insert(table)
