"""What of the ledger falls due by the calendar: rests that expire, and rests that are spoken of before they do."""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update

from domain.benefits import Balance, Benefit, EntryKind, Grant
from domain.store import tables as t
from domain.store.collection import Collection

Row = tuple[Grant, Benefit, Balance]
_b = t.balances.c
_HAS_REST = _b.allowed > _b.used + _b.held


def heard(holder_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether the holder, or one of the family, has ever talked to us or signed in."""
    kin = t.kinships.c
    relative = exists().where(
        kin.elder_id == holder_id,
        or_(
            exists().where(t.conversations.c.person_id == kin.relative_id),
            exists().where(t.accounts.c.person_id == kin.relative_id),
        ),
    )
    return or_(
        exists().where(t.conversations.c.person_id == holder_id),
        exists().where(t.accounts.c.person_id == holder_id),
        exists().where(t.persons.c.id == holder_id, t.persons.c.handle.is_not(None)),
        relative,
    )


class Lapses(Collection):
    """Balances whose day has come. Rows that another process works on are passed over."""

    def next_expiry(self) -> date | None:
        """The first day on which a rest has expired."""
        found: date | None = self._session.scalar(select(func.min(_b.ends_before)).where(_HAS_REST))
        return found

    def next_warning(self) -> date | None:
        """The first day on which a rest is to be spoken of."""
        found: date | None = self._session.scalar(select(func.min(_b.warn_on)).where(_b.warn_on.is_not(None)))
        return found

    def over(self, day: date, limit: int) -> list[Row]:
        """Rests of grants that ended on or before a day, kept from others until the transaction ends."""
        return self._rows(and_(_b.ends_before <= day, _HAS_REST), _b.ends_before, limit)

    def to_warn(self, day: date, limit: int) -> list[Row]:
        """Rests to be spoken of on a day, kept from others until the transaction ends."""
        return self._rows(_b.warn_on <= day, _b.warn_on, limit)

    def of_holder(self, holder_id: str, day: date) -> list[Row]:
        """A holder's rests to be spoken of on a day, in the same way."""
        return self._rows(and_(_b.warn_on <= day, t.grants.c.holder_id == holder_id), _b.ends_before, 50)

    def of_grants(self, grant_ids: Sequence[str]) -> list[Row]:
        """The rests of these grants, in the same way."""
        return self._rows(_b.grant_id.in_(grant_ids), _b.ends_before, len(grant_ids))

    def _rows(self, condition: ColumnElement[bool], order: ColumnElement[date], limit: int) -> list[Row]:
        found = (
            select(Grant, Benefit, Balance)
            .join(Balance, _b.grant_id == t.grants.c.id)
            .join(Benefit, t.benefits.c.id == t.grants.c.benefit_id)
            .where(condition)
            .order_by(order, t.grants.c.benefit_id, _b.grant_id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=t.balances)
        )
        return [(grant, benefit, balance) for grant, benefit, balance in self._session.execute(found)]

    def expire(self, rows: Sequence[Row], at: datetime) -> None:
        """Write off the rest of each: one entry a grant, all at once."""
        if not rows:
            return
        self._session.execute(
            t.entries.insert(),
            [
                {
                    "grant_id": grant.id,
                    "kind": EntryKind.EXPIRE,
                    "amount": balance.left,
                    "key": f"expire:{grant.id}:{at:%Y%m%d%H%M%S%f}",
                    "at": at,
                    "booking_id": None,
                    "actor_id": None,
                    "reason": "ended",
                }
                for grant, _, balance in rows
            ],
        )
        for _, _, balance in rows:
            balance.allowed, balance.warn_on = balance.used + balance.held, None
        self._session.flush()

    def drop_unheard(self, day: date, limit: int) -> int:
        """Put away warnings that nobody would hear: nothing is left, or neither holder nor family can be written to."""
        due = select(_b.grant_id).join(t.grants, t.grants.c.id == _b.grant_id)
        due = due.where(_b.warn_on <= day, or_(~_HAS_REST, ~heard(t.grants.c.holder_id)))
        due = due.order_by(_b.warn_on).limit(limit)
        done = self._session.execute(
            update(t.balances).where(_b.grant_id.in_(due.scalar_subquery())).values(warn_on=None)
        )
        return int(done.rowcount)  # type: ignore[attr-defined]

    def can_hear(self, person_id: str) -> bool:
        """Whether a person has ever talked to us, has a chat of theirs joined, or has a login."""
        return bool(self.hearing([person_id]))

    def hearing(self, people: Some[str]) -> set[str]:
        """Those of them of whom that is so."""
        found = select(t.persons.c.id).where(
            t.persons.c.id.in_(people),
            or_(
                t.persons.c.handle.is_not(None),
                exists().where(t.conversations.c.person_id == t.persons.c.id),
                exists().where(t.accounts.c.person_id == t.persons.c.id),
            ),
        )
        return set(self._session.scalars(found))
