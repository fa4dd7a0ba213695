"""What goes out, in the pieces that Telegram takes: who speaks in bold, no markup, buttons under the last piece."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity
from telegram.constants import InlineKeyboardButtonLimit, MessageLimit

from bot.doors.port import Attachment, Outgoing

# Where long words are cut, best first: between paragraphs, lines, sentences, parts of one.
_SEAMS = ("\n\n", "\n", "。", "！", "？", "；", "，", " ")
# The telephone has no room for two of these beside each other in large letters.
_SHORT = 5


@dataclass(frozen=True)
class Text:
    """One message of words; the first `bold` units of it say who speaks."""

    text: str
    bold: int = 0
    buttons: InlineKeyboardMarkup | None = None

    @property
    def entities(self) -> list[MessageEntity]:
        return [MessageEntity(MessageEntity.BOLD, 0, self.bold)] if self.bold else []


def pieces(outgoing: Outgoing, voice: str) -> list[Attachment | Text]:
    """Attachments first, then the words; `voice` is the name of who speaks."""
    head = f"【{voice}】"
    texts = list(cut(head + outgoing.text, MessageLimit.MAX_TEXT_LENGTH)) if outgoing.text.strip() else []
    return [
        *outgoing.attachments,
        *(
            Text(
                text,
                bold=units(head) if place == 0 else 0,
                buttons=keyboard(outgoing.buttons) if place == len(texts) - 1 else None,
            )
            for place, text in enumerate(texts)
        ),
    ]


def keyboard(buttons: tuple[tuple[str, str], ...]) -> InlineKeyboardMarkup | None:
    """Large choices, one a row; two short ones (是 and 不是) stand beside each other."""
    made = [
        InlineKeyboardButton(title, callback_data=payload)
        for title, payload in buttons
        if len(payload.encode()) <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA
    ]
    if not made:
        return None
    beside = len(made) == 2 and all(len(button.text) <= _SHORT for button in made)
    return InlineKeyboardMarkup([made] if beside else [[button] for button in made])


def units(text: str) -> int:
    """The length as Telegram counts it: in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, most: int) -> Iterator[str]:
    """Pieces of at most so many units, cut at the best seam in the second half of each, and never empty."""
    rest = text.strip()
    while units(rest) > most:
        fits = rest[:most]
        while units(fits) > most:
            fits = fits[: len(fits) - max(1, (units(fits) - most) // 2)]
        end = next(
            (at + len(seam) for seam in _SEAMS if (at := fits.rfind(seam)) > len(fits) // 2), len(fits)
        )
        yield rest[:end].rstrip()
        rest = rest[end:].lstrip()
    if rest:
        yield rest
