"""The desk's access, logins and trail in the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from domain.desk_door import IDLE, LIVES, DeskAccess, DeskAct, DeskSession
from domain.people import Person, Role
from domain.store import tables as t
from domain.store.collection import Collection


class DeskDoor(Collection):
    """Who may come to the desk, who is there, what was done."""

    def access(self, person_id: str, *, locked: bool = True) -> DeskAccess | None:
        """How somebody signs in; `locked` keeps it from others until the transaction ends: a code works once."""
        found = select(DeskAccess).where(t.desk_access.c.person_id == person_id)
        return self._session.scalar(found.with_for_update() if locked else found)

    def accesses(self) -> Sequence[DeskAccess]:
        """Everybody's, kept from others until the transaction ends."""
        return self._session.scalars(select(DeskAccess).with_for_update()).all()

    def session(self, digest: str) -> DeskSession | None:
        return self._session.scalar(select(DeskSession).where(t.desk_sessions.c.digest == digest))

    def session_of(self, session_id: str) -> DeskSession | None:
        return self._session.get(DeskSession, session_id)

    def seen(self, session_id: str, now: datetime) -> None:
        """Write down that a login was used just now; one that has ended stays ended."""
        c = t.desk_sessions.c
        self._session.execute(
            update(t.desk_sessions).where(c.id == session_id, c.ended_at.is_(None)).values(seen_at=now)
        )

    def live(self, now: datetime, person_id: str | None = None) -> list[tuple[DeskSession, Person]]:
        """The logins that hold, the newest first."""
        c = t.desk_sessions.c
        found = (
            select(DeskSession, Person)
            .join(Person, t.persons.c.id == c.person_id)
            .where(c.ended_at.is_(None), c.begun_at > now - LIVES, c.seen_at > now - IDLE)
            .order_by(c.begun_at.desc(), c.id)
        )
        if person_id is not None:
            found = found.where(c.person_id == person_id)
        return [(session, person) for session, person in self._session.execute(found)]

    def end_all(self, person_id: str, now: datetime, by: str | None) -> None:
        """End every login of somebody."""
        c = t.desk_sessions.c
        self._session.execute(
            update(t.desk_sessions)
            .where(c.person_id == person_id, c.ended_at.is_(None))
            .values(ended_at=now, ended_by=by)
        )

    def trail(
        self, *, before: int | None = None, actor_id: str | None = None, what: str = "", limit: int = 50
    ) -> list[tuple[DeskAct, Person | None]]:
        """The newest lines with who did it; `what` is the beginning of their names."""
        c = t.desk_acts.c
        found = select(DeskAct, Person).outerjoin(Person, t.persons.c.id == c.actor_id)
        if before is not None:
            found = found.where(c.id < before)
        if actor_id is not None:
            found = found.where(c.actor_id == actor_id)
        if what:
            found = found.where(c.what.startswith(what, autoescape=True))
        rows = self._session.execute(found.order_by(c.id.desc()).limit(limit))
        return [(act, person) for act, person in rows]

    def people(self, *roles: Role) -> Sequence[Person]:
        """The demo's people of these roles: those with a handle."""
        c = t.persons.c
        found = select(Person).where(c.role.in_(roles), c.handle.is_not(None)).order_by(c.role, c.id)
        return self._session.scalars(found).all()
