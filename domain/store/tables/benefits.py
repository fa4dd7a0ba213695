"""Plans, what they give, what was granted, and the ledger of it."""

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
    UniqueConstraint,
    text,
)

from domain.benefits import EntryKind
from domain.store.columns import Json, Utc, Word
from domain.store.tables.base import Id, identifier, metadata, ref, row_number


def _number(name: str, default: int) -> Column[int]:
    """A number that rows written before it was thought of have as well."""
    return Column(name, Integer, nullable=False, default=default, server_default=str(default))


plans = Table(
    "plans",
    metadata,
    identifier(),
    Column("code", String(40), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    _number("late_hours", 4),
    Column("late_cancel", String(12), nullable=False, default="take", server_default="take"),
    Column("no_show", String(12), nullable=False, default="take", server_default="take"),
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
    Column("max_age", Integer),
    _number("grace_days", 0),
    _number("copay_percent", 0),
    Column("amount_each", Integer),
    Column("needs_assessment", Boolean, nullable=False, default=False, server_default=text("false")),
    Column("min_ability", Integer),
    Column("max_ability", Integer),
    _number("case_days", 90),
    _number("rollover_min", 0),
    _number("rollover_max", 0),
    Column("warn_days", Integer),
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
    Column("renews_on", Date),
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
    # What falls due: the rest expires, and is spoken of once before that. Worked off by the tick.
    Column("ends_before", Date),
    Column("warn_on", Date),
    CheckConstraint("held >= 0 AND used >= 0 AND held + used <= allowed", name="left"),
    Index(
        "ix_balances_expiry",
        "ends_before",
        sqlite_where=text("allowed > used + held"),
        postgresql_where=text("allowed > used + held"),
    ),
    Index(
        "ix_balances_warning",
        "warn_on",
        sqlite_where=text("warn_on IS NOT NULL"),
        postgresql_where=text("warn_on IS NOT NULL"),
    ),
)
cases = Table(
    "cases",
    metadata,
    identifier(),
    ref("person_id", "persons", index=True),
    Column("opened_on", Date, nullable=False),
    ref("opened_by", "persons"),
    Column("note", String(200)),
)
assessments = Table(
    "assessments",
    metadata,
    identifier(),
    ref("person_id", "persons", index=True),
    Column("level", Integer, nullable=False),
    Column("assessed_on", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    # A person, always: no program finds how able somebody is.
    ref("assessor_id", "persons"),
    Column("created_at", Utc, nullable=False),
    CheckConstraint("level BETWEEN 0 AND 4", name="level"),
    CheckConstraint("assessed_on <= valid_until", name="term"),
)
