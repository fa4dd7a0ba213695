"""What hangs on tickets: notes, complaints, what was said of the help; and who is on shift at the desks."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, String, Table, Text, Time, text

from domain.store.columns import Json, Utc, Word
from domain.store.tables.base import Id, metadata, ref, row_number
from domain.tickets import Audience

ticket_notes = Table(
    "ticket_notes",
    metadata,
    row_number(),
    ref("ticket_id", "tickets", index=True),
    ref("author_id", "persons"),
    Column("audience", Word(Audience), nullable=False),
    Column("text", Text, nullable=False),
    Column("key", String(160), nullable=False, unique=True),
    Column("at", Utc, nullable=False),
)
complaints = Table(
    "complaints",
    metadata,
    Column("ticket_id", Id, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("received_at", Utc, nullable=False),
    Column("call_due", Utc, nullable=False),
    Column("propose_by", Date, nullable=False),
    Column("close_by", Date, nullable=False),
    Column("decide_by", Date, nullable=False),
    Column("called_at", Utc),
    Column("proposed_at", Utc),
    Column("told_at", Utc),
    Column("extended_why", Text),
    Column("due_at", Utc),
    Column("warned", Json, nullable=False),
    Index(
        "ix_complaints_due",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
)
helped = Table(
    "helped",
    metadata,
    Column("ticket_id", Id, primary_key=True),
    ref("person_id", "persons"),
    Column("rating", Integer, nullable=False),
    Column("at", Utc, nullable=False),
)
duties = Table(
    "duties",
    metadata,
    row_number(),
    ref("person_id", "persons", index=True),
    Column("queue", String(8), nullable=False),
    Column("tier", Integer, nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("starts", Time, nullable=False),
    Column("ends", Time, nullable=False),
)
