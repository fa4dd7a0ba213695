"""Plans of visits, and which booking is which visit of a plan."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from domain.series import Part, SeriesState
from domain.store.columns import Json, Utc, Word
from domain.store.tables.base import Id, identifier, metadata, ref

_DUE = text("due_at IS NOT NULL")
_PROVISIONAL = text("provisional")

series = Table(
    "series",
    metadata,
    identifier(),
    Column("key", String(120), nullable=False, unique=True),
    ref("member_id", "persons", index=True),
    ref("booked_by", "persons"),
    Column("service", String(40), nullable=False),
    Column("channel", String(8), nullable=False),
    Column("rule", String(160), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("state", Word(SeriesState), nullable=False),
    Column("product", String(40)),
    Column("self_pay", Boolean, nullable=False),
    Column("wishes", Json, nullable=False),
    Column("due_at", Utc),
    Index("ix_series_due", "due_at", sqlite_where=_DUE, postgresql_where=_DUE),
)
series_visits = Table(
    "series_visits",
    metadata,
    Column("series_id", Id, ForeignKey("series.id"), primary_key=True),
    Column("ordinal", Integer, nullable=False, primary_key=True, autoincrement=False),
    Column("part", Word(Part), nullable=False),
    Column("service", String(40), nullable=False),
    Column("day", Date, nullable=False),
    Column("provisional", Boolean, nullable=False),
    Column("moved_from", Date),
    Column("holiday", String(20)),
    ref("booking_id", "bookings", null=True),
    Column("refusal", String(20)),
    Column("skipped", Boolean, nullable=False),
    UniqueConstraint("booking_id"),
    Index("ix_series_visits_provisional", "day", sqlite_where=_PROVISIONAL, postgresql_where=_PROVISIONAL),
)
