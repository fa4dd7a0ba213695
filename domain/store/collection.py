"""What every collection of the store shares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Column, select
from sqlalchemy.orm import Session

T = TypeVar("T")


class Collection:
    """A set of entities within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, *entities: object) -> None:
        """Put new entities in; they are written at the flush."""
        self._session.add_all(entities)

    def _locked(self, kind: type[T], column: Column[str], value: str) -> T | None:
        """The entity as it stands now, kept from others until the transaction ends."""
        found = select(kind).where(column == value).with_for_update()
        return self._session.scalars(found.execution_options(populate_existing=True)).one_or_none()

    def _due(
        self, kind: type[T], due: Column[datetime], key: Column[str], moment: datetime, limit: int
    ) -> Sequence[T]:
        """What has fallen due, the oldest first, each kept from others until the transaction ends."""
        found = (
            select(kind)
            .where(due <= moment)
            .order_by(due, key)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return self._session.scalars(found.execution_options(populate_existing=True)).all()

    def remove(self, entity: object) -> None:
        """Take an entity out; only what is no record of something that happened."""
        self._session.delete(entity)
