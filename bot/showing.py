"""What is shown for the first time has left: marked as sent, its alert as delivered, and checked once more before."""

from __future__ import annotations

from collections.abc import Sequence

from actions import broadcast_send
from actions.hand_over import words_for
from actions.house import House
from actions.raise_alarm import delivered
from domain.conversations import Conversation, Lane, Message, State
from domain.sending import Reason
from domain.store import Unit


def leaving(
    house: House, unit: Unit, conversation: Conversation, found: Sequence[Message]
) -> Sequence[Message]:
    """Those of a locked conversation's messages that may be shown now, marked as sent."""
    for message in found:
        reply = message.reply_to is not None
        if (
            message.state is State.QUEUED
            and reply
            and not words_for(unit, conversation, message.owner_version)
        ):
            message.state, message.reason = State.DROPPED, "a person speaks"
    going = [
        message
        for message in found
        if message.state is not State.DROPPED and _may_go(house, unit, conversation, message)
    ]
    fresh = [message for message in going if message.state is State.QUEUED]
    unit.conversations.mark_sent([m.id for m in fresh if m.id is not None], house.now())
    alerts = [m.key for m in fresh if m.payload.get("alert")]
    if alerts:
        delivered(house, unit, alerts)
    return going


def _may_go(house: House, unit: Unit, conversation: Conversation, message: Message) -> bool:
    """What was for many is looked at once more. Who opens the page is awake, and speaks with whom they like; what is
    paused is not shown yet."""
    if message.lane != Lane.BROADCAST or message.state is not State.QUEUED:
        return True
    unsaid = broadcast_send.unsaid(house, unit, message, conversation)
    if unsaid is None:
        return True
    if unsaid.until is None and unsaid.reason not in (Reason.QUIET, Reason.HUMAN):
        broadcast_send.dropped(house, unit, message, unsaid.reason)
        return False
    return unsaid.reason != Reason.PAUSED


def shown_first(house: House, found: Sequence[Message]) -> Sequence[Message]:
    """The same for messages of one conversation that were only read; where nothing is new, nothing is written."""
    if not any(message.state is State.QUEUED for message in found):
        return found
    with house.store.write() as unit:
        conversation = unit.conversations.locked(found[0].conversation_id)
        again = [unit.conversations.message(message.id) for message in found if message.id is not None]
        return leaving(house, unit, conversation, [message for message in again if message is not None])
