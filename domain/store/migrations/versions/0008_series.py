"""Plans of visits, and which booking is which visit of a plan."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_DUE = sa.text("due_at IS NOT NULL")
_PROVISIONAL = sa.text("provisional")
_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def _id(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=40), nullable=null)


def upgrade() -> None:
    op.create_table(
        "series",
        _id("id"),
        sa.Column("key", sa.String(length=120), nullable=False),
        _id("member_id"),
        _id("booked_by"),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("rule", sa.String(length=160), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("product", sa.String(length=40), nullable=True),
        sa.Column("self_pay", sa.Boolean(), nullable=False),
        sa.Column("wishes", _JSON, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["persons.id"], name=op.f("fk_series_member_id")),
        sa.ForeignKeyConstraint(["booked_by"], ["persons.id"], name=op.f("fk_series_booked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("key", name=op.f("uq_series_key")),
    )
    op.create_index(op.f("ix_series_member_id"), "series", ["member_id"])
    op.create_index("ix_series_due", "series", ["due_at"], sqlite_where=_DUE, postgresql_where=_DUE)
    op.create_table(
        "series_visits",
        _id("series_id"),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("part", sa.String(length=16), nullable=False),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("moved_from", sa.Date(), nullable=True),
        sa.Column("holiday", sa.String(length=20), nullable=True),
        _id("booking_id", null=True),
        sa.Column("refusal", sa.String(length=20), nullable=True),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_series_visits_series_id")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_series_visits_booking_id")),
        sa.PrimaryKeyConstraint("series_id", "ordinal", name=op.f("pk_series_visits")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_series_visits_booking_id")),
    )
    op.create_index(
        "ix_series_visits_provisional",
        "series_visits",
        ["day"],
        sqlite_where=_PROVISIONAL,
        postgresql_where=_PROVISIONAL,
    )
