"""Accounts, deliveries, codes and invitations in the store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as Some
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, delete, func, insert, select

from domain.conversations import Message
from domain.doors import (
    CLAIM_LIVES,
    Account,
    CalendarLink,
    Code,
    ConsentRequest,
    Delivery,
    DeliveryState,
    Invitation,
)
from domain.sending import Reason
from domain.store import tables as t
from domain.store.claiming import CLAIMED, DUE_LANES, OPEN, TAKE, TAKEN
from domain.store.collection import Collection
from domain.store.columns import spelled
from domain.store.many import among, put_many


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

    def accounts_of(self, people: Some[str]) -> dict[str, list[str]]:
        """The ids of the same for each of them who has any."""
        c = t.accounts.c
        found = select(c.person_id, c.id).where(
            among(self._session, c.person_id, people), c.left_at.is_(None)
        )
        by_person: dict[str, list[str]] = defaultdict(list)
        for person_id, account_id in self._session.execute(found.order_by(c.joined_at, c.id)):
            by_person[person_id].append(account_id)
        return by_person

    def calendar_link(self, digest: str) -> CalendarLink | None:
        """The link to a calendar with this digest, taken back or not."""
        return self._session.scalar(select(CalendarLink).where(t.calendar_links.c.digest == digest))

    def calendar_links(self, person_id: str) -> Sequence[CalendarLink]:
        """The links to somebody's calendar that have not been taken back, the oldest first."""
        c = t.calendar_links.c
        found = select(CalendarLink).where(c.person_id == person_id, c.revoked_at.is_(None))
        return self._session.scalars(found.order_by(c.created_at, c.id)).all()

    def delivery(self, delivery_id: int) -> Delivery | None:
        return self._session.get(Delivery, delivery_id)

    def put_deliveries(self, ways: Sequence[tuple[int, str]], lane: int, due_at: datetime) -> None:
        """Put many messages on their way at once: the message and the account of each."""
        made = [
            {
                "message_id": message_id,
                "account_id": account_id,
                "lane": lane,
                "due_at": due_at,
                "state": DeliveryState.QUEUED,
                "attempts": 0,
                "unknown": 0,
            }
            for message_id, account_id in ways
        ]
        put_many(self._session, t.deliveries, made)

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

    def next_put_off(self, now: datetime) -> datetime | None:
        """When the first of what waits for the end of a quiet window may go out."""
        d = t.deliveries.c
        waits = (spelled(d.state, *OPEN), d.state == DeliveryState.QUEUED, d.reason == str(Reason.QUIET))
        found: datetime | None = self._session.scalar(
            select(func.min(d.due_at)).where(*waits, d.due_at > now)
        )
        return found

    def due_lanes(
        self, door: str, now: datetime, lanes: Sequence[int], in_hand: Sequence[int] = ()
    ) -> set[int]:
        """In which of these lanes `claim` would find something; reads only."""
        given = {"door": door, "now": now, "lanes": lanes, "in_hand": in_hand}
        return set(self._session.scalars(DUE_LANES, given))

    def claim(
        self,
        door: str,
        worker: str,
        now: datetime,
        limit: int,
        lanes: Sequence[int],
        in_hand: Sequence[int] = (),
    ) -> list[tuple[Delivery, Message, Account]]:
        """Take up to so many deliveries of these lanes that are due, lower lanes first; nobody else gets them meanwhile.

        Within an account and lane nothing overtakes what is older. A claim of a worker that died runs out; what is
        `in_hand` is not taken a second time, however far a demo's clock has jumped.
        """
        given = {"door": door, "now": now, "lanes": lanes, "in_hand": in_hand, "most": limit}
        ids = list(self._session.scalars(CLAIMED, given))
        if not ids:
            return []
        self._session.execute(TAKE, {"ids": ids, "worker": worker, "until": now + CLAIM_LIVES})
        rows = self._session.execute(TAKEN, {"ids": ids})
        return [(delivery, message, account) for delivery, message, account in rows]

    def beat(self, door: str, worker: str, moment: datetime, dead: datetime) -> int:
        """A worker of a door is there; forgets those who have said nothing since `dead`. Returns how many there are."""
        c = t.door_senders.c
        self.unbeat(door, worker)
        self._session.execute(delete(t.door_senders).where(c.door == door, c.seen_at < dead))
        self._session.execute(insert(t.door_senders).values(door=door, worker=worker, seen_at=moment))
        return len(self.senders(door))

    def senders(self, door: str) -> list[str]:
        """The workers of a door that have said that they are there."""
        c = t.door_senders.c
        return list(self._session.scalars(select(c.worker).where(c.door == door).order_by(c.worker)))

    def unbeat(self, door: str, worker: str) -> None:
        """A worker of a door is gone."""
        c = t.door_senders.c
        self._session.execute(delete(t.door_senders).where(c.door == door, c.worker == worker))

    def tally(self) -> list[tuple[str, DeliveryState, int, int, int]]:
        """For each door and state: how many deliveries, how many that may be doubled, how many tries of unknown end."""
        counted = (
            select(
                t.accounts.c.door,
                t.deliveries.c.state,
                func.count(),
                func.sum(case((t.deliveries.c.unknown > 0, 1), else_=0)),
                func.sum(t.deliveries.c.unknown),
            )
            .join(t.accounts, t.accounts.c.id == t.deliveries.c.account_id)
            .group_by(t.accounts.c.door, t.deliveries.c.state)
            .order_by(t.accounts.c.door, t.deliveries.c.state)
        )
        return [tuple(row) for row in self._session.execute(counted)]

    def given_up(self, before: int | None, limit: int) -> list[tuple[Delivery, Account]]:
        """Deliveries that were given up, newest first, with where they were to go."""
        found = (
            select(Delivery, Account)
            .join(Account, t.accounts.c.id == t.deliveries.c.account_id)
            .where(t.deliveries.c.state == DeliveryState.FAILED)
        )
        if before is not None:
            found = found.where(t.deliveries.c.id < before)
        rows = self._session.execute(found.order_by(t.deliveries.c.id.desc()).limit(limit))
        return [(delivery, account) for delivery, account in rows]

    def open_of(self, account_id: str) -> Sequence[Delivery]:
        """What is still on its way to an account, oldest first."""
        found = select(Delivery).where(
            t.deliveries.c.account_id == account_id, spelled(t.deliveries.c.state, *OPEN)
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
