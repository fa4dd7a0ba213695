"""What the bot did: the messages it sent, the calls it made, what it said twice."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict

from tests.botapi.base import Base, ControlError, patient, verb
from tests.botapi.state import Chat, Json, Message

PATIENCE = 5.0  # seconds to wait for something, unless a test says otherwise


class Watching(Base):
    """Verbs that look. Times are `time.monotonic()` in seconds, which is the same in all processes of a machine."""

    @verb
    def bots(self) -> list[Json]:
        """The registered bots."""
        return [{"token": b.token, **b.user} for b in self.world.bots.values()]

    @verb
    def sent(
        self, chat: int | None = None, *, bot: str | None = None, thread: int | None = None
    ) -> list[Json]:
        """All messages that the bot sent, oldest first, as they stand now; a deleted one is there and says so."""
        return [
            _shown(where, message)
            for where, message in self.world.sent_to(chat)
            if bot in (None, message.bot) and thread in (None, message.data.get("message_thread_id"))
        ]

    @verb
    def texts(
        self, chat: int | None = None, *, bot: str | None = None, thread: int | None = None
    ) -> list[str]:
        """The texts of what the bot sent and did not delete; of a photo its caption."""
        return [m["text"] for m in self.sent(chat, bot=bot, thread=thread) if not m["deleted"]]

    @verb
    def doubled(self, chat: int | None = None, *, bot: str | None = None) -> list[Json]:
        """The texts that the bot sent to one chat more than once, with how often."""
        counts = Counter((m["chat"], m["text"]) for m in self.sent(chat, bot=bot) if m["text"])
        return [{"chat": c, "text": text, "times": n} for (c, text), n in counts.items() if n > 1]

    @verb
    def calls(
        self, method: str | None = None, *, chat: int | None = None, bot: str | None = None
    ) -> list[Json]:
        """The calls that were made and have ended: at, bot, method, chat, params, status, description."""
        return [
            call
            for call in self.world.calls
            if method in (None, call["method"])
            and chat in (None, call["chat"])
            and bot in (None, call["bot"])
        ]

    @verb
    def answers(self, bot: str | None = None) -> list[Json]:
        """What was answered to presses of buttons."""
        return list(self.bot(bot).answers)

    @verb
    def actions(self, bot: str | None = None) -> list[Json]:
        """What the bot showed itself doing: typing and the like."""
        return list(self.bot(bot).actions)

    @verb
    def commands(self, bot: str | None = None) -> list[Json]:
        """The commands that were set, with the scope and language of each list."""
        return [{"key": key, "commands": commands} for key, commands in self.bot(bot).commands.items()]

    @verb
    def reactions(self, chat: int, message_id: int, bot: str | None = None) -> list[Json]:
        """The bot's reactions to a message."""
        return self.chat(chat, bot).messages[message_id].reactions

    @verb
    def topics(self, chat: int) -> list[Json]:
        """The topics of a forum."""
        topics = self.chat(chat).topics.values()
        return [{"thread": t.id, "name": t.name, "closed": t.closed, "by_bot": t.made_by_bot} for t in topics]

    @verb
    def pending(self, bot: str | None = None) -> list[int]:
        """The numbers of updates that the bot has not confirmed yet."""
        return list(self.bot(bot).pending)

    @verb
    def webhook(self, bot: str | None = None) -> Json | None:
        """The webhook that the bot has set, how often it was posted to, and what went wrong last."""
        hook = self.bot(bot).webhook
        return None if hook is None else asdict(hook)

    @verb
    def update(self, update_id: int, bot: str | None = None) -> Json:
        """An update that was made once."""
        return self.bot(bot).history[update_id]

    @verb
    def forget(self) -> None:
        """Let `calls` begin anew, and the limits."""
        self.world.calls.clear()
        self.world.limits.forget()

    @patient
    def wait_sent(
        self, chat: int | None = None, count: int = 1, *, text: str | None = None, timeout: float = PATIENCE
    ) -> list[Json]:
        """Wait until the bot has sent `count` messages to the chat (in which `text` stands); returns them all.

        Blocks the thread: in a coroutine use `asyncio.to_thread`. So do the other verbs that wait.
        """

        def fits(message: Message) -> bool:
            return text is None or text in _text(message)

        def enough() -> bool:
            return sum(fits(message) for _, message in self.world.sent_to(chat)) >= count

        self._wait(enough, timeout, f"{count} messages to {chat} with {text!r}")
        with self.world.lock:
            return [_shown(*one) for one in self.world.sent_to(chat) if fits(one[1])]

    @patient
    def wait_calls(
        self, method: str, count: int = 1, *, chat: int | None = None, timeout: float = PATIENCE
    ) -> list[Json]:
        """Wait until a method was called so often, whatever came of it."""
        self._wait(lambda: len(self.calls(method, chat=chat)) >= count, timeout, f"{count} calls of {method}")
        return self.calls(method, chat=chat)

    @patient
    def wait_confirmed(self, bot: str | None = None, *, timeout: float = PATIENCE) -> None:
        """Wait until the bot has taken all its updates."""
        owner = self.bot(bot)
        self._wait(lambda: not owner.pending and not owner.again, timeout, "all updates confirmed")

    @patient
    def wait_tries(self, count: int, bot: str | None = None, *, timeout: float = PATIENCE) -> None:
        """Wait until the webhook was posted to so often since it was set."""
        owner = self.bot(bot)
        self._wait(
            lambda: owner.webhook is not None and owner.webhook.tries >= count, timeout, f"{count} posts"
        )

    @patient
    def wait_polling(self, bot: str | None = None, *, timeout: float = PATIENCE) -> None:
        """Wait until the bot sits in a long poll: it runs, and has nothing to do."""
        owner = self.bot(bot)
        self._wait(lambda: owner.waiting > 0, timeout, "a long poll")

    def _wait(self, there: Callable[[], bool], timeout: float, what: str) -> None:
        """Look again and again, and spend at most a fifth of the time on looking."""
        until = time.monotonic() + timeout
        while True:
            begun = time.monotonic()
            with self.world.lock:
                if there():
                    return
            now = time.monotonic()
            if now >= until:
                raise ControlError(f"waited {timeout} s for {what}")
            time.sleep(max(0.003, 4 * (now - begun)))


def _text(message: Message) -> str:
    return str(message.data.get("text", message.data.get("caption", "")))


def _shown(chat: Chat, message: Message) -> Json:
    data, markup = message.data, message.markup or {}
    rows = markup.get("inline_keyboard") or markup.get("keyboard") or []
    return {
        "chat": chat.id,
        "message_id": data["message_id"],
        "at": message.at,
        "method": message.method,
        "text": _text(message),
        "buttons": [[b if isinstance(b, str) else b["text"] for b in row] for row in rows],
        "markup": message.markup,
        "thread": data.get("message_thread_id"),
        "bot": message.bot,
        "deleted": message.deleted,
        "edits": len(message.edits),
        "data": data,
    }
