"""Ready answers as supervisors changed them: only ever added to."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Table, Text, UniqueConstraint

from domain.store.columns import Utc
from domain.store.tables.base import Id, metadata, ref, row_number

ready_answers = Table(
    "ready_answers",
    metadata,
    row_number(),
    Column("code", Id, nullable=False),
    Column("version", Integer, nullable=False),
    Column("title", String(40), nullable=False),
    Column("queue", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("gone", Boolean, nullable=False),
    ref("author_id", "persons"),
    Column("at", Utc, nullable=False),
    UniqueConstraint("code", "version", name="uq_ready_answers_code"),
)
