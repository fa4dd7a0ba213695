"""What comes in: each update is made safe once, whichever way and however often it is delivered."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from typing import Any

import structlog
from telegram import (
    CallbackQuery,
    ChatMemberUpdated,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    MessageReactionUpdated,
    ReactionTypeEmoji,
    Update,
)
from telegram.constants import ChatMemberStatus, ChatType

from actions import accounts, chats, receipts
from actions.house import House
from bot.front import BUTTON
from bot.messages import Arrival, Attached
from bot.taken import danger_in
from bot.telegram.answering import Answering
from bot.telegram.api import Api
from bot.telegram.commands import words_for
from bot.telegram.desk_hearing import DeskHearing
from bot.telegram.reading import Heard, heard
from bot.telegram.strangers import Strangers
from bot.way import Way
from domain.doors import Account
from nlu.zh.danger import Danger
from nlu.zh.text import clean

log = structlog.get_logger()
KINDS = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
    Update.MESSAGE_REACTION,
)
# What a button that we never made is taken for: one that the way will not know either.
_NO_BUTTON = "b_" + "0" * 16
# How long a cry for help waits to hear whose it is.
_WHO_SECONDS = 0.5
_REMEMBERED = 10_000


@dataclass(frozen=True)
class _Came:
    """The chat something came from, and the door's own id of it."""

    chat: int
    number: str


class Receiver:
    """Takes updates apart. `take` returns when an update may be forgotten by Telegram."""

    def __init__(self, house: House, way: Way, api: Api, answering: Answering, staff: DeskHearing) -> None:
        self.house, self.way, self.api, self.answering = house, way, api, answering
        self.strangers = Strangers(house, api, answering.door)
        self.staff = staff
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._known: OrderedDict[int, Account] = OrderedDict()

    async def take(self, update: Update) -> None:
        """Make one update safe. Raises where that failed; it must then be delivered again."""
        if update.update_id in self._seen:
            return
        if update.callback_query is not None:
            await self._pressed(update.callback_query)
        elif update.my_chat_member is not None:
            await self._membership(update.my_chat_member)
        elif update.message_reaction is not None:
            await self._reacted(update.message_reaction)
        elif update.message is not None:
            await self._message(update.message, None)
        elif update.edited_message is not None:
            await self._message(update.edited_message, update.update_id)
        _remember(self._seen, update.update_id, None)

    async def _message(self, message: Message, edit: int | None) -> None:
        if message.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP):
            if message.chat.id in self.staff.desks:
                await self.staff.message(message, edit)
            else:
                self._later(self.strangers.group(message.chat.id))
            return
        sender, found = message.from_user, heard(message)
        if message.chat.type != ChatType.PRIVATE or sender is None or sender.is_bot or found is None:
            return
        came = _Came(message.chat.id, self._number(message))
        danger = danger_in(clean(found.words)) if found.command is None else None
        began = time.monotonic()
        account = await self._account(came, danger)
        if account is None:
            key = f"{self.answering.door}:{came.number}"
            await self._stranger(message, found, key, danger)
        elif not await self._about_the_chat(message, found, account, came):
            arrival = self._arrival(found, account, came, edit)
            await self._say(account, replace(arrival, waited=time.monotonic() - began))

    async def _stranger(self, message: Message, found: Heard, key: str, danger: Danger | None) -> None:
        joining = found.contact is not None or (found.command == "start" and found.rest)
        hearing = self.strangers.hear(message, found, key, danger)
        if joining:
            await hearing  # who has joined must not be forgotten
        else:
            self._later(hearing)

    async def _about_the_chat(self, message: Message, found: Heard, account: Account, came: _Came) -> bool:
        """Joining again, leaving: what is no word to the butler. True where it was that."""
        key = f"{self.answering.door}:{came.number}"
        if found.command == "leave":
            self._known.pop(came.chat, None)
            await self.strangers.leave(account, key)
        elif found.command == "start" and found.rest:
            self._known.pop(came.chat, None)
            await self.strangers.link(came.chat, found.rest, key, account)
        elif found.contact is not None and found.contact.user_id == came.chat:
            self._known.pop(came.chat, None)
            await self.strangers.contact(message, key)
        else:
            return False
        return True

    def _arrival(self, found: Heard, account: Account, came: _Came, edit: int | None) -> Arrival:
        words = found.words
        if found.command == "start":
            words = self.house.words.say("command_start")
        elif found.command is not None:
            words = words_for(self.house.words, found.command, found.rest) or words
        return self._of(
            account,
            words,
            came.number if edit is None else f"{came.number}:e{edit}",
            attached=found.attached,
            edits=None if edit is None else came.number,
        )

    def _of(
        self,
        account: Account,
        words: str,
        number: str,
        attached: Attached | None = None,
        edits: str | None = None,
    ) -> Arrival:
        return Arrival(
            account.person_id, self.answering.door, words, number, account.id, attached=attached, edits=edits
        )

    async def _say(self, account: Account, arrival: Arrival) -> None:
        self._later(self.answering.answer(account, await self.way.take(arrival)))
        if arrival.attached is not None:
            self.staff.files.ring()

    async def _reacted(self, reaction: MessageReactionUpdated) -> None:
        """A sign under a message of ours: it was seen."""
        if reaction.chat.id in self.staff.desks and reaction.new_reaction:
            await self.staff.reacted(reaction)
            return
        signs = [sign for sign in reaction.new_reaction if isinstance(sign, ReactionTypeEmoji)]
        if reaction.chat.type != ChatType.PRIVATE or not signs:
            return
        account = await self._account(_Came(reaction.chat.id, ""), None)
        if account is None:
            return

        def note() -> None:
            with self.house.store.write() as unit:
                found = unit.doors.account(account.id)
                if found is not None:
                    receipts.seen(self.house, unit, found, str(reaction.message_id), signs[0].emoji)

        await asyncio.to_thread(note)

    async def _pressed(self, query: CallbackQuery) -> None:
        if query.message is not None and query.message.chat.id in self.staff.desks:
            await self.staff.press(query)
            return
        # At once: it ends the spinner on the button, whatever comes of the press.
        self._later(self.api.quietly("answer", lambda: self.api.bot.answer_callback_query(query.id)))
        came = _Came(query.from_user.id, f"{self.api.bot.id}:c{query.id}")
        account = await self._account(came, None)
        if account is None:
            self._later(self.strangers.ask(came.chat, "how_to_join"))
            return
        ours = query.message is not None and query.data is not None and BUTTON.fullmatch(query.data)
        data = query.data if ours and query.data else _NO_BUTTON
        await self._say(account, self._of(account, data, came.number))
        if isinstance(query.message, Message) and ours:
            self._later(self._mark(query.message, data))

    async def _mark(self, message: Message, pressed: str) -> None:
        """Show which answer was given, where it can be given only once."""

        def once() -> bool:
            with self.house.store.read() as unit:
                button = unit.conversations.button(pressed)
                return button is not None and button.once and button.pressed_at is not None

        markup = message.reply_markup
        if markup is None or not await asyncio.to_thread(once):
            return
        given = [b for row in markup.inline_keyboard for b in row if b.callback_data == pressed]
        left = [InlineKeyboardButton(f"✓ {b.text.removeprefix('✓ ')}", callback_data=pressed) for b in given]
        await self.api.quietly(
            "mark",
            lambda: self.api.bot.edit_message_reply_markup(
                message.chat.id, message.message_id, reply_markup=InlineKeyboardMarkup([left])
            ),
        )

    async def _membership(self, change: ChatMemberUpdated) -> None:
        """Blocked, or back."""
        account = await self._account(_Came(change.chat.id, ""), None, writes=False)
        if account is None or change.chat.type != ChatType.PRIVATE:
            return
        gone = change.new_chat_member.status in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)

        def note() -> None:
            with self.house.store.write() as unit:
                found = unit.doors.account(account.id)
                if found is not None and gone:
                    chats.blocked(self.house, unit, found)
                elif found is not None:
                    accounts.back(self.house, unit, found)
                    unit.has_deliveries = True

        await asyncio.to_thread(note)

    async def _account(self, came: _Came, danger: Danger | None, *, writes: bool = True) -> Account | None:
        """Whose chat it is. A cry for help does not wait long for the answer: then whose it was before will do."""
        asked = asyncio.to_thread(self._look_up, came.chat, writes)
        try:
            account = await (asked if danger is None else asyncio.wait_for(asked, _WHO_SECONDS))
        except Exception:
            known = self._known.get(came.chat)
            if danger is None or known is not None:
                if known is None or danger is None:
                    raise
                return known
            # Nobody knows who it is, but what to do is the same for all; who it was is found when it comes again.
            self._later(self.strangers.cry(came.chat, danger, f"{self.answering.door}:{came.number}"))
            raise
        if account is None:
            self._known.pop(came.chat, None)
        else:
            _remember(self._known, came.chat, account)
        return account

    def _look_up(self, chat: int, writes: bool) -> Account | None:
        with self.house.store.read() as unit:
            account = unit.doors.account_of(self.answering.door, str(chat))
        if account is not None and account.blocked_at is not None and writes:
            with self.house.store.write() as unit:
                found = unit.doors.account(account.id)
                assert found is not None
                accounts.back(self.house, unit, found)
                unit.has_deliveries = True
                return found
        return account

    def _number(self, message: Message) -> str:
        # Another bot's messages may have the same numbers, and one person may have two chats.
        return f"{self.api.bot.id}:{message.chat.id}:{message.message_id}"

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        self.answering.spawn(work)


def _remember(kept: OrderedDict[Any, Any], key: object, value: object) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > _REMEMBERED:
        kept.popitem(last=False)
