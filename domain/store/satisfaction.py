"""How what took place was liked, as the database reckons it."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, case, func, select
from sqlalchemy.sql.selectable import Select

from domain.reports import Satisfaction, SatisfactionBy
from domain.store import tables as t
from domain.store.collection import Collection
from domain.surveys import COMPLAINTS, SurveyKind, promotes
from domain.tickets import LIVE
from domain.visits import OVER

_GOOD = 4
_SHANGHAI = "+8 hours"
_b, _v, _s = t.bookings.c, t.visits.c, t.surveys.c
Recommended = tuple[int, int, int]


class SatisfactionReports(Collection):
    """Counts over visits, surveys and complaints."""

    def lines(self, by: SatisfactionBy, begin: datetime, end: datetime) -> list[Satisfaction]:
        """How visits were liked that begin from `begin` until before `end`; the most visits first, months in order."""
        key, name = self._about(by, _b.begin)
        told = self._told()
        found = self._joined(
            select(
                key.label("key"),
                func.max(name).label("name"),
                func.count().label("visits"),
                *(func.coalesce(func.sum(told.c[n]), 0).label(n) for n in _TOLD),
            ).select_from(t.bookings)
        )
        found = found.outerjoin(told, told.c.booking_id == _b.id)
        found = found.where(*self._took_place(begin, end)).group_by(key)
        rows = {row["key"]: dict(row) for row in self._session.execute(found).mappings()}
        recommended = self._recommended_of(key, begin, end)
        complaints = self._complaints(by, begin, end)
        lines = [
            self._line(rows.get(one, {"key": one}), recommended.get(one), complaints.get(one, ("", 0)))
            for one in rows.keys() | complaints.keys()
        ]
        if by is SatisfactionBy.MONTH:
            return sorted(lines, key=lambda line: line.key)
        return sorted(lines, key=lambda line: (-line.visits, line.key))

    def recommended(self, begin: datetime, end: datetime) -> Recommended:
        """(answers, promoters, detractors) of the yearly question within a period, each member once."""
        return _counted(self._answers(begin, end).values())

    def _line(
        self, row: dict[str, Any], recommended: Recommended | None, complaints: tuple[str, int]
    ) -> Satisfaction:
        answers, promoters, detractors = recommended or (0, 0, 0)
        return Satisfaction(
            key=row["key"],
            name=row.get("name") or complaints[0] or "",
            visits=int(row.get("visits", 0)),
            **{name: int(row.get(name, 0)) for name in _TOLD},
            recommended=answers,
            promoters=promoters,
            detractors=detractors,
            complaints=complaints[1],
        )

    def _about(
        self, by: SatisfactionBy, moment: ColumnElement[Any]
    ) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        """What a line is told by, and what it is called; nothing is the key of what is not known."""
        if by is SatisfactionBy.SERVICE:
            return func.coalesce(_b.service, ""), func.coalesce(_b.service, "")
        if by is SatisfactionBy.PROVIDER:
            return func.coalesce(t.providers.c.code, ""), t.providers.c.name
        if by is SatisfactionBy.CARER:
            return func.coalesce(t.staff.c.id, ""), t.staff.c.name
        if by is SatisfactionBy.CITY:
            return func.coalesce(t.cities.c.id, ""), t.cities.c.name
        month = self._month(moment)
        return month, month

    def _month(self, moment: ColumnElement[Any]) -> ColumnElement[str]:
        """The month in Shanghai, 2026-11; the zone has no summer time."""
        if self._session.get_bind().dialect.name == "sqlite":
            return func.strftime("%Y-%m", moment, _SHANGHAI)
        return func.to_char(func.timezone("Asia/Shanghai", moment), "YYYY-MM")

    def _joined(self, found: Select[Any]) -> Select[Any]:
        """A booking with its visit, who came, the provider and the city."""
        return (
            found.outerjoin(t.visits, _v.booking_id == _b.id)
            .outerjoin(t.providers, t.providers.c.id == _b.provider_id)
            .outerjoin(t.staff, t.staff.c.id == func.coalesce(_v.staff_id, _b.staff_id))
            .outerjoin(t.sites, t.sites.c.id == _b.site_id)
            .outerjoin(t.persons, t.persons.c.id == _b.member_id)
            .outerjoin(t.cities, t.cities.c.id == func.coalesce(t.sites.c.city_id, t.persons.c.city_id))
        )

    def _took_place(self, begin: datetime, end: datetime) -> tuple[ColumnElement[bool], ...]:
        return _b.begin >= begin, _b.begin < end, _v.state.in_(OVER)

    def _told(self) -> FromClause:
        """What was asked and said of each booking."""
        scored = _s.score.is_not(None)
        return (
            select(
                _s.booking_id,
                func.count(_s.asked_at).label("asked"),
                _count(scored & _s.asked_at.is_not(None)).label("answered"),
                func.count(_s.score).label("rated"),
                func.coalesce(func.sum(_s.score), 0).label("stars"),
                _count(scored & (_s.score >= _GOOD)).label("good"),
            )
            .where(_s.kind == SurveyKind.VISIT)
            .group_by(_s.booking_id)
            .subquery()
        )

    def _answers(self, begin: datetime, end: datetime) -> dict[str, int]:
        """Person to the last answer to the yearly question within a period."""
        found = (
            select(_s.person_id, _s.score)
            .where(_s.kind == SurveyKind.RECOMMEND, _s.scored_at >= begin, _s.scored_at < end)
            .order_by(_s.scored_at)
        )
        return {row.person_id: row.score for row in self._session.execute(found)}

    def _recommended_of(
        self, key: ColumnElement[Any], begin: datetime, end: datetime
    ) -> dict[str, Recommended]:
        """Line to what those say of us who were asked, or spoke, about its visits in the period."""
        answers = self._answers(begin, end)
        if not answers:
            return {}
        found = self._joined(select(key, _s.person_id).distinct().select_from(t.bookings))
        found = found.join(t.surveys, _s.booking_id == _b.id).where(*self._took_place(begin, end))
        said: dict[str, list[int]] = defaultdict(list)
        for line, person_id in self._session.execute(found):
            if person_id in answers:
                said[line].append(answers[person_id])
        return {line: _counted(scores) for line, scores in said.items()}

    def _complaints(self, by: SatisfactionBy, begin: datetime, end: datetime) -> dict[str, tuple[str, int]]:
        """Line to (its name, the complaints that are open now) of the period's visits, or opened in it about no visit."""
        c = t.tickets.c
        number = c.card[("task", "booking")].as_string()
        key, name = self._about(by, func.coalesce(_b.begin, c.opened_at))
        whose = t.persons.alias("whose")
        found = (
            select(key.label("key"), func.max(name).label("name"), func.count().label("count"))
            .select_from(t.tickets)
            .join(whose, whose.c.id == c.member_id)
            .outerjoin(t.bookings, _b.number == number)
            .outerjoin(t.visits, _v.booking_id == _b.id)
            .outerjoin(t.providers, t.providers.c.id == _b.provider_id)
            .outerjoin(t.staff, t.staff.c.id == func.coalesce(_v.staff_id, _b.staff_id))
            .outerjoin(t.sites, t.sites.c.id == _b.site_id)
            .outerjoin(t.cities, t.cities.c.id == func.coalesce(t.sites.c.city_id, whose.c.city_id))
            .where(
                c.topic.in_(COMPLAINTS),
                c.state.in_(LIVE),
                func.coalesce(_b.begin, c.opened_at) >= begin,
                func.coalesce(_b.begin, c.opened_at) < end,
            )
            .group_by(key)
        )
        return {row.key: (row.name or "", int(row[2])) for row in self._session.execute(found)}


_TOLD = ("asked", "answered", "rated", "stars", "good")


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _counted(scores: Any) -> Recommended:
    kinds = Counter(promotes(score) for score in scores)
    return sum(kinds.values()), kinds[1], kinds[-1]
