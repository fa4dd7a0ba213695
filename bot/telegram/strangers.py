"""What somebody gets whom no account knows: how to join, now and then, and nothing else. But a cry for help is heard."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from telegram import Message

from actions import chats, invite, raise_alarm
from actions.accounts import LinkOver
from actions.house import House
from bot.telegram.api import Api, contact_keyboard
from bot.telegram.reading import Heard, own_contact
from domain.doors import Account
from domain.store import Unit
from nlu.zh.danger import Danger
from nlu.zh.text import clean

T = TypeVar("T")
# How often one chat is told the same thing.
_AGAIN = timedelta(seconds=60)
_DAY = timedelta(days=1)
_REMEMBERED = 10_000


class Strangers:
    """Joining, and what is said to those who have not."""

    def __init__(self, house: House, api: Api, door: str) -> None:
        self.house, self.api, self.door = house, api, door
        self._told: OrderedDict[tuple[int, str], datetime] = OrderedDict()
        # Elders' invitations that wait for a telephone. Not kept over a restart: the link is still good then.
        self._invited: OrderedDict[int, str] = OrderedDict()

    async def hear(self, message: Message, heard: Heard, key: str, danger: Danger | None) -> None:
        """Somebody unknown has written."""
        if danger is not None:
            await self.cry(message.chat.id, danger, key)
        elif heard.contact is not None:
            await self.contact(message, key)
        elif heard.command == "start" and heard.rest:
            await self.link(message.chat.id, heard.rest, key)
        else:
            await self.ask(message.chat.id, "how_to_join")

    async def cry(self, chat: int, danger: Danger, key: str) -> None:
        """What to do at once, without asking who it is; the same message that comes again is answered already."""
        if self._may(chat, key, _DAY):
            await self.api.say(chat, raise_alarm.words_for_stranger(self.house, danger))

    async def contact(self, message: Message, key: str) -> None:
        """Somebody shares a telephone number; one's own is a proof of who one is."""
        chat, contact = message.chat.id, message.contact
        assert contact is not None
        if not own_contact(message):
            await self.ask(chat, "contact_not_own")
            return
        phone = contact.phone_number
        token = self._invited.pop(chat, None)
        if token is not None and await self._into_family(
            chat, (phone, clean(contact.first_name)), token, key
        ):
            return
        joined = await self._write(
            lambda unit: chats.join_by_phone(self.house, unit, self.door, str(chat), phone, key)
        )
        if joined is None:
            await self.ask(chat, "phone_not_known")

    async def _into_family(self, chat: int, contact: tuple[str, str], token: str, key: str) -> bool:
        try:
            joined = await self._write(
                lambda unit: chats.join_family(self.house, unit, self.door, str(chat), contact, token, key)
            )
        except (LinkOver, invite.OwnInvitation):
            return False
        return joined is not None

    async def link(self, chat: int, token: str, key: str, known: Account | None = None) -> None:
        """Somebody comes by a one-time link: their own, or an elder's invitation."""
        try:
            joined = await self._write(
                lambda unit: chats.join_by_link(self.house, unit, self.door, str(chat), token, key)
            )
            if joined is None:
                await self._invitation(chat, token, key, known)
        except invite.OwnInvitation:
            await self._say(chat, "invitation_own")
        except LinkOver:
            if known is None:
                await self.ask(chat, "link_over")
            else:
                await self._say(chat, "link_over_joined")

    async def _invitation(self, chat: int, token: str, key: str, known: Account | None) -> None:
        """An elder invites: taken up at once by whom we know, after their telephone by anybody else."""
        if known is not None:
            await self._write(lambda unit: chats.take_invitation(self.house, unit, known, token, key))
            return
        found = await self._write(lambda unit: invite.look(self.house, unit, token))
        self._invited[chat] = token
        if len(self._invited) > _REMEMBERED:
            self._invited.popitem(last=False)
        words = self.house.words
        text = words.say("invited_chat", sentence=found.sentence)
        await self.api.say(chat, text, contact_keyboard(words.say("button_share_phone")))

    async def _say(self, chat: int, sentence: str) -> None:
        if self._may(chat, sentence, _AGAIN):
            await self.api.say(chat, self.house.words.say(sentence))

    async def leave(self, account: Account, key: str) -> None:
        """Somebody wants this chat to be nobody's."""

        def gone(unit: Unit) -> None:
            found = unit.doors.account(account.id)
            if found is not None and found.left_at is None:
                chats.leave(self.house, unit, found, key)

        await self._write(gone)
        self._told.pop((int(account.external_id), "left_chat"), None)
        await self.ask(int(account.external_id), "left_chat")

    async def group(self, chat: int) -> None:
        """A group is told once a day that it is the wrong place."""
        if self._may(chat, "not_in_groups", _DAY):
            await self.api.say(chat, self.house.words.say("not_in_groups"))

    async def ask(self, chat: int, sentence: str) -> None:
        """One sentence with the button that shares one's number."""
        if self._may(chat, sentence, _AGAIN):
            words = self.house.words
            await self.api.say(chat, words.say(sentence), contact_keyboard(words.say("button_share_phone")))

    def _may(self, chat: int, sentence: str, again: timedelta) -> bool:
        now, key = self.house.now(), (chat, sentence)
        before = self._told.get(key)
        if before is not None and now - before < again:
            return False
        self._told[key] = now
        self._told.move_to_end(key)
        if len(self._told) > _REMEMBERED:
            self._told.popitem(last=False)
        return True

    async def _write(self, work: Callable[[Unit], T]) -> T:
        def done() -> T:
            with self.house.store.write() as unit:
                return work(unit)

        return await asyncio.to_thread(done)
