"""The people, the world and the asking behind the tables of who may do what: `test_matrix_*.py`.

A row is a method, a way, a body and who may. 200 stands for whatever went well; a 409 or a 422 for who was let in, and
told that it cannot be done now. Whoever a row does not name gets 404: for them it does not exist.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from actions import desk_access
from actions.house import House
from bot.api.app import create
from bot.desk_page.access import COOKIE
from bot.desk_page.entering import Entering
from bot.settings import Settings
from bot.streams import Streams
from bot.tokens import make
from bot.wiring import wire
from domain.clock import FixedClock
from domain.people import Person, Scope
from tests.bot.matrix_world import CHILDREN, lay
from tests.conftest import NOW

Row = tuple[str, str, Any, dict[str, int]]
SECRET = "a secret of the tests, long enough for SHA-256"
EVERYBODY = (
    "elder",
    *CHILDREN.values(),
    "child_none",
    "child_past",
    "stranger",
    # Who comes to the elder, and a colleague who does not.
    "carer",
    "other_carer",
    "life",
    "doctor",
    "supervisor",
    "admin",
)
IDS = {"elder": "mei", "life": "life1", "doctor": "doc1"}
BUTLERS = ("life", "doctor", "supervisor")
# Who can sign in at the desk; whoever else stands before its door, and is told so.
AT_DESK = (*BUTLERS, "admin")
NOBODY = "nobody"
DESK = dict.fromkeys(BUTLERS, 200)
ALL = dict.fromkeys(EVERYBODY, 200)
LIFE, DOCTOR = {"life": 200, "supervisor": 200}, {"doctor": 200, "supervisor": 200}
REPORTS = {"supervisor": 200, "admin": 200}
# What is another thing, or another's, once it was done: the next who asks finds nothing.
ONCE = ("/transfer", "reminders/{reminder}", "reminders/{childs_reminder}", "/answers/hello", "/{draft}")
# A relative whose consent does not reach so far is told so; for everybody else it does not exist.
KIN = dict.fromkeys((*CHILDREN.values(), "child_none", "child_past"), 403)


def reach(scope: Scope, status: int = 200) -> dict[str, int]:
    """The elder, the child with this scope, and those whose work it is; every other child is told where consent ends."""
    return {**KIN, "elder": status, CHILDREN[scope]: status, **dict.fromkeys(BUTLERS, status)}


def those(status: int, *names: str) -> dict[str, int]:
    return dict.fromkeys(names, status)


class Short(Streams):
    """Streams that end as soon as they have begun."""

    @contextmanager
    def open(self, person_id: str) -> Iterator[asyncio.Event]:
        with super().open(person_id) as over:
            over.set()
            yield over


class World:
    """The application over the small world, and everybody who could ask."""

    def __init__(self, house: House, clock: FixedClock, folder: Path) -> None:
        settings = Settings(home=folder, secret=SECRET, rasa_url="http://127.0.0.1:9")
        # So few are asked that a second person's yes is needed.
        house = replace(house, broadcast_alone=2)
        self.ids = lay(house, clock, settings.var)
        parts = wire(settings, house, patience=0.1)
        parts.entering = Entering(clock=FixedClock(NOW))
        parts.streams = Short()
        self.app = create(parts)
        self.client = TestClient(
            self.app, raise_server_exceptions=False, headers={"Origin": "http://testserver"}
        )
        self._cookies: dict[str, str] = {}
        with house.store.write() as unit:
            for name in AT_DESK:
                person: Person | None = unit.people.get(IDS.get(name, name))
                assert person is not None
                self._cookies[name] = desk_access.begin(unit, person, "password", NOW)
            unit.flush()
            logins = unit.desk_door.live(NOW + timedelta(minutes=1), "life1")
            self.ids["login"] = logins[0][0].id

    def ask(self, method: str, way: str, body: Any, name: str) -> int:
        """What somebody is answered, by their token, or by their login where it is the desk's own."""
        head = {}
        if way.startswith("/desk"):
            if name in self._cookies:
                head["Cookie"] = f"{COOKIE}={self._cookies[name]}"
        elif name != NOBODY:
            head["Authorization"] = f"Bearer {make(SECRET, IDS.get(name, name), 60)}"
        if isinstance(body, dict):
            body = {key: one.format(**self.ids) if isinstance(one, str) else one for key, one in body.items()}
        sent = {"content": body} if isinstance(body, bytes) else {"json": body}
        answer = self.client.request(method, way.format(**self.ids), headers=head, **sent)
        return 200 if answer.is_success else answer.status_code

    def differs(self, row: Row) -> dict[str, tuple[int, int]]:
        """Whom a row is wrong about: what they got, and what they ought to get. Nobody without a login gets past 401.

        What goes well changes the world: those for whom it does come last, the first in the state that was asked
        about; after that nobody of them may be refused for who they are, but where the thing is gone by then (`ONCE`).
        """
        method, way, body, may = row
        gone = (404,) if way.endswith(ONCE) else ()
        rest = 401 if way.startswith("/desk") else 404
        ought = {name: may.get(name, 404 if name in AT_DESK else rest) for name in EVERYBODY}
        ought[NOBODY] = 401
        goes = [name for name in EVERYBODY if ought[name] == 200 and method != "GET"]
        found = {name: self.ask(method, way, body, name) for name in ought if name not in goes}
        for number, name in enumerate(goes):
            got = self.ask(method, way, body, name)
            found[name] = 200 if number and got in (409, 422, *gone) else got
        return {name: (got, ought[name]) for name, got in found.items() if got != ought[name]}


def named(row: Row) -> str:
    return f"{row[0]} {row[1]} {'' if row[2] is None or isinstance(row[2], bytes) else row[2]}"
