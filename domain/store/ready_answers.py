"""Ready answers in the store."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from domain.ready_answers import ReadyAnswer
from domain.store import tables as t
from domain.store.collection import Collection


class ReadyAnswers(Collection):
    """What supervisors changed."""

    def newest(self) -> dict[str, ReadyAnswer]:
        """The newest version of each code that was ever changed, also of what is gone."""
        c = t.ready_answers.c
        last = select(func.max(c.id)).group_by(c.code)
        found = select(ReadyAnswer).where(c.id.in_(last)).order_by(c.id)
        return {one.code: one for one in self._session.scalars(found)}

    def of(self, code: str) -> ReadyAnswer | None:
        """The newest version of a code."""
        c = t.ready_answers.c
        return self._session.scalar(select(ReadyAnswer).where(c.code == code).order_by(c.id.desc()).limit(1))

    def history(self, code: str) -> Sequence[ReadyAnswer]:
        """Every version of a code, the newest first."""
        c = t.ready_answers.c
        return self._session.scalars(select(ReadyAnswer).where(c.code == code).order_by(c.id.desc())).all()
