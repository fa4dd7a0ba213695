"""The recipients of a broadcast's run: judged, handed to the outbox and written down in whole batches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, exists, func, literal, or_, select, update

from domain.broadcasts import RecipientState, Standing
from domain.conversations import State
from domain.doors import DeliveryState
from domain.notices import Notices
from domain.sending import Reason
from domain.store import tables as t
from domain.store.broadcasts import has_page, on_the_way
from domain.store.collection import Collection
from domain.store.columns import spelled

_r, _p, _a, _d = t.broadcast_recipients.c, t.persons.c, t.accounts.c, t.deliveries.c
_OPEN = (DeliveryState.QUEUED, DeliveryState.CLAIMED)
Counts = dict[tuple[RecipientState, Reason | None], int]


def _standing() -> Select[Any]:
    """What is so with some people."""
    live = and_(_a.person_id == _p.id, _a.left_at.is_(None))
    chats = select(func.count()).select_from(t.accounts).where(live, _a.blocked_at.is_(None))
    blocked = select(func.count()).select_from(t.accounts).where(live, _a.blocked_at.is_not(None))
    return (
        select(
            _p.id,
            _p.died_on.is_(None),
            t.conversations.c.owner,
            chats.scalar_subquery(),
            blocked.scalar_subquery(),
            has_page(),
            Notices,
        )
        .select_from(
            t.persons.outerjoin(t.conversations, t.conversations.c.person_id == _p.id).outerjoin(
                t.notices, t.notices.c.person_id == _p.id
            )
        )
        .where(_p.id.in_(bindparam("people", expanding=True)))
        .execution_options(populate_existing=True)
    )


# Asked right before each send: ready made, for to put it together costs more than to ask it.
_STANDING = _standing()


class Recipients(Collection):
    """A row for everybody whom a run is for."""

    def on_the_way(self, now: datetime) -> int:
        """How many deliveries of broadcasts could go out at this moment."""
        return on_the_way(self._session, now)

    def claim(self, run_id: str, now: datetime, limit: int) -> list[tuple[Standing, Notices | None]]:
        """Recipients whose moment has come, with what is so with each; ours until the transaction ends."""
        due = (
            select(_r.person_id)
            .where(_r.run_id == run_id, _r.state == RecipientState.QUEUED, _r.due_at <= now)
            .order_by(_r.due_at, _r.person_id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return self.standing(list(self._session.scalars(due)))

    def standing(self, people: Sequence[str]) -> list[tuple[Standing, Notices | None]]:
        """What is so with each of these, in their order."""
        if not people:
            return []
        rows = {}
        for person_id, alive, owner, many, shut, page, notices in self._session.execute(
            _STANDING, {"people": people}
        ):
            wanted = notices is None or (notices.broadcasts and notices.own and not notices.fewer)
            rows[person_id] = (Standing(person_id, alive, wanted, owner, many, shut, page), notices)
        return [rows[person_id] for person_id in people if person_id in rows]

    # What became of them.

    def put_off(
        self, run_id: str, people: Sequence[str], reason: Reason, due_at: datetime, now: datetime
    ) -> None:
        """They are looked at again at a moment."""
        self._recipients(run_id, people, now, reason=reason, due_at=due_at)

    def skip(self, run_id: str, people: Sequence[str], reason: Reason, now: datetime) -> None:
        """Nothing is said to them; the reason stays."""
        self._recipients(run_id, people, now, state=RecipientState.SKIPPED, reason=reason, due_at=None)

    def hand(self, run_id: str, people: Sequence[str], prefix: str, now: datetime) -> None:
        """The words of these people, keyed `prefix` and person, are in the outbox; who has no chat has them on the page."""
        m = t.messages.c
        mine = and_(_r.run_id == run_id, _r.person_id.in_(people))
        words = select(m.id).where(m.key == literal(prefix).concat(_r.person_id)).scalar_subquery()
        self._session.execute(
            update(t.broadcast_recipients)
            .where(mine)
            .values(state=RecipientState.HANDED, reason=None, due_at=None, message_id=words, changed_at=now)
        )
        on_its_way = exists().where(_d.message_id == _r.message_id)
        self._session.execute(
            update(t.broadcast_recipients).where(mine, ~on_its_way).values(state=RecipientState.SENT)
        )

    def _recipients(self, run_id: str, people: Sequence[str], now: datetime, **values: object) -> None:
        self._session.execute(
            update(t.broadcast_recipients)
            .where(_r.run_id == run_id, _r.person_id.in_(people), _r.state == RecipientState.QUEUED)
            .values(changed_at=now, **values)
        )

    def went_out(self, run_id: str, person_id: str, now: datetime) -> None:
        """A door has taken the words of one recipient, whatever was decided of them in that moment."""
        self._session.execute(
            update(t.broadcast_recipients)
            .where(_r.run_id == run_id, _r.person_id == person_id, _r.state != RecipientState.SENT)
            .values(state=RecipientState.SENT, reason=None, changed_at=now)
        )

    def unsaid(self, run_id: str, person_id: str, message_id: int, reason: Reason, now: datetime) -> None:
        """The words of one recipient are not said any more, by no door."""
        m = t.messages.c
        dropped = self._session.execute(
            update(t.messages)
            .where(m.id == message_id, m.state == State.QUEUED)
            .values(state=State.DROPPED, reason=str(reason))
        )
        if dropped.rowcount:  # type: ignore[attr-defined]
            taken = reason is Reason.TAKEN_BACK
            self._session.execute(
                update(t.broadcast_recipients)
                .where(_r.run_id == run_id, _r.person_id == person_id)
                .values(
                    state=RecipientState.TAKEN_BACK if taken else RecipientState.SKIPPED,
                    reason=reason,
                    changed_at=now,
                )
            )

    def settle(self, run_id: str, now: datetime) -> None:
        """Write down how the words in the outbox have ended."""
        m = t.messages.c
        handed = and_(_r.run_id == run_id, _r.state == RecipientState.HANDED)
        mine = select(_r.message_id).where(handed)
        # Who has blocked us meanwhile does not get it when they are back.
        shut = exists().where(_a.id == _d.account_id, _a.blocked_at.is_not(None))
        self._session.execute(
            update(t.deliveries)
            .where(_d.message_id.in_(mine), _d.state == DeliveryState.QUEUED, shut)
            .values(state=DeliveryState.DROPPED, reason=str(Reason.BLOCKED))
        )
        gone_wrong = exists().where(_d.message_id == m.id, _d.state == DeliveryState.FAILED)
        blocked = exists().where(_d.message_id == m.id, _d.reason == str(Reason.BLOCKED))
        why = case(
            (gone_wrong, literal(str(Reason.FAILED))),
            (blocked, literal(str(Reason.BLOCKED))),
            else_=literal(str(Reason.NO_CHAT)),
        )
        nowhere = ~exists().where(_d.message_id == m.id, spelled(_d.state, *_OPEN))
        self._session.execute(
            update(t.messages)
            .where(m.id.in_(mine), m.state == State.QUEUED, nowhere)
            .values(state=State.DROPPED, reason=why)
        )
        kept = select(m.reason).where(m.id == _r.message_id).scalar_subquery()
        state = case(
            (kept == str(Reason.TAKEN_BACK), literal(str(RecipientState.TAKEN_BACK))),
            (kept == str(Reason.FAILED), literal(str(RecipientState.FAILED))),
            else_=literal(str(RecipientState.SKIPPED)),
        )
        for wanted, values in (
            (State.SENT, {"state": RecipientState.SENT}),
            (State.DROPPED, {"state": state, "reason": kept}),
        ):
            over = select(m.id).where(m.id.in_(mine), m.state == wanted)
            self._session.execute(
                update(t.broadcast_recipients)
                .where(handed, _r.message_id.in_(over))
                .values(changed_at=now, **values)
            )

    def withdraw(self, broadcast_id: str, reason: Reason, now: datetime) -> None:
        """What has not gone out does not go out any more: what waits, what is in the outbox, and with `taken_back` also
        what lies unread on the page. What a worker has in hand is looked at once more right before it is sent."""
        m = t.messages.c
        mine = select(t.broadcast_runs.c.id).where(t.broadcast_runs.c.broadcast_id == broadcast_id)
        states = [RecipientState.HANDED]
        if reason is Reason.TAKEN_BACK:
            states.append(RecipientState.SENT)
        theirs = select(_r.message_id).where(_r.run_id.in_(mine), _r.state.in_(states))
        # In the order in which a worker writes: what it has just claimed is its own.
        self._session.execute(
            update(t.deliveries)
            .where(_d.message_id.in_(theirs), _d.state == DeliveryState.QUEUED)
            .values(state=DeliveryState.DROPPED, reason=str(reason))
        )
        held = exists().where(_d.message_id == m.id, _d.state == DeliveryState.CLAIMED)
        self._session.execute(
            update(t.messages)
            .where(m.id.in_(theirs), m.state == State.QUEUED, ~held)
            .values(state=State.DROPPED, reason=str(reason))
        )
        dropped = select(m.id).where(m.id.in_(theirs), m.state == State.DROPPED, m.reason == str(reason))
        back = RecipientState.TAKEN_BACK if reason is Reason.TAKEN_BACK else RecipientState.SKIPPED
        self._session.execute(
            update(t.broadcast_recipients)
            .where(
                _r.run_id.in_(mine),
                or_(
                    _r.state == RecipientState.QUEUED, and_(_r.state.in_(states), _r.message_id.in_(dropped))
                ),
            )
            .values(state=back, reason=reason, due_at=None, changed_at=now)
        )

    def hurry(self, broadcast_id: str, now: datetime) -> None:
        """What a pause had put off in the outbox is due now."""
        mine = select(t.broadcast_runs.c.id).where(t.broadcast_runs.c.broadcast_id == broadcast_id)
        words = select(_r.message_id).where(_r.run_id.in_(mine), _r.state == RecipientState.HANDED)
        self._session.execute(
            update(t.deliveries)
            .where(
                _d.message_id.in_(words), _d.state == DeliveryState.QUEUED, _d.reason == str(Reason.PAUSED)
            )
            .values(due_at=now)
        )

    def is_over(self, run_id: str) -> bool:
        """Whether nobody of a run waits any more."""
        waits = exists().where(
            _r.run_id == run_id, _r.state.in_((RecipientState.QUEUED, RecipientState.HANDED))
        )
        return not self._session.scalar(select(waits))

    # How it goes.

    def counts(self, run_ids: Sequence[str]) -> Counts:
        """How many recipients of these runs are in each state, by reason."""
        found = (
            select(_r.state, _r.reason, func.count())
            .where(_r.run_id.in_(run_ids))
            .group_by(_r.state, _r.reason)
        )
        return {(state, reason): count for state, reason, count in self._session.execute(found)}

    def rows(
        self, run_id: str, after: str | None, limit: int, state: RecipientState | None = None
    ) -> list[tuple[str, RecipientState, Reason | None, datetime]]:
        """The recipients of a run by id: state, reason, since when."""
        found = select(_r.person_id, _r.state, _r.reason, _r.changed_at).where(
            _r.run_id == run_id, _r.person_id > (after or "")
        )
        if state is not None:
            found = found.where(_r.state == state)
        rows = self._session.execute(found.order_by(_r.person_id).limit(limit))
        return [tuple(row) for row in rows]
