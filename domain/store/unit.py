"""A unit of work: one transaction and the collections in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy.orm import Session

from domain.store.benefits import Benefits
from domain.store.board import Board
from domain.store.bookings import Bookings
from domain.store.broadcasts import Broadcasts
from domain.store.conversations import Conversations
from domain.store.desk_door import DeskDoor
from domain.store.desks import Desks
from domain.store.doors import Doors
from domain.store.facts import Facts
from domain.store.failures import translated
from domain.store.imports import Imports
from domain.store.incidents import Incidents
from domain.store.lapses import Lapses
from domain.store.people import People
from domain.store.providers import Providers
from domain.store.ready_answers import ReadyAnswers
from domain.store.recipients import Recipients
from domain.store.reminders import Reminders
from domain.store.reports import Reports
from domain.store.satisfaction import SatisfactionReports
from domain.store.series import Courses
from domain.store.surveys import Surveys
from domain.store.tickets import Tickets
from domain.store.topics import Topics
from domain.store.visits import Visits
from domain.store.waiting import Waiting


class Unit:
    """What happens in one transaction. Nothing outside `domain.store` sees the session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        # Set by who stores a message, and by who puts one on its way to a chat: after the commit, those who show or
        # carry messages look at once.
        self.has_words = False
        self.has_deliveries = False
        # Set by who stores a word of our own for Rasa: an interrupted task goes on.
        self.has_own_words = False

    def flush(self) -> None:
        """Send what is pending, so that the database can refuse it now."""
        self._session.flush()

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """A step that may be refused: then nothing of it stays, and the rest of the transaction goes on.

        Raises the errors of `domain.errors`, those of the database translated.
        """
        with translated(), self._session.begin_nested():
            yield

    @cached_property
    def incidents(self) -> Incidents:
        return Incidents(self._session)

    @cached_property
    def people(self) -> People:
        return People(self._session)

    @cached_property
    def benefits(self) -> Benefits:
        return Benefits(self._session)

    @cached_property
    def lapses(self) -> Lapses:
        return Lapses(self._session)

    @cached_property
    def providers(self) -> Providers:
        return Providers(self._session)

    @cached_property
    def bookings(self) -> Bookings:
        return Bookings(self._session)

    @cached_property
    def broadcasts(self) -> Broadcasts:
        return Broadcasts(self._session)

    @cached_property
    def recipients(self) -> Recipients:
        return Recipients(self._session)

    @cached_property
    def conversations(self) -> Conversations:
        return Conversations(self._session)

    @cached_property
    def doors(self) -> Doors:
        return Doors(self._session)

    @cached_property
    def board(self) -> Board:
        return Board(self._session)

    @cached_property
    def desk_door(self) -> DeskDoor:
        return DeskDoor(self._session)

    @cached_property
    def tickets(self) -> Tickets:
        return Tickets(self._session)

    @cached_property
    def topics(self) -> Topics:
        return Topics(self._session)

    @cached_property
    def desks(self) -> Desks:
        return Desks(self._session)

    @cached_property
    def ready_answers(self) -> ReadyAnswers:
        return ReadyAnswers(self._session)

    @cached_property
    def series(self) -> Courses:
        return Courses(self._session)

    @cached_property
    def surveys(self) -> Surveys:
        return Surveys(self._session)

    @cached_property
    def visits(self) -> Visits:
        return Visits(self._session)

    @cached_property
    def waiting(self) -> Waiting:
        return Waiting(self._session)

    @cached_property
    def imports(self) -> Imports:
        return Imports(self._session)

    @cached_property
    def reports(self) -> Reports:
        return Reports(self._session)

    @cached_property
    def satisfaction(self) -> SatisfactionReports:
        return SatisfactionReports(self._session)

    @cached_property
    def reminders(self) -> Reminders:
        return Reminders(self._session)

    @cached_property
    def facts(self) -> Facts:
        return Facts(self._session)
