"""Making bots, people and chats; breaking things, setting limits and dates."""

from __future__ import annotations

import time
from typing import Any

from tests.botapi.base import Base, verb
from tests.botapi.state import Bot, Chat, Json


class Making(Base):
    """Bots, people, chats."""

    @verb
    def create_bot(self, token: str, name: str = "管家", username: str = "guanjia_test_bot") -> int:
        """Register a token; returns the bot's user id, which is the number before the colon."""
        number = token.partition(":")[0]
        user: Json = {
            "id": int(number) if number.isdigit() else 10**9 + self.world.count(),
            "is_bot": True,
            "first_name": name,
            "username": username,
        }
        self.world.bots[token] = Bot(token=token, user=user)
        return int(user["id"])

    @verb
    def reset(self, *, limits: bool = True) -> None:
        """Forget people, chats, messages, updates, webhooks and breaks, so that one server does for many tests."""
        self.world.reset()
        self.world.limits.on = limits

    @verb
    def create_user(
        self,
        first_name: str = "王",
        *,
        user_id: int | None = None,
        last_name: str | None = None,
        username: str | None = None,
        phone: str | None = None,
        language: str = "zh-hans",
        started: bool = True,
    ) -> int:
        """A person, and the private chat with every bot unless not `started`; returns the id of both."""
        number = user_id or 5_000_000_000 + self.world.count()
        user: Json = {"id": number, "is_bot": False, "first_name": first_name, "language_code": language}
        if last_name:
            user["last_name"] = last_name
        if username:
            user["username"] = username
        self.world.users[number] = user
        self.world.phones[number] = phone or f"86139{number % 10**8:08d}"
        if started:
            for bot in self.world.bots.values():
                self.world.private_chat(bot, number)
        return number

    @verb
    def create_group(
        self,
        title: str = "群",
        members: list[int] | None = None,
        *,
        kind: str = "supergroup",
        forum: bool = False,
        admin: bool = True,
        bots: list[str] | None = None,
        chat_id: int | None = None,
        username: str | None = None,
    ) -> int:
        """A "group", "supergroup" or "channel"; a forum has topics. Without `admin` the bot hears commands only."""
        number = self.world.count()
        chat = chat_id or (-number - 1_000_000 if kind == "group" else -1_001_000_000_000 - number)
        data: Json = {"id": chat, "type": kind, "title": title}
        if forum:
            data["is_forum"] = True
        if username:
            data["username"] = username
        made = Chat(id=chat, data=data, forum=forum, admin=admin, members=set(members or []))
        made.bots = set(self.world.bots if bots is None else bots)
        self.world.groups[chat] = made
        return chat

    @verb
    def create_channel(self, title: str = "频道", **how: Any) -> int:
        return self.create_group(title, kind="channel", **how)


class Breaking(Base):
    """Limits, breaks and the calendar."""

    @verb
    def set_limits(
        self,
        *,
        on: bool = True,
        total: int = 30,
        burst: int = 3,
        private: float = 1.0,
        group: int = 20,
    ) -> None:
        """Messages: a second in all, at once and a second to a private chat, a minute to a group. Begins anew."""
        limits = self.world.limits
        limits.on, limits.total, limits.burst, limits.private, limits.group = on, total, burst, private, group
        limits.forget()

    @verb
    def break_next(
        self,
        kind: str,
        times: int = 1,
        *,
        method: str | None = None,
        chat: int | None = None,
        bot: str | None = None,
        retry_after: int = 1,
        ms: float = 0.0,
    ) -> int:
        """Break the next calls that fit; returns the number of the rule. The kinds are those of `breaks.KINDS`."""
        how: Json = {"method": method, "chat": chat, "bot": bot, "retry_after": retry_after, "ms": ms}
        return self.world.breaks.add(kind, times=times, **how).id

    @verb
    def break_randomly(
        self,
        kind: str,
        probability: float,
        *,
        seed: int = 0,
        method: str | None = None,
        chat: int | None = None,
        bot: str | None = None,
        retry_after: int = 1,
        ms: float = 0.0,
    ) -> int:
        """Break calls that fit by the dice, until it is mended; 1.0 breaks all of them."""
        how: Json = {"method": method, "chat": chat, "bot": bot, "retry_after": retry_after, "ms": ms}
        return self.world.breaks.add(kind, probability=probability, seed=seed, **how).id

    @verb
    def mend(self, break_id: int | None = None) -> None:
        """Take one rule away, or all."""
        self.world.breaks.mend(break_id)

    @verb
    def fired(self, break_id: int) -> int:
        """How many calls a rule has hit."""
        return next(rule.fired for rule in self.world.breaks.rules if rule.id == break_id)

    @verb
    def set_date(self, unix: float | None) -> None:
        """Let messages carry the date `unix` (seconds) from now on; None goes back to the machine's calendar."""
        self.world.date_offset = 0.0 if unix is None else unix - time.time()

    @verb
    def send_secret(self, secret: str | None = None, bot: str | None = None) -> None:
        """Post updates with this secret instead of the right one; "" sends none, None the right one again."""
        self.bot(bot).secret_override = secret

    @verb
    def expire_callbacks(self, bot: str | None = None) -> None:
        """Let all open presses of buttons be too old to be answered."""
        self.bot(bot).callbacks.clear()

    @verb
    def drop_updates(self, bot: str | None = None) -> None:
        """Forget all updates that are still pending."""
        self.bot(bot).pending.clear()
        self.bot(bot).again.clear()
