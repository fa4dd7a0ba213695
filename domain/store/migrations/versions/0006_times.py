"""Times that are really free: where homes are, how one joins online, daily limits, waiting lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_OPEN = sa.text("state IN ('waiting', 'offered')")
_UNSENT = sa.text("sent_at IS NULL")
_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def _moment(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _id(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=40), nullable=null)


def upgrade() -> None:
    for table in ("persons", "bookings"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("lat", sa.Float(), nullable=True))
            batch_op.add_column(sa.Column("lon", sa.Float(), nullable=True))
    with op.batch_alter_table("offerings") as batch_op:
        batch_op.add_column(sa.Column("join", sa.String(length=200), nullable=True))
    with op.batch_alter_table("staff") as batch_op:
        batch_op.add_column(sa.Column("daily_limit", sa.Integer(), nullable=False, server_default="8"))
    _waits()
    op.create_table(
        "freed_times",
        _id("id"),
        _id("city_id"),
        sa.Column("channel", sa.String(length=8), nullable=False),
        _moment("begin"),
        _moment("end"),
        _moment("due_at", null=True),
        _moment("created_at"),
        _id("wait_id", null=True),
        _id("booking_id", null=True),
        sa.Column("tried", _JSON, nullable=False),
        sa.ForeignKeyConstraint(["city_id"], ["cities.id"], name=op.f("fk_freed_times_city_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_freed_times")),
    )
    op.create_index(op.f("ix_freed_times_due_at"), "freed_times", ["due_at"])
    op.create_index(op.f("ix_freed_times_booking_id"), "freed_times", ["booking_id"])
    op.create_table(
        "join_checks",
        _id("booking_id"),
        _moment("due_at"),
        _moment("sent_at", null=True),
        sa.Column("answer", sa.String(length=8), nullable=True),
        _moment("answered_at", null=True),
        sa.PrimaryKeyConstraint("booking_id", name=op.f("pk_join_checks")),
    )
    op.create_index(
        "ix_join_checks_due", "join_checks", ["due_at"], sqlite_where=_UNSENT, postgresql_where=_UNSENT
    )


def _waits() -> None:
    op.create_table(
        "waits",
        _id("id"),
        sa.Column("key", sa.String(length=120), nullable=False),
        _id("member_id"),
        _id("asked_by"),
        _id("city_id"),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        _moment("begin"),
        _moment("end"),
        _moment("closes_at"),
        _moment("created_at"),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("self_pay", sa.Boolean(), nullable=False),
        sa.Column("gender", sa.String(length=8), nullable=True),
        sa.Column("dialect", sa.String(length=20), nullable=True),
        _id("booking_id", null=True),
        sa.CheckConstraint('"begin" < "end"', name=op.f("ck_waits_order")),
        sa.CheckConstraint("state <> 'offered' OR booking_id IS NOT NULL", name=op.f("ck_waits_offer")),
        sa.ForeignKeyConstraint(["member_id"], ["persons.id"], name=op.f("fk_waits_member_id")),
        sa.ForeignKeyConstraint(["asked_by"], ["persons.id"], name=op.f("fk_waits_asked_by")),
        sa.ForeignKeyConstraint(["city_id"], ["cities.id"], name=op.f("fk_waits_city_id")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_waits_booking_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waits")),
        sa.UniqueConstraint("key", name=op.f("uq_waits_key")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_waits_booking_id")),
    )
    op.create_index(op.f("ix_waits_member_id"), "waits", ["member_id"])
    op.create_index(op.f("ix_waits_asked_by"), "waits", ["asked_by"])
    op.create_index(
        "ix_waits_open",
        "waits",
        ["city_id", "channel", "created_at"],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_index("ix_waits_closes", "waits", ["closes_at"], sqlite_where=_OPEN, postgresql_where=_OPEN)
