"""The record of dangers."""

from __future__ import annotations

from sqlalchemy import Column, Table

from domain.incidents import Happened
from domain.store.columns import Json, Utc, Word
from domain.store.tables.base import metadata, ref, row_number

incident_lines = Table(
    "incident_lines",
    metadata,
    row_number(),
    ref("ticket_id", "tickets", index=True),
    ref("person_id", "persons", index=True),
    Column("happened", Word(Happened), nullable=False),
    Column("at", Utc, nullable=False),
    ref("who_id", "persons", null=True),
    Column("detail", Json, nullable=False),
)
