"""The desk: passwords and second factors, logins, and a trail that is only added to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from domain.store import guards

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def _id(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=40), nullable=null)


def _moment(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def upgrade() -> None:
    op.create_table(
        "desk_access",
        _id("person_id"),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        _moment("changed_at"),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        _moment("locked_until", null=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_desk_access_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_desk_access")),
    )
    op.create_table(
        "desk_sessions",
        _id("id"),
        sa.Column("digest", sa.String(length=64), nullable=False),
        _id("person_id"),
        sa.Column("door", sa.String(length=16), nullable=False),
        _moment("begun_at"),
        _moment("seen_at"),
        _moment("ended_at", null=True),
        _id("ended_by", null=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_desk_sessions_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_sessions")),
        sa.UniqueConstraint("digest", name=op.f("uq_desk_sessions_digest")),
    )
    op.create_index("ix_desk_sessions_person_id", "desk_sessions", ["person_id"])
    op.create_table(
        "desk_acts",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        _moment("at"),
        _id("actor_id", null=True),
        sa.Column("what", sa.String(length=60), nullable=False),
        _id("ticket_id", null=True),
        _id("member_id", null=True),
        sa.Column("detail", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_acts")),
    )
    op.create_index("ix_desk_acts_actor", "desk_acts", ["actor_id", "id"])
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in guards.trail_sqlite() if sqlite else guards.trail_postgresql():
        op.execute(statement)
