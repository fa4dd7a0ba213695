"""What people send that is no text: contacts, photos, voices, documents, stickers, places."""

from __future__ import annotations

from typing import Any

from tests.botapi.base import verb
from tests.botapi.methods.media import document, picture, voice
from tests.botapi.people import People
from tests.botapi.state import Json


class Sharing(People):
    """Verbs of sending. `**where` may say `chat`, `bot`, `thread` and `reply_to`, as in `says`."""

    @verb
    def shares_contact(
        self, user: int, *, phone: str | None = None, owner: int | str | None = "self", bot: str | None = None
    ) -> Json:
        """Share a contact: one's own, or with `owner` somebody else's user id, or None for one without Telegram."""
        who = user if owner == "self" else owner
        person = (
            self.world.users.get(who, {"first_name": "某人"})
            if isinstance(who, int)
            else {"first_name": "某人"}
        )
        contact: Json = {
            "phone_number": phone or self.world.phones.get(user, ""),
            "first_name": person["first_name"],
        }
        if who is not None:
            contact["user_id"] = who
        return self._send(user, {"contact": contact}, None, bot, None, None)

    @verb
    def sends_photo(
        self, user: int, caption: str = "", *, content: bytes | None = None, size: int = 90_000, **where: Any
    ) -> Json:
        """Send a photo of `size` bytes, or these bytes."""
        file = self.world.keep_file("photo", content, len(content) if content else size, ".jpg")
        small = self.world.keep_file("photo", None, 1_500, ".jpg")
        sizes = [picture(small, 90, 67), picture(file)]
        return self._sends(user, {"photo": sizes} | _caption(caption), **where)

    @verb
    def sends_voice(
        self, user: int, *, content: bytes | None = None, size: int = 20_000, duration: int = 5, **where: Any
    ) -> Json:
        """Send a voice message of `size` bytes and `duration` seconds."""
        file = self.world.keep_file("voice", content, len(content) if content else size, ".oga")
        return self._sends(user, {"voice": voice(file, duration)}, **where)

    @verb
    def sends_document(
        self,
        user: int,
        name: str = "报告.pdf",
        *,
        content: bytes | None = None,
        size: int = 50_000,
        mime: str = "application/pdf",
        caption: str = "",
        **where: Any,
    ) -> Json:
        file = self.world.keep_file("document", content, len(content) if content else size, "")
        return self._sends(user, {"document": document(file, name, mime)} | _caption(caption), **where)

    @verb
    def sends_sticker(self, user: int, emoji: str = "👍", **where: Any) -> Json:
        file = self.world.keep_file("sticker", None, 12_000, ".webp")
        sticker = picture(file, 512, 512) | {"type": "regular", "is_animated": False, "is_video": False}
        return self._sends(user, {"sticker": sticker | {"emoji": emoji}}, **where)

    @verb
    def sends_location(self, user: int, latitude: float, longitude: float, **where: Any) -> Json:
        return self._sends(user, {"location": {"latitude": latitude, "longitude": longitude}}, **where)

    def _sends(
        self,
        user: int,
        content: Json,
        *,
        chat: int | None = None,
        bot: str | None = None,
        thread: int | None = None,
        reply_to: int | None = None,
    ) -> Json:
        return self._send(user, content, chat, bot, thread, reply_to)


def _caption(text: str) -> Json:
    return {"caption": text} if text else {}
