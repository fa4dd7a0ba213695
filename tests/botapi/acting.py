"""What people do in Telegram: they write, press, share, send, edit, react, block.

Every verb returns the update as the bot gets it (of the first bot, where a chat has several). Its `update_id` is 0
when the bot did not want that kind or, not being an administrator, may not see the message.
"""

from __future__ import annotations

import time

from tests.botapi.base import ControlError, verb
from tests.botapi.entities import with_found
from tests.botapi.methods.topics import close_off, open_topic
from tests.botapi.people import People
from tests.botapi.state import Chat, Json, Message


class Acting(People):
    """Verbs of people. `user` is who does it, `chat` is where: the private chat with the bot unless it is said."""

    @verb
    def says(
        self,
        user: int,
        text: str,
        *,
        chat: int | None = None,
        bot: str | None = None,
        thread: int | None = None,
        reply_to: int | None = None,
    ) -> Json:
        """Write a text; commands and links in it are marked as Telegram does."""
        content: Json = {"text": text}
        if entities := with_found(text, []):
            content["entities"] = entities
        return self._send(user, content, chat, bot, thread, reply_to)

    @verb
    def presses(
        self,
        user: int,
        text: str | None = None,
        *,
        data: str | None = None,
        message_id: int | None = None,
        chat: int | None = None,
        bot: str | None = None,
        forged: bool = False,
    ) -> Json:
        """Press the inline button with this text or this data, on the newest message that has it.

        With `forged`, `data` need not stand on any button: so does a tampered client.
        """
        where = self._where(user, chat, bot)
        message, pressed = _button(where, text, data, message_id, forged)
        assert message.bot is not None
        owner, query = self.bot(message.bot), str(10**18 + self.world.count())
        owner.callbacks[query] = time.monotonic()
        found: Json = {"id": query, "from": self.world.users[user], "message": message.data}
        found |= {"chat_instance": str(where.id), "data": pressed}
        return self.world.push(owner, "callback_query", found)

    @verb
    def edits(
        self, user: int, message_id: int, text: str, *, chat: int | None = None, bot: str | None = None
    ) -> Json:
        """Change the text of one's own message."""
        where = self._where(user, chat, bot)
        message = where.messages[message_id]
        if message.data.get("from", {}).get("id") != user or "text" not in message.data:
            raise ControlError("only texts of one's own can be edited")
        message.edits.append(message.data)
        kept = {k: v for k, v in message.data.items() if k != "entities"}
        message.data = kept | {"text": text, "edit_date": self.world.date()}
        if entities := with_found(text, []):
            message.data["entities"] = entities
        return self._tell(where, "edited_message", message)

    @verb
    def reacts(
        self,
        user: int,
        message_id: int,
        emoji: str | None = "👍",
        *,
        chat: int | None = None,
        bot: str | None = None,
    ) -> Json:
        """Set the reaction to a message, or take it away with None. Bots get it only if they asked for it."""
        where = self._where(user, chat, bot)
        message = where.messages[message_id]
        old = message.user_reactions.get(user, [])
        new = [{"type": "emoji", "emoji": emoji}] if emoji else []
        message.user_reactions[user] = new
        what: Json = {"chat": where.data, "message_id": message_id, "user": self.world.users[user]}
        what |= {"date": self.world.date(), "old_reaction": old, "new_reaction": new}
        if not where.private and not where.admin:
            return {"update_id": 0, "message_reaction": what}
        updates = [self.world.push(b, "message_reaction", what) for b in self._bots(where)]
        return updates[0]

    @verb
    def blocks(self, user: int, bot: str | None = None) -> Json:
        """Block the bot: it gets my_chat_member, and 403 when it writes."""
        where = self.world.private_chat(self.bot(bot), user)
        where.kicked.add(self.bot(bot).token)
        return self._membership(where, user, "member", "kicked", bot)

    @verb
    def unblocks(self, user: int, bot: str | None = None) -> Json:
        where = self.world.private_chat(self.bot(bot), user)
        where.kicked.discard(self.bot(bot).token)
        return self._membership(where, user, "kicked", "member", bot)

    @verb
    def kicks_bot(self, user: int, chat: int, bot: str | None = None) -> Json:
        """Throw the bot out of a group."""
        where = self.chat(chat, bot)
        where.kicked.add(self.bot(bot).token)
        return self._membership(where, user, "member", "kicked", bot)

    @verb
    def adds_bot(self, user: int, chat: int, bot: str | None = None) -> Json:
        """Take the bot into a group."""
        where = self.chat(chat, bot)
        where.bots.add(self.bot(bot).token)
        where.kicked.discard(self.bot(bot).token)
        return self._membership(where, user, "left", "member", bot)

    def _membership(self, where: Chat, user: int, old: str, new: str, bot: str | None) -> Json:
        owner = self.bot(bot)
        what: Json = {"chat": where.data, "from": self.world.users[user], "date": self.world.date()}
        for name, status in (("old_chat_member", old), ("new_chat_member", new)):
            what[name] = {"user": owner.user, "status": status}
            if status == "kicked":
                what[name]["until_date"] = 0
        return self.world.push(owner, "my_chat_member", what)

    @verb
    def posts(self, channel: int, text: str) -> Json:
        """Post in a channel."""
        where = self.chat(channel)
        content: Json = {"sender_chat": where.data, "text": text}
        return self._tell(where, "channel_post", self.world.store(where, content, "user"))

    @verb
    def creates_topic(self, user: int, chat: int, name: str) -> int:
        """Open a topic by hand; returns its thread id."""
        where = self.chat(chat)
        if not where.forum:
            raise ControlError("the chat is not a forum")
        topic = open_topic(self.world, where, name, self.world.users[user])
        self._tell(where, "message", where.messages[topic.id])
        return topic.id

    @verb
    def deletes_topic(self, chat: int, thread: int) -> None:
        """Take a topic away by hand, with all its messages: Telegram tells the bot nothing of it."""
        close_off(self.chat(chat), thread)

    @verb
    def redeliver(self, update_id: int, bot: str | None = None) -> Json:
        """Give the bot an update once more, with the same number, whether it has confirmed it or not."""
        owner = self.bot(bot)
        owner.again.append(owner.history[update_id])
        self.world.poke(owner)
        return owner.history[update_id]


def _button(
    chat: Chat, text: str | None, data: str | None, message_id: int | None, forged: bool
) -> tuple[Message, str]:
    """The newest message that shows such a button, and the button's data."""
    candidates = [chat.messages[message_id]] if message_id else list(reversed(chat.messages.values()))
    for message in candidates:
        rows = message.data.get("reply_markup", {}).get("inline_keyboard", [])
        if message.deleted or message.bot is None or not (rows or forged):
            continue
        if forged and data is not None:
            return message, data
        for button in (button for row in rows for button in row if "callback_data" in button):
            if (text is None or button["text"] == text) and (data is None or button["callback_data"] == data):
                return message, button["callback_data"]
    raise ControlError(f"no such button in {chat.id}: {text or data}")
