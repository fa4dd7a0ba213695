"""The ledger in the store: what was granted to whom, and entries that are only ever added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.dialects import postgresql, sqlite

from domain.benefits import (
    Assessment,
    Balance,
    Benefit,
    Case,
    Enrolment,
    Entitlement,
    Entry,
    EntryKind,
    Grant,
    Plan,
)
from domain.bookings import Booking, Status
from domain.clock import local_day
from domain.errors import NotFound
from domain.store import tables as t
from domain.store.collection import Collection

_USES = (Status.REQUESTED, Status.CONFIRMED, Status.FULFILLED)
# No benefit keeps two uses further apart than this.
_USES_WITHIN = timedelta(days=400)


class Benefits(Collection):
    """Plans, grants and the entries of the ledger."""

    def plan(self, code: str) -> Plan | None:
        return self._session.scalar(select(Plan).where(t.plans.c.code == code))

    def plan_of(self, grant_id: str) -> Plan | None:
        """The plan that a grant comes from."""
        found = (
            select(Plan)
            .join(Benefit, t.benefits.c.plan_id == t.plans.c.id)
            .join(Grant, t.grants.c.benefit_id == t.benefits.c.id)
            .where(t.grants.c.id == grant_id)
        )
        return self._session.scalar(found)

    def benefits_of(self, *plan_ids: str) -> Sequence[Benefit]:
        found = select(Benefit).where(t.benefits.c.plan_id.in_(plan_ids)).order_by(t.benefits.c.id)
        return self._session.scalars(found).all()

    def enrolments(self, person_id: str) -> list[tuple[Enrolment, Plan]]:
        found = (
            select(Enrolment, Plan)
            .join(Plan, t.plans.c.id == t.enrolments.c.plan_id)
            .where(t.enrolments.c.person_id == person_id)
            .order_by(t.enrolments.c.starts_on)
        )
        return [(enrolment, plan) for enrolment, plan in self._session.execute(found)]

    def family_enrolments(self, person_id: str) -> Sequence[Enrolment]:
        """The memberships of a person and of everybody with whom a benefit may be shared."""
        kin = t.kinships.c
        # One list of ids, never an OR: PostgreSQL would read every enrolment there is.
        family = union_all(
            select(literal(person_id)),
            select(kin.elder_id).where(kin.relative_id == person_id),
            select(kin.relative_id).where(kin.elder_id == person_id),
        )
        found = (
            select(Enrolment)
            .where(t.enrolments.c.person_id.in_(family.scalar_subquery()))
            .order_by(t.enrolments.c.id)
        )
        return self._session.scalars(found).all()

    def cases_of(self, person_id: str) -> Sequence[Case]:
        found = select(Case).where(t.cases.c.person_id == person_id).order_by(t.cases.c.opened_on)
        return self._session.scalars(found).all()

    def assessment(self, person_id: str, day: date) -> Assessment | None:
        """The newest assessment as of a day, valid or not."""
        found = (
            select(Assessment)
            .where(t.assessments.c.person_id == person_id, t.assessments.c.assessed_on <= day)
            .order_by(t.assessments.c.assessed_on.desc(), t.assessments.c.created_at.desc())
            .limit(1)
        )
        return self._session.scalar(found)

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
        people = self._people([grant.id for grant, benefit, _ in rows if benefit.shared_with != "none"])
        own = self.own_taken(person_id, [g.id for g, benefit, _ in rows if benefit.amount_each is not None])
        return [
            Entitlement(
                grant=grant,
                benefit=benefit,
                balance=balance,
                people=people.get(grant.id, (person_id,)),
                own_taken=own.get(grant.id, 0),
            )
            for grant, benefit, balance in rows
        ]

    def _people(self, grant_ids: list[str]) -> dict[str, tuple[str, ...]]:
        people: dict[str, tuple[str, ...]] = dict.fromkeys(grant_ids, ())
        if grant_ids:
            found = (
                select(t.grant_people.c.grant_id, t.grant_people.c.person_id)
                .where(t.grant_people.c.grant_id.in_(grant_ids))
                .order_by(t.grant_people.c.person_id)
            )
            for grant_id, person_id in self._session.execute(found):
                people[grant_id] += (person_id,)
        return people

    def own_taken(self, person_id: str, grant_ids: Sequence[str]) -> dict[str, int]:
        """What this person's bookings hold or have used of each grant."""
        if not grant_ids:
            return {}
        signs = {EntryKind.HOLD: 1, EntryKind.RELEASE: -1, EntryKind.REFUND: -1}
        found = (
            select(t.entries.c.grant_id, t.entries.c.kind, func.sum(t.entries.c.amount))
            .join(t.bookings, t.bookings.c.id == t.entries.c.booking_id)
            .where(t.entries.c.grant_id.in_(grant_ids), t.bookings.c.member_id == person_id)
            .group_by(t.entries.c.grant_id, t.entries.c.kind)
        )
        taken: dict[str, int] = dict.fromkeys(grant_ids, 0)
        for grant_id, kind, amount in self._session.execute(found):
            taken[grant_id] += signs.get(kind, 0) * int(amount)
        return taken

    def uses(self, person_id: str, around: date, without: str | None = None) -> dict[str, list[date]]:
        """Benefit id to the days (Shanghai) on which this member uses or used it, within a year of a day.

        `without` leaves one booking out: one that is being moved does not stand in its own way.
        """
        middle = datetime.combine(around, datetime.min.time(), tzinfo=UTC)
        found = (
            select(t.grants.c.benefit_id, t.bookings.c.begin)
            .join(t.grants, t.grants.c.id == t.bookings.c.grant_id)
            .where(
                t.bookings.c.member_id == person_id,
                t.bookings.c.begin.between(middle - _USES_WITHIN, middle + _USES_WITHIN),
                t.bookings.c.status.in_(_USES),
                t.bookings.c.id != (without or ""),
            )
        )
        days: dict[str, list[date]] = {}
        for benefit_id, begin in self._session.execute(found):
            days.setdefault(benefit_id, []).append(local_day(begin))
        return days

    def grant(self, grant_id: str) -> Grant:
        """Raises NotFound where there is none."""
        grant = self._session.get(Grant, grant_id)
        if grant is None:
            raise NotFound(grant_id)
        return grant

    def benefit(self, benefit_id: str) -> Benefit:
        """Raises NotFound where there is none."""
        benefit = self._session.get(Benefit, benefit_id)
        if benefit is None:
            raise NotFound(benefit_id)
        return benefit

    def balance(self, grant_id: str) -> Balance:
        balance = self._session.get(Balance, grant_id)
        if balance is None:
            raise NotFound(grant_id)
        return balance

    def entries(self, grant_id: str) -> Sequence[Entry]:
        """The grant's history, oldest first."""
        found = select(Entry).where(t.entries.c.grant_id == grant_id).order_by(t.entries.c.id)
        return self._session.scalars(found).all()

    def entries_of(self, booking_id: str) -> Sequence[Entry]:
        """What a booking did to the ledger, oldest first."""
        found = select(Entry).where(t.entries.c.booking_id == booking_id).order_by(t.entries.c.id)
        return self._session.scalars(found).all()

    def give(self, made: Mapping[str, tuple[Grant, Benefit]], people: Mapping[str, Iterable[str]]) -> None:
        """Store new grants (by id), their opening balances, and who may use each (`people`: grant id to person ids).

        What another transaction granted at the same moment is left as it stands.
        """
        if not made:
            return
        insert = sqlite.insert if self._session.get_bind().dialect.name == "sqlite" else postgresql.insert
        rows = [
            {column.name: getattr(grant, column.name) for column in t.grants.c} for grant, _ in made.values()
        ]
        given = insert(t.grants).on_conflict_do_nothing().returning(t.grants.c.id)
        stored = [made[grant_id] for grant_id in self._session.scalars(given.values(rows))]
        if not stored:
            return
        self._session.add_all(
            Balance(
                grant_id=grant.id,
                allowed=grant.amount,
                ends_before=grant.ends_before,
                warn_on=benefit.warned_on(grant),
            )
            for grant, benefit in stored
        )
        self._session.flush()
        covered = [{"grant_id": g.id, "person_id": person} for g, _ in stored for person in people[g.id]]
        if covered:
            self._session.execute(t.grant_people.insert(), covered)

    def granted(self, enrolment_ids: Sequence[str]) -> set[tuple[str, str, date]]:
        """Which (enrolment, benefit, first day) has been granted already."""
        g = t.grants.c
        found = select(g.enrolment_id, g.benefit_id, g.starts_on).where(g.enrolment_id.in_(enrolment_ids))
        return {
            (enrolment_id, benefit_id, first)
            for enrolment_id, benefit_id, first in self._session.execute(found)
        }

    def grant_at(self, enrolment_id: str, benefit_id: str, first: date) -> Grant | None:
        """The grant of a period by its first day."""
        g = t.grants.c
        found = select(Grant).where(
            g.enrolment_id == enrolment_id, g.benefit_id == benefit_id, g.starts_on == first
        )
        return self._session.scalar(found)

    def grant_before(self, grant: Grant) -> Grant | None:
        """The grant of the period before."""
        g = t.grants.c
        found = select(Grant).where(
            g.enrolment_id == grant.enrolment_id,
            g.benefit_id == grant.benefit_id,
            g.renews_on == grant.starts_on,
        )
        return self._session.scalar(found)

    def used_ever(self, holder_id: str, benefit_id: str) -> int:
        """What of a benefit was used over all memberships of a holder."""
        found = (
            select(func.coalesce(func.sum(t.balances.c.used), 0))
            .join(t.grants, t.grants.c.id == t.balances.c.grant_id)
            .where(t.grants.c.holder_id == holder_id, t.grants.c.benefit_id == benefit_id)
        )
        return int(self._session.scalar(found) or 0)

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
