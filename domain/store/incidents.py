"""The record of dangers in the store; the database refuses a line that is changed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from domain.incidents import IncidentLine
from domain.store import tables as t
from domain.store.collection import Collection


class Incidents(Collection):
    """Lines by danger and by person."""

    def of(self, ticket_id: str) -> Sequence[IncidentLine]:
        """One danger, oldest line first."""
        found = select(IncidentLine).where(t.incident_lines.c.ticket_id == ticket_id)
        return self._session.scalars(found.order_by(t.incident_lines.c.id)).all()

    def of_person(self, person_id: str) -> Sequence[IncidentLine]:
        """Everything that happened to somebody, for what they are given of their own data."""
        found = select(IncidentLine).where(t.incident_lines.c.person_id == person_id)
        return self._session.scalars(found.order_by(t.incident_lines.c.id)).all()
