"""Small facts about the installation itself: the demo's clock, which seed was laid."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from domain.store import tables as t
from domain.store.collection import Collection


class Facts(Collection):
    """Names and values."""

    def get(self, key: str) -> str | None:
        return self._session.scalar(select(t.facts.c.value).where(t.facts.c.key == key))

    def put(self, key: str, value: str) -> None:
        self._session.execute(delete(t.facts).where(t.facts.c.key == key))
        self._session.execute(insert(t.facts).values(key=key, value=value))
