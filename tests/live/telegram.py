"""The dialogues of the tables played through Telegram: the same words in, the same words and buttons out."""

from __future__ import annotations

import re
import time
from typing import Any

from sqlalchemy import text

from actions.accounts import join
from tests.botapi import BotApi
from tests.live.conftest import Butler
from tests.live.talk import Stage, plain

_NUMBER = re.compile(r"单号([0-9A-Z]{6})")
_PRESS = re.compile(r"\[(.+)\]")


class Chat:
    """One dialogue's speaker on Telegram. Limits are the server's business elsewhere: here only words are compared."""

    def __init__(self, butler: Butler, api: BotApi, dialogue: dict[str, Any]) -> None:
        self.butler, self.api = butler, api
        self.stage = Stage(butler, dialogue)
        self.user = api.create_user()
        self.seen = 0
        with butler.store.write() as unit:
            speaker = unit.people.get(self.stage.speaker.id)
            assert speaker is not None
            join(butler.parts.house, unit, speaker, "telegram", str(self.user))

    def say(self, words: str, lines: int) -> list[str]:
        """Say or press something; wait for so many lines, and look whether more came."""
        press = _PRESS.fullmatch(words)
        if press:
            self.api.presses(self.user, press.group(1))
        else:
            another = words.replace("{number}", self.stage.number).replace("{another}", self.stage.another)
            self.api.says(self.user, another)
        if lines:
            self.api.wait_sent(self.user, self.seen + lines, timeout=20)
        self._quiet()
        came = self.api.sent(self.user)[self.seen :]
        self.seen += len(came)
        own = self._of_our_own_accord()
        return [self._line(message) for message in came if str(message["message_id"]) not in own]

    def _of_our_own_accord(self) -> set[str]:
        """Telegram's ids of what was no reply: the other doors are given that apart, in turns of their own."""
        found = (
            "SELECT d.external_id FROM deliveries d JOIN messages m ON m.id = d.message_id "
            "JOIN accounts a ON a.id = d.account_id WHERE m.pushed AND a.external_id = :chat"
        )
        with self.butler.store.engine.connect() as connection:
            return set(connection.execute(text(found), {"chat": str(self.user)}).scalars())

    def _quiet(self) -> None:
        """Until everything that was stored for this chat is out."""
        self.api.wait_confirmed()
        with self.butler.store.read() as unit:
            account = unit.doors.account_of("telegram", str(self.user))
            assert account is not None
        for _ in range(2000):
            with self.butler.store.read() as unit:
                conversation = unit.conversations.of_existing(self.stage.speaker.id)
                open_ = unit.doors.open_of(account.id)
                waits = conversation and unit.conversations.next_unanswered(conversation.id)
            if not open_ and not waits:
                return
            time.sleep(0.01)
        raise AssertionError("something never went out")

    def _line(self, message: dict[str, Any]) -> str:
        said = message["text"]
        assert said.startswith("【AI管家】")
        said = said.removeprefix("【AI管家】")
        self.stage.number = next(iter(_NUMBER.findall(said)), self.stage.number)
        rows = (message["markup"] or {}).get("inline_keyboard", [])
        shown = "".join(f" [{button['text']}]" for row in rows for button in row)
        return plain(said) + shown


def play(butler: Butler, api: BotApi, dialogue: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Every turn of a dialogue with what was really answered."""
    chat = Chat(butler, api, dialogue)
    try:
        return [(turn["say"], chat.say(turn["say"], len(turn["hear"]))) for turn in dialogue["turns"]]
    finally:
        chat.stage.clear()
