"""What the outbox writes down: how sends ended, what is taken up next, and the last check before it is said.

One call is one transaction, whatever ended and whatever is taken up in it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from actions import alarm_family, broadcast_send, chats, remind_late
from actions.hand_over import words_for
from actions.house import House
from actions.raise_alarm import delivered
from bot.doors.port import Attachment, Blocked, Door, Later, Outgoing, Refused, SendError, Unknown
from bot.journal import Journal
from bot.messages import shown
from domain.conversations import Lane, Message, State
from domain.doors import Account, Delivery, DeliveryState
from domain.sending import Reason, Unsaid
from domain.store import Unit

log = structlog.get_logger()
_NO_WAIT = timedelta(0)
# How soon to look again at words that are just going out before their row.
_SOON = timedelta(seconds=1)


@dataclass(frozen=True)
class Job:
    """One message in hand for one account."""

    delivery_id: int
    lane: int
    account: Account
    outgoing: Outgoing


@dataclass(frozen=True)
class Ended:
    """How a job ended: the door's own id of it, or what went wrong; `unsaid` where it was not to be said any more."""

    job: Job
    external_id: str | None = None
    error: SendError | None = None
    unsaid: Unsaid | None = None


class Ledger:
    """The outbox of one door in the store; `worker` is who claims. Everything here runs in a thread."""

    def __init__(self, house: House, door: Door, worker: str, journal: Journal) -> None:
        self.house, self.door, self.worker, self.journal = house, door, worker, journal

    def step(
        self, ended: Sequence[Ended], room: Mapping[tuple[int, ...], int], in_hand: Sequence[int] = ()
    ) -> tuple[list[Job], bool]:
        """Write down what ended and take up what is due, so many a group of lanes; and whether to look again at once."""
        now = self.house.now()
        open_lanes = {lanes: most for lanes, most in room.items() if most > 0}
        due = [] if ended else self._due(now, open_lanes, in_hand)
        if not ended and not due:
            return [], False
        with self.house.store.write() as unit:
            for one in ended:
                self._settle(unit, one)
            # What has just ended may be what the next one of its account and lane was waiting for.
            looked = self._in(unit, now, open_lanes, in_hand) if ended else due
            rows = [
                row
                for lanes in looked
                for row in unit.doors.claim(
                    self.door.name, self.worker, now, open_lanes[lanes], lanes, in_hand
                )
            ]
            jobs = [job for row in rows if (job := self._checked(unit, *row)) is not None]
        # Behind what is not to be said any more something may wait that is.
        return jobs, len(jobs) < len(rows)

    def _due(
        self, now: datetime, groups: Collection[tuple[int, ...]], in_hand: Sequence[int]
    ) -> list[tuple[int, ...]]:
        """The groups of lanes in which something is due; only read, so that a look in vain costs next to nothing."""
        if not groups:
            return []
        with self.house.store.read() as unit:
            return self._in(unit, now, groups, in_hand)

    def _in(
        self, unit: Unit, now: datetime, groups: Collection[tuple[int, ...]], in_hand: Sequence[int]
    ) -> list[tuple[int, ...]]:
        wanted = [lane for lanes in groups for lane in lanes]
        found = unit.doors.due_lanes(self.door.name, now, wanted, in_hand)
        return [lanes for lanes in groups if found.intersection(lanes)]

    def still_to_be_said(self, job: Job) -> Unsaid | None:
        """After a wait: None, or why it is not to be said any more, or not now."""
        with self.house.store.read() as unit:
            delivery = unit.doors.delivery(job.delivery_id)
            message = unit.conversations.message(delivery.message_id) if delivery is not None else None
            if delivery is None or message is None:
                return Unsaid("gone")
            if delivery.state is not DeliveryState.CLAIMED or delivery.claimed_by != self.worker:
                return Unsaid("no longer ours")
            return self._unsaid(unit, message)

    def _unsaid(self, unit: Unit, message: Message) -> Unsaid | None:
        if message.state is State.DROPPED:
            return Unsaid(message.reason or "dropped")
        conversation = unit.conversations.get(message.conversation_id)
        assert conversation is not None
        if message.reply_to is not None and not words_for(unit, conversation, message.owner_version):
            return Unsaid("a person speaks")
        if message.lane == Lane.BROADCAST:
            return broadcast_send.unsaid(self.house, unit, message, conversation)
        return remind_late.unsaid(self.house, unit, message) if message.lane == Lane.REMINDER else None

    def _checked(self, unit: Unit, delivery: Delivery, message: Message, account: Account) -> Job | None:
        """The last check before a send: is it still to be said, by us, to this account, now?"""
        now = self.house.now()
        if (unsaid := self._unsaid(unit, message)) is not None:
            self._not_said(unit, delivery, message, unsaid)
            return None
        if (told := self.journal.told(message.key)) is not None:
            if told.out:
                self._is_out(unit, delivery, told.external_id)
            else:
                delivery.again(now, "going out by itself", _SOON)
            return None
        last_word = unit.conversations.last_word_at(message.conversation_id)
        allowance = self.door.allowance(account, last_word, now)
        if not allowance.now:
            if allowance.after is None:
                delivery.over(DeliveryState.FAILED, "the door does not allow it")
            else:
                delivery.again(now, "the door does not allow it yet", allowance.after)
            return None
        assert delivery.id is not None
        return Job(
            delivery.id,
            delivery.lane,
            account,
            replace(outgoing(self.house, message), parts_out=delivery.parts_out),
        )

    def _settle(self, unit: Unit, ended: Ended) -> None:
        delivery = unit.doors.delivery(ended.job.delivery_id)
        if delivery is None or delivery.claimed_by != self.worker:
            return  # taken from us meanwhile, or the account has left
        if ended.unsaid is not None:
            message = unit.conversations.message(delivery.message_id)
            assert message is not None
            # What was only put off is asked again: a pause may be over by now.
            unsaid = self._unsaid(unit, message) if ended.unsaid.until is not None else ended.unsaid
            if unsaid is None:
                delivery.again(self.house.now(), ended.unsaid.reason, _NO_WAIT)
            else:
                self._not_said(unit, delivery, message, unsaid)
        elif ended.error is not None:
            self._failed(unit, delivery, ended.error)
        else:
            self._is_out(unit, delivery, ended.external_id)

    def _not_said(self, unit: Unit, delivery: Delivery, message: Message, unsaid: Unsaid) -> None:
        now = self.house.now()
        if unsaid.reason == Reason.PAUSED and not broadcast_send.stays_paused(unit, message):
            # It is going on in this very moment.
            delivery.again(now, unsaid.reason, _NO_WAIT)
            return
        if unsaid.until is not None:
            delivery.again(now, unsaid.reason, unsaid.until - now)
            return
        delivery.over(DeliveryState.DROPPED, unsaid.reason)
        if message.lane == Lane.REMINDER:
            remind_late.dropped(self.house, unit, message, unsaid.reason)
        else:
            broadcast_send.dropped(self.house, unit, message, unsaid.reason)

    def _is_out(self, unit: Unit, delivery: Delivery, external_id: str | None) -> None:
        now = self.house.now()
        delivery.sent(external_id, now)
        unit.conversations.mark_sent([delivery.message_id], now)
        message = unit.conversations.message(delivery.message_id)
        if message is not None and message.payload.get("alert"):
            delivered(self.house, unit, [message.key])
        if message is not None and message.lane == Lane.BROADCAST:
            broadcast_send.went_out(self.house, unit, message)

    def _failed(self, unit: Unit, delivery: Delivery, error: SendError) -> None:
        now, reason = self.house.now(), error.reason[:120]
        message, account = (
            unit.conversations.message(delivery.message_id),
            unit.doors.account(delivery.account_id),
        )
        assert message is not None
        assert account is not None
        delivery.parts_out = error.parts_out
        match error:
            case Blocked() if delivery.lane == Lane.BROADCAST:
                # Whoever comes back after weeks is not met with what was for everybody then.
                account.blocked_at = now
                delivery.over(DeliveryState.DROPPED, "blocked")
            case Blocked():
                # It stays queued: should the person come back, it goes out then.
                chats.blocked(self.house, unit, account)
                delivery.again(now, "blocked", _NO_WAIT)
            case Later(wait=timedelta() as wait):
                delivery.again(now, reason, wait)
            case Unknown():
                delivery.unsure(now, reason)
            case Refused():
                delivery.over(DeliveryState.FAILED, reason)
            case _:
                delivery.failed(now, reason, since=message.created_at)
        # Who is told of a danger and cannot be reached is not waited for; being asked to go slower is no failure.
        if message.payload.get("alert") and not (isinstance(error, Later) and error.wait is not None):
            alarm_family.failed(self.house, unit, message.key)
        log.warning(
            "delivery_failed",
            door=self.door.name,
            delivery=delivery.id,
            kind=type(error).__name__,
            reason=reason,
            state=str(delivery.state),
        )


def outgoing(house: House, message: Message) -> Outgoing:
    """A stored message as a door carries it."""
    reply = shown(house, message, leaving=True)
    kept = message.payload.get("attachments")
    return Outgoing(
        message_id=message.id,
        text=reply.text,
        role=reply.role,
        buttons=reply.buttons,
        attachments=tuple(Attachment(a["kind"], Path(a["path"])) for a in kept)
        if isinstance(kept, list)
        else (),
        welcome=bool(message.payload.get("welcome")),
    )
