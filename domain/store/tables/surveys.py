"""What people are asked about us, and every word that they answered."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, String, Table, Text, UniqueConstraint

from domain.store.columns import Utc, Word
from domain.store.tables.base import identifier, metadata, ref, row_number
from domain.surveys import How, SurveyKind, Why

surveys = Table(
    "surveys",
    metadata,
    identifier(),
    Column("kind", Word(SurveyKind), nullable=False),
    Column("subject", String(60), nullable=False),
    ref("person_id", "persons"),
    ref("member_id", "persons", index=True),
    Column("created_at", Utc, nullable=False),
    ref("booking_id", "bookings", null=True, index=True),
    Column("asked_at", Utc),
    Column("nudged_at", Utc),
    Column("score", Integer),
    Column("scored_at", Utc),
    Column("why", Word(Why)),
    Column("words", Text),
    Column("declined_at", Utc),
    ref("ticket_id", "tickets", null=True),
    UniqueConstraint("person_id", "subject"),
    CheckConstraint("score IS NULL OR score BETWEEN 0 AND 10", name="score"),
    CheckConstraint("(score IS NULL) = (scored_at IS NULL)", name="scored"),
    CheckConstraint("(kind = 'visit') = (booking_id IS NOT NULL)", name="visit"),
    Index("ix_surveys_asked", "person_id", "asked_at"),
    Index("ix_surveys_recommended", "kind", "scored_at"),
)
# Only ever added to: see guards.py.
survey_answers = Table(
    "survey_answers",
    metadata,
    row_number(),
    ref("survey_id", "surveys", index=True),
    Column("at", Utc, nullable=False),
    ref("actor_id", "persons"),
    Column("how", Word(How), nullable=False),
    Column("key", String(160), nullable=False, unique=True),
    Column("score", Integer),
    Column("why", Word(Why)),
    Column("words", Text),
)
