"""Reminders: rules in versions, instances, attempts; and what each person wants to hear and when."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
    true,
)

from domain.reminders import InstanceState, Outcome, RuleKind
from domain.sending import Reason
from domain.store.columns import Json, Utc, Word
from domain.store.tables.base import Id, identifier, metadata, ref, row_number

_LIVING, _DUE = text("ended_at IS NULL"), text("due_at IS NOT NULL")

# Never changed but by its end: see guards.py.
reminder_rules = Table(
    "reminder_rules",
    metadata,
    identifier(),
    Column("series", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", Word(RuleKind), nullable=False),
    ref("person_id", "persons", index=True),
    Column("created_at", Utc, nullable=False),
    Column("created_by", Id, nullable=False),
    Column("detail", Json, nullable=False),
    Column("ended_at", Utc),
    Column("ended_why", Word(Reason)),
    UniqueConstraint("series", "version"),
    Index("uq_reminder_rules_living", "series", unique=True, sqlite_where=_LIVING, postgresql_where=_LIVING),
)
reminder_instances = Table(
    "reminder_instances",
    metadata,
    identifier(),
    ref("rule_id", "reminder_rules"),
    ref("person_id", "persons"),
    Column("occurrence", String(40), nullable=False),
    Column("planned_at", Utc, nullable=False),
    Column("useful_until", Utc, nullable=False),
    Column("due_at", Utc),
    Column("state", Word(InstanceState), nullable=False),
    Column("reason", Word(Reason)),
    Column("urgent", Boolean, nullable=False),
    Column("joins", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("sent_at", Utc),
    Column("message_key", String(160), index=True),
    Column("answered_at", Utc),
    Column("answered_by", Id),
    UniqueConstraint("rule_id", "person_id", "occurrence"),
    CheckConstraint("(state = 'pending') = (due_at IS NOT NULL)", name="due"),
    CheckConstraint("state <> 'skipped' OR reason IS NOT NULL", name="why"),
    CheckConstraint("state <> 'sent' OR message_key IS NOT NULL", name="words"),
    # Thousands are due at eight sharp: those of one moment are taken in the order of the index too.
    Index("ix_reminder_instances_due", "due_at", "id", sqlite_where=_DUE, postgresql_where=_DUE),
    Index("ix_reminder_instances_waits", "person_id", "due_at", sqlite_where=_DUE, postgresql_where=_DUE),
)
# Only ever added to: see guards.py.
reminder_attempts = Table(
    "reminder_attempts",
    metadata,
    row_number(),
    ref("instance_id", "reminder_instances"),
    Column("number", Integer, nullable=False),
    Column("at", Utc, nullable=False),
    Column("outcome", Word(Outcome), nullable=False),
    Column("reason", Word(Reason)),
    UniqueConstraint("instance_id", "number"),
)
notices = Table(
    "notices",
    metadata,
    Column("person_id", Id, ForeignKey("persons.id"), primary_key=True),
    Column("windows", Json),
    Column("fewer", Boolean, nullable=False),
    Column("broadcasts", Boolean, nullable=False),
    ref("to_id", "persons", null=True),
    Column("own", Boolean, nullable=False),
    Column("surveys", Boolean, nullable=False, server_default=true()),
    Column("paused_from", Utc),
    Column("paused_until", Utc),
    Column("changed_at", Utc),
)
notice_changes = Table(
    "notice_changes",
    metadata,
    row_number(),
    ref("person_id", "persons", index=True),
    Column("at", Utc, nullable=False),
    ref("actor_id", "persons"),
    Column("what", String(40), nullable=False),
    Column("detail", Json, nullable=False),
)
