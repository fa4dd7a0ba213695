"""Carries the outbox out: takes up what is due, sends, and notes how it ended. Nobody waits for anybody else.

Sent at least once, never twice on purpose. A delivery that a dead worker had claimed is taken up when its claim has
run out; one whose outcome a cut connection hid is sent again, marked (`unknown`) and counted.

Live words and people's words have places of their own: however much bulk is on its way, they find one free.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections import Counter
from collections.abc import Sequence

import structlog

from actions.house import House
from bot.bell import Bell
from bot.doors.ledger import Ended, Job, Ledger
from bot.doors.port import Door, Later, SendError, Unknown
from bot.doors.share import Share
from bot.journal import Journal
from domain.conversations import Lane
from domain.ids import new_id

log = structlog.get_logger()
# Groups of lanes, and how many messages of each may be in hand at a time; an account has at most one a lane.
_PLACES = {(Lane.LIVE, Lane.HUMAN): 64, (Lane.REMINDER,): 12, (Lane.BROADCAST,): 12}
# How often the outbox is looked at when nobody has called: retries that fall due, what another process stored.
_LOOK_SECONDS = 1.0
# How long what is known of ended bulk may be gathered: on SQLite a live reply waits for each time it is written down.
_GATHER_SECONDS = 0.1
# After a step that failed (the database is away) nothing is hurried.
_TROUBLE_SECONDS = 0.5
# How long what is in hand may take when the process is to end.
_LAST_SECONDS = 10.0


class Outbox:
    """The worker of one process for one door. `counts` says how sends have ended since the start."""

    def __init__(self, house: House, door: Door, bell: Bell, journal: Journal) -> None:
        self.door, self.bell = door, bell
        self.counts: Counter[str] = Counter()
        # The process stands in the name, so that one can see whose claim it was.
        self._ledger = Ledger(house, door, new_id(f"ob{os.getpid()}"), journal)
        self._in_hand: dict[asyncio.Task[None], Job] = {}
        self._ended: list[Ended] = []
        self._stepping = asyncio.Lock()
        self._wake = asyncio.Event()
        self._stopping = False
        self._task: asyncio.Task[None] | None = None
        self._gathering: asyncio.TimerHandle | None = None
        self._share = Share(house, door.name, self._ledger.worker)

    def start(self) -> None:
        self.bell.call(self._wake.set)
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End after what is in hand; what waits is stored."""
        if self._task is None:
            return
        self._stopping = True
        self._wake.set()
        await self._task
        if self._in_hand:
            await asyncio.wait(list(self._in_hand), timeout=_LAST_SECONDS)
        for task in list(self._in_hand):
            task.cancel()
        await self._step(take=False)
        with contextlib.suppress(Exception):
            await asyncio.to_thread(self._share.leave)

    async def _run(self) -> None:
        while not self._stopping:
            self._wake.clear()
            try:
                await self._beat()
                again = await self._step()
            except Exception as error:  # whatever it is, the next look may succeed
                log.error("outbox_failed", door=self.door.name, error=type(error).__name__, exc_info=error)
                await asyncio.sleep(_TROUBLE_SECONDS)
                continue
            if not again and not self._stopping:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), _LOOK_SECONDS)

    async def _beat(self) -> None:
        """The limits are one account's: each of the workers that are there keeps to its part of them."""
        if self._share.is_due():
            self.door.share(*await asyncio.to_thread(self._share.beat))

    async def drain(self) -> None:
        """Send what is due now, until nothing is; for the demo's clock, which waits until the work is done."""
        while await self._step() or self._ended or self._in_hand:
            if self._in_hand and not self._ended:
                await asyncio.wait(list(self._in_hand), return_when=asyncio.FIRST_COMPLETED)

    async def _step(self, *, take: bool = True) -> bool:
        """Write down what has ended and take up what is due; whether to look again at once."""
        async with self._stepping:
            ended, self._ended = self._ended, []
            try:
                in_hand = [job.delivery_id for job in self._in_hand.values()]
                room = self._room() if take else {}
                jobs, again = await asyncio.to_thread(self._ledger.step, ended, room, in_hand)
            except BaseException:
                # What went out went out: it must be written down, or it would go out a second time.
                self._ended = ended + self._ended
                raise
            for job in jobs:
                task = asyncio.create_task(self._carry(job))
                self._in_hand[task] = job
                task.add_done_callback(self._put_down)
            return again

    def _room(self) -> dict[tuple[int, ...], int]:
        return {
            lanes: places - sum(job.lane in lanes for job in self._in_hand.values())
            for lanes, places in _PLACES.items()
        }

    def _put_down(self, task: asyncio.Task[None]) -> None:
        job = self._in_hand.pop(task, None)
        if job is None or job.lane < Lane.REMINDER or self._stopping:
            self._wake.set()
        elif self._gathering is None:
            self._gathering = asyncio.get_running_loop().call_later(_GATHER_SECONDS, self._gathered)

    def _gathered(self) -> None:
        self._gathering = None
        self._wake.set()

    async def _carry(self, job: Job) -> None:
        ended = await self._sent(job)
        self._ended.append(ended)
        self.counts[
            type(ended.error).__name__.lower() if ended.error else "unsaid" if ended.unsaid else "sent"
        ] += 1
        if isinstance(ended.error, Later) and ended.error.wait is not None:
            loop = asyncio.get_running_loop()
            loop.call_later(ended.error.wait.total_seconds(), self._wake.set)

    async def _sent(self, job: Job) -> Ended:
        try:
            waited = await self.door.turn(job.account, job.lane)
            if waited or job.doubtful:
                # Who may speak is asked right before the send, and that was a while ago; a pause holds at once.
                unsaid = await asyncio.to_thread(self._ledger.still_to_be_said, job)
                if unsaid is not None:
                    return Ended(job, unsaid=unsaid)
            return Ended(job, external_id=await self.door.send(job.account, job.outgoing))
        except SendError as error:
            return Ended(job, error=error)
        except Exception as error:  # a mistake of ours: nobody knows how far it got
            log.error("send_failed", door=self.door.name, error=type(error).__name__, exc_info=error)
            return Ended(job, error=Unknown(type(error).__name__))


class Outboxes:
    """The workers of all doors of a process. `bell` rings when something was put on its way to a chat."""

    def __init__(self, house: House, doors: Sequence[Door], bell: Bell, journal: Journal) -> None:
        self.doors, self._bell = tuple(doors), bell
        self.workers = [Outbox(house, door, bell, journal) for door in doors]

    async def start(self) -> None:
        self._bell.hang()
        for worker in self.workers:
            worker.start()
            await worker.door.start()

    async def stop(self) -> None:
        for worker in self.workers:
            await worker.door.stop()
            await worker.stop()
            await worker.door.close()

    async def drain(self) -> None:
        """Send what is due now; for the demo's clock, which waits until the work is done."""
        for worker in self.workers:
            await worker.drain()
