"""Accounts on doors, deliveries on their way, codes and invitations."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, text

from domain.doors import DeliveryState
from domain.store.columns import Json, Utc, Word
from domain.store.tables.base import identifier, metadata, ref, row_number

_ACTIVE = text("left_at IS NULL")
_OPEN = text("state IN ('queued','claimed')")

accounts = Table(
    "accounts",
    metadata,
    identifier(),
    ref("person_id", "persons", index=True),
    Column("door", String(16), nullable=False),
    Column("external_id", String(80), nullable=False),
    Column("joined_at", Utc, nullable=False),
    Column("left_at", Utc),
    Column("blocked_at", Utc),
    Column("facts", Json, nullable=False),
    # A chat belongs to one person at a time.
    Index(
        "uq_accounts_active",
        "door",
        "external_id",
        unique=True,
        sqlite_where=_ACTIVE,
        postgresql_where=_ACTIVE,
    ),
)
deliveries = Table(
    "deliveries",
    metadata,
    row_number(),
    Column("message_id", Integer, ForeignKey("messages.id"), nullable=False),
    ref("account_id", "accounts"),
    Column("lane", Integer, nullable=False),
    Column("due_at", Utc, nullable=False),
    Column("state", Word(DeliveryState), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("unknown", Integer, nullable=False),
    Column("claimed_by", String(60)),
    Column("claimed_until", Utc),
    Column("sent_at", Utc),
    Column("external_id", String(80)),
    Column("reason", String(120)),
    Index("uq_deliveries_message", "message_id", "account_id", unique=True),
    Index("ix_deliveries_open", "lane", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("ix_deliveries_account", "account_id", "lane", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
)
# Which workers send by a door: they share its limits. Times are real ones, whatever the house's clock says.
door_senders = Table(
    "door_senders",
    metadata,
    Column("door", String(16), primary_key=True),
    Column("worker", String(60), primary_key=True),
    Column("seen_at", Utc, nullable=False),
)
codes = Table(
    "codes",
    metadata,
    Column("phone", String(20), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("used_at", Utc),
    Column("locked_until", Utc),
)
invitations = Table(
    "invitations",
    metadata,
    identifier(),
    Column("digest", String(64), nullable=False, unique=True),
    ref("inviter_id", "persons", index=True),
    Column("created_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
    Column("relation", String(20)),
    Column("scopes", Json, nullable=False),
    Column("used_at", Utc),
    ref("used_by", "persons", null=True),
)
calendar_links = Table(
    "calendar_links",
    metadata,
    identifier(),
    Column("digest", String(64), nullable=False, unique=True),
    ref("person_id", "persons", index=True),
    Column("created_at", Utc, nullable=False),
    Column("revoked_at", Utc),
    Column("told_on", Date),
)
consent_requests = Table(
    "consent_requests",
    metadata,
    identifier(),
    ref("elder_id", "persons", index=True),
    ref("relative_id", "persons"),
    Column("relation", String(20), nullable=False),
    Column("scopes", Json, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("answers", Json, nullable=False),
)
