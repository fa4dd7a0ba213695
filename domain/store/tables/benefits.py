"""Plans, what they give, what was granted, and the ledger of it."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Integer, String, Table, UniqueConstraint

from domain.benefits import EntryKind
from domain.store.columns import Json, Utc, Word
from domain.store.tables.base import Id, identifier, metadata, ref, row_number

plans = Table(
    "plans",
    metadata,
    identifier(),
    Column("code", String(40), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
)
benefits = Table(
    "benefits",
    metadata,
    identifier(),
    ref("plan_id", "plans", index=True),
    Column("code", String(40), nullable=False),
    Column("name", String(80), nullable=False),
    Column("unit", String(12), nullable=False),
    Column("amount", Integer, nullable=False),
    Column("period", String(12), nullable=False),
    Column("services", Json, nullable=False),
    Column("channels", Json, nullable=False),
    Column("cities", Json),
    Column("wait_days", Integer, nullable=False),
    Column("gap_days", Integer, nullable=False),
    Column("copay_cents", Integer, nullable=False),
    Column("shared_with", String(12), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("min_age", Integer),
    CheckConstraint("amount >= 0", name="amount"),
)
enrolments = Table(
    "enrolments",
    metadata,
    identifier(),
    ref("person_id", "persons", index=True),
    ref("plan_id", "plans"),
    Column("starts_on", Date, nullable=False),
    Column("ends_before", Date, nullable=False),
    CheckConstraint("starts_on < ends_before", name="term"),
)
grants = Table(
    "grants",
    metadata,
    identifier(),
    ref("benefit_id", "benefits"),
    ref("holder_id", "persons"),
    ref("enrolment_id", "enrolments", index=True),
    Column("amount", Integer, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_before", Date, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("created_at", Utc, nullable=False),
    # One grant per benefit, period and enrolment: enrolling twice grants once.
    UniqueConstraint("enrolment_id", "benefit_id", "starts_on"),
    CheckConstraint("amount >= 0", name="amount"),
)
grant_people = Table(
    "grant_people",
    metadata,
    Column("person_id", Id, ForeignKey("persons.id"), primary_key=True),
    Column("grant_id", Id, ForeignKey("grants.id"), primary_key=True, index=True),
)
entries = Table(
    "entries",
    metadata,
    row_number(),
    ref("grant_id", "grants", index=True),
    Column("kind", Word(EntryKind), nullable=False),
    Column("amount", Integer, nullable=False),
    Column("key", String(120), nullable=False, unique=True),
    Column("at", Utc, nullable=False),
    Column("booking_id", Id, index=True),
    Column("actor_id", Id),
    Column("reason", String(60)),
    CheckConstraint("amount > 0 OR kind = 'adjust'", name="amount"),
)
balances = Table(
    "balances",
    metadata,
    Column("grant_id", Id, ForeignKey("grants.id"), primary_key=True),
    Column("allowed", Integer, nullable=False),
    Column("held", Integer, nullable=False),
    Column("used", Integer, nullable=False),
    CheckConstraint("held >= 0 AND used >= 0 AND held + used <= allowed", name="left"),
)
