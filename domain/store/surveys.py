"""Surveys in the store, and what has to be known before anybody is asked."""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from domain.bookings import Booking, Status
from domain.ids import new_id
from domain.store import tables as t
from domain.store.collection import Collection
from domain.surveys import Survey, SurveyAnswer, SurveyKind
from domain.tickets import LIVE, Ticket
from domain.visits import VisitState

_s = t.surveys.c


class Surveys(Collection):
    """One row a person and subject."""

    def get(self, survey_id: str) -> Survey | None:
        return self._session.get(Survey, survey_id)

    def locked(self, survey_id: str) -> Survey | None:
        """The survey as it stands now, kept from others until the transaction ends."""
        found = select(Survey).where(_s.id == survey_id).with_for_update()
        return self._session.scalars(found.execution_options(populate_existing=True)).one_or_none()

    def made(
        self,
        kind: SurveyKind,
        subject: str,
        person_id: str,
        member_id: str,
        now: datetime,
        booking_id: str | None = None,
    ) -> Survey:
        """The person's survey on a subject, locked; made where there is none, once whoever asks at the same time."""
        insert = sqlite.insert if self._session.get_bind().dialect.name == "sqlite" else postgresql.insert
        begun = insert(t.surveys).values(
            id=new_id("sv"),
            kind=kind,
            subject=subject,
            person_id=person_id,
            member_id=member_id,
            created_at=now,
            booking_id=booking_id,
        )
        self._session.execute(begun.on_conflict_do_nothing())
        found = select(Survey).where(_s.person_id == person_id, _s.subject == subject).with_for_update()
        return self._session.scalars(found.execution_options(populate_existing=True)).one()

    def on(self, person_id: str, subject: str) -> Survey | None:
        """The person's survey on a subject, if there is one."""
        return self._session.scalar(select(Survey).where(_s.person_id == person_id, _s.subject == subject))

    def of_booking(self, booking_id: str) -> Sequence[Survey]:
        """What everybody was asked, or said, of one visit."""
        return self._session.scalars(
            select(Survey).where(_s.booking_id == booking_id).order_by(_s.created_at, _s.id)
        ).all()

    def open_of(self, person_id: str, since: datetime) -> Survey | None:
        """The newest question about a visit, asked since a moment, that a person has not answered."""
        found = select(Survey).where(
            _s.person_id == person_id,
            _s.kind == SurveyKind.VISIT,
            _s.asked_at >= since,
            _s.score.is_(None),
            _s.declined_at.is_(None),
        )
        return self._session.scalars(found.order_by(_s.asked_at.desc()).limit(1)).first()

    def asked_since(self, person_id: str, moment: datetime) -> list[tuple[SurveyKind, datetime]]:
        """What a person was asked after a moment, and when."""
        found = select(_s.kind, _s.asked_at).where(_s.person_id == person_id, _s.asked_at > moment)
        return [(kind, at) for kind, at in self._session.execute(found)]

    def answer(self, key: str) -> SurveyAnswer | None:
        return self._session.scalar(select(SurveyAnswer).where(t.survey_answers.c.key == key))

    def answers(self, survey_id: str) -> Sequence[SurveyAnswer]:
        """Every word on a survey, in order."""
        found = select(SurveyAnswer).where(t.survey_answers.c.survey_id == survey_id)
        return self._session.scalars(found.order_by(t.survey_answers.c.id)).all()

    def page(
        self,
        *,
        person_id: str | None = None,
        member_id: str | None = None,
        answered: bool | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> list[tuple[Survey, Booking | None]]:
        """Surveys with their bookings, newest first: of who was asked, or about whom; `after` is the last page's last id."""
        found = select(Survey, Booking).outerjoin(Booking, t.bookings.c.id == _s.booking_id)
        if person_id is not None:
            found = found.where(_s.person_id == person_id)
        if member_id is not None:
            found = found.where(_s.member_id == member_id)
        if answered is not None:
            found = found.where(_s.score.is_not(None) if answered else _s.score.is_(None))
        if after is not None and (last := self.get(after)) is not None:
            found = found.where(
                or_(_s.created_at < last.created_at, and_(_s.created_at == last.created_at, _s.id < last.id))
            )
        found = found.order_by(_s.created_at.desc(), _s.id.desc()).limit(limit)
        return [(survey, booking) for survey, booking in self._session.execute(found)]

    # What is to be known before anybody is asked, or to know what somebody speaks of.

    def last_visit(
        self,
        member_id: str,
        since: datetime,
        now: datetime,
        services: Some[str] = (),
        *,
        private: bool = True,
    ) -> Booking | None:
        """The last booking of a member that has begun and may have taken place; without `private`, none that is."""
        b, v = t.bookings.c, t.visits.c
        not_there = (VisitState.NOT_POSSIBLE, VisitState.CALLED_OFF)
        found = (
            select(Booking)
            .outerjoin(t.visits, v.booking_id == b.id)
            .where(
                b.member_id == member_id,
                b.begin > since,
                b.begin <= now,
                b.status.in_((Status.CONFIRMED, Status.FULFILLED)),
                or_(v.state.is_(None), v.state.not_in(not_there)),
            )
        )
        if services:
            found = found.where(b.service.in_(services))
        if not private:
            found = found.where(~b.private)
        return self._session.scalars(found.order_by(b.begin.desc(), b.id).limit(1)).first()

    def tickets_about(self, people: Some[str], since: datetime) -> Sequence[Ticket]:
        """Tickets about these people, or from their conversations, that are open or were opened after a moment."""
        c = t.tickets.c
        theirs = select(t.conversations.c.id).where(t.conversations.c.person_id.in_(people))
        found = select(Ticket).where(
            or_(c.member_id.in_(people), c.conversation_id.in_(theirs)),
            or_(c.state.in_(LIVE), c.opened_at > since),
        )
        return self._session.scalars(found).all()
