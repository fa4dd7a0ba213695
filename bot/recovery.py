"""What an earlier process, or a while without Rasa, has left in the store."""

from __future__ import annotations

from actions.house import House
from bot.taken import push
from domain.conversations import OWN, State


def waiting(house: House, *, own: bool = False) -> list[str]:
    """The conversations in which something is stored and unanswered; `own`: something that we said to the dialogue."""
    with house.store.read() as unit:
        found = [m for m in unit.conversations.unanswered() if not own or m.direction == OWN]
        return list(dict.fromkeys(m.conversation_id for m in found))


def settle_answered(house: House) -> None:
    """A message whose answer was stored before a cut is answered; its replies go out as pushed words."""
    with house.store.write() as unit:
        for message in unit.conversations.unanswered():
            assert message.id is not None
            replies = unit.conversations.replies(message.id)
            # What a validation says is the beginning of an answer, anything else its end; and that something sent
            # cannot be seen yet is no answer to the words beside it.
            if any(
                not key.startswith(f"m{message.id}:attached") and ":validate_" not in key
                for key in (r.key for r in replies)
            ):
                message.state = State.ANSWERED
                push(message, replies)
