"""Reminders in the store. What is due is claimed by one worker: a guarded update that passes over others' rows."""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, String, and_, exists, func, literal, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from domain.bookings import Booking, Status
from domain.notices import NoticeChange, Notices
from domain.reminders import Attempt, Instance, InstanceState, Outcome, Rule
from domain.sending import Reason
from domain.store import tables as t
from domain.store.collection import Collection
from domain.store.columns import spelled
from domain.store.lapses import heard
from domain.store.many import among, put_many

_i, _r = t.reminder_instances.c, t.reminder_rules.c


class Reminders(Collection):
    """Rules, instances, attempts, and what people want to hear."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        # What a worker has loaded for its whole batch, so that it is not asked for one by one.
        self._held: dict[str, list[Instance]] = {}
        self._wishes: dict[str, Notices] | None = None
        # What it has planned anew, until it is written in one statement.
        self._planned: list[Instance] = []

    def add(self, *entities: object) -> None:
        super().add(*entities)
        for one in entities:
            if isinstance(one, Instance) and one.rule_id in self._held:
                self._held[one.rule_id].append(one)

    def hold(self, rule_ids: Some[str]) -> None:
        """Load every occurrence of these versions at once; this unit is answered from memory until `let_go`.

        For versions with few occurrences only.
        """
        found = (
            select(Instance).where(among(self._session, _i.rule_id, rule_ids)).order_by(_i.planned_at, _i.id)
        )
        self._held = {rule_id: [] for rule_id in rule_ids}
        for instance in self._session.scalars(found.execution_options(populate_existing=True)):
            self._held[instance.rule_id].append(instance)

    def hold_wishes(self, people: Some[str]) -> None:
        """The same for what these people want to hear."""
        wishes = self._session.scalars(
            select(Notices).where(among(self._session, t.notices.c.person_id, people))
        )
        self._wishes = {one: Notices(person_id=one) for one in people} | {w.person_id: w for w in wishes}

    def let_go(self) -> None:
        """Ask the database again, from now on."""
        self._held, self._wishes, self._planned = {}, None, []

    def plan(self, instances: Sequence[Instance]) -> None:
        """New occurrences of which it is sure that they are not there yet. A worker's are written by `put_planned`."""
        if self._wishes is None:
            self.add(*instances)
        else:
            self._planned += instances

    def put_planned(self) -> None:
        """Write what a worker has planned."""
        made, self._planned = self._planned, []
        names = t.reminder_instances.c.keys()
        put_many(self._session, t.reminder_instances, [{n: getattr(one, n) for n in names} for one in made])

    def rule(self, rule_id: str) -> Rule | None:
        return self._session.get(Rule, rule_id)

    def living(self, series: str) -> Rule | None:
        """The version of a series that holds."""
        return self._session.scalar(select(Rule).where(_r.series == series, _r.ended_at.is_(None)))

    def latest(self, series: str) -> Rule | None:
        """The newest version, ended or not."""
        found = select(Rule).where(_r.series == series).order_by(_r.version.desc()).limit(1)
        return self._session.scalar(found)

    def version(self, series: str, number: int) -> Rule | None:
        """One version of a series."""
        return self._session.scalar(select(Rule).where(_r.series == series, _r.version == number))

    def living_of(self, person_id: str, *kinds: str) -> Sequence[Rule]:
        """What holds for a person, oldest first."""
        found = select(Rule).where(_r.person_id == person_id, _r.ended_at.is_(None), _r.kind.in_(kinds))
        return self._session.scalars(found.order_by(_r.created_at, _r.id)).all()

    def instance(self, instance_id: str) -> Instance | None:
        return self._session.get(Instance, instance_id)

    def instances(self, rule_id: str) -> Sequence[Instance]:
        """Every occurrence of a version, by planned time."""
        if rule_id in self._held:
            return sorted(self._held[rule_id], key=lambda one: (one.planned_at, one.id))
        found = select(Instance).where(_i.rule_id == rule_id).order_by(_i.planned_at, _i.id)
        return self._session.scalars(found.execution_options(populate_existing=True)).all()

    def waiting(self, rule_id: str) -> Sequence[Instance]:
        """What is still to come of a version, the next first."""
        found = select(Instance).where(_i.rule_id == rule_id, _i.due_at.is_not(None))
        return self._session.scalars(found.order_by(_i.planned_at, _i.id)).all()

    def unanswered(self, rule_ids: Some[str]) -> dict[str, int]:
        """For each version how many of its last words in a row had no answer; one that has none is left out."""
        answered = t.reminder_instances.alias("answered").c
        since = (
            select(func.max(answered.planned_at))
            .where(answered.rule_id == _i.rule_id, answered.answered_at.is_not(None))
            .scalar_subquery()
        )
        found = (
            select(_i.rule_id, func.count())
            .where(among(self._session, _i.rule_id, rule_ids), _i.state == InstanceState.SENT)
            .where((_i.planned_at > since) | since.is_(None))
            .group_by(_i.rule_id)
        )
        return {rule_id: int(count) for rule_id, count in self._session.execute(found)}

    def told_of(self, person_id: str, kind: str, since: datetime) -> Sequence[Instance]:
        """What a person was told of one kind that was planned since then, answered or not, the newest first."""
        found = (
            select(Instance)
            .join(Rule, _r.id == _i.rule_id)
            .where(_i.person_id == person_id, _i.state == InstanceState.SENT)
            .where(_i.planned_at >= since, _r.kind == kind)
            .order_by(_i.planned_at.desc(), _i.id)
        )
        return self._session.scalars(found).all()

    def of_message(self, message_key: str) -> Sequence[Instance]:
        """What was said with one message."""
        return self._session.scalars(select(Instance).where(_i.message_key == message_key)).all()

    def occurrence(self, rule_id: str, person_id: str, occurrence: str) -> Instance | None:
        if rule_id in self._held:
            same = (person_id, occurrence)
            return next((i for i in self._held[rule_id] if (i.person_id, i.occurrence) == same), None)
        found = select(Instance).where(
            _i.rule_id == rule_id, _i.person_id == person_id, _i.occurrence == occurrence
        )
        return self._session.scalar(found)

    def waiting_of(self, person_id: str, limit: int = 200) -> Sequence[Instance]:
        """What is still to come to a person."""
        found = select(Instance).where(_i.person_id == person_id, _i.due_at.is_not(None))
        return self._session.scalars(found.order_by(_i.due_at).limit(limit)).all()

    def answered(self, rule_id: str) -> bool:
        """Whether anybody has answered anything of this version."""
        if rule_id in self._held:
            return any(one.answered_at is not None for one in self._held[rule_id])
        found = select(exists().where(_i.rule_id == rule_id, _i.answered_at.is_not(None)))
        return bool(self._session.scalar(found))

    def claim(self, now: datetime, limit: int) -> list[tuple[Instance, Rule]]:
        """What is due, ours until the transaction ends: nobody else takes it, and nobody waits for it."""
        return self._claimed(_i.due_at <= now, limit)

    def claim_near(
        self, people: Some[str], after: datetime, until: datetime, limit: int = 200
    ) -> list[tuple[Instance, Rule]]:
        """What is due soon to these people and may be put together with what is due now, in the same way."""
        near = and_(
            among(self._session, _i.person_id, people), _i.due_at > after, _i.due_at <= until, _i.joins
        )
        return self._claimed(near, limit)

    def _claimed(self, condition: ColumnElement[bool], limit: int) -> list[tuple[Instance, Rule]]:
        due = (
            select(_i.id)
            .where(condition, _i.due_at.is_not(None))
            .order_by(_i.due_at, _i.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        taken = (
            update(t.reminder_instances)
            .where(_i.id.in_(select(due.c.id)), _i.state == InstanceState.PENDING)
            .values(attempts=_i.attempts + 1)
            .returning(_i.id)
        )
        ids = list(self._session.execute(taken).scalars())
        if not ids:
            return []
        found = (
            select(Instance, Rule)
            .join(Rule, _r.id == _i.rule_id)
            .where(among(self._session, _i.id, ids))
            .order_by(_i.due_at, _i.id)
            .execution_options(populate_existing=True)
        )
        return [(instance, rule) for instance, rule in self._session.execute(found)]

    def unclaim(self, instances: Some[Instance]) -> None:
        """Give back what was claimed and is not looked at after all."""
        for instance in instances:
            instance.attempts -= 1

    def end(self, rule: Rule, why: Reason, now: datetime) -> None:
        """A version ends: what was still to come of it is over, for that reason."""
        rule.ended_at, rule.ended_why = now, why
        self.close(rule.id, why)

    def close(self, rule_id: str, why: Reason, occurrences: Some[str] | None = None) -> int:
        """What was still to come of a version (or of these occurrences) is over; returns how many there were."""
        self._session.flush()
        waiting = update(t.reminder_instances).where(_i.rule_id == rule_id, _i.due_at.is_not(None))
        if occurrences is not None:
            waiting = waiting.where(_i.occurrence.in_(occurrences))
        done = self._session.execute(waiting.values(state=InstanceState.SKIPPED, due_at=None, reason=why))
        closed = int(done.rowcount)  # type: ignore[attr-defined]
        if closed:
            for one in list(self._session.identity_map.values()):
                if isinstance(one, Instance) and one.rule_id == rule_id:
                    self._session.expire(one)
        return closed

    def put_sent(self, said: Sequence[tuple[Instance, str]], now: datetime) -> None:
        """Their words are in the outbox under these keys: one statement for all that have a message of their own."""
        own = [instance for instance, key in said if key == instance.own_key]
        for instance, key in said:
            if key != instance.own_key:
                instance.sent(now, key)
        if not own:
            return
        self._session.execute(
            update(t.reminder_instances)
            .where(among(self._session, _i.id, [instance.id for instance in own]))
            .values(
                state=InstanceState.SENT,
                due_at=None,
                sent_at=now,
                message_key=literal(Instance.KEY, String).concat(_i.id),
            )
        )
        for instance in own:
            for name, value in (
                ("state", InstanceState.SENT),
                ("due_at", None),
                ("sent_at", now),
                ("message_key", instance.own_key),
            ):
                set_committed_value(instance, name, value)

    def put_attempts(self, rows: Sequence[tuple[str, int]], outcome: Outcome, now: datetime) -> None:
        """Write down many looks that ended alike: the instance of each, and which look at it this was."""
        made = [
            {"instance_id": instance_id, "number": number, "at": now, "outcome": outcome, "reason": None}
            for instance_id, number in rows
        ]
        put_many(self._session, t.reminder_attempts, made)

    def attempts(self, instance_id: str) -> Sequence[Attempt]:
        found = select(Attempt).where(t.reminder_attempts.c.instance_id == instance_id)
        return self._session.scalars(found.order_by(t.reminder_attempts.c.number)).all()

    def next_due(self) -> datetime | None:
        """When something is to be looked at next."""
        found: datetime | None = self._session.scalar(
            select(func.min(_i.due_at)).where(_i.due_at.is_not(None))
        )
        return found

    def unplanned(self, begin: datetime, end: datetime, limit: int) -> Sequence[Booking]:
        """Firm bookings within a period of which no reminder was ever planned, of those who can be written to."""
        b = t.bookings.c
        planned = exists().where(_r.series == literal("visit:").concat(b.id))
        found = (
            select(Booking)
            .where(
                spelled(b.status, Status.CONFIRMED),
                b.begin > begin,
                b.begin <= end,
                ~planned,
                heard(b.member_id),
            )
            .order_by(b.begin, b.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return self._session.scalars(found).all()

    # What people want to hear.

    def notices(self, person_id: str) -> Notices:
        """A person's wishes; the default, which is not stored, where nothing was said."""
        if self._wishes is not None and person_id in self._wishes:
            return self._wishes[person_id]
        return self._session.get(Notices, person_id) or Notices(person_id=person_id)

    def changes(self, person_id: str) -> Sequence[NoticeChange]:
        found = select(NoticeChange).where(t.notice_changes.c.person_id == person_id)
        return self._session.scalars(found.order_by(t.notice_changes.c.id)).all()
