"""Topics of the staff groups, and the files that people send."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, text

from domain.store.columns import Utc, Word
from domain.store.tables.base import Id, identifier, metadata
from domain.topics import Kept

topics = Table(
    "topics",
    metadata,
    Column("ticket_id", Id, ForeignKey("tickets.id"), primary_key=True),
    Column("chat", String(32), primary_key=True),
    Column("thread", Integer),
    Column("card", Integer),
    Column("shown", Integer, nullable=False),
    Column("told_event", Integer, nullable=False),
    Column("told_message", Integer, nullable=False),
    Column("told_note", Integer, nullable=False),
    Column("made", Integer, nullable=False),
    Column("over", Boolean, nullable=False),
    Column("held_by", String(60)),
    Column("held_until", Utc),
    Index("ix_topics_thread", "chat", "thread"),
)
topic_posts = Table(
    "topic_posts",
    metadata,
    Column("chat", String(32), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("ticket_id", Id, ForeignKey("tickets.id"), nullable=False),
    Column("message_id", Integer, ForeignKey("messages.id"), nullable=False),
)
sent_files = Table(
    "sent_files",
    metadata,
    identifier(),
    Column("message_id", Integer, ForeignKey("messages.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("door", String(16), nullable=False),
    Column("ref", String(255), nullable=False),
    Column("path", String(120), nullable=False),
    Column("at", Utc, nullable=False),
    Column("state", Word(Kept), nullable=False),
    Column("size", Integer),
    Column("type", String(40)),
    Column("tries", Integer, nullable=False),
    Index("ix_sent_files_message_id", "message_id"),
    Index(
        "ix_sent_files_waiting",
        "id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
)
