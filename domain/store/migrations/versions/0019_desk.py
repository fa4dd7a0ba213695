"""The desk: ready answers that supervisors keep; room for second factors that are sealed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from domain.store import guards

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ready_answers",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("queue", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["persons.id"], name=op.f("fk_ready_answers_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ready_answers")),
        sa.UniqueConstraint("code", "version", name="uq_ready_answers_code"),
    )
    with op.batch_alter_table("desk_access") as table:
        table.alter_column(
            "secret", existing_type=sa.String(length=64), type_=sa.Text(), existing_nullable=False
        )
    made = guards.answers_sqlite if op.get_bind().dialect.name == "sqlite" else guards.answers_postgresql
    for statement in made():
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError
