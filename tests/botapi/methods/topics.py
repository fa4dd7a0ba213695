"""Topics of a forum."""

from __future__ import annotations

from tests.botapi.errors import bad
from tests.botapi.methods.common import chat_of
from tests.botapi.methods.registry import Call, method
from tests.botapi.state import Chat, Json, Topic, World

COLORS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)  # RGB, the only ones allowed
NAME_LENGTH = 128


def open_topic(world: World, chat: Chat, name: str, author: Json, color: int = COLORS[0]) -> Topic:
    """Lay a new topic; the message that says so gives it its number."""
    created = {"name": name, "icon_color": color}
    message = world.store(chat, {"from": author, "forum_topic_created": created}, "service")
    number = message.data["message_id"]
    message.data |= {"message_thread_id": number, "is_topic_message": True}
    topic = chat.topics[number] = Topic(id=number, name=name, icon_color=color)
    return topic


def close_off(chat: Chat, number: int) -> None:
    """Take a topic away with all its messages."""
    del chat.topics[number]
    for message in chat.messages.values():
        if message.data.get("message_thread_id") == number:
            message.deleted = True


def _forum(call: Call, what: str) -> Chat:
    chat = chat_of(call, write=True)
    if not chat.forum:
        raise bad("the chat is not a forum")
    if not chat.admin:
        raise bad(f"not enough rights to {what}")
    return chat


def _topic(call: Call, what: str) -> tuple[Chat, Topic]:
    chat = _forum(call, what)
    topic = chat.topics.get(call.params.number("message_thread_id"))
    if topic is None:
        raise bad("TOPIC_ID_INVALID")
    return chat, topic


def _name(name: str) -> str:
    name = name.strip()
    if len(name) > NAME_LENGTH:
        raise bad("TOPIC_TITLE_TOO_LONG")
    return name


@method("createForumTopic")
def create_forum_topic(call: Call) -> Json:
    chat = _forum(call, "create a topic")
    name = _name(call.params.text("name"))
    if not name:
        raise bad("TOPIC_TITLE_EMPTY")
    color = call.params.number("icon_color", COLORS[0])
    if color not in COLORS:
        raise bad("TOPIC_ICON_COLOR_INVALID")
    topic = open_topic(call.world, chat, name, call.bot.user, color)
    topic.made_by_bot = True
    return {"message_thread_id": topic.id, "name": topic.name, "icon_color": topic.icon_color}


@method("editForumTopic")
def edit_forum_topic(call: Call) -> bool:
    chat, topic = _topic(call, "edit a topic")
    name = _name(call.params.text("name")) or topic.name
    if name == topic.name and "icon_custom_emoji_id" not in call.params.values:
        raise bad("TOPIC_NOT_MODIFIED")
    topic.name = name
    _say(call, chat, topic, {"forum_topic_edited": {"name": name}})
    return True


@method("closeForumTopic")
def close_forum_topic(call: Call) -> bool:
    return _set_closed(call, closed=True)


@method("reopenForumTopic")
def reopen_forum_topic(call: Call) -> bool:
    return _set_closed(call, closed=False)


def _set_closed(call: Call, *, closed: bool) -> bool:
    chat, topic = _topic(call, "edit a topic")
    if topic.closed is closed:
        raise bad("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    _say(call, chat, topic, {"forum_topic_closed" if closed else "forum_topic_reopened": {}})
    return True


@method("deleteForumTopic")
def delete_forum_topic(call: Call) -> bool:
    chat, topic = _topic(call, "delete a topic")
    close_off(chat, topic.id)
    return True


def _say(call: Call, chat: Chat, topic: Topic, what: Json) -> None:
    where = {"message_thread_id": topic.id, "is_topic_message": True, "from": call.bot.user}
    call.world.store(chat, where | what, "service")
