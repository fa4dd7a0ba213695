"""Broadcasts, their runs and recipients; which workers share a door's limits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from domain.store import guards

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
_DUE, _OPEN = sa.text("due_at IS NOT NULL"), sa.text("ended_at IS NULL")


def _moment(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _id(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=40), nullable=null)


def _word(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=16), nullable=null)


def _number(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=null)


def _ref(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    _broadcasts()
    _runs()
    _recipients()
    op.create_table(
        "door_senders",
        sa.Column("door", sa.String(length=16), nullable=False),
        sa.Column("worker", sa.String(length=60), nullable=False),
        _moment("seen_at"),
        sa.PrimaryKeyConstraint("door", "worker", name=op.f("pk_door_senders")),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in guards.broadcasts_sqlite() if sqlite else guards.broadcasts_postgresql():
        op.execute(statement)


def _broadcasts() -> None:
    table = "broadcasts"
    op.create_table(
        table,
        _id("id"),
        _id("series"),
        _number("version"),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("audience", _JSON, nullable=False),
        _id("author_id"),
        _moment("created_at"),
        _number("useful_minutes"),
        _moment("send_at", null=True),
        sa.Column("rule", sa.String(length=160), nullable=True),
        sa.Column("anchor", sa.Date(), nullable=True),
        _word("state"),
        _moment("due_at", null=True),
        _number("asked", null=True),
        _id("approved_by", null=True),
        _moment("approved_at", null=True),
        _word("paused_in", null=True),
        _moment("changed_at", null=True),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> author_id", name=op.f(f"ck_{table}_second_person")
        ),
        _ref(table, "author_id", "persons"),
        _ref(table, "approved_by", "persons"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("series", "version", name=op.f(f"uq_{table}_series_version")),
    )
    op.create_index("ix_broadcasts_due", table, ["due_at"], sqlite_where=_DUE, postgresql_where=_DUE)
    table = "broadcast_events"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        _id("broadcast_id"),
        _moment("at"),
        _id("actor_id", null=True),
        _word("what"),
        sa.Column("detail", _JSON, nullable=False),
        _ref(table, "broadcast_id", "broadcasts"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_broadcast_events_broadcast_id", table, ["broadcast_id"])


def _runs() -> None:
    table = "broadcast_runs"
    op.create_table(
        table,
        _id("id"),
        _id("broadcast_id"),
        _number("number"),
        _moment("planned_at"),
        _moment("useful_until"),
        _moment("begun_at"),
        _id("filled_to"),
        sa.Column("filled", sa.Boolean(), nullable=False),
        _moment("ended_at", null=True),
        _ref(table, "broadcast_id", "broadcasts"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("broadcast_id", "number", name=op.f(f"uq_{table}_broadcast_id_number")),
    )
    op.create_index(
        "uq_broadcast_runs_open",
        table,
        ["broadcast_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def _recipients() -> None:
    table = "broadcast_recipients"
    op.create_table(
        table,
        _id("run_id"),
        _id("person_id"),
        _word("state"),
        _word("reason", null=True),
        _moment("due_at", null=True),
        _number("message_id", null=True),
        _moment("changed_at"),
        sa.CheckConstraint("(state = 'queued') = (due_at IS NOT NULL)", name=op.f(f"ck_{table}_due")),
        sa.CheckConstraint(
            "state NOT IN ('handed','sent') OR message_id IS NOT NULL", name=op.f(f"ck_{table}_words")
        ),
        sa.CheckConstraint(
            "state NOT IN ('skipped','failed') OR reason IS NOT NULL", name=op.f(f"ck_{table}_why")
        ),
        _ref(table, "run_id", "broadcast_runs"),
        _ref(table, "person_id", "persons"),
        _ref(table, "message_id", "messages"),
        sa.PrimaryKeyConstraint("run_id", "person_id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_broadcast_recipients_person_id", table, ["person_id"])
    op.create_index("ix_broadcast_recipients_state", table, ["run_id", "state", "due_at"])
