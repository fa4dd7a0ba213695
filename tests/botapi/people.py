"""How what a person does reaches a bot: where it is stored, and which bot may see it."""

from __future__ import annotations

from tests.botapi.base import Base, ControlError
from tests.botapi.entities import piece
from tests.botapi.methods.common import quoted, root_of
from tests.botapi.state import Bot, Chat, Json, Message


class People(Base):
    """What the verbs of people have in common."""

    def _where(self, user: int, chat: int | None, bot: str | None) -> Chat:
        if user not in self.world.users:
            raise ControlError(f"no such user: {user}")
        if chat is None or chat == user:
            found = self.world.private_chat(self.bot(bot), user)
            if self.bot(bot).token in found.kicked:
                raise ControlError(f"{user} has blocked the bot")
            return found
        found = self.chat(chat, bot)
        if found.data["type"] == "channel":
            raise ControlError("in a channel posts are made with posts()")
        found.members.add(user)
        return found

    def _bots(self, chat: Chat) -> list[Bot]:
        return [b for b in self.world.bots.values() if b.token in chat.bots and b.token not in chat.kicked]

    def _tell(self, chat: Chat, kind: str, message: Message) -> Json:
        """Give a message to all bots that may see it; the update of the first one is returned."""
        updates = []
        for bot in self._bots(chat):
            seen = _may_see(chat, bot, message.data)
            updates.append(
                self.world.push(bot, kind, message.data) if seen else {"update_id": 0, kind: message.data}
            )
        return updates[0] if updates else {"update_id": 0, kind: message.data}

    def _send(
        self,
        user: int,
        content: Json,
        chat: int | None,
        bot: str | None,
        thread: int | None,
        reply_to: int | None,
    ) -> Json:
        where = self._where(user, chat, bot)
        data: Json = {"from": self.world.users[user]} | content
        topic = None
        if thread is not None:
            topic = where.topics.get(thread)
            if topic is None or topic.closed:
                raise ControlError(f"no open topic {thread} in {where.id}")
            data |= {"message_thread_id": thread, "is_topic_message": True}
        if reply_to is not None:
            data["reply_to_message"] = quoted(where.messages[reply_to])
        else:
            data |= root_of(where, topic)
        return self._tell(where, "message", self.world.store(where, data, "user"))


def _may_see(chat: Chat, bot: Bot, data: Json) -> bool:
    """In groups a bot that is no administrator sees commands, answers to it, and its name: Telegram's privacy mode."""
    if chat.private or chat.admin or data.get("sender_chat"):
        return True
    if data.get("reply_to_message", {}).get("from", {}).get("id") == bot.user["id"]:
        return True
    text, name = data.get("text", ""), f"@{bot.user['username']}".lower()
    for entity in data.get("entities", []):
        part = piece(text, entity).lower()
        if entity["type"] == "mention" and part == name:
            return True
        if entity["type"] == "bot_command" and ("@" not in part or part.endswith(name)):
            return True
    return False
