"""What the outbox asks many times a second, ready made: to put such a statement together costs more than to ask it."""

from __future__ import annotations

from sqlalchemy import Select, and_, bindparam, exists, or_, select, update
from sqlalchemy.orm import aliased

from domain.conversations import Message
from domain.doors import Account, Delivery, DeliveryState
from domain.sending import Reason
from domain.store import tables as t
from domain.store.columns import spelled

OPEN = (DeliveryState.QUEUED, DeliveryState.CLAIMED)


def _due() -> Select[tuple[int]]:
    """The ids of what is due on a door in some lanes and waits for nothing older."""
    mine, older, now = t.deliveries, aliased(t.deliveries), bindparam("now", type_=t.deliveries.c.due_at.type)
    blocked = exists().where(
        older.c.account_id == mine.c.account_id,
        older.c.lane == mine.c.lane,
        older.c.id < mine.c.id,
        spelled(older.c.state, *OPEN),
        # What waits for the end of a quiet window does not keep back what may be said within it.
        or_(older.c.reason.is_(None), older.c.reason != str(Reason.QUIET), older.c.due_at <= now),
    )
    free = or_(
        and_(mine.c.state == DeliveryState.QUEUED, mine.c.due_at <= now),
        and_(mine.c.state == DeliveryState.CLAIMED, mine.c.claimed_until <= now),
    )
    return (
        select(mine.c.id)
        .join(t.accounts, t.accounts.c.id == mine.c.account_id)
        .where(
            free,
            spelled(mine.c.state, *OPEN),
            ~blocked,
            mine.c.lane.in_(bindparam("lanes", expanding=True)),
            mine.c.id.not_in(bindparam("in_hand", expanding=True)),
            t.accounts.c.door == bindparam("door"),
            t.accounts.c.left_at.is_(None),
            t.accounts.c.blocked_at.is_(None),
        )
    )


_d = t.deliveries.c
_SOME = _d.id.in_(bindparam("ids", expanding=True))
DUE_LANES = _due().with_only_columns(_d.lane).distinct()
CLAIMED = (
    _due()
    .order_by(_d.lane, _d.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=t.deliveries)
)
TAKE = (
    update(t.deliveries)
    .where(_SOME)
    .values(state=DeliveryState.CLAIMED, claimed_by=bindparam("worker"), claimed_until=bindparam("until"))
)
TAKEN = (
    select(Delivery, Message, Account)
    .join(Message, t.messages.c.id == _d.message_id)
    .join(Account, t.accounts.c.id == _d.account_id)
    .where(_SOME)
    .order_by(_d.lane, _d.id)
    .execution_options(populate_existing=True)
)
