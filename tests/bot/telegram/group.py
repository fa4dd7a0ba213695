"""A stage with staff groups of topics, for the tests of the desk in Telegram."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from actions.hand_over import Cause, open_ticket
from actions.house import House
from domain.tickets import Ticket
from domain.topics import Post, Sent
from tests.bot.telegram.stage import Stage
from tests.botapi import BotApi

PICTURE = b"\xff\xd8\xff\xe0" + b"p" * 300
VOICE = b"OggS" + b"v" * 200


class Desk:
    """A stage with a staff group, two life butlers and a doctor who have joined, and an elder."""

    def __init__(self, house: House, api: BotApi, folder: Path, *, doctors: bool = False) -> None:
        self.house, self.api = house, api
        self.stage = Stage(house, api, folder)
        self.chen, self.sun = self.stage.user("life1"), self.stage.user("life2")
        self.doctor = self.stage.user("doc1")
        members = [self.chen, self.sun, self.doctor]
        self.group = api.create_group("管家", members, forum=True)
        self.stage.settings.telegram_staff_chat = str(self.group)
        if doctors:
            self.doctors = api.create_group("医生", [self.doctor], forum=True)
            self.stage.settings.telegram_doctor_chat = str(self.doctors)
        self.elder = self.stage.user("mei")
        self.stage.start()

    def ticket(self, queue: str = "life", topic: str = "request", key: str = "t1", **how: Any) -> Ticket:
        with self.house.store.write() as unit:
            person = unit.people.get(how.pop("who", "mei"))
            assert person is not None
            conversation = unit.conversations.of(person.id)
            return open_ticket(self.house, unit, conversation, person, Cause(queue, topic, **how), key)

    def now(self, ticket: Ticket) -> Ticket:
        with self.house.store.read() as unit:
            found = unit.tickets.get(ticket.id)
        assert found is not None
        return found

    def thread(self, count: int = 1, group: int | None = None) -> int:
        """The newest topic, once there are so many and it has its card."""
        chat = group or self.group
        self.stage.until(lambda: len(self.api.topics(chat)) >= count)
        thread = int(self.api.topics(chat)[-1]["thread"])
        self.stage.until(lambda: bool(self.api.texts(chat, thread=thread)))
        return thread

    def reads(self, thread: int, words: str, group: int | None = None) -> None:
        chat = group or self.group
        self.stage.until(lambda: any(words in text for text in self.api.texts(chat, thread=thread)))

    def card(self, thread: int, words: str) -> None:
        """Wait until the card of a topic says so."""
        self.stage.until(lambda: words in self.api.sent(self.group, thread=thread)[0]["text"])

    def post(self, number: int) -> Post | None:
        """What is known of a message in a topic."""
        with self.house.store.read() as unit:
            return unit.topics.post(str(self.group), number)

    def files(self) -> list[Any]:
        from sqlalchemy import select

        with self.house.store.read() as unit:
            return list(unit._session.scalars(select(Sent)))
