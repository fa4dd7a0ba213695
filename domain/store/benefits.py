"""The ledger in the store: entitlements, and entries that are only ever added."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import func, select

from domain.benefits import Balance, Benefit, Enrolment, Entitlement, Entry, EntryKind, Grant, Plan
from domain.bookings import Booking, Status
from domain.clock import local_day
from domain.errors import NotFound
from domain.store import tables as t
from domain.store.collection import Collection


class Benefits(Collection):
    """Plans, grants and the entries of the ledger."""

    def plan(self, code: str) -> Plan | None:
        return self._session.scalar(select(Plan).where(t.plans.c.code == code))

    def benefits_of(self, plan_id: str) -> Sequence[Benefit]:
        found = select(Benefit).where(t.benefits.c.plan_id == plan_id).order_by(t.benefits.c.id)
        return self._session.scalars(found).all()

    def enrolments(self, person_id: str) -> list[tuple[Enrolment, Plan]]:
        found = (
            select(Enrolment, Plan)
            .join(Plan, t.plans.c.id == t.enrolments.c.plan_id)
            .where(t.enrolments.c.person_id == person_id)
            .order_by(t.enrolments.c.starts_on)
        )
        return [(enrolment, plan) for enrolment, plan in self._session.execute(found)]

    def entitlements(self, person_id: str, day: date) -> list[Entitlement]:
        """What this person may use, as of a day: every grant that has not ended, with its balance."""
        found = (
            select(Grant, Benefit, Balance)
            .join(Benefit, t.benefits.c.id == t.grants.c.benefit_id)
            .join(Balance, t.balances.c.grant_id == t.grants.c.id)
            .join(t.grant_people, t.grant_people.c.grant_id == t.grants.c.id)
            .where(t.grant_people.c.person_id == person_id, t.grants.c.ends_before > day)
            .order_by(t.benefits.c.id, t.grants.c.starts_on)
        )
        rows = self._session.execute(found).all()
        people = self._people([grant.id for grant, _, _ in rows])
        return [
            Entitlement(grant=grant, benefit=benefit, balance=balance, people=people[grant.id])
            for grant, benefit, balance in rows
        ]

    def _people(self, grant_ids: list[str]) -> dict[str, tuple[str, ...]]:
        found = (
            select(t.grant_people.c.grant_id, t.grant_people.c.person_id)
            .where(t.grant_people.c.grant_id.in_(grant_ids))
            .order_by(t.grant_people.c.person_id)
        )
        people: dict[str, tuple[str, ...]] = dict.fromkeys(grant_ids, ())
        for grant_id, person_id in self._session.execute(found):
            people[grant_id] += (person_id,)
        return people

    def last_uses(self, person_id: str, without: str | None = None) -> dict[str, date]:
        """Benefit id to the latest day (Shanghai) on which this member uses or used it.

        `without` leaves one booking out: one that is being moved does not stand in its own way.
        """
        found = (
            select(t.grants.c.benefit_id, func.max(t.bookings.c.begin))
            .join(t.grants, t.grants.c.id == t.bookings.c.grant_id)
            .where(
                t.bookings.c.member_id == person_id,
                t.bookings.c.status.in_((Status.REQUESTED, Status.CONFIRMED, Status.FULFILLED)),
                t.bookings.c.id != (without or ""),
            )
            .group_by(t.grants.c.benefit_id)
        )
        return {benefit_id: local_day(begin) for benefit_id, begin in self._session.execute(found)}

    def balance(self, grant_id: str) -> Balance:
        balance = self._session.get(Balance, grant_id)
        if balance is None:
            raise NotFound(grant_id)
        return balance

    def entries(self, grant_id: str) -> Sequence[Entry]:
        """The grant's history, oldest first."""
        found = select(Entry).where(t.entries.c.grant_id == grant_id).order_by(t.entries.c.id)
        return self._session.scalars(found).all()

    def give(self, grants: Iterable[Grant], people: dict[str, list[str]]) -> None:
        """Store new grants, their opening balances, and who may use each (`people`: grant id to person ids)."""
        made = list(grants)
        self._session.add_all(made)
        self._session.flush()
        self._session.add_all(Balance(grant_id=g.id, allowed=g.amount) for g in made)
        self._session.flush()
        rows = [{"grant_id": g.id, "person_id": person} for g in made for person in people[g.id]]
        if rows:
            self._session.execute(t.grant_people.insert(), rows)

    def granted(self, enrolment_id: str) -> set[tuple[str, date]]:
        """Which (benefit, first day) this enrolment has been granted already."""
        found = select(t.grants.c.benefit_id, t.grants.c.starts_on).where(
            t.grants.c.enrolment_id == enrolment_id
        )
        return {(benefit_id, starts_on) for benefit_id, starts_on in self._session.execute(found)}

    def post(
        self,
        kind: EntryKind,
        grant_id: str,
        amount: int,
        *,
        key: str,
        at: datetime,
        booking: Booking | None = None,
        actor_id: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Add one line to the ledger; the same `key` a second time changes nothing.

        Raises Exhausted (at the flush) where the balance would fall below zero.
        """
        if self._session.scalar(select(t.entries.c.id).where(t.entries.c.key == key)) is not None:
            return
        locked = select(Balance).where(t.balances.c.grant_id == grant_id).with_for_update()
        balance = self._session.scalars(locked.execution_options(populate_existing=True)).one()
        after = balance.after(kind, amount)
        balance.allowed, balance.held, balance.used = after.allowed, after.held, after.used
        self._session.add(
            Entry(
                grant_id=grant_id,
                kind=kind,
                amount=amount,
                key=key,
                at=at,
                booking_id=booking.id if booking else None,
                actor_id=actor_id,
                reason=reason,
            )
        )
        self._session.flush()
