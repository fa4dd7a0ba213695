"""What the butler cannot see or hear: it says so, and a person is a step away. A voice is with one at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actions import desk_work
from actions.hand_over import Cause, open_ticket
from actions.say import Choice, put
from domain.topics import LARGEST

if TYPE_CHECKING:
    from bot.front import Front


def not_seen(front: Front, attached: dict[str, object], alone: bool) -> bool:
    """Say what became of what came with the words; whether that is all there is to say."""
    house, size = front.house, attached.get("size")
    too_big = isinstance(size, int) and size > LARGEST
    if attached["kind"] == "voice" and not too_big:
        _to_be_heard(front)
        return alone
    said = house.words.say("sent_too_big" if too_big else f"sent_{attached['kind']}")
    _say(front, said, (Choice(house.words.say("button_human"), "human:life", once=False),))
    return alone


def _to_be_heard(front: Front) -> None:
    """Nobody here can write down what was said: a person listens to it."""
    house, key = front.house, front.message.key
    live = {ticket.queue for ticket in front.unit.tickets.live_of(front.conversation.id)}
    # Who waits for a doctor speaks to the doctor.
    cause = Cause("doctor" if live == {"doctor"} else "life", "voice")
    ticket = open_ticket(house, front.unit, front.conversation, front.actor, cause, key=f"{key}:voice")
    words, choices = desk_work.words_of_handing(house, ticket.queue)
    heard = house.words.say("sent_voice_closed" if choices else f"sent_voice_{ticket.queue}")
    _say(front, f"{heard}\n{words}" if choices else heard, tuple(choices))


def _say(front: Front, text: str, choices: tuple[Choice, ...]) -> None:
    put(
        front.unit,
        front.conversation,
        text,
        key=f"m{front.message.id}:attached",
        now=front.house.now(),
        choices=choices,
        reply_to=front.message.id,
    )
