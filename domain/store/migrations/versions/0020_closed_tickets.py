"""What was closed lately is found without looking at everything that ever was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_CLOSED = sa.text("closed_at IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_tickets_closed_at", "tickets", ["closed_at"], sqlite_where=_CLOSED, postgresql_where=_CLOSED
    )


def downgrade() -> None:
    raise NotImplementedError
