"""Bookings, what happened to them, and the rows that make two of them wait for each other."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Float, Index, Integer, String, Table, text

from domain.bookings import OCCUPYING, Status
from domain.store.columns import Json, Utc, Word
from domain.store.tables.base import Id, identifier, metadata, ref, row_number

_OCCUPYING = text("status IN (" + ", ".join(f"'{s}'" for s in OCCUPYING) + ")")


def _occupied(name: str, column: str) -> Index:
    """The index that the guards against overlaps walk: only rows that stand on somebody's time."""
    return Index(name, column, "begin", sqlite_where=_OCCUPYING, postgresql_where=_OCCUPYING)


bookings = Table(
    "bookings",
    metadata,
    identifier(),
    Column("number", String(12), nullable=False, unique=True),
    ref("member_id", "persons"),
    ref("booked_by", "persons"),
    Column("service", String(40), nullable=False),
    Column("channel", String(8), nullable=False),
    Column("status", Word(Status), nullable=False),
    Column("begin", Utc, nullable=False),
    Column("end", Utc, nullable=False),
    Column("key", String(120), nullable=False, unique=True),
    Column("created_at", Utc, nullable=False),
    ref("provider_id", "providers"),
    ref("staff_id", "staff", null=True),
    Column("staff_from", Utc),
    Column("staff_until", Utc),
    ref("site_id", "sites", null=True),
    ref("room_id", "rooms", null=True),
    Column("address", String(200)),
    Column("lat", Float),
    Column("lon", Float),
    Column("join_url", String(200)),
    ref("grant_id", "grants", null=True),
    Column("amount", Integer, nullable=False),
    Column("price_cents", Integer, nullable=False),
    Column("occupies_member", Boolean, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("hold_until", Utc),
    Column("cancel_reason", String(60)),
    Column("version", Integer, nullable=False),
    # Without both ends a member of staff would stand on nobody's time.
    CheckConstraint('"begin" < "end"', name="order"),
    CheckConstraint(
        "staff_id IS NULL OR (staff_from IS NOT NULL AND staff_until IS NOT NULL AND staff_from < staff_until)",
        name="staff_time",
    ),
    CheckConstraint("status <> 'held' OR hold_until IS NOT NULL", name="hold"),
    Index("ix_bookings_member", "member_id", "begin"),
    _occupied("ix_bookings_staff", "staff_id"),
    _occupied("ix_bookings_room", "room_id"),
    Index(
        "ix_bookings_firm",
        "begin",
        sqlite_where=text("status = 'confirmed'"),
        postgresql_where=text("status = 'confirmed'"),
    ),
    Index(
        "ix_bookings_holds",
        "hold_until",
        sqlite_where=text("status = 'held'"),
        postgresql_where=text("status = 'held'"),
    ),
)
booking_events = Table(
    "booking_events",
    metadata,
    row_number(),
    ref("booking_id", "bookings", index=True),
    Column("kind", String(20), nullable=False),
    Column("at", Utc, nullable=False),
    ref("actor_id", "persons"),
    Column("detail", Json, nullable=False),
)
# One row for each member of staff, room and elder with a booking. Its update makes transactions that want
# the same one wait for each other on PostgreSQL, at every isolation level (see guards.py).
occupants = Table(
    "occupants",
    metadata,
    Column("kind", String(8), primary_key=True),
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
)
