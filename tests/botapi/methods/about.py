"""Who the bot is, what a chat is, and the commands and the menu that are shown."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.botapi.errors import bad
from tests.botapi.methods.common import chat_of
from tests.botapi.methods.registry import Call, method
from tests.botapi.state import Json

COMMANDS = 100
SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


@method("getMe")
def get_me(call: Call) -> Json:
    return call.bot.user | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
    }


@method("getChat")
def get_chat(call: Call) -> Json:
    chat = chat_of(call)
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"),
        False,
    )
    shown = chat.data | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
    if not chat.private:
        shown["permissions"] = {"can_send_messages": True}
    return shown


def _key(call: Call) -> str:
    """Where commands belong: a scope and a language."""
    scope: Any = call.params.data("scope", "BotCommandScope") or {"type": "default"}
    if not isinstance(scope, dict) or scope.get("type") not in SCOPES:
        raise bad("can't parse BotCommandScope: Unsupported type specified")
    for name in SCOPES[scope["type"]]:
        if name not in scope:
            raise bad(f"can't parse BotCommandScope: Can't find field \"{name}\"")
    if "chat_id" in scope and call.world.chat_of(call.bot, int(scope["chat_id"])) is None:
        raise bad("chat not found")
    language = call.params.text("language_code")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad("invalid language code specified")
    return json.dumps([scope, language], sort_keys=True)


@method("setMyCommands")
def set_my_commands(call: Call) -> bool:
    commands: Any = call.params.data("commands", "commands")
    if not isinstance(commands, list):
        raise bad("can't parse commands: expected an Array of BotCommand")
    if len(commands) > COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for one in commands:
        if not isinstance(one, dict):
            raise bad("can't parse BotCommand: expected an Object")
        for name in ("command", "description"):
            if not isinstance(one.get(name), str):
                raise bad(f"can't parse BotCommand: Can't find field \"{name}\"")
        if not re.fullmatch(r"[a-z0-9_]{1,32}", one["command"].removeprefix("/")):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(one["description"].strip()) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    kept = [
        {"command": c["command"].removeprefix("/"), "description": c["description"].strip()} for c in commands
    ]
    call.bot.commands[_key(call)] = kept
    return True


@method("getMyCommands")
def get_my_commands(call: Call) -> list[Json]:
    return call.bot.commands.get(_key(call), [])


@method("setChatMenuButton")
def set_chat_menu_button(call: Call) -> bool:
    button: Any = call.params.data("menu_button", "MenuButton") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in {"commands", "default", "web_app"}:
        raise bad("can't parse menu button: Unsupported type specified")
    if button["type"] == "web_app":
        if not button.get("text"):
            raise bad("can't parse menu button: Can't find field \"text\"")
        url = str((button.get("web_app") or {}).get("url", ""))
        if not url.startswith("https://"):
            raise bad(f"menu button Web App URL '{url}' is invalid: Only HTTPS links are allowed")
    chat = 0
    if call.params.text("chat_id"):
        found = chat_of(call)
        if not found.private:
            raise bad("chat not found")
        chat = found.id
    call.bot.menus[chat] = button
    return True
