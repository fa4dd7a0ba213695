"""Files that people send: fetched from Telegram into the house, within its limits, under names of our own."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import structlog

from actions.house import House
from actions.sent_files import Body, path_of
from bot.doors.port import Later, Refused, SendError, Unknown
from bot.kept_files import place_of, write
from bot.telegram.api import Api
from domain.ids import new_id
from domain.topics import LARGEST, MOST_TRIES, Kept, Sent, type_of

log = structlog.get_logger()
_LOOK_SECONDS, _AT_ONCE = 2.0, 8


class Files:
    """Fetches what came in by this door, until it is there or cannot be had."""

    def __init__(self, house: House, api: Api, folder: Path, door: str) -> None:
        self.house, self.api, self.folder, self.door = house, api, folder, door
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def ring(self) -> None:
        """Something came in. In the running loop."""
        self._wake.set()

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                await self._look()
            except Exception as error:  # whatever it is, the next look may succeed
                log.error("files_failed", error=type(error).__name__, exc_info=error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), _LOOK_SECONDS)

    async def _look(self) -> None:
        for file in await asyncio.to_thread(self._waiting):
            try:
                body: bytes | None = await self.fetch(file.ref)
            except (Later, Unknown):
                body = None
            except SendError:
                await asyncio.to_thread(self._settle, file, None, gone=True)
                continue
            await asyncio.to_thread(self._settle, file, body, gone=False)

    def _waiting(self) -> list[Sent]:
        with self.house.store.read() as unit:
            return list(unit.topics.to_fetch(self.door, _AT_ONCE))

    def _settle(self, file: Sent, body: bytes | None, *, gone: bool) -> None:
        if body is not None:
            write(self.folder, file.path, body)
        with self.house.store.write() as unit:
            row = unit.topics.file(file.id)
            if row is None or row.state is not Kept.WAITING:
                return
            row.tries += 1
            if body is not None:
                row.state, row.size, row.type = Kept.KEPT, len(body), type_of(body)
            elif gone or row.tries >= MOST_TRIES:
                row.state = Kept.LOST
            unit.has_words = True

    async def fetch(self, ref: str) -> bytes:
        """The bytes of a file. Raises a SendError; Refused for one that is too large."""
        found = await self.api.call(lambda: self.api.bot.get_file(ref))
        if (found.file_size or 0) > LARGEST:
            raise Refused("file is too big")
        body = bytes(await self.api.call(found.download_as_bytearray))
        if not body or len(body) > LARGEST:
            raise Refused("file is too big")
        return body

    def drop(self, bodies: tuple[Body, ...]) -> None:
        """Files of staff's that went to nobody."""
        for body in bodies:
            if body.kind != "place":
                place_of(self.folder, body.path).unlink(missing_ok=True)

    async def keep(self, kind: str, ref: str) -> Body:
        """Fetch a file of staff's, to go out. Raises a SendError."""
        body = await self.fetch(ref)
        path = path_of(new_id("fl"))
        await asyncio.to_thread(write, self.folder, path, body)
        return Body(kind, path, len(body), type_of(body))
