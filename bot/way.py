"""The way of a message, the same for every door: stored once, safety, a person please, the owner, Rasa, the outbox.

A door hands in an `Arrival` and gets back what to show now. What cannot be answered now (Rasa is away) stays
stored and is answered once, in order, when Rasa is back. A door that must be written to calls `take` and `answer`
apart: once something is taken the door may let go of it, and its replies go out by the outbox.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine
from itertools import chain, repeat
from typing import Any

import structlog

from actions import raise_alarm, sent_files
from actions.book import renew
from actions.cry import take as take_cry
from actions.hand_over import words_for
from actions.house import House
from actions.say import Choice, put
from bot.front import BUTTON, LONGEST, Front
from bot.journal import Cry, Journal
from bot.messages import Arrival, Reply, shown
from bot.rasa_client import RasaAway, RasaClient
from bot.recovery import settle_answered, waiting
from bot.showing import leaving
from bot.taken import Stored, Taken, danger_in, facts, push
from domain.conversations import Conversation, Message, Speaker, State
from domain.people import Person
from domain.store import Unit
from nlu.zh.danger import Danger, detect
from nlu.zh.secrets import mask
from nlu.zh.text import clean

log = structlog.get_logger()
# The first sentence of an emergency waits no longer than this for the database.
_FIRST_WORDS_SECONDS, _AT_LEAST = 0.6, 0.1
# How soon a cry is brought to a database that did not take it.
_PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0)


class LoginOver(Exception):
    """The person has shut out the login that this came by, or is no more."""


class Way:
    """The one way in. `patience` is how long somebody waits for Rasa before being told, in seconds."""

    def __init__(self, house: House, rasa: RasaClient, journal: Journal, *, patience: float = 10.0) -> None:
        self.house, self.rasa, self.journal, self.patience = house, rasa, journal, patience
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._tasks: set[asyncio.Task[None]] = set()

    async def receive(self, arrival: Arrival) -> list[Reply]:
        """Take in one message and return what to show now; a repeat returns what was answered before."""
        return await self.answer(await self.take(arrival))

    async def take(self, arrival: Arrival) -> Taken:
        """Make one message safe: in the database, or a cry for help in the journal."""
        text = clean(arrival.text)
        danger = None if BUTTON.fullmatch(text) else danger_in(text)
        if danger is not None:
            return Taken(arrival, now=await self._cry(arrival, text, danger))
        return Taken(arrival, await asyncio.to_thread(self._store, arrival, text))

    async def answer(self, taken: Taken) -> list[Reply]:
        """What to show now for what was taken; nothing where the outbox carries the replies."""
        stored = taken.stored
        if stored is None:
            return taken.now
        if stored.answered:
            return await asyncio.to_thread(self._collect, stored.message_id)
        done = self._work_off(stored.conversation_id)
        finished, _ = await asyncio.wait({done}, timeout=self.patience)
        if not finished:
            return await asyncio.to_thread(self._put_off, stored)
        if taken.arrival.account_id:
            return []
        return await asyncio.to_thread(self._collect, stored.message_id)

    # Safety: before everything, whether Rasa or the database answer or not.

    async def _cry(self, arrival: Arrival, text: str, danger: Danger) -> list[Reply]:
        first = raise_alarm.first_words(self.house, danger)
        work = self._begin(self._keep(arrival, text, danger))
        done, _ = await asyncio.wait({work}, timeout=max(_AT_LEAST, _FIRST_WORDS_SECONDS - arrival.waited))
        settled = bool(done) and not work.cancelled()
        if settled and isinstance(work.exception(), LoginOver):
            raise LoginOver
        if settled and work.exception() is None:
            with_row = await asyncio.to_thread(self._replies_to, arrival.key)
            if with_row or arrival.account_id:
                return with_row
        log.warning("first_words_before_row", category=danger.category)
        return [Reply(None, first.text, str(Speaker.AI), urgent=True)]

    async def _keep(self, arrival: Arrival, text: str, danger: Danger) -> None:
        """Write a cry down, then record it; the first words wait for neither a slow disk nor a full one."""
        cry = Cry(arrival.key, arrival.person_id, arrival.channel, mask(text)[0], arrival.account_id)
        await self._write(self.journal.note, cry)
        await self._record(arrival, text, danger)

    async def _write(self, line: Callable[[Any], None], what: object) -> None:
        try:
            await asyncio.to_thread(line, what)
        except OSError as error:
            log.error("journal_not_written", error=type(error).__name__)

    async def _record(self, arrival: Arrival, text: str, danger: Danger) -> None:
        """Put a cry in the database, as soon as that answers; who is not known any more has no row."""
        for pause in chain(_PAUSES, repeat(_PAUSES[-1])):
            try:
                await asyncio.to_thread(self._alarm, arrival, text, danger)
                break
            except (LoginOver, LookupError):
                await self._write(self.journal.done, arrival.key)
                raise
            except Exception as error:  # noqa: BLE001  (whatever it is, a cry is tried again)
                log.error("cry_not_recorded", error=type(error).__name__)
                await asyncio.sleep(pause)
        await self._write(self.journal.done, arrival.key)

    def _alarm(self, arrival: Arrival, text: str, danger: Danger) -> None:
        """The rows of a cry: the message, the first sentence, the ticket, the alerts."""
        with self.house.store.write() as unit:
            message, conversation, actor, fresh = self._row(unit, arrival, text)
            if not fresh:
                return
            take_cry(self.house, unit, conversation, actor, message, danger, text)

    async def recover(self) -> None:
        """After a start: do what cries still ask for, then answer what was left unanswered."""
        for cry in list(self.journal.open()):
            danger = detect(cry.text)
            if danger is not None:
                number = cry.key.split(":", 2)[2]
                arrival = Arrival(cry.person_id, cry.channel, cry.text, number, cry.account_id)
                await self._record(arrival, cry.text, danger)
        await asyncio.to_thread(settle_answered, self.house)
        await self.catch_up()

    async def stop(self) -> None:
        """Leave what waits for the next start; it is stored."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def catch_up(self, *, own: bool = False) -> None:
        """Answer what is stored and unanswered, now that Rasa may be back; or only where we spoke to the dialogue."""
        for conversation_id in await asyncio.to_thread(waiting, self.house, own=own):
            await self._work_off(conversation_id)

    def go_on(self) -> None:
        """Words of our own were just stored: a task that a person had interrupted goes on. In the running loop."""
        self._begin(self.catch_up(own=True))

    # Storing what came in.

    def _store(self, arrival: Arrival, text: str) -> Stored:
        with self.house.store.write() as unit:
            message, conversation, actor, fresh = self._row(unit, arrival, text)
            assert message.id is not None
            if fresh:
                renew(self.house, unit, actor.id)
                Front(self.house, unit, message, conversation, actor).take(text)
            return Stored(conversation.id, message.id, message.state is not State.RECEIVED)

    def _row(self, unit: Unit, arrival: Arrival, text: str) -> tuple[Message, Conversation, Person, bool]:
        actor = unit.people.get(arrival.person_id)
        if actor is None:
            raise LoginOver
        if arrival.login_at is not None and not actor.holds_login(arrival.login_at):
            raise LoginOver
        # Locked, so that one update delivered twice at the same moment is stored once.
        conversation = unit.conversations.locked(unit.conversations.of(actor.id).id)
        known = unit.conversations.by_key(arrival.key)
        if known is not None:
            return known, conversation, actor, False
        safe, _ = mask(text)
        message = Message(
            conversation_id=conversation.id,
            direction="in",
            speaker=Speaker.MEMBER,
            channel=arrival.channel,
            text=safe[: LONGEST * 12],
            key=arrival.key,
            state=State.RECEIVED,
            created_at=self.house.now(),
            author_id=actor.id,
            owner_version=conversation.version,
            payload=facts(arrival),
        )
        unit.conversations.add(message)
        unit.has_words = True
        unit.flush()
        sent_files.came(self.house, unit, message, message.payload.get("attached"))
        return message, conversation, actor, True

    # Rasa, one message of a conversation after the other.

    def _work_off(self, conversation_id: str) -> asyncio.Task[None]:
        return self._begin(self._drain(conversation_id))

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _drain(self, conversation_id: str) -> None:
        """Answer everything of a conversation that waits, oldest first; wait where Rasa is away."""
        async with self._locks[conversation_id]:
            while (waiting := await asyncio.to_thread(self._next, conversation_id)) is not None:
                message_id, text = waiting
                while True:
                    try:
                        await self.rasa.turn(conversation_id, text, message_id)
                        break
                    except RasaAway:
                        await asyncio.sleep(0.5)
                await asyncio.to_thread(self._answered, conversation_id, message_id)

    def _next(self, conversation_id: str) -> tuple[int, str] | None:
        with self.house.store.read() as unit:
            message = unit.conversations.next_unanswered(conversation_id)
            if message is None:
                return None
            assert message.id is not None
            action = message.payload.get("action")
            text = str(action) if action else message.text.replace("/", "／")
            return message.id, text

    def _answered(self, conversation_id: str, message_id: int) -> None:
        with self.house.store.write() as unit:
            message = unit.conversations.message(message_id)
            conversation = unit.conversations.locked(conversation_id)
            assert message is not None
            replies = unit.conversations.replies(message_id)
            late = bool(message.payload.get("late"))
            if not [r for r in replies if not r.key.endswith(":away")] and conversation.human_id is None:
                put(
                    unit,
                    conversation,
                    self.house.words.say("trouble"),
                    key=f"m{message.id}:way",
                    now=self.house.now(),
                    choices=(Choice(self.house.words.say("button_human"), "/request_human", once=False),),
                    reply_to=message.id,
                )
                replies = unit.conversations.replies(message_id)
            message.state = State.ANSWERED
            for reply in replies:
                # What has been shown or sent already was said.
                if reply.state is State.QUEUED and not words_for(unit, conversation, reply.owner_version):
                    reply.state, reply.reason = State.DROPPED, "a person speaks"
            if late:
                push(message, replies)

    def _put_off(self, stored: Stored) -> list[Reply]:
        """Tell somebody who has waited long enough; the answer comes later, pushed."""
        with self.house.store.write() as unit:
            message = unit.conversations.message(stored.message_id)
            assert message is not None
            if message.state is State.RECEIVED:
                message.payload = {**message.payload, "late": True}
                conversation = unit.conversations.locked(stored.conversation_id)
                put(
                    unit,
                    conversation,
                    self.house.words.say("away"),
                    key=f"m{message.id}:away",
                    now=self.house.now(),
                    choices=(Choice(self.house.words.say("button_human"), "human:life", False),),
                    reply_to=message.id,
                )
        return self._collect(stored.message_id)

    # Sending.

    def _replies_to(self, key: str) -> list[Reply]:
        with self.house.store.read() as unit:
            message = unit.conversations.by_key(key)
        return self._collect(message.id) if message is not None and message.id is not None else []

    def _collect(self, message_id: int) -> list[Reply]:
        """What was answered to a message, marked as sent; whether it may still be said is checked right here.

        Nothing where it came from a chat that is written to: there the outbox sends, checks and marks.
        """
        with self.house.store.write() as unit:
            message = unit.conversations.message(message_id)
            assert message is not None
            if "account" in message.payload:
                return []
            conversation = unit.conversations.locked(message.conversation_id)
            mine = [reply for reply in unit.conversations.replies(message_id) if not reply.pushed]
            return [shown(self.house, reply) for reply in leaving(self.house, unit, conversation, mine)]
