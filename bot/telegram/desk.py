"""The desk in a staff group: carries what is stored into one topic per ticket, slowly, and put together where it must.

Telegram lets a bot say twenty things a minute in a group, all topics together. News is gathered only once its place is
there, so whatever happened in between goes out as one message. Pressing, editing and reacting cost no place.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import structlog
from telegram import InputFile

from actions.house import House
from actions.topic_news import Item
from bot.doors.port import Blocked, Later, Refused, SendError
from bot.kept_files import ending, there
from bot.telegram.api import Api
from bot.telegram.desk_pieces import LONGEST, first_chunk, keys
from bot.telegram.desk_rows import DeskRows, Group, Plan
from bot.telegram.sending import cut
from domain.conversations import Lane
from domain.ids import new_id
from domain.topics import Kept, Sent

log = structlog.get_logger()
# Topics are made on need and slowly: a bot that made many at once was banned (PTB #4774).
BETWEEN_TOPICS = 3.0
_LOOK_SECONDS, _TROUBLE_SECONDS, _AWAY_SECONDS, _ASIDE_SECONDS = 1.0, 2.0, 30.0, 60.0
_CAPTION = 1000
# Telegram's words for a topic that somebody has deleted.
_GONE = ("thread not found", "topic_id_invalid", "topic_deleted")
_NO_CARD = ("message to edit not found", "message can't be edited", "message_id_invalid")
_SAME = ("not modified", "topic_not_modified")


class Desk:
    """The worker of one process for one group."""

    def __init__(self, house: House, api: Api, group: Group, folder: Path) -> None:
        self.house, self.api, self.group, self.folder = house, api, group, folder
        self.chat = int(group.chat)
        self.rows = DeskRows(house, group, new_id("dk"))
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._next_topic = 0.0
        self._aside: dict[str, float] = {}

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.house.store.on_words.append(self._ring)
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        with contextlib.suppress(ValueError):
            self.house.store.on_words.remove(self._ring)
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def _ring(self) -> None:
        """Something was stored, by whichever thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake.set)

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            pause = _LOOK_SECONDS
            try:
                pause = await self._look()
            except Later as later:
                # News goes on piling up meanwhile, and goes out put together.
                pause = later.wait.total_seconds() if later.wait is not None else _TROUBLE_SECONDS
                await asyncio.sleep(pause)
            except Blocked as error:
                log.warning("staff_group_away", reason=error.reason)
                await asyncio.sleep(_AWAY_SECONDS)
            except Exception as error:  # whatever it is, the next look may succeed
                log.error("desk_failed", error=type(error).__name__, exc_info=error)
                await asyncio.sleep(_TROUBLE_SECONDS)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), pause)

    async def _look(self) -> float:
        """Bring every topic up to date that is not; how long until something is to be looked at."""
        pause = _LOOK_SECONDS
        for ticket_id in await asyncio.to_thread(self.rows.due):
            if self._aside.get(ticket_id, 0.0) > time.monotonic():
                continue
            try:
                plan = await asyncio.to_thread(self.rows.plan, ticket_id)
                if plan is not None and not await self._bring(plan):
                    pause = max(0.05, self._next_topic - time.monotonic())
            except Refused as error:
                if await self._healed(ticket_id, error):
                    self._wake.set()
                else:
                    log.error("topic_refused", reason=error.reason)
                    self._aside[ticket_id] = time.monotonic() + _ASIDE_SECONDS
            finally:
                await asyncio.to_thread(self.rows.let_go, ticket_id)
        return pause

    async def _healed(self, ticket_id: str, error: Refused) -> bool:
        """A topic or a card that somebody has deleted is made again; whether it was that."""
        words = error.reason.lower()
        if any(gone in words for gone in _GONE):
            await asyncio.to_thread(self.rows.lost, ticket_id)
        elif any(gone in words for gone in _NO_CARD):
            await asyncio.to_thread(self.rows.card_lost, ticket_id)
        else:
            return False
        return True

    async def _bring(self, plan: Plan) -> bool:
        """Do what a topic needs; False where it must wait until topics may be made again."""
        if plan.announces:
            await self._announce(plan)
            return True
        if plan.thread is None:
            if (wait := self._next_topic - time.monotonic()) > 0:
                log.debug("topic_waits", seconds=round(wait, 1))
                return False
            await self._make(plan)
            self._wake.set()
            return True
        if plan.card is not None and plan.card_id is None:
            await self._card(plan, plan.thread)
        else:
            if plan.items:
                await self._tell(plan.ticket_id, plan.thread)
            if plan.card is not None:
                await self._card(plan, plan.thread)
        await self._open_or_close(plan, plan.thread)
        return True

    async def _make(self, plan: Plan) -> None:
        self._next_topic = time.monotonic() + BETWEEN_TOPICS
        try:
            topic = await self.api.call(lambda: self.api.bot.create_forum_topic(self.chat, plan.title))
        except Later as later:
            # Only topics wait for this; what there is to say in others goes on.
            wait = later.wait.total_seconds() if later.wait is not None else _TROUBLE_SECONDS
            self._next_topic = time.monotonic() + wait
            log.info("topic_not_made_yet", seconds=wait)
            return
        await asyncio.to_thread(self.rows.made, plan.ticket_id, topic.message_thread_id)

    async def _card(self, plan: Plan, thread: int | None) -> None:
        assert plan.card is not None
        text, markup = plan.card, keys(plan)
        if plan.card_id is not None:
            number = plan.card_id
            await self._unless_same(
                lambda: self.api.bot.edit_message_text(
                    text, chat_id=self.chat, message_id=number, reply_markup=markup
                )
            )
        else:
            await self.api.limits.turn(self.chat, Lane.HUMAN)
            sent = await self._call(
                lambda: self.api.bot.send_message(
                    self.chat, text, message_thread_id=thread, reply_markup=markup
                )
            )
            number = sent.message_id
        await asyncio.to_thread(self.rows.shown, plan, number)

    async def _announce(self, plan: Plan) -> None:
        if plan.moved is not None and plan.thread is not None:
            await self._say(plan.thread, plan.moved)
            await self._unless_same(lambda: self.api.bot.close_forum_topic(self.chat, plan.thread or 0))
            await asyncio.to_thread(self.rows.moved, plan)
            return
        await self._card(plan, None)

    async def _tell(self, ticket_id: str, thread: int) -> None:
        """Say the news, gathered once there is a place for it, and again until there is none."""
        while True:
            await self.api.limits.turn(self.chat, Lane.HUMAN)
            plan = await asyncio.to_thread(self.rows.plan, ticket_id)
            chunk = first_chunk(plan.items) if plan is not None and not plan.announces else []
            if not chunk:
                return
            number = await self._put(thread, chunk)
            await asyncio.to_thread(self.rows.told, ticket_id, chunk, number)

    async def _put(self, thread: int, chunk: Sequence[Item]) -> int | None:
        """One message, more where words are long or a place comes with them; the number of the last."""
        if (file := chunk[0].file) is not None:
            return await self._file(thread, file, chunk[0].text)
        number = None
        text = "\n".join(item.text for item in chunk if item.text)
        for at, piece in enumerate(cut(text, LONGEST) if text else ()):
            if at:
                await self.api.limits.turn(self.chat, Lane.HUMAN)
            number = await self._send(thread, piece)
        if (place := chunk[0].place) is not None:
            await self.api.limits.turn(self.chat, Lane.HUMAN)
            await self._call(lambda: self.api.bot.send_location(self.chat, *place, message_thread_id=thread))
        return number

    async def _open_or_close(self, plan: Plan, thread: int) -> None:
        if await asyncio.to_thread(self.rows.close, plan.ticket_id, over=plan.closed):
            bot = self.api.bot
            act = bot.close_forum_topic if plan.closed else bot.reopen_forum_topic
            await self._unless_same(lambda: act(self.chat, thread))

    async def _say(self, thread: int | None, text: str) -> None:
        await self.api.limits.turn(self.chat, Lane.HUMAN)
        await self._send(thread, text)

    async def _send(self, thread: int | None, text: str) -> int:
        sent = await self._call(lambda: self.api.bot.send_message(self.chat, text, message_thread_id=thread))
        return int(sent.message_id)

    async def _file(self, thread: int, file: Sent, words: str) -> int:
        """A file with its words: by the name that this bot knows it by, else from the house."""
        bot = self.api.bot
        caption, *more = list(cut(words, _CAPTION)) or [""]
        what: Any = file.ref
        if file.door != "telegram":
            body = await asyncio.to_thread(self._bytes, file)
            what = InputFile(body, filename=f"{file.id}{ending(file.type)}") if body else ""
        send: Any = {"photo": bot.send_photo, "voice": bot.send_voice, "video": bot.send_video}.get(
            # Telegram has no voice in WebM: it goes as a file that the telephone plays.
            file.kind if file.type != "audio/webm" else "file",
            bot.send_document,
        )
        try:
            sent = await self._call(lambda: send(self.chat, what, message_thread_id=thread, caption=caption))
        except Refused as error:
            if any(gone in error.reason.lower() for gone in _GONE):
                raise
            # A file that Telegram will not have must not hold up the words that came with it.
            log.warning("file_not_shown", kind=file.kind)
            return await self._send(thread, words)
        for piece in more:
            await self._say(thread, piece)
        return int(sent.message_id)

    def _bytes(self, file: Sent) -> bytes:
        """What lies in the house; nothing where it is not there any more."""
        path = there(self.folder, file.path) if file.state is Kept.KEPT else None
        return path.read_bytes() if path is not None else b""

    async def _call(self, made: Any) -> Any:
        try:
            return await self.api.call(made)
        except Later as later:
            if later.wait is not None:
                self.api.limits.quiet(self.chat, later.wait.total_seconds())
            raise

    async def _unless_same(self, made: Any) -> None:
        try:
            await self._call(made)
        except Refused as error:
            if not any(same in error.reason.lower() for same in _SAME):
                raise

    async def answer(self, thread: int | None, text: str) -> None:
        """Say something to the one who wished for something; where there is no place for it now it is left out."""
        try:
            await self._say(thread, text)
        except SendError as error:
            log.info("desk_not_answered", reason=type(error).__name__)
