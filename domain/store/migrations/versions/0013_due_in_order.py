"""What is due is taken in the order of its index, however many are due at the same moment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_NAME, _TABLE, _DUE = "ix_reminder_instances_due", "reminder_instances", sa.text("due_at IS NOT NULL")


def upgrade() -> None:
    op.drop_index(_NAME, _TABLE)
    op.create_index(_NAME, _TABLE, ["due_at", "id"], sqlite_where=_DUE, postgresql_where=_DUE)


def downgrade() -> None:
    op.drop_index(_NAME, _TABLE)
    op.create_index(_NAME, _TABLE, ["due_at"], sqlite_where=_DUE, postgresql_where=_DUE)
