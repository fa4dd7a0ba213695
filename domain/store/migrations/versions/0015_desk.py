"""Tickets with three clocks and a tier; notes, complaints, what was said of the help; who is on shift at the desks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
_DUE = sa.text("due_at IS NOT NULL")
_MOMENTS = (
    "next_reply_due",
    "resolve_due",
    "waiting_since",
    "claimed_at",
    "resolved_at",
    "silent_at",
    "call_at",
    "family_at",
    "until_at",
    "due_at",
)


def _moment(name: str, *, null: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _id(name: str) -> sa.Column:
    return sa.Column(name, sa.String(length=40), nullable=False)


def _ref(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.add_column("tickets", sa.Column("tier", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("tickets", sa.Column("reopened", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("tickets", sa.Column("missed", _JSON, nullable=False, server_default="[]"))
    for name in _MOMENTS:
        op.add_column("tickets", _moment(name))
    op.add_column("alerts", _moment("failed_at"))
    op.create_index("ix_tickets_opened_at", "tickets", ["opened_at"])
    op.create_index("ix_tickets_due", "tickets", ["due_at"], sqlite_where=_DUE, postgresql_where=_DUE)
    _notes()
    _complaints()
    op.create_table(
        "helped",
        _id("ticket_id"),
        _id("person_id"),
        sa.Column("rating", sa.Integer(), nullable=False),
        _moment("at", null=False),
        _ref("helped", "person_id", "persons"),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_helped")),
    )
    op.create_table(
        "duties",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        _id("person_id"),
        sa.Column("queue", sa.String(length=8), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        _ref("duties", "person_id", "persons"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duties")),
    )
    op.create_index("ix_duties_person_id", "duties", ["person_id"])


def _notes() -> None:
    op.create_table(
        "ticket_notes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        _id("ticket_id"),
        _id("author_id"),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        _moment("at", null=False),
        _ref("ticket_notes", "ticket_id", "tickets"),
        _ref("ticket_notes", "author_id", "persons"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_notes")),
        sa.UniqueConstraint("key", name=op.f("uq_ticket_notes_key")),
    )
    op.create_index("ix_ticket_notes_ticket_id", "ticket_notes", ["ticket_id"])


def _complaints() -> None:
    op.create_table(
        "complaints",
        _id("ticket_id"),
        sa.Column("kind", sa.String(length=16), nullable=False),
        _moment("received_at", null=False),
        _moment("call_due", null=False),
        sa.Column("propose_by", sa.Date(), nullable=False),
        sa.Column("close_by", sa.Date(), nullable=False),
        sa.Column("decide_by", sa.Date(), nullable=False),
        _moment("called_at"),
        _moment("proposed_at"),
        _moment("told_at"),
        sa.Column("extended_why", sa.Text(), nullable=True),
        _moment("due_at"),
        sa.Column("warned", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_complaints")),
    )
    op.create_index("ix_complaints_due", "complaints", ["due_at"], sqlite_where=_DUE, postgresql_where=_DUE)
