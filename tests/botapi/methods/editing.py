"""Editing, deleting and reacting to messages."""

from __future__ import annotations

from typing import Any

from tests.botapi import keyboards
from tests.botapi.errors import bad
from tests.botapi.methods.common import TEXT_LENGTH, chat_of, finished, keyboard_of, message_of, text_of
from tests.botapi.methods.registry import Call, method
from tests.botapi.state import Json, Message

UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
REACTIONS = set(
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 "
    "👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡".split()
)


@method("editMessageText")
def edit_message_text(call: Call) -> Json:
    if not call.params.text("text"):
        raise bad("message text is empty")
    text, entities = text_of(call)
    keyboard_of(call)
    message = _editable(call)
    if not text.strip():
        raise bad("text must be non-empty")
    text, entities = finished(text, entities, TEXT_LENGTH, "MESSAGE_TOO_LONG")
    if "text" not in message.data:
        raise bad("there is no text in the message to edit")
    new = {k: v for k, v in message.data.items() if k not in {"text", "entities", "reply_markup"}}
    new |= {"text": text}
    if entities:
        new["entities"] = entities
    return _changed(call, message, new, with_date=True)


@method("editMessageReplyMarkup")
def edit_message_reply_markup(call: Call) -> Json:
    keyboard_of(call)
    message = _editable(call)
    return _changed(call, message, {k: v for k, v in message.data.items() if k != "reply_markup"})


def _editable(call: Call) -> Message:
    chat = chat_of(call, write=True)
    message = message_of(call, chat, "message to edit")
    plain = message.markup is None or "inline_keyboard" in message.markup
    if message.bot != call.bot.token or not plain or "forum_topic_created" in message.data:
        raise bad("message can't be edited")
    return message


def _changed(call: Call, message: Message, new: Json, with_date: bool = False) -> Json:
    markup = keyboards.read(call.params, inline_only=True)
    if markup:
        new["reply_markup"] = markup
    if new == {k: v for k, v in message.data.items() if k != "edit_date"} | _dates(new):
        raise bad(UNCHANGED)
    if with_date:
        new["edit_date"] = call.world.date()
    message.edits.append(message.data)
    message.data, message.markup = new, markup
    return new


def _dates(data: Json) -> Json:
    """An edit date is no content."""
    return {"edit_date": data["edit_date"]} if "edit_date" in data else {}


@method("deleteMessage")
def delete_message(call: Call) -> bool:
    chat = chat_of(call)
    message = message_of(call, chat, "message to delete")
    if message.bot != call.bot.token and not chat.private and not chat.admin:
        raise bad("message can't be deleted")
    message.deleted = True
    return True


@method("setMessageReaction")
def set_message_reaction(call: Call) -> bool:
    wanted: Any = call.params.data("reaction", "reaction types") or []
    if not isinstance(wanted, list):
        raise bad("can't parse reaction types JSON object")
    chat = chat_of(call)
    message = message_of(call, chat, "message to react")
    for reaction in wanted:
        if not isinstance(reaction, dict) or reaction.get("type") not in {"emoji", "custom_emoji", "paid"}:
            raise bad("can't parse ReactionType: unsupported type specified")
        if reaction["type"] != "emoji" or reaction.get("emoji", "").replace("\ufe0f", "") not in REACTIONS:
            raise bad("REACTION_INVALID")
    if len(wanted) > 1:
        raise bad("REACTIONS_TOO_MANY")
    message.reactions = wanted
    return True
