"""Accounts, deliveries, codes and invitations in the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.orm import aliased

from domain.conversations import Message
from domain.doors import (
    CLAIM_LIVES,
    Account,
    Code,
    ConsentRequest,
    Delivery,
    DeliveryState,
    Invitation,
)
from domain.store import tables as t
from domain.store.collection import Collection

_OPEN = (DeliveryState.QUEUED, DeliveryState.CLAIMED)


class Doors(Collection):
    """By which doors people come in and are reached."""

    def account(self, account_id: str) -> Account | None:
        return self._session.get(Account, account_id)

    def account_of(self, door: str, external_id: str) -> Account | None:
        """The account that has joined with this chat, if one has."""
        return self._session.scalar(
            select(Account).where(
                t.accounts.c.door == door,
                t.accounts.c.external_id == external_id,
                t.accounts.c.left_at.is_(None),
            )
        )

    def accounts(self, person_id: str) -> Sequence[Account]:
        """The accounts by which somebody is reached now, in the order of joining."""
        found = select(Account).where(t.accounts.c.person_id == person_id, t.accounts.c.left_at.is_(None))
        return self._session.scalars(found.order_by(t.accounts.c.joined_at, t.accounts.c.id)).all()

    def delivery(self, delivery_id: int) -> Delivery | None:
        return self._session.get(Delivery, delivery_id)

    def deliveries_of(self, message_id: int) -> Sequence[Delivery]:
        """Where a message goes."""
        return self._session.scalars(
            select(Delivery).where(t.deliveries.c.message_id == message_id).order_by(t.deliveries.c.id)
        ).all()

    def delivered_as(self, account_id: str, external_id: str) -> Delivery | None:
        """The delivery that the door knows by this id."""
        return self._session.scalar(
            select(Delivery).where(
                t.deliveries.c.account_id == account_id, t.deliveries.c.external_id == external_id
            )
        )

    def claim(
        self, door: str, worker: str, now: datetime, limit: int, lanes: Sequence[int] | None = None
    ) -> list[tuple[Delivery, Message, Account]]:
        """Take up to so many deliveries that are due, live ones first; nobody else gets them meanwhile.

        Within an account and lane nothing overtakes what is older. A claim of a worker that died runs out.
        """
        mine, older = t.deliveries, aliased(t.deliveries)
        blocked = exists().where(
            older.c.account_id == mine.c.account_id,
            older.c.lane == mine.c.lane,
            older.c.id < mine.c.id,
            older.c.state.in_(_OPEN),
        )
        free = or_(
            and_(mine.c.state == DeliveryState.QUEUED, mine.c.due_at <= now),
            and_(mine.c.state == DeliveryState.CLAIMED, mine.c.claimed_until <= now),
        )
        wanted = (
            select(mine.c.id)
            .join(t.accounts, t.accounts.c.id == mine.c.account_id)
            .where(
                free,
                ~blocked,
                t.accounts.c.door == door,
                t.accounts.c.left_at.is_(None),
                t.accounts.c.blocked_at.is_(None),
            )
            .order_by(mine.c.lane, mine.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=mine)
        )
        if lanes is not None:
            wanted = wanted.where(mine.c.lane.in_(lanes))
        ids = list(self._session.scalars(wanted))
        if not ids:
            return []
        self._session.execute(
            update(mine)
            .where(mine.c.id.in_(ids))
            .values(state=DeliveryState.CLAIMED, claimed_by=worker, claimed_until=now + CLAIM_LIVES)
        )
        rows = self._session.execute(
            select(Delivery, Message, Account)
            .join(Message, t.messages.c.id == mine.c.message_id)
            .join(Account, t.accounts.c.id == mine.c.account_id)
            .where(mine.c.id.in_(ids))
            .order_by(mine.c.lane, mine.c.id)
            .execution_options(populate_existing=True)
        )
        return [(delivery, message, account) for delivery, message, account in rows]

    def next_due(self) -> datetime | None:
        """When the next delivery falls due."""
        return self._session.scalar(
            select(t.deliveries.c.due_at)
            .join(t.accounts, t.accounts.c.id == t.deliveries.c.account_id)
            .where(
                t.deliveries.c.state == DeliveryState.QUEUED,
                t.accounts.c.left_at.is_(None),
                t.accounts.c.blocked_at.is_(None),
            )
            .order_by(t.deliveries.c.due_at)
            .limit(1)
        )

    def any_stale(self, now: datetime) -> bool:
        """Whether a worker died over something."""
        found = select(t.deliveries.c.id).where(
            t.deliveries.c.state == DeliveryState.CLAIMED, t.deliveries.c.claimed_until <= now
        )
        return self._session.scalar(found.limit(1)) is not None

    def open_of(self, account_id: str) -> Sequence[Delivery]:
        """What is still on its way to an account, oldest first."""
        found = select(Delivery).where(
            t.deliveries.c.account_id == account_id, t.deliveries.c.state.in_(_OPEN)
        )
        return self._session.scalars(found.order_by(t.deliveries.c.id)).all()

    def code(self, phone: str) -> Code | None:
        """The newest code of a telephone, kept from others until the transaction ends."""
        return self._session.scalar(select(Code).where(t.codes.c.phone == phone).with_for_update())

    def invitation(self, digest: str) -> Invitation | None:
        return self._session.scalar(
            select(Invitation).where(t.invitations.c.digest == digest).with_for_update()
        )

    def request(self, request_id: str) -> ConsentRequest | None:
        return self._session.get(ConsentRequest, request_id)

    def requests_by(self, relative_id: str, since: datetime) -> Sequence[ConsentRequest]:
        """What somebody has asked whomever for since a moment."""
        return self._session.scalars(
            select(ConsentRequest).where(
                t.consent_requests.c.relative_id == relative_id, t.consent_requests.c.created_at > since
            )
        ).all()

    def requests_of(self, elder_id: str, relative_id: str) -> Sequence[ConsentRequest]:
        """What a relative has asked an elder for, newest first."""
        found = select(ConsentRequest).where(
            t.consent_requests.c.elder_id == elder_id, t.consent_requests.c.relative_id == relative_id
        )
        return self._session.scalars(found.order_by(t.consent_requests.c.created_at.desc())).all()
