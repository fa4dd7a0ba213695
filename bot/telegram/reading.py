"""What stands in a message of Telegram's: words, a command, a contact, or something that the butler cannot see yet."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Contact, Message

from bot.messages import Attached
from bot.telegram.commands import command_of


@dataclass(frozen=True)
class Heard:
    """One message of a person. `words` are empty where only something was attached."""

    words: str
    command: str | None = None
    rest: str = ""
    attached: Attached | None = None
    contact: Contact | None = None


def heard(message: Message) -> Heard | None:
    """What a message says; None for what the client writes by itself (pinned, a changed picture, …)."""
    if message.text is not None:
        command, rest = command_of(message.text) or (None, "")
        return Heard(message.text, command, rest)
    if message.contact is not None:
        card = " ".join(filter(None, (message.contact.first_name, message.contact.phone_number)))
        return Heard("", attached=Attached("contact", card[:80]), contact=message.contact)
    attached = _attached(message)
    return Heard(message.caption or "", attached=attached) if attached is not None else None


def own_contact(message: Message) -> bool:
    """Whether the contact is the sender's own, shared here and now: Telegram then says whose it is."""
    contact, sender = message.contact, message.from_user
    return (
        contact is not None
        and sender is not None
        and contact.user_id == sender.id
        and message.forward_origin is None
    )


def _attached(message: Message) -> Attached | None:
    if message.photo:
        largest = message.photo[-1]
        return Attached("photo", largest.file_id, largest.file_size)
    if voice := message.voice or message.audio:
        return Attached("voice", voice.file_id, voice.file_size)
    if video := message.video or message.video_note or message.animation:
        return Attached("video", video.file_id, video.file_size)
    if message.document:
        return Attached("file", message.document.file_id, message.document.file_size)
    if message.sticker:
        return Attached("sticker", message.sticker.file_id)
    if message.location:
        place = message.location
        return Attached("place", f"{place.latitude},{place.longitude}")
    other = message.effective_attachment or message.poll or message.dice or message.story
    return Attached("other") if other else None
