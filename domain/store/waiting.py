"""Waits, freed times and checks before taking part, in the store. Due rows are taken by one worker at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, func, select

from domain.store import tables as t
from domain.store.collection import Collection
from domain.waiting import FreedTime, JoinCheck, Wait, WaitState

_OPEN = (WaitState.WAITING, WaitState.OFFERED)


class Waiting(Collection):
    """Everybody who waits for a time."""

    def get(self, wait_id: str) -> Wait | None:
        return self._session.get(Wait, wait_id)

    def by_key(self, key: str) -> Wait | None:
        return self._session.scalar(select(Wait).where(t.waits.c.key == key))

    def by_booking(self, booking_id: str) -> Wait | None:
        """The wait to which this held time was offered."""
        return self._session.scalar(select(Wait).where(t.waits.c.booking_id == booking_id))

    def offered_to(self, person_id: str) -> Wait | None:
        """The offer that stands for this person, the latest if there are several."""
        found = (
            select(Wait)
            .where(t.waits.c.asked_by == person_id, t.waits.c.state == WaitState.OFFERED)
            .order_by(t.waits.c.created_at.desc())
            .limit(1)
        )
        return self._session.scalar(found)

    def open_of(self, member_id: str, service: str | None = None) -> Sequence[Wait]:
        """What is still waited for, for a member."""
        found = select(Wait).where(t.waits.c.member_id == member_id, t.waits.c.state.in_(_OPEN))
        if service is not None:
            found = found.where(t.waits.c.service == service)
        return self._session.scalars(found.order_by(t.waits.c.created_at)).all()

    def queue(
        self, city_id: str, channel: str, begin: datetime, end: datetime, limit: int = 100
    ) -> Sequence[Wait]:
        """Those whose window meets this time, those who came first first."""
        found = (
            select(Wait)
            .where(
                t.waits.c.city_id == city_id,
                t.waits.c.channel == channel,
                t.waits.c.state == WaitState.WAITING,
                t.waits.c.begin < end,
                t.waits.c.end > begin,
            )
            .order_by(t.waits.c.created_at, t.waits.c.id)
            .limit(limit)
        )
        return self._session.scalars(found.execution_options(populate_existing=True)).all()

    def change(self, wait: Wait, state: WaitState, *, booking_id: str | None = None) -> bool:
        """Step a wait on, if nobody else did so meanwhile; tells whether this was the one who did."""
        self._session.flush()
        changed = (
            t.waits.update()
            .where(t.waits.c.id == wait.id, t.waits.c.state == wait.state)
            .values(state=state, booking_id=booking_id)
        )
        done = cast("CursorResult[Any]", self._session.execute(changed)).rowcount == 1
        self._session.refresh(wait)
        return done

    def closing(self, moment: datetime, limit: int = 100) -> Sequence[Wait]:
        """Waits whose window is over, kept from others until the transaction ends."""
        found = (
            select(Wait)
            .where(t.waits.c.state == WaitState.WAITING, t.waits.c.closes_at <= moment)
            .order_by(t.waits.c.closes_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return self._session.scalars(found).all()

    def due_time(self, moment: datetime) -> FreedTime | None:
        """One freed time that somebody is to be asked about, kept from others until the transaction ends."""
        found = self._due(FreedTime, t.freed_times.c.due_at, t.freed_times.c.id, moment, 1)
        return found[0] if found else None

    def time_of(self, booking_id: str) -> FreedTime | None:
        """The freed time that stands offered as this booking."""
        return self._session.scalar(select(FreedTime).where(t.freed_times.c.booking_id == booking_id))

    def check(self, booking_id: str) -> JoinCheck | None:
        return self._session.get(JoinCheck, booking_id)

    def due_checks(self, moment: datetime, limit: int = 100) -> Sequence[JoinCheck]:
        """Checks that are to be sent, kept from others until the transaction ends."""
        found = (
            select(JoinCheck)
            .where(t.join_checks.c.sent_at.is_(None), t.join_checks.c.due_at <= moment)
            .order_by(t.join_checks.c.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return self._session.scalars(found).all()

    def next_due(self) -> datetime | None:
        """When the next freed time, closing wait or check is due."""
        wanted = (
            select(func.min(t.freed_times.c.due_at)),
            select(func.min(t.waits.c.closes_at)).where(t.waits.c.state == WaitState.WAITING),
            select(func.min(t.join_checks.c.due_at)).where(t.join_checks.c.sent_at.is_(None)),
        )
        moments = [self._session.scalar(each) for each in wanted]
        return min((moment for moment in moments if moment is not None), default=None)
