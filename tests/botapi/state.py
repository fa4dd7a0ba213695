"""What the server remembers: bots, users, chats, topics, messages, files, updates.

One re-entrant lock guards it all, because tests act from their own thread while the server answers in another.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.botapi.breaks import Breaks
from tests.botapi.limits import Limits

Json = dict[str, Any]

FIRST_UPDATE = 700_000_001
QUIET_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}  # sent only when asked for


@dataclass
class Topic:
    """A topic of a forum; its thread id is the id of the message that opened it."""

    id: int
    name: str
    icon_color: int
    closed: bool = False
    made_by_bot: bool = False


@dataclass
class Message:
    """One message of a chat, and what the tests ask about it."""

    data: Json  # the message in Telegram's own shape, as it stands now
    method: str  # the method that sent it, or "user"
    at: float  # time.monotonic() when it was stored, in seconds
    bot: str | None = None  # the token of the bot that sent it
    markup: Json | None = None  # the whole reply markup; the message itself shows inline keyboards only
    deleted: bool = False
    edits: list[Json] = field(default_factory=list)  # earlier states, oldest first
    reactions: list[Json] = field(default_factory=list)  # the bot's
    user_reactions: dict[int, list[Json]] = field(default_factory=dict)


@dataclass
class Chat:
    """A private chat of one bot with one user, or a group, supergroup or channel that all bots may share."""

    id: int
    data: Json
    forum: bool = False
    admin: bool = True  # the bot is an administrator and hears everything
    members: set[int] = field(default_factory=set)
    bots: set[str] = field(default_factory=set)  # tokens of the bots that are in it
    kicked: set[str] = field(default_factory=set)  # tokens of bots that were thrown out or blocked
    messages: dict[int, Message] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    last_message: int = 0

    @property
    def private(self) -> bool:
        return bool(self.data["type"] == "private")


@dataclass
class File:
    """A file of which the bytes may be made up: `content` None stands for `size` zeros."""

    id: str
    unique: str
    path: str
    size: int  # bytes
    content: bytes | None = None


@dataclass
class Webhook:
    """Where updates are posted to, and what went wrong last."""

    url: str
    secret: str = ""
    max_connections: int = 40
    tries: int = 0  # how often it was posted to
    last_error: str = ""
    last_error_at: int = 0  # unix seconds


@dataclass
class Bot:
    """One registered token."""

    token: str
    user: Json
    pending: dict[int, Json] = field(default_factory=dict)  # updates not yet confirmed, by their id
    again: deque[Json] = field(default_factory=deque)  # updates a test wants delivered a second time
    history: dict[int, Json] = field(default_factory=dict)
    next_update: int = FIRST_UPDATE
    allowed: set[str] | None = None  # None: everything but what is quiet by default
    webhook: Webhook | None = None
    secret_override: str | None = None  # what to send instead of the secret; "" sends none
    chats: dict[int, Chat] = field(default_factory=dict)  # private ones
    commands: dict[str, list[Json]] = field(default_factory=dict)
    menus: dict[int, Json] = field(default_factory=dict)
    callbacks: dict[str, float] = field(
        default_factory=dict
    )  # open callback queries, and when they were pressed
    answers: list[Json] = field(default_factory=list)  # what answerCallbackQuery said
    actions: list[Json] = field(default_factory=list)  # what sendChatAction said
    poll: int = 0  # the number of the newest getUpdates: an older one that still waits is ended
    waiting: int = 0  # how many getUpdates wait for something just now
    wake: Callable[[], None] = lambda: None  # set by the server: something is pending

    def wants(self, kind: str) -> bool:
        return kind not in QUIET_BY_DEFAULT if self.allowed is None else kind in self.allowed


class World:
    """Everything, and the lock."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.bots: dict[str, Bot] = {}
        self.users: dict[int, Json] = {}
        self.phones: dict[int, str] = {}
        self.groups: dict[int, Chat] = {}
        self.files: dict[str, File] = {}
        self.calls: list[Json] = []
        self.outbox: list[tuple[Chat, Message]] = []  # what bots sent, oldest first
        self.outbox_of: dict[
            int, list[tuple[Chat, Message]]
        ] = {}  # the same by chat: who waits for one reads no other
        self.limits = Limits()
        self.breaks = Breaks()
        self.date_offset = 0.0  # seconds between this world's calendar and the machine's
        self.loop: asyncio.AbstractEventLoop | None = None
        self.closing = False
        self._counter = 0

    def reset(self) -> None:
        """Forget everything but the bots, their numbering of updates and who serves them."""
        fresh = World()
        for name in (
            "users",
            "phones",
            "groups",
            "files",
            "calls",
            "outbox",
            "outbox_of",
            "limits",
            "breaks",
            "date_offset",
        ):
            setattr(self, name, getattr(fresh, name))
        for token, old in self.bots.items():
            new = Bot(token=token, user=old.user)
            kept: Json = {
                "wake": old.wake,
                "next_update": old.next_update,
                "poll": old.poll + 1,
                "waiting": old.waiting,
            }
            vars(old).update(vars(new) | kept)  # in place: the server holds on to it
            self.poke(old)

    def count(self) -> int:
        """A number that was not given before."""
        self._counter += 1
        return self._counter

    def date(self) -> int:
        """Now, in unix seconds, as messages carry it."""
        return int(time.time() + self.date_offset)

    def chat_of(self, bot: Bot, chat_id: int) -> Chat | None:
        return bot.chats.get(chat_id) or self.groups.get(chat_id)

    def private_chat(self, bot: Bot, user_id: int) -> Chat:
        """The chat of a bot with a user, opened if there was none."""
        chat = bot.chats.get(user_id)
        if chat is None:
            user = self.users[user_id]
            data: Json = {"id": user_id, "type": "private"}
            data |= {k: user[k] for k in ("first_name", "last_name", "username") if k in user}
            chat = bot.chats[user_id] = Chat(id=user_id, data=data, members={user_id}, bots={bot.token})
        return chat

    def store(self, chat: Chat, data: Json, method: str, bot: Bot | None = None) -> Message:
        """Give a message its number, date and chat, and keep it."""
        chat.last_message += 1
        data = {"message_id": chat.last_message, "date": self.date(), "chat": chat.data} | data
        message = Message(data=data, method=method, at=time.monotonic(), bot=bot.token if bot else None)
        chat.messages[chat.last_message] = message
        if bot is not None:
            self.outbox.append((chat, message))
            self.outbox_of.setdefault(chat.id, []).append((chat, message))
        return message

    def sent_to(self, chat_id: int | None) -> list[tuple[Chat, Message]]:
        """What bots sent to a chat, or to all, oldest first."""
        return self.outbox if chat_id is None else self.outbox_of.get(chat_id, [])

    def push(self, bot: Bot, kind: str, data: Json) -> Json:
        """Queue an update for a bot. One it does not want has the id 0 and goes nowhere."""
        if not bot.wants(kind):
            return {"update_id": 0, kind: data}
        update: Json = {"update_id": bot.next_update, kind: data}
        bot.next_update += 1
        bot.pending[update["update_id"]] = update
        bot.history[update["update_id"]] = update
        self.poke(bot)
        return update

    def poke(self, bot: Bot) -> None:
        """Tell the server's loop that something is pending; harmless before it runs."""
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(bot.wake)

    def keep_file(self, kind: str, content: bytes | None, size: int, suffix: str) -> File:
        number = self.count()
        made = File(
            id=f"{kind}-file-{number:06d}",
            unique=f"u{number:06d}",
            path=f"{kind}/file_{number}{suffix}",
            size=size,
            content=content,
        )
        self.files[made.id] = made
        return made
