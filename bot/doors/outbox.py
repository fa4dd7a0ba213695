"""Carries the outbox out: claims what is due, checks once more whether it may be said, sends, and notes how it ended.

Sent at least once, never twice on purpose. A delivery that a dead worker had claimed is taken up when its claim has
run out; one whose outcome a cut connection hid is sent again, marked (`unknown`) and counted.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from actions.hand_over import words_for
from actions.house import House
from actions.raise_alarm import delivered
from bot.bell import Bell
from bot.doors.port import Blocked, Door, Later, Outgoing, Refused, SendError, Unknown
from bot.messages import shown
from domain.conversations import Message, State
from domain.doors import Account, Delivery, DeliveryState
from domain.ids import new_id
from domain.store import Unit

log = structlog.get_logger()
# How many deliveries one worker has in hand at a time; each account has at most one a lane.
_AT_ONCE = 20
# How often the outbox is looked at when nobody has called: retries that fall due, what another process stored.
_LOOK_SECONDS = 1.0
_NO_WAIT = timedelta(0)


@dataclass(frozen=True)
class _Job:
    delivery_id: int
    account: Account
    outgoing: Outgoing


class Outbox:
    """The worker of one process for one door."""

    def __init__(self, house: House, door: Door, bell: Bell) -> None:
        self.house, self.door, self.bell = house, door, bell
        self.name = new_id("ob")
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End after what is in hand; what waits is stored."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            rung = asyncio.create_task(self.bell.wait(_LOOK_SECONDS))
            try:
                await self.drain()
            except Exception as error:  # whatever it is, the next look may succeed
                log.error("outbox_failed", door=self.door.name, error=type(error).__name__, exc_info=error)
            await rung

    async def drain(self) -> int:
        """Send what is due now, until nothing is; returns how many were tried."""
        tried = 0
        while (jobs := await asyncio.to_thread(self._claim)) is not None:
            await asyncio.gather(*(self._carry(job) for job in jobs))
            tried += len(jobs)
        return tried

    def _claim(self) -> list[_Job] | None:
        """What to carry now, perhaps nothing of what was claimed; None where nothing is due."""
        now = self.house.now()
        with self.house.store.read() as unit:
            due = unit.doors.next_due()
            if (due is None or due > now) and not unit.doors.any_stale(now):
                return None
        with self.house.store.write() as unit:
            claimed = unit.doors.claim(self.door.name, self.name, now, _AT_ONCE)
            if not claimed:
                return None
            return [job for row in claimed if (job := self._checked(unit, *row)) is not None]

    def _checked(self, unit: Unit, delivery: Delivery, message: Message, account: Account) -> _Job | None:
        """The last check before a send: is it still to be said, by us, to this account, now?"""
        now = self.house.now()
        conversation = unit.conversations.locked(message.conversation_id)
        reply = message.reply_to is not None
        if message.state is State.DROPPED or (
            reply and not words_for(unit, conversation, message.owner_version)
        ):
            delivery.over(DeliveryState.DROPPED, message.reason or "a person speaks")
            return None
        last_word = unit.conversations.last_word_at(conversation.id)
        allowance = self.door.allowance(account, last_word, now)
        if not allowance.now:
            if allowance.after is None:
                delivery.over(DeliveryState.FAILED, "the door does not allow it")
            else:
                delivery.again(now, "the door does not allow it yet", allowance.after)
            return None
        assert delivery.id is not None
        return _Job(delivery.id, account, outgoing(message))

    async def _carry(self, job: _Job) -> None:
        try:
            external_id = await self.door.send(job.account, job.outgoing)
        except SendError as error:
            await asyncio.to_thread(self._failed, job, error)
        else:
            await asyncio.to_thread(self._sent, job, external_id)

    def _sent(self, job: _Job, external_id: str | None) -> None:
        with self.house.store.write() as unit:
            delivery = unit.doors.delivery(job.delivery_id)
            assert delivery is not None
            delivery.sent(external_id, self.house.now())
            unit.conversations.mark_sent([delivery.message_id], self.house.now())
            message = unit.conversations.message(delivery.message_id)
            if message is not None and message.payload.get("alert"):
                delivered(self.house, unit, [message.key])

    def _failed(self, job: _Job, error: SendError) -> None:
        now = self.house.now()
        with self.house.store.write() as unit:
            delivery = unit.doors.delivery(job.delivery_id)
            account = unit.doors.account(job.account.id)
            assert delivery is not None
            assert account is not None
            reason = str(error)[:120]
            match error:
                case Blocked():
                    # It stays queued: should the person come back, it goes out then.
                    account.blocked_at = now
                    delivery.again(now, "blocked", wait=_NO_WAIT)
                case Later(wait=wait):
                    delivery.again(now, reason, wait)
                case Unknown():
                    delivery.unknown += 1
                    delivery.again(now, reason)
                case Refused():
                    delivery.over(DeliveryState.FAILED, reason)
            log.warning(
                "delivery_failed",
                door=self.door.name,
                delivery=job.delivery_id,
                kind=type(error).__name__,
                state=str(delivery.state),
            )


def outgoing(message: Message) -> Outgoing:
    """A stored message as a door carries it."""
    reply = shown(message)
    return Outgoing(message_id=message.id, text=reply.text, role=reply.role, buttons=reply.buttons)


class Outboxes:
    """The workers of all doors of a process."""

    def __init__(self, house: House, doors: Sequence[Door], bell: Bell) -> None:
        self.doors = tuple(doors)
        self._workers = [Outbox(house, door, bell) for door in doors]

    async def start(self) -> None:
        for worker in self._workers:
            worker.start()
            await worker.door.start()

    async def stop(self) -> None:
        for worker in self._workers:
            await worker.door.stop()
            await worker.stop()

    async def drain(self) -> None:
        """Send what is due now; for the demo's clock, which waits until the work is done."""
        for worker in self._workers:
            await worker.drain()
