"""The menu: each command stands for words that the dialogue understands anyway."""

from __future__ import annotations

import re

from telegram import BotCommand

from actions.words import Words

# Their words and descriptions are `command_…` and `menu_…` in the catalogue of words.
MENU = ("benefits", "book", "bookings", "reminders", "human", "emergency", "help", "stop")
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s+(.*))?", re.DOTALL)


def menu(words: Words) -> list[BotCommand]:
    """The commands as Telegram shows them."""
    return [BotCommand(name, words.say(f"menu_{name}")) for name in MENU]


def command_of(text: str) -> tuple[str, str] | None:
    """The command in a text and what stands behind it."""
    found = _COMMAND.fullmatch(text.strip())
    return (found[1].lower(), (found[2] or "").strip()) if found else None


def words_for(words: Words, name: str, rest: str) -> str | None:
    """What a command of the menu says, with what was written behind it; None for others."""
    if name not in MENU:
        return None
    said = words.say(f"command_{name}")
    return f"{said}，{rest}" if rest else said
