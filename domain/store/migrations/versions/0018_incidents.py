"""The record of dangers, only ever added to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from domain.store import guards

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def _person(name: str, target: str, *, null: bool = False) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    return (
        sa.Column(name, sa.String(length=40), nullable=null),
        sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_incident_lines_{name}")),
    )


def upgrade() -> None:
    op.create_table(
        "incident_lines",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        *_person("ticket_id", "tickets"),
        *_person("person_id", "persons"),
        sa.Column("happened", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_person("who_id", "persons", null=True),
        sa.Column("detail", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_lines")),
    )
    op.create_index("ix_incident_lines_ticket_id", "incident_lines", ["ticket_id"])
    op.create_index("ix_incident_lines_person_id", "incident_lines", ["person_id"])
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in guards.incidents_sqlite() if sqlite else guards.incidents_postgresql():
        op.execute(statement)
