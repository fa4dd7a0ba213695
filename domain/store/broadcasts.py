"""Broadcasts in the store: the versions and their runs, and whom they are for."""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from domain.broadcasts import (
    Audience,
    Broadcast,
    BroadcastEvent,
    BroadcastRun,
    BroadcastState,
    RecipientState,
)
from domain.conversations import Lane
from domain.doors import DeliveryState
from domain.people import City, Person
from domain.store import tables as t
from domain.store.audiences import fits, members
from domain.store.collection import Collection
from domain.store.columns import spelled

_r, _p, _a, _d = t.broadcast_recipients.c, t.persons.c, t.accounts.c, t.deliveries.c
_OPEN = (DeliveryState.QUEUED, DeliveryState.CLAIMED)


@dataclass(frozen=True)
class Reach:
    """How many an audience is, and as things are now: how many have a chat, only the page, neither; do not want it."""

    people: int
    chat: int
    page: int
    none: int
    unwanted: int


class Broadcasts(Collection):
    """What is told to many at once."""

    def get(self, broadcast_id: str) -> Broadcast | None:
        return self._session.get(Broadcast, broadcast_id)

    def held_state(self, broadcast_id: str) -> BroadcastState | None:
        """Its state, which stays until the transaction ends; None while somebody is changing it. Waits for nobody."""
        found = select(t.broadcasts.c.state).where(t.broadcasts.c.id == broadcast_id)
        state = self._session.scalar(found.with_for_update(read=True, skip_locked=True))
        return None if state is None else BroadcastState(state)

    def locked(self, broadcast_id: str) -> Broadcast | None:
        """As it stands now, kept from others until the transaction ends."""
        found = select(Broadcast).where(t.broadcasts.c.id == broadcast_id).with_for_update()
        return self._session.scalars(found.execution_options(populate_existing=True)).one_or_none()

    def newest(
        self, limit: int, after: str | None = None, states: Some[BroadcastState] = ()
    ) -> Sequence[Broadcast]:
        """The newest first; `after` is the id of the last one of the page before."""
        c = t.broadcasts.c
        found = select(Broadcast)
        if states:
            found = found.where(c.state.in_(states))
        last = self.get(after) if after is not None else None
        if last is not None:
            older = and_(c.created_at == last.created_at, c.id < last.id)
            found = found.where(or_(c.created_at < last.created_at, older))
        return self._session.scalars(found.order_by(c.created_at.desc(), c.id.desc()).limit(limit)).all()

    def events(self, broadcast_id: str) -> Sequence[BroadcastEvent]:
        found = select(BroadcastEvent).where(t.broadcast_events.c.broadcast_id == broadcast_id)
        return self._session.scalars(found.order_by(t.broadcast_events.c.id)).all()

    def run(self, run_id: str) -> BroadcastRun | None:
        return self._session.get(BroadcastRun, run_id)

    def runs(self, broadcast_id: str) -> Sequence[BroadcastRun]:
        """Every run, in order."""
        found = select(BroadcastRun).where(t.broadcast_runs.c.broadcast_id == broadcast_id)
        return self._session.scalars(found.order_by(t.broadcast_runs.c.number)).all()

    # Whom it is for.

    def plan_names(self) -> dict[str, str]:
        """What an audience may name as a plan: codes with their names."""
        c = t.plans.c
        return {row.code: row.name for row in self._session.execute(select(c.code, c.name).order_by(c.code))}

    def benefit_names(self) -> dict[str, str]:
        """What an audience may name as a benefit: codes with their names."""
        c = t.benefits.c
        return {row.code: row.name for row in self._session.execute(select(c.code, c.name).order_by(c.code))}

    def city_names(self) -> dict[str, str]:
        """The cities by their ids."""
        c = t.cities.c
        return {row.id: row.name for row in self._session.execute(select(c.id, c.name).order_by(c.id))}

    def reach(self, audience: Audience, day: date) -> Reach:
        """How many, in one query."""
        chat, page = has_chat(), has_page()
        n = t.notices.c
        found = (
            select(
                func.count(),
                func.coalesce(func.sum(case((chat, 1), else_=0)), 0),
                func.coalesce(func.sum(case((and_(~chat, page), 1), else_=0)), 0),
                func.coalesce(func.sum(case((unwanted(), 1), else_=0)), 0),
            )
            .select_from(t.persons.outerjoin(t.notices, n.person_id == _p.id))
            .where(*fits(audience, day))
        )
        people, chats, pages, against = self._session.execute(found).one()
        return Reach(people, int(chats), int(pages), people - int(chats) - int(pages), int(against))

    def count(self, audience: Audience, day: date) -> int:
        """How many it is for."""
        found = select(func.count()).select_from(members(audience, day).subquery())
        return int(self._session.scalar(found) or 0)

    def examples(self, audience: Audience, day: date, limit: int = 10) -> list[tuple[Person, City | None]]:
        """Some of them, always the same ones, with their cities."""
        found = (
            select(Person, City)
            .outerjoin(City, t.cities.c.id == _p.city_id)
            .where(*fits(audience, day))
            .order_by(_p.id)
            .limit(limit)
        )
        return [(person, city) for person, city in self._session.execute(found)]

    def fill(self, run: BroadcastRun, audience: Audience, day: date, now: datetime, limit: int) -> int:
        """Lay down the next so many recipients of a run; how many that were. Fewer than `limit`: it is filled."""
        some = members(audience, day).where(_p.id > run.filled_to).order_by(_p.id).limit(limit)
        piece = some.subquery()
        last, count = self._session.execute(
            select(func.max(piece.c.id), func.count()).select_from(piece)
        ).one()
        if count:
            queued = some.with_only_columns(
                literal(run.id),
                _p.id,
                literal(RecipientState.QUEUED, t.broadcast_recipients.c.state.type),
                literal(now, _r.due_at.type),
                literal(now, _r.changed_at.type),
            )
            self._session.execute(
                t.broadcast_recipients.insert().from_select(
                    ["run_id", "person_id", "state", "due_at", "changed_at"], queued
                )
            )
            run.filled_to = last
        run.filled = count < limit
        self._session.flush()
        return int(count)

    # What is to be done.

    def next_due(self, now: datetime, most: int) -> datetime | None:
        """When a run begins, or a recipient is looked at, next; those not while `most` are on their way already."""
        c, runs = t.broadcasts.c, t.broadcast_runs.c
        moments: list[datetime | None] = [
            self._session.scalar(
                select(func.min(c.due_at)).where(c.state == BroadcastState.SCHEDULED, c.due_at.is_not(None))
            )
        ]
        sending = (
            select(BroadcastRun)
            .join(t.broadcasts, c.id == runs.broadcast_id)
            .where(runs.ended_at.is_(None), c.state == BroadcastState.SENDING)
        )
        open_runs = self._session.scalars(sending).all()
        if open_runs and on_the_way(self._session, now) < most:
            for run in open_runs:
                moments += [self._next_of(run, now), run.useful_until if run.useful_until > now else None]
        return min((moment for moment in moments if moment is not None), default=None)

    def _next_of(self, run: BroadcastRun, now: datetime) -> datetime | None:
        """When a run is to be looked at: its next recipient's moment, or now where nothing of it is on its way any more."""
        if not run.filled:
            return now
        mine = _r.run_id == run.id
        waiting: datetime | None = self._session.scalar(
            select(func.min(_r.due_at)).where(mine, _r.state == RecipientState.QUEUED)
        )
        if waiting is not None:
            return waiting
        going = exists().where(
            mine,
            _r.state == RecipientState.HANDED,
            _d.message_id == _r.message_id,
            _d.account_id == _a.id,
            or_(
                _d.state == DeliveryState.CLAIMED,
                and_(_d.state == DeliveryState.QUEUED, _a.blocked_at.is_(None)),
            ),
        )
        return None if self._session.scalar(select(going)) else now

    def due(self, now: datetime) -> Broadcast | None:
        """One whose next run is due, ours until the transaction ends."""
        c = t.broadcasts.c
        found = (
            select(Broadcast)
            .where(c.state == BroadcastState.SCHEDULED, c.due_at.is_not(None), c.due_at <= now)
            .order_by(c.due_at, c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        return self._session.scalars(found.execution_options(populate_existing=True)).one_or_none()

    def open_runs(self) -> Sequence[str]:
        """The runs that have not ended, the oldest first."""
        c = t.broadcast_runs.c
        found = select(c.id).where(c.ended_at.is_(None)).order_by(c.begun_at, c.id)
        return self._session.scalars(found).all()

    def open_run(self, run_id: str) -> tuple[BroadcastRun, Broadcast] | None:
        """A run that has not ended, kept from other workers; None where it has, or somebody else is at it."""
        runs = t.broadcast_runs.c
        found = (
            select(BroadcastRun)
            .where(runs.id == run_id, runs.ended_at.is_(None))
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
        run = self._session.scalars(found).one_or_none()
        if run is None:
            return None
        # A pause or a stop that is being written is waited for, or its words would go out behind its back.
        broadcast = self.locked(run.broadcast_id)
        assert broadcast is not None
        return run, broadcast


def on_the_way(session: Session, now: datetime) -> int:
    """How many deliveries of broadcasts could go out at this moment."""
    found = (
        select(func.count())
        .select_from(t.deliveries.join(t.accounts, _a.id == _d.account_id))
        .where(
            _d.lane == int(Lane.BROADCAST),
            spelled(_d.state, *_OPEN),
            _d.due_at <= now,
            _a.left_at.is_(None),
            _a.blocked_at.is_(None),
        )
    )
    return int(session.scalar(found) or 0)


def has_chat() -> ColumnElement[bool]:
    """Whether a person has a chat that takes words."""
    mine = exists().where(_a.person_id == _p.id, _a.left_at.is_(None), _a.blocked_at.is_(None))
    return mine.correlate(t.persons)


def has_page() -> ColumnElement[bool]:
    """Whether somebody reads the conversation itself: has a login, or talks with us without ever having joined a chat."""
    talks = exists().where(t.conversations.c.person_id == _p.id).correlate(t.persons)
    joined = exists().where(_a.person_id == _p.id).correlate(t.persons)
    return or_(_p.handle.is_not(None), and_(talks, ~joined))


def unwanted() -> ColumnElement[bool]:
    n = t.notices.c
    return and_(n.person_id.is_not(None), or_(~n.broadcasts, ~n.own, n.fewer))
