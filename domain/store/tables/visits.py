"""Visits, what happened at them, corrections, photographs; and when each sweep of the house is due."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text, text

from domain.store.columns import Json, Utc, Word
from domain.store.tables.base import Id, identifier, metadata, ref, row_number
from domain.visits import Method, VisitState

_DUE = text("due_at IS NOT NULL")

visits = Table(
    "visits",
    metadata,
    identifier(),
    Column("booking_id", Id, ForeignKey("bookings.id"), nullable=False, unique=True),
    Column("state", Word(VisitState), nullable=False),
    Column("code", String(4), nullable=False),
    Column("created_at", Utc, nullable=False),
    ref("staff_id", "staff", null=True),
    Column("on_the_way_at", Utc),
    Column("expected_at", Utc),
    Column("arrived_at", Utc),
    Column("began_at", Utc),
    Column("ended_at", Utc),
    Column("verified_at", Utc),
    Column("verified_by", Id),
    Column("method", Word(Method)),
    Column("distance_m", Float),
    Column("accuracy_m", Float),
    Column("code_failures", Integer, nullable=False),
    Column("flags", Json, nullable=False),
    Column("steps", Json, nullable=False),
    Column("records", Json, nullable=False),
    Column("note", Text),
    Column("leave", Json, nullable=False),
    Column("reason", String(20)),
    Column("confirmed_at", Utc),
    Column("confirmed_by", Id),
    Column("late_step", Integer, nullable=False),
    Column("late_begin", Utc),
    Column("due_at", Utc),
    Column("version", Integer, nullable=False),
    Index("ix_visits_due", "due_at", sqlite_where=_DUE, postgresql_where=_DUE),
)
# Only ever added to: see guards.py.
visit_events = Table(
    "visit_events",
    metadata,
    row_number(),
    ref("visit_id", "visits", index=True),
    Column("kind", String(24), nullable=False),
    Column("at", Utc, nullable=False),
    Column("noted_at", Utc, nullable=False),
    Column("actor_id", Id),
    Column("key", String(160), nullable=False, unique=True),
    Column("detail", Json, nullable=False),
)
visit_corrections = Table(
    "visit_corrections",
    metadata,
    identifier(),
    ref("visit_id", "visits", index=True),
    Column("field", String(20), nullable=False),
    Column("before", String(40)),
    Column("after", String(40), nullable=False),
    Column("reason", String(200), nullable=False),
    ref("asked_by", "persons"),
    Column("asked_at", Utc, nullable=False),
    Column("decided_by", Id),
    Column("decided_at", Utc),
    Column("agreed", Boolean),
)
visit_photos = Table(
    "visit_photos",
    metadata,
    identifier(),
    ref("visit_id", "visits", index=True),
    Column("path", String(120), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("size", Integer, nullable=False),
    ref("taken_by", "persons"),
    Column("taken_at", Utc, nullable=False),
)
# A sweep looks over everything now and then; whoever moves its row on does it.
sweeps = Table(
    "sweeps", metadata, Column("name", String(40), primary_key=True), Column("due_at", Utc, nullable=False)
)
