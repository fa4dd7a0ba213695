"""The calls to Telegram that this door makes, with its limits, and its errors in the words of the port."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import Any, TypeVar
from urllib.parse import urlsplit

import structlog
from telegram import (
    Bot,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.constants import ChatAction
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.doors.port import Attachment, Later, SendError, Unknown
from bot.telegram.errors import translated
from bot.telegram.limits import Limits
from bot.telegram.sending import Text
from domain.topics import place_in

log = structlog.get_logger()
T = TypeVar("T")
Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove
# Longer than any long poll.
POLL_SECONDS = 25
_AT_ONCE = 96
# How often words to somebody whom no account knows are tried: they are in no outbox.
_TRIES = 4


class Api:
    """One bot on one server. `trouble` says what the last call met, None where it went well."""

    def __init__(self, token: str, server: str, limits: Limits) -> None:
        self.limits = limits
        self.trouble: str | None = "not reached yet"
        server = server.rstrip("/")
        self.polls = _request(server, 2, read=POLL_SECONDS + 10.0)
        self.bot = Bot(
            token,
            base_url=f"{server}/bot",
            base_file_url=f"{server}/file/bot",
            request=_request(server, _AT_ONCE, read=10.0),
            get_updates_request=self.polls,
        )

    async def call(self, made: Callable[[], Awaitable[T]]) -> T:
        """One call. Raises a SendError."""
        try:
            answer = await made()
        except TelegramError as error:
            failed = translated(error)
            if isinstance(failed, Unknown) or (isinstance(failed, Later) and failed.wait is None):
                self.trouble = failed.reason
            raise failed from error
        self.trouble = None
        return answer

    async def put(self, chat: int, piece: Attachment | Text, markup: Markup | None = None) -> Message:
        """Send one piece; its place under the limits is taken already. Raises a SendError."""
        try:
            return await self.call(lambda: self._put(chat, piece, markup))
        except Later as later:
            if later.wait is not None:
                self.limits.quiet(chat, later.wait.total_seconds())
            raise

    async def _put(self, chat: int, piece: Attachment | Text, markup: Markup | None) -> Message:
        if isinstance(piece, Text):
            return await self.bot.send_message(
                chat, piece.text, entities=piece.entities or None, reply_markup=piece.buttons or markup
            )
        if piece.kind == "place":
            lat, lon = place_in(str(piece.path)) or (0.0, 0.0)
            return await self.bot.send_location(chat, lat, lon)
        send = {"photo": self.bot.send_photo, "voice": self.bot.send_voice}.get(
            piece.kind, self.bot.send_document
        )
        sent: Message = await send(chat, piece.path)  # type: ignore[operator]
        return sent

    async def say(self, chat: int, text: str, markup: Markup | None = None) -> bool:
        """Say something to a chat that no account knows: it is in no outbox and tried a few times only."""
        for last in (False,) * (_TRIES - 1) + (True,):
            wait = 1.0
            try:
                await self.limits.turn(chat, 0)
                await self.put(chat, Text(text), markup)
                return True
            except Later as later:
                wait = later.wait.total_seconds() if later.wait else wait
            except Unknown:
                pass
            except SendError as error:
                log.info("telegram_not_said", reason=type(error).__name__)
                return False
            if not last:
                await asyncio.sleep(min(wait, 10.0))
        return False

    async def quietly(self, what: str, made: Callable[[], Awaitable[Any]]) -> None:
        """A call whose failure costs nothing: a sign of life, a spinner, a keyboard."""
        try:
            await self.call(made)
        except SendError as error:
            log.debug("telegram_small_call_failed", what=what, reason=error.reason)

    async def typing(self, chat: int) -> None:
        await self.quietly("typing", lambda: self.bot.send_chat_action(chat, ChatAction.TYPING))

    async def open(self) -> None:
        """Find out who the bot is. Raises a SendError."""
        await self.polls.initialize()
        await self.bot.request.initialize()
        await self.call(self.bot.get_me)

    async def close(self) -> None:
        await self.polls.shutdown()
        await self.bot.request.shutdown()


def contact_keyboard(title: str) -> ReplyKeyboardMarkup:
    """The one button that a stranger gets: it shares one's own telephone number."""
    return ReplyKeyboardMarkup(
        [[KeyboardButton(title, request_contact=True)]], resize_keyboard=True, one_time_keyboard=True
    )


def _request(server: str, connections: int, read: float) -> HTTPXRequest:
    # A machine's proxy settings are for the world outside, not for a server on loopback.
    return HTTPXRequest(
        connection_pool_size=connections,
        connect_timeout=5.0,
        read_timeout=read,
        write_timeout=10.0,
        pool_timeout=3.0,
        httpx_kwargs={"trust_env": not _on_loopback(server)},
    )


def _on_loopback(server: str) -> bool:
    host = urlsplit(server).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
