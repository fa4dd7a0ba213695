"""What all sending and editing share: finding the chat and the message, reading the text, storing what is sent."""

from __future__ import annotations

from typing import Any

from tests.botapi import keyboards
from tests.botapi.entities import trimmed, utf16, with_found
from tests.botapi.errors import ApiError, bad, forbidden
from tests.botapi.markup import parse
from tests.botapi.methods.registry import Call
from tests.botapi.state import Chat, Json, Message, Topic

TEXT_LENGTH = 4096
CAPTION_LENGTH = 1024
ENTITY_TYPES = (
    "mention hashtag cashtag bot_command url email phone_number bold italic underline strikethrough spoiler blockquote "
    "expandable_blockquote code pre text_link text_mention custom_emoji"
).split()


def chat_of(call: Call, write: bool = False) -> Chat:
    """The chat that a call is about; with `write`, one where the bot may speak."""
    raw = call.params.text("chat_id")
    if not raw:
        raise bad("chat_id is empty")
    chat = None
    if raw.startswith("@"):
        chats = call.world.groups.values()
        chat = next((c for c in chats if c.data.get("username", "").lower() == raw[1:].lower()), None)
    elif raw.lstrip("-").isdigit():
        chat = call.world.chat_of(call.bot, int(raw))
    if chat is None:
        raise _no_chat(call, raw)
    if call.bot.token in chat.kicked:
        if write or not chat.private:
            raise forbidden(_thrown_out(chat))
        return chat
    if call.bot.token not in chat.bots:
        raise bad("chat not found")
    return chat


def _no_chat(call: Call, raw: str) -> ApiError:
    """A user whom the bot met in a group but who never wrote to it is known, and may not be written to."""
    if raw.isdigit():
        user = int(raw)
        met = any(user in c.members and call.bot.token in c.bots for c in call.world.groups.values())
        if user in call.world.users and met:
            return forbidden("bot can't initiate conversation with a user")
        if any(user == bot.user["id"] for bot in call.world.bots.values()):
            return forbidden("bot can't send messages to bots")
    return bad("chat not found")


def _thrown_out(chat: Chat) -> str:
    if chat.private:
        return "bot was blocked by the user"
    kind = chat.data["type"]
    return f"bot was kicked from the {kind} chat"


def message_of(call: Call, chat: Chat, what: str) -> Message:
    """The message that a call is about; `what` is said when there is none."""
    number = call.params.number("message_id")
    if number <= 0:
        raise bad("message identifier is not specified")
    message = chat.messages.get(number)
    if message is None or message.deleted:
        raise bad(f"{what} not found")
    return message


def topic_of(call: Call, chat: Chat) -> Topic | None:
    """The topic that is written to. The general one has the number 1, and Telegram refuses that number."""
    number = call.params.number("message_thread_id")
    if number == 0:
        return None
    topic = chat.topics.get(number)
    if topic is None:
        raise bad("message thread not found")
    if topic.closed and not chat.admin:
        raise bad("TOPIC_CLOSED")
    return topic


def text_of(call: Call, name: str = "text", entities: str = "entities") -> tuple[str, list[Json]]:
    """A text and its entities, parsed but neither trimmed nor measured: Telegram does that after it knows the chat."""
    raw = call.params.text(name)
    mode = call.params.text("parse_mode")
    if mode:
        return parse(raw, mode)
    return raw, _given_entities(call, raw, entities)


def _given_entities(call: Call, text: str, name: str) -> list[Json]:
    given: Any = call.params.data(name, "entities")
    if given is None:
        return []
    if not isinstance(given, list):
        raise bad("expected an Array of MessageEntity")
    length = utf16(text)
    for entity in given:
        if not isinstance(entity, dict) or entity.get("type") not in ENTITY_TYPES:
            raise bad("can't parse MessageEntity: Unsupported type specified")
        offset, size = entity.get("offset", 0), entity.get("length", 0)
        if offset < 0:
            raise bad(f"receive an entity with incorrect offset {offset}")
        if offset > length:
            raise bad(f"entity begins after the end of the text at UTF-16 offset {offset}")
        if offset + size > length:
            end = offset + size
            raise bad(
                f"entity beginning at UTF-16 offset {offset} ends after the end of the text at UTF-16 offset {end}"
            )
    return given


def finished(text: str, entities: list[Json], most: int, too_long: str) -> tuple[str, list[Json]]:
    """A text as it is sent: trimmed, measured, with what Telegram finds in it by itself."""
    text, entities = trimmed(text, entities)
    if len(text) > most:
        raise bad(too_long)
    return text, with_found(text, entities)


def deliver(call: Call, chat: Chat, content: Json, markup: Json | None) -> Json:
    """Store a message of the bot's, if all about it is right and its limits allow it."""
    topic = topic_of(call, chat)
    content = content | _reply(call, chat, topic)
    if markup and "inline_keyboard" in markup:
        content["reply_markup"] = markup
    if call.params.flag("protect_content"):
        content["has_protected_content"] = True
    if topic:
        content |= {"message_thread_id": topic.id, "is_topic_message": True}
    call.world.limits.spend(call.bot.token, chat.id, chat.private)
    author = {"sender_chat": chat.data} if chat.data["type"] == "channel" else {"from": call.bot.user}
    message = call.world.store(chat, author | content, call.method, call.bot)
    message.markup = markup
    return message.data


def _reply(call: Call, chat: Chat, topic: Topic | None) -> Json:
    wanted: Any = call.params.data("reply_parameters", "reply parameters")
    if wanted is None and call.params.number("reply_to_message_id"):
        wanted = {
            "message_id": call.params.number("reply_to_message_id"),
            "allow_sending_without_reply": call.params.flag("allow_sending_without_reply"),
        }
    if wanted is None:
        return root_of(chat, topic)
    if not isinstance(wanted, dict) or "message_id" not in wanted:
        raise bad('can\'t find field "message_id"')
    target = chat.messages.get(int(wanted["message_id"]))
    if target is None or target.deleted:
        if wanted.get("allow_sending_without_reply"):
            return root_of(chat, topic)
        raise bad("message to be replied not found")
    return {"reply_to_message": quoted(target)}


def root_of(chat: Chat, topic: Topic | None) -> Json:
    """A message of a topic that answers nothing seems to answer the one that opened the topic: so it is in Telegram."""
    root = chat.messages.get(topic.id) if topic else None
    return {"reply_to_message": quoted(root)} if root else {}


def quoted(message: Message) -> Json:
    """A message as it stands in a reply to it: without what it answers itself."""
    return {name: value for name, value in message.data.items() if name != "reply_to_message"}


def keyboard_of(call: Call) -> Json | None:
    """The markup of a call, before its chat is known."""
    return keyboards.read(call.params)
