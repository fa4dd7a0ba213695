"""What the way of a message has made safe, and what it knows about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace

from bot.messages import Arrival, Reply
from domain.conversations import Message, State
from nlu.zh.danger import Danger, detect
from nlu.zh.secrets import mask


@dataclass(frozen=True)
class Stored:
    """Where a message lies, and whether it was answered already when it was stored."""

    conversation_id: str
    message_id: int
    answered: bool


@dataclass(frozen=True)
class Taken:
    """A message that is safe; `now` is what a cry is answered with, which is not looked for in the database."""

    arrival: Arrival
    stored: Stored | None = None
    now: list[Reply] = field(default_factory=list)


def danger_in(text: str) -> Danger | None:
    """What must be acted on before everything else; a secret given away is a matter of its own."""
    danger = detect(text)
    return None if danger is not None and danger.category == "fraud" and mask(text)[1] else danger


def facts(arrival: Arrival) -> dict[str, object]:
    """What is kept beside the words: the chat to answer to, and what came with them."""
    found: dict[str, object] = {}
    if arrival.account_id:
        found["account"] = arrival.account_id
    if arrival.attached:
        found["attached"] = asdict(arrival.attached)
    if arrival.edits:
        found["edits"] = replace(arrival, external_id=arrival.edits).key
    return found


def push(asked: Message, replies: Sequence[Message]) -> None:
    """Let replies that were not returned to anybody go out as pushed words, but for those that the outbox carries."""
    for reply in replies:
        if reply.state is State.QUEUED and "account" not in asked.payload:
            reply.pushed = True
