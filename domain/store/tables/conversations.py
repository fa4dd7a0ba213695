"""Conversations, messages with the outbox, buttons, tickets, alerts."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, text

from domain.conversations import Speaker, State
from domain.store.columns import Json, Utc, Word
from domain.store.tables.base import Id, identifier, metadata, ref, row_number
from domain.tickets import Priority, TicketState

conversations = Table(
    "conversations",
    metadata,
    identifier(),
    Column("person_id", Id, ForeignKey("persons.id"), nullable=False, unique=True),
    Column("owner", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    Column("topics", Json, nullable=False),
)
messages = Table(
    "messages",
    metadata,
    row_number(),
    ref("conversation_id", "conversations"),
    Column("direction", String(4), nullable=False),
    Column("speaker", Word(Speaker), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("key", String(160), nullable=False, unique=True),
    Column("state", Word(State), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("author_id", Id),
    Column("reply_to", Integer, index=True),
    Column("payload", Json, nullable=False),
    Column("pushed", Boolean, nullable=False),
    Column("lane", Integer, nullable=False),
    Column("owner_version", Integer),
    Column("sent_at", Utc),
    Column("reason", String(60)),
    Index("ix_messages_conversation", "conversation_id", "id"),
    Index(
        "ix_messages_open",
        "id",
        sqlite_where=text("state IN ('received','queued')"),
        postgresql_where=text("state IN ('received','queued')"),
    ),
)
buttons = Table(
    "buttons",
    metadata,
    identifier(),
    ref("conversation_id", "conversations"),
    Column("message_key", String(160), nullable=False, index=True),
    Column("title", String(80), nullable=False),
    Column("action", Text, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("pressed_at", Utc),
    Column("once", Boolean, nullable=False),
)
tickets = Table(
    "tickets",
    metadata,
    identifier(),
    Column("number", String(12), nullable=False, unique=True),
    ref("member_id", "persons", index=True),
    ref("conversation_id", "conversations", index=True),
    Column("queue", String(8), nullable=False),
    Column("topic", String(40), nullable=False),
    Column("priority", Word(Priority), nullable=False),
    Column("state", Word(TicketState), nullable=False),
    Column("opened_at", Utc, nullable=False),
    Column("first_reply_due", Utc, nullable=False),
    Column("key", String(160), nullable=False, unique=True),
    Column("opened_by", Id, nullable=False),
    Column("card", Json, nullable=False),
    ref("owner_id", "persons", null=True),
    Column("first_reply_at", Utc),
    Column("closed_at", Utc),
    Column("outcome", Text),
    Column("version", Integer, nullable=False),
    Column("tier", Integer, nullable=False),
    Column("next_reply_due", Utc),
    Column("resolve_due", Utc),
    Column("waiting_since", Utc),
    Column("claimed_at", Utc),
    Column("resolved_at", Utc),
    Column("silent_at", Utc),
    Column("call_at", Utc),
    Column("family_at", Utc),
    Column("until_at", Utc),
    Column("due_at", Utc),
    Column("reopened", Integer, nullable=False),
    Column("missed", Json, nullable=False),
    Index("ix_tickets_queue", "queue", "state"),
    Index("ix_tickets_opened_at", "opened_at"),
    Index(
        "ix_tickets_closed_at",
        "closed_at",
        sqlite_where=text("closed_at IS NOT NULL"),
        postgresql_where=text("closed_at IS NOT NULL"),
    ),
    Index(
        "ix_tickets_due",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
)
ticket_events = Table(
    "ticket_events",
    metadata,
    row_number(),
    ref("ticket_id", "tickets", index=True),
    Column("kind", String(20), nullable=False),
    Column("at", Utc, nullable=False),
    Column("actor_id", Id),
    Column("detail", Json, nullable=False),
)
alerts = Table(
    "alerts",
    metadata,
    identifier(),
    ref("ticket_id", "tickets", index=True),
    ref("recipient_id", "persons", index=True),
    Column("message_key", String(160), nullable=False, index=True),
    Column("created_at", Utc, nullable=False),
    Column("delivered_at", Utc),
    Column("acknowledged_at", Utc),
    Column("failed_at", Utc),
)
