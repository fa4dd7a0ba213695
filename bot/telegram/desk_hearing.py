"""What staff say and press in their group. Who they are is known by their joined account; what they may, by the policy."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import structlog
from telegram import CallbackQuery, ForceReply, Message, MessageReactionUpdated

from actions import receipts, topic_work
from actions.house import House
from actions.in_hand import readable
from actions.sent_files import Body
from actions.topic_work import ASKS, Wish
from bot.doors.port import SendError
from bot.telegram.api import Api
from bot.telegram.desk import Desk
from bot.telegram.desk_pieces import pressed
from bot.telegram.files import Files
from bot.telegram.reading import Heard, heard
from domain.conversations import Lane
from domain.errors import RuleBroken
from domain.people import Person
from nlu.zh.text import clean

log = structlog.get_logger()
# What a file is called on its way to the member's chat.
_KINDS = {"photo": "photo", "voice": "voice", "file": "document", "video": "document"}


_STORED, _SEEN = "👍", "👀"
Later = Callable[[Coroutine[Any, Any, None]], None]


def where_from(key: str) -> tuple[int, int, int] | None:
    """The bot, the chat and the number of a message, out of the key that `receiving` gave it."""
    parts = key.split(":")[2:5]
    if len(parts) < 3 or not all(part.removeprefix("-").isdigit() for part in parts):
        return None
    bot, chat, number = map(int, parts)
    return bot, chat, number


class DeskHearing:
    """The way in from the staff groups. What needs the network goes on by itself (`later`): elders do not wait for it."""

    def __init__(
        self, house: House, api: Api, door: str, desks: Mapping[int, Desk], files: Files, later: Later
    ) -> None:
        self.house, self.api, self.door, self.desks, self.files = house, api, door, desks, files
        self._later = later
        self._order: dict[tuple[int, int], asyncio.Lock] = defaultdict(asyncio.Lock)
        self._ahead: Counter[tuple[int, int]] = Counter()

    async def message(self, message: Message, edit: int | None) -> None:
        """One message of the group. Words outside topics are the group's own and nobody else's."""
        thread, found = message.message_thread_id, heard(message)
        if found is None or not (message.is_topic_message and thread):
            return
        place, work = (message.chat.id, thread), self._hear(message, found, edit)
        if found.attached is None and not self._ahead[place]:
            await work
            return
        # A file takes its time to be fetched: what comes after it in the same topic waits for it, others do not.
        self._ahead[place] += 1
        self._later(self._in_order(place, work))

    async def _in_order(self, place: tuple[int, int], work: Coroutine[Any, Any, None]) -> None:
        try:
            async with self._order[place]:
                await work
        finally:
            self._ahead[place] -= 1
            if not self._ahead[place]:
                del self._ahead[place], self._order[place]

    async def _hear(self, message: Message, found: Heard, edit: int | None) -> None:
        sender, thread = message.from_user, message.message_thread_id
        person = await asyncio.to_thread(self._staff, sender.id) if sender and not sender.is_bot else None
        if person is None:
            self._answer(message, None if sender is None or sender.is_bot else "topic_not_staff")
            return
        ticket_id = await asyncio.to_thread(self._ticket, str(message.chat.id), thread or 0)
        if ticket_id is None:
            return  # a topic that somebody opened by hand
        if found.attached is not None and found.attached.kind not in (*_KINDS, "place"):
            self._answer(message, "topic_cannot")
            return
        try:
            files = await self._files(found.attached)
        except SendError:
            self._answer(message, "topic_not_fetched")
            return
        wish = self._wish(message, found, edit, files)
        if wish is None or wish.files != files:
            await asyncio.to_thread(self.files.drop, files)
        if wish is None:
            return
        said = await asyncio.to_thread(self._do, person, ticket_id, wish)
        if said is not None:
            self._later(self.desks[message.chat.id].answer(thread, said))
            return
        sign = self.api.bot.set_message_reaction
        self._later(self.api.quietly("stored", lambda: sign(message.chat.id, message.message_id, _STORED)))

    def _wish(self, message: Message, found: Heard, edit: int | None, files: tuple[Body, ...]) -> Wish | None:
        """What a message means; None for one that means nothing. An edit corrects what was said to the member."""
        key = f"tg:{message.chat.id}:{message.message_id}" + ("" if edit is None else f":e{edit}")
        words = clean(found.words)
        if found.attached is not None and not words.strip():
            words = self.house.words.say(f"was_{found.attached.kind}")
        if not words.strip():
            return None
        wish = topic_work.wish_of(self.house, words, self._asked(message), key, files)
        if edit is None:
            return wish
        if wish.verb != "reply":
            return None
        return Wish("reply", self.house.words.say("topic_correction", text=wish.words), key)

    def _answer(self, message: Message, name: str | None) -> None:
        if name is not None:
            desk = self.desks[message.chat.id]
            self._later(desk.answer(message.message_thread_id, self.house.words.say(name)))

    async def reacted(self, reaction: MessageReactionUpdated) -> None:
        """A butler's sign under what a topic tells: the elder sees that it was read."""
        user = reaction.user
        person = await asyncio.to_thread(self._staff, user.id) if user is not None else None
        if person is None:
            return
        seen = await asyncio.to_thread(self._looked, person, str(reaction.chat.id), reaction.message_id)
        known = where_from(seen.message.key) if seen is not None and seen.account is not None else None
        if known is not None and known[0] == self.api.bot.id:
            sign = self.api.bot.set_message_reaction
            self._later(self.api.quietly("seen", lambda: sign(known[1], known[2], _SEEN)))

    def _looked(self, person: Person, chat: str, number: int) -> receipts.Seen | None:
        try:
            with self.house.store.write() as unit:
                return receipts.looked(self.house, unit, person, chat, number)
        except RuleBroken as error:
            log.info("desk_refused", verb="look", code=error.code)
            return None

    async def press(self, query: CallbackQuery) -> None:
        """A button under a card."""
        meant, message = pressed(query.data), query.message
        person = await asyncio.to_thread(self._staff, query.from_user.id)
        said: str | None = None
        if person is None:
            said = self.house.words.say("topic_not_staff")
        elif meant is None:
            said = self.house.words.say("topic_gone")
        elif meant[0] not in ASKS:
            said = await asyncio.to_thread(self._do, person, meant[1], Wish(meant[0], key=f"tg:c{query.id}"))
        elif isinstance(message, Message) and await asyncio.to_thread(self._may_read, person, meant[1]):
            self._later(self._ask(meant[0], message))
        else:
            said = self.house.words.say("topic_gone")
        answer = self.api.bot.answer_callback_query
        self._later(
            self.api.quietly("answer", lambda: answer(query.id, text=said, show_alert=said is not None))
        )

    async def _ask(self, verb: str, message: Message) -> None:
        """Ask for the words that a button needs."""
        try:
            await self.api.limits.turn(message.chat.id, Lane.HUMAN)
            await self.api.call(
                lambda: self.api.bot.send_message(
                    message.chat.id,
                    self.house.words.say(f"topic_ask_{verb}"),
                    message_thread_id=message.message_thread_id,
                    reply_markup=ForceReply(selective=True),
                )
            )
        except SendError as error:
            log.info("desk_not_answered", reason=type(error).__name__)

    def _asked(self, message: Message) -> str | None:
        """The text of our own message that this one replies to."""
        to = message.reply_to_message
        ours = to is not None and to.from_user is not None and to.from_user.id == self.api.bot.id
        return to.text if to is not None and ours else None

    async def _files(self, attached: object) -> tuple[Body, ...]:
        kind, ref = getattr(attached, "kind", ""), getattr(attached, "ref", "")
        if kind == "place":
            return (Body("place", ref),)
        return (await self.files.keep(_KINDS[kind], ref),) if kind in _KINDS else ()

    def _staff(self, user: int) -> Person | None:
        with self.house.store.read() as unit:
            account = unit.doors.account_of(self.door, str(user))
            person = unit.people.get(account.person_id) if account is not None else None
            return person if person is not None and person.role.is_butler else None

    def _ticket(self, chat: str, thread: int) -> str | None:
        with self.house.store.read() as unit:
            ticket = unit.topics.ticket_of(chat, thread)
            return ticket.id if ticket is not None else None

    def _may_read(self, person: Person, ticket_id: str) -> bool:
        with self.house.store.read() as unit:
            try:
                readable(unit, person, ticket_id)
            except RuleBroken:
                return False
            return True

    def _do(self, person: Person, ticket_id: str, wish: Wish) -> str | None:
        """Do it, or say why not: then nothing has changed."""
        if (said := topic_work.refusal(self.house, wish)) is not None:
            return said
        try:
            with self.house.store.write() as unit:
                return topic_work.do(self.house, unit, person, ticket_id, wish)
        except RuleBroken as error:
            log.info("desk_refused", verb=wish.verb, code=error.code)
            self.files.drop(wish.files)
            return topic_work.refusal(self.house, wish, error)
