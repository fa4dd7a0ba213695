"""Data in and out: the numbers that other systems know people, sites and staff by; links to a person's calendar."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("persons", sa.Column("external_no", sa.String(length=40), nullable=True))
    op.create_index("ix_persons_external_no", "persons", ["external_no"], unique=True)
    for table in ("sites", "staff"):
        op.add_column(table, sa.Column("external_no", sa.String(length=40), nullable=True))
        op.create_index(f"ix_{table}_external_no", table, ["provider_id", "external_no"], unique=True)
    op.create_table(
        "calendar_links",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_calendar_links_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_links")),
        sa.UniqueConstraint("digest", name=op.f("uq_calendar_links_digest")),
    )
    op.create_index("ix_calendar_links_person_id", "calendar_links", ["person_id"])
