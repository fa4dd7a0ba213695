"""What every collection of the store shares."""

from __future__ import annotations

from sqlalchemy.orm import Session


class Collection:
    """A set of entities within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, *entities: object) -> None:
        """Put new entities in; they are written at the flush."""
        self._session.add_all(entities)

    def remove(self, entity: object) -> None:
        """Take an entity out; only what is no record of something that happened."""
        self._session.delete(entity)
