"""Topics of the staff groups, and the files that people send."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_WAITING = sa.text("state = 'waiting'")


def _number(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=null)


def _words(name: str, length: int, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=null)


def upgrade() -> None:
    op.create_table(
        "topics",
        _words("ticket_id", 40),
        _words("chat", 32),
        _number("thread", null=True),
        _number("card", null=True),
        *(_number(name) for name in ("shown", "told_event", "told_message", "told_note", "made")),
        sa.Column("over", sa.Boolean(), nullable=False),
        _words("held_by", 60, null=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_topics_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", "chat", name=op.f("pk_topics")),
    )
    op.create_index("ix_topics_thread", "topics", ["chat", "thread"])
    op.create_table(
        "topic_posts",
        _words("chat", 32),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        _words("ticket_id", 40),
        _number("message_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_topic_posts_ticket_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_topic_posts_message_id")),
        sa.PrimaryKeyConstraint("chat", "number", name=op.f("pk_topic_posts")),
    )
    op.create_table(
        "sent_files",
        _words("id", 40),
        _number("message_id"),
        _words("kind", 16),
        _words("door", 16),
        _words("ref", 255),
        _words("path", 120),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _words("state", 16),
        _number("size", null=True),
        _words("type", 40, null=True),
        _number("tries"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_sent_files_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_files")),
    )
    op.create_index("ix_sent_files_message_id", "sent_files", ["message_id"])
    op.create_index(
        "ix_sent_files_waiting", "sent_files", ["id"], sqlite_where=_WAITING, postgresql_where=_WAITING
    )
