"""Surveys: what people are asked about us and what they answered; ratings that stood in bookings' histories move there."""

from __future__ import annotations

import json
import secrets
from typing import Any

import sqlalchemy as sa
from alembic import op

from domain.store import guards

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def _moment(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _id(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=40), nullable=null)


def _word(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=16), nullable=null)


def _ref(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    for column in ("rating_sum", "rating_count"):
        op.add_column("staff", sa.Column(column, sa.Integer(), server_default="0", nullable=False))
    op.add_column("notices", sa.Column("surveys", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.create_table(
        "surveys",
        _id("id"),
        _word("kind"),
        sa.Column("subject", sa.String(length=60), nullable=False),
        _id("person_id"),
        _id("member_id"),
        _moment("created_at"),
        _id("booking_id", null=True),
        _moment("asked_at", null=True),
        _moment("nudged_at", null=True),
        sa.Column("score", sa.Integer(), nullable=True),
        _moment("scored_at", null=True),
        _word("why", null=True),
        sa.Column("words", sa.Text(), nullable=True),
        _moment("declined_at", null=True),
        _id("ticket_id", null=True),
        sa.CheckConstraint("score IS NULL OR score BETWEEN 0 AND 10", name=op.f("ck_surveys_score")),
        sa.CheckConstraint("(score IS NULL) = (scored_at IS NULL)", name=op.f("ck_surveys_scored")),
        sa.CheckConstraint("(kind = 'visit') = (booking_id IS NOT NULL)", name=op.f("ck_surveys_visit")),
        _ref("surveys", "person_id", "persons"),
        _ref("surveys", "member_id", "persons"),
        _ref("surveys", "booking_id", "bookings"),
        _ref("surveys", "ticket_id", "tickets"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys")),
        sa.UniqueConstraint("person_id", "subject", name=op.f("uq_surveys_person_id_subject")),
    )
    op.create_index("ix_surveys_member_id", "surveys", ["member_id"])
    op.create_index("ix_surveys_booking_id", "surveys", ["booking_id"])
    op.create_index("ix_surveys_asked", "surveys", ["person_id", "asked_at"])
    op.create_index("ix_surveys_recommended", "surveys", ["kind", "scored_at"])
    op.create_table(
        "survey_answers",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        _id("survey_id"),
        _moment("at"),
        _id("actor_id"),
        _word("how"),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        _word("why", null=True),
        sa.Column("words", sa.Text(), nullable=True),
        _ref("survey_answers", "survey_id", "surveys"),
        _ref("survey_answers", "actor_id", "persons"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answers")),
        sa.UniqueConstraint("key", name=op.f("uq_survey_answers_key")),
    )
    op.create_index("ix_survey_answers_survey_id", "survey_answers", ["survey_id"])
    _move()
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in guards.surveys_sqlite() if sqlite else guards.surveys_postgresql():
        op.execute(statement)


def _move() -> None:
    """What was rated by talking before this version; the later word wins, each is kept."""
    bind = op.get_bind()
    told = bind.execute(
        sa.text(
            "SELECT e.id, e.booking_id, e.at, e.actor_id, e.detail, b.member_id, b.staff_id FROM booking_events e "
            "JOIN bookings b ON b.id = e.booking_id WHERE e.kind = 'feedback' ORDER BY e.id"
        )
    ).mappings()
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in told:
        detail = row["detail"] if isinstance(row["detail"], dict) else json.loads(row["detail"])
        found.setdefault((row["booking_id"], row["actor_id"]), []).append({**row, **detail})
    for (booking_id, actor_id), lines in found.items():
        scores = [(int(line["rating"]), line["at"]) for line in lines if line.get("rating")]
        words = [line["text"] for line in lines if line.get("text")]
        survey_id = f"sv_{secrets.token_hex(10)}"
        bind.execute(
            sa.text(
                "INSERT INTO surveys (id, kind, subject, person_id, member_id, created_at, booking_id, score, scored_at, "
                "words) VALUES (:id, 'visit', :subject, :person, :member, :at, :booking, :score, :scored, :words)"
            ),
            {
                "id": survey_id,
                "subject": f"visit:{booking_id}",
                "person": actor_id,
                "member": lines[0]["member_id"],
                "at": lines[0]["at"],
                "booking": booking_id,
                "score": scores[-1][0] if scores else None,
                "scored": scores[0][1] if scores else None,
                "words": words[-1] if words else None,
            },
        )
        for line in lines:
            bind.execute(
                sa.text(
                    "INSERT INTO survey_answers (survey_id, at, actor_id, how, key, score, words) "
                    "VALUES (:survey, :at, :actor, 'talk', :key, :score, :words)"
                ),
                {
                    "survey": survey_id,
                    "at": line["at"],
                    "actor": actor_id,
                    "key": f"event:{line['id']}",
                    "score": int(line["rating"]) if line.get("rating") else None,
                    "words": line.get("text"),
                },
            )
        if scores and lines[0]["staff_id"]:
            bind.execute(
                sa.text(
                    "UPDATE staff SET rating_sum = rating_sum + :score, rating_count = rating_count + 1 WHERE id = :id"
                ),
                {"score": scores[-1][0], "id": lines[0]["staff_id"]},
            )
    bind.execute(sa.text("DELETE FROM booking_events WHERE kind = 'feedback'"))
