"""Who waits for a time, which time is offered round, and the checks before taking part online."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Index, String, Table, UniqueConstraint, text

from domain.store.columns import Json, Utc, Word
from domain.store.tables.base import Id, identifier, metadata, ref
from domain.waiting import WaitState

_OPEN = text("state IN ('waiting', 'offered')")

waits = Table(
    "waits",
    metadata,
    identifier(),
    Column("key", String(120), nullable=False, unique=True),
    ref("member_id", "persons", index=True),
    ref("asked_by", "persons", index=True),
    ref("city_id", "cities"),
    Column("service", String(40), nullable=False),
    Column("channel", String(8), nullable=False),
    Column("begin", Utc, nullable=False),
    Column("end", Utc, nullable=False),
    Column("closes_at", Utc, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("state", Word(WaitState), nullable=False),
    Column("self_pay", Boolean, nullable=False),
    Column("gender", String(8)),
    Column("dialect", String(20)),
    ref("booking_id", "bookings", null=True),
    CheckConstraint('"begin" < "end"', name="order"),
    CheckConstraint("state <> 'offered' OR booking_id IS NOT NULL", name="offer"),
    # One offer is one held time: no two people are offered the same one.
    UniqueConstraint("booking_id"),
    Index(
        "ix_waits_open",
        "city_id",
        "channel",
        "created_at",
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    ),
    Index("ix_waits_closes", "closes_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
)
freed_times = Table(
    "freed_times",
    metadata,
    identifier(),
    ref("city_id", "cities"),
    Column("channel", String(8), nullable=False),
    Column("begin", Utc, nullable=False),
    Column("end", Utc, nullable=False),
    Column("due_at", Utc, index=True),
    Column("created_at", Utc, nullable=False),
    Column("wait_id", Id),
    Column("booking_id", Id, index=True),
    Column("tried", Json, nullable=False),
)
_UNSENT = text("sent_at IS NULL")
join_checks = Table(
    "join_checks",
    metadata,
    Column("booking_id", Id, primary_key=True),
    Column("due_at", Utc, nullable=False),
    Column("sent_at", Utc),
    Column("answer", String(8)),
    Column("answered_at", Utc),
    Index("ix_join_checks_due", "due_at", sqlite_where=_UNSENT, postgresql_where=_UNSENT),
)
