"""Benefits complete: terms, cases, assessments, what falls due, and the plan's rules for endings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0002"
branch_labels = None
depends_on = None


def _number(name: str, default: int) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False, server_default=str(default))


def upgrade() -> None:
    # Columns are only added, and not in batches: SQLite would write the table anew, to which others refer.
    op.add_column("plans", _number("late_hours", 4))
    for name in ("late_cancel", "no_show"):
        op.add_column("plans", sa.Column(name, sa.String(length=12), nullable=False, server_default="take"))
    for name, default in (
        ("grace_days", 0),
        ("copay_percent", 0),
        ("case_days", 90),
        ("rollover_min", 0),
        ("rollover_max", 0),
    ):
        op.add_column("benefits", _number(name, default))
    op.add_column(
        "benefits",
        sa.Column("needs_assessment", sa.Boolean(), nullable=False, server_default=sa.text("false")),
    )
    for name in ("max_age", "amount_each", "min_ability", "max_ability", "warn_days"):
        op.add_column("benefits", sa.Column(name, sa.Integer(), nullable=True))
    op.add_column("grants", sa.Column("renews_on", sa.Date(), nullable=True))
    for name in ("ends_before", "warn_on"):
        op.add_column("balances", sa.Column(name, sa.Date(), nullable=True))
    op.create_table(
        "cases",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("opened_by", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["opened_by"], ["persons.id"], name=op.f("fk_cases_opened_by")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_cases_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
    )
    op.create_index(op.f("ix_cases_person_id"), "cases", ["person_id"])
    op.create_table(
        "assessments",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("assessor_id", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level BETWEEN 0 AND 4", name=op.f("ck_assessments_level")),
        sa.CheckConstraint("assessed_on <= valid_until", name=op.f("ck_assessments_term")),
        sa.ForeignKeyConstraint(["assessor_id"], ["persons.id"], name=op.f("fk_assessments_assessor_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_assessments_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
    )
    op.create_index(op.f("ix_assessments_person_id"), "assessments", ["person_id"])
    _fill()
    op.create_index(
        "ix_balances_expiry",
        "balances",
        ["ends_before"],
        sqlite_where=sa.text("allowed > used + held"),
        postgresql_where=sa.text("allowed > used + held"),
    )
    op.create_index(
        "ix_balances_warning",
        "balances",
        ["warn_on"],
        sqlite_where=sa.text("warn_on IS NOT NULL"),
        postgresql_where=sa.text("warn_on IS NOT NULL"),
    )


def _fill() -> None:
    """What grants from before would have been given: their end, the next period, and a warning thirty days before."""
    op.execute(
        "UPDATE balances SET ends_before = (SELECT g.ends_before FROM grants g WHERE g.id = balances.grant_id)"
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("UPDATE balances SET warn_on = date(ends_before, '-30 days')")
    else:
        op.execute("UPDATE balances SET warn_on = ends_before - 30")
    op.execute(
        "UPDATE balances SET warn_on = NULL WHERE EXISTS (SELECT 1 FROM grants g, benefits b "
        "WHERE g.id = balances.grant_id AND b.id = g.benefit_id AND b.period = 'month')"
    )
    op.execute(
        "UPDATE grants SET renews_on = ends_before WHERE EXISTS (SELECT 1 FROM benefits b, enrolments e "
        "WHERE b.id = grants.benefit_id AND e.id = grants.enrolment_id AND b.period IN ('month', 'year') "
        "AND grants.ends_before < e.ends_before)"
    )
