"""Sending text, places and signs of life."""

from __future__ import annotations

from tests.botapi import keyboards
from tests.botapi.errors import bad
from tests.botapi.methods.common import (
    TEXT_LENGTH,
    chat_of,
    deliver,
    finished,
    keyboard_of,
    text_of,
    topic_of,
)
from tests.botapi.methods.registry import Call, method
from tests.botapi.state import Json

ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "record_audio",
    "upload_voice",
    "upload_audio",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
    "cancel",
}


@method("sendMessage")
def send_message(call: Call) -> Json:
    if not call.params.text("text"):
        raise bad("message text is empty")
    text, entities = text_of(call)
    keyboard_of(call)
    chat = chat_of(call, write=True)
    markup = keyboards.read(call.params, private=chat.private)
    if not text.strip():
        raise bad("text must be non-empty")
    text, entities = finished(text, entities, TEXT_LENGTH, "message is too long")
    content: Json = {"text": text}
    if entities:
        content["entities"] = entities
    return deliver(call, chat, content, markup)


@method("sendLocation")
def send_location(call: Call) -> Json:
    where = {}
    for name, most in (("latitude", 90.0), ("longitude", 180.0)):
        raw = call.params.text(name)
        if not raw:
            raise bad(f"{name} is empty")
        try:
            where[name] = float(raw)
        except ValueError as wrong:
            raise bad("wrong location specified") from wrong
        if not -most <= where[name] <= most:
            raise bad("wrong location specified")
    keyboard_of(call)
    chat = chat_of(call, write=True)
    return deliver(call, chat, {"location": where}, keyboards.read(call.params, private=chat.private))


@method("sendChatAction")
def send_chat_action(call: Call) -> bool:
    action = call.params.text("action")
    if action not in ACTIONS:
        raise bad("wrong parameter action in request")
    chat = chat_of(call, write=True)
    topic_of(call, chat)
    call.bot.actions.append({"chat": chat.id, "action": action})
    return True
