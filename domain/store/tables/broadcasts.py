"""Broadcasts in versions, their runs, and a row for every recipient of each."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from domain.broadcasts import BroadcastState, RecipientState
from domain.sending import Reason
from domain.store.columns import Json, Utc, Word
from domain.store.tables.base import Id, identifier, metadata, ref, row_number

_DUE = text("due_at IS NOT NULL")
_OPEN = text("ended_at IS NULL")

# What stands before `state` never changes: see guards.py.
broadcasts = Table(
    "broadcasts",
    metadata,
    identifier(),
    Column("series", Id, nullable=False),
    Column("version", Integer, nullable=False),
    Column("title", String(80), nullable=False),
    Column("text", Text, nullable=False),
    Column("audience", Json, nullable=False),
    ref("author_id", "persons"),
    Column("created_at", Utc, nullable=False),
    Column("useful_minutes", Integer, nullable=False),
    Column("send_at", Utc),
    Column("rule", String(160)),
    Column("anchor", Date),
    Column("state", Word(BroadcastState), nullable=False),
    Column("due_at", Utc),
    Column("asked", Integer),
    ref("approved_by", "persons", null=True),
    Column("approved_at", Utc),
    Column("paused_in", Word(BroadcastState)),
    Column("changed_at", Utc),
    UniqueConstraint("series", "version"),
    CheckConstraint("approved_by IS NULL OR approved_by <> author_id", name="second_person"),
    Index("ix_broadcasts_due", "due_at", sqlite_where=_DUE, postgresql_where=_DUE),
)
broadcast_events = Table(
    "broadcast_events",
    metadata,
    row_number(),
    ref("broadcast_id", "broadcasts", index=True),
    Column("at", Utc, nullable=False),
    Column("actor_id", Id),
    Column("what", String(16), nullable=False),
    Column("detail", Json, nullable=False),
)
broadcast_runs = Table(
    "broadcast_runs",
    metadata,
    identifier(),
    ref("broadcast_id", "broadcasts"),
    Column("number", Integer, nullable=False),
    Column("planned_at", Utc, nullable=False),
    Column("useful_until", Utc, nullable=False),
    Column("begun_at", Utc, nullable=False),
    Column("filled_to", Id, nullable=False),
    Column("filled", Boolean, nullable=False),
    Column("ended_at", Utc),
    # One run an occurrence, and one at a time.
    UniqueConstraint("broadcast_id", "number"),
    Index("uq_broadcast_runs_open", "broadcast_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
)
broadcast_recipients = Table(
    "broadcast_recipients",
    metadata,
    Column("run_id", Id, ForeignKey("broadcast_runs.id"), primary_key=True),
    Column("person_id", Id, ForeignKey("persons.id"), primary_key=True, index=True),
    Column("state", Word(RecipientState), nullable=False),
    Column("reason", Word(Reason)),
    Column("due_at", Utc),
    Column("message_id", Integer, ForeignKey("messages.id")),
    Column("changed_at", Utc, nullable=False),
    CheckConstraint("(state = 'queued') = (due_at IS NOT NULL)", name="due"),
    CheckConstraint("state NOT IN ('handed','sent') OR message_id IS NOT NULL", name="words"),
    CheckConstraint("state NOT IN ('skipped','failed') OR reason IS NOT NULL", name="why"),
    Index("ix_broadcast_recipients_state", "run_id", "state", "due_at"),
)
