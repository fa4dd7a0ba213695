"""What stands in a topic: the buttons under its card, and news put together into messages."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from actions.topic_news import Item
from bot.telegram.desk_rows import Plan
from bot.telegram.sending import units

# Less than Telegram takes, so that what is put together is cut at its seams.
LONGEST = 3800
_PRESS = "t"


def keys(plan: Plan) -> InlineKeyboardMarkup | None:
    """The buttons under a card; whether one may press them is decided when one does."""
    row = [
        InlineKeyboardButton(title, callback_data=f"{_PRESS}:{verb}:{plan.ticket_id}")
        for title, verb in plan.buttons
    ]
    return InlineKeyboardMarkup([row[at : at + 2] for at in range(0, len(row), 2)]) if row else None


def pressed(data: str | None) -> tuple[str, str] | None:
    """The verb and the ticket of a button of ours."""
    parts = (data or "").split(":")
    return (parts[1], parts[2]) if len(parts) == 3 and parts[0] == _PRESS else None


def first_chunk(items: Sequence[Item]) -> list[Item]:
    """What goes out next as one message: a file or a place, or all words until the next one, as far as they fit."""
    chunk: list[Item] = []
    length = 0
    for item in items:
        if item.file is not None or item.place is not None:
            return chunk or [item]
        length += units(item.text) + 1
        if chunk and length > LONGEST:
            break
        chunk.append(item)
    return chunk
