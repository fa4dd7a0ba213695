"""Reminders: rules in versions, instances, attempts; what each person wants to hear; the day of a death."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from domain.store import guards

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_LIVING, _DUE = sa.text("ended_at IS NULL"), sa.text("due_at IS NOT NULL")
_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def _moment(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _id(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=40), nullable=null)


def _word(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=16), nullable=null)


def _flag(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _ref(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.add_column("persons", sa.Column("died_on", sa.Date(), nullable=True))
    firm = sa.text("status = 'confirmed'")
    op.create_index("ix_bookings_firm", "bookings", ["begin"], sqlite_where=firm, postgresql_where=firm)
    _rules()
    _instances()
    op.create_table(
        "reminder_attempts",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        _id("instance_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        _moment("at"),
        _word("outcome"),
        _word("reason", null=True),
        _ref("reminder_attempts", "instance_id", "reminder_instances"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_attempts")),
        sa.UniqueConstraint("instance_id", "number", name=op.f("uq_reminder_attempts_instance_id_number")),
    )
    _notices()
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in guards.reminders_sqlite() if sqlite else guards.reminders_postgresql():
        op.execute(statement)


def _rules() -> None:
    op.create_table(
        "reminder_rules",
        _id("id"),
        sa.Column("series", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _word("kind"),
        _id("person_id"),
        _moment("created_at"),
        _id("created_by"),
        sa.Column("detail", _JSON, nullable=False),
        _moment("ended_at", null=True),
        _word("ended_why", null=True),
        _ref("reminder_rules", "person_id", "persons"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_rules")),
        sa.UniqueConstraint("series", "version", name=op.f("uq_reminder_rules_series_version")),
    )
    op.create_index("ix_reminder_rules_person_id", "reminder_rules", ["person_id"])
    op.create_index(
        "uq_reminder_rules_living",
        "reminder_rules",
        ["series"],
        unique=True,
        sqlite_where=_LIVING,
        postgresql_where=_LIVING,
    )


def _instances() -> None:
    table = "reminder_instances"
    op.create_table(
        table,
        _id("id"),
        _id("rule_id"),
        _id("person_id"),
        sa.Column("occurrence", sa.String(length=40), nullable=False),
        _moment("planned_at"),
        _moment("useful_until"),
        _moment("due_at", null=True),
        _word("state"),
        _word("reason", null=True),
        _flag("urgent"),
        _flag("joins"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _moment("sent_at", null=True),
        sa.Column("message_key", sa.String(length=160), nullable=True),
        _moment("answered_at", null=True),
        _id("answered_by", null=True),
        sa.CheckConstraint("(state = 'pending') = (due_at IS NOT NULL)", name=op.f(f"ck_{table}_due")),
        sa.CheckConstraint("state <> 'skipped' OR reason IS NOT NULL", name=op.f(f"ck_{table}_why")),
        sa.CheckConstraint("state <> 'sent' OR message_key IS NOT NULL", name=op.f(f"ck_{table}_words")),
        _ref(table, "rule_id", "reminder_rules"),
        _ref(table, "person_id", "persons"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(
            "rule_id", "person_id", "occurrence", name=op.f(f"uq_{table}_rule_id_person_id_occurrence")
        ),
    )
    op.create_index("ix_reminder_instances_message_key", table, ["message_key"])
    op.create_index("ix_reminder_instances_due", table, ["due_at"], sqlite_where=_DUE, postgresql_where=_DUE)
    op.create_index(
        "ix_reminder_instances_waits",
        table,
        ["person_id", "due_at"],
        sqlite_where=_DUE,
        postgresql_where=_DUE,
    )


def _notices() -> None:
    op.create_table(
        "notices",
        _id("person_id"),
        sa.Column("windows", _JSON, nullable=True),
        _flag("fewer"),
        _flag("broadcasts"),
        _id("to_id", null=True),
        _flag("own"),
        _moment("paused_from", null=True),
        _moment("paused_until", null=True),
        _moment("changed_at", null=True),
        _ref("notices", "person_id", "persons"),
        _ref("notices", "to_id", "persons"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_notices")),
    )
    op.create_table(
        "notice_changes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        _id("person_id"),
        _moment("at"),
        _id("actor_id"),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("detail", _JSON, nullable=False),
        _ref("notice_changes", "person_id", "persons"),
        _ref("notice_changes", "actor_id", "persons"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_changes")),
    )
    op.create_index("ix_notice_changes_person_id", "notice_changes", ["person_id"])
