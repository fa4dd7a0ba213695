"""The Telegram door, after the port."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import structlog
from telegram import ReplyKeyboardRemove

from actions.house import House
from bot.doors.port import Allowance, Attachment, Outgoing, SendError
from bot.kept_files import there
from bot.settings import Settings
from bot.telegram.answering import Answering
from bot.telegram.api import Api
from bot.telegram.desk import Desk
from bot.telegram.desk_hearing import DeskHearing
from bot.telegram.desk_rows import groups
from bot.telegram.files import Files
from bot.telegram.life import Life
from bot.telegram.limits import Limits
from bot.telegram.receiving import Receiver
from bot.telegram.sending import pieces
from bot.way import Way
from domain.doors import Account

log = structlog.get_logger()
NAME = "telegram"
_ALLOWED = Allowance(now=True)


class TelegramDoor:
    """Receives by polling or by webhook, and sends what the outbox hands it."""

    name = NAME

    def __init__(self, house: House, api: Api, way: Way, settings: Settings) -> None:
        self.house, self.api = house, api
        self._answering = Answering(NAME, way, api, self.send)
        self._folder = settings.var
        self.files = Files(house, api, settings.var, NAME)
        self.desks = [Desk(house, api, group, settings.var) for group in groups(settings)]
        by_chat = {desk.chat: desk for desk in self.desks}
        staff = DeskHearing(house, api, NAME, by_chat, self.files, self._answering.spawn)
        self.receiver = Receiver(house, way, api, self._answering, staff)
        self.life = Life(house, api, self.receiver, settings)

    @property
    def webhook_path(self) -> str | None:
        """Where updates are posted to; None where they are fetched."""
        return self.life.webhook_path

    def allowance(self, account: Account, last_word: datetime | None, now: datetime) -> Allowance:
        """Telegram lets a bot write to whoever has not blocked it, at any time."""
        return _ALLOWED

    async def turn(self, account: Account, lane: int) -> bool:
        return await self.api.limits.turn(int(account.external_id), lane)

    def share(self, workers: int, settled: bool) -> None:
        self.api.limits.share(workers, settled)

    async def send(self, account: Account, outgoing: Outgoing) -> str | None:
        """Carry one message, in pieces where it is long; after a failure the next try goes on where this one ended."""
        chat, number = int(account.external_id), None
        kept = tuple(self._kept(outgoing.attachments))
        made = pieces(replace(outgoing, attachments=kept), self.house.words.say(f"voice_{outgoing.role}"))
        markup = ReplyKeyboardRemove() if outgoing.welcome else None
        for place, piece in enumerate(made):
            if place < outgoing.parts_out:
                continue
            try:
                if place > outgoing.parts_out:
                    await self.api.limits.turn(chat, 0)
                number = (await self.api.put(chat, piece, markup)).message_id
            except SendError as error:
                error.parts_out = place
                raise
        return str(number) if number is not None else None

    def _kept(self, attachments: tuple[Attachment, ...]) -> Iterator[Attachment]:
        """With where they lie. One that is not there any more must not hold up the words beside it."""
        for each in attachments:
            if each.kind == "place":
                yield each
            elif (lies := there(self._folder, str(each.path))) is not None:
                yield replace(each, path=lies)
            else:
                log.error("file_missing", kind=each.kind)

    async def start(self) -> None:
        self.life.start()
        self.files.start()
        for desk in self.desks:
            desk.start()

    async def stop(self) -> None:
        await self.life.stop()
        await self.files.stop()
        for desk in self.desks:
            await desk.stop()
        await self._answering.stop()

    async def close(self) -> None:
        await self.api.close()

    async def ping(self) -> str:
        return await self.life.ping()

    async def link(self, token: str) -> str:
        """The address that joins a chat by a one-time token. Raises a SendError while Telegram is away."""
        return f"https://t.me/{await self.life.username()}?start={token}"

    def link_if_known(self, token: str) -> str | None:
        """The same, without asking Telegram for the bot's name; None where it is not known yet."""
        name = self.life.known_name
        return f"https://t.me/{name}?start={token}" if name else None


def open_telegram(settings: Settings, house: House, way: Way) -> TelegramDoor:
    """The door as the settings say."""
    api = Api(settings.telegram_token, settings.telegram_api, Limits())
    return TelegramDoor(house, api, way, settings)
