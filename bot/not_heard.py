"""What the butler cannot see or hear: it says so, and a person is a step away. A voice is with one at once."""

from __future__ import annotations

from dataclasses import dataclass

from actions import desk_work
from actions.hand_over import Cause, open_ticket
from actions.house import House
from actions.say import Choice, put
from domain.conversations import Conversation, Message
from domain.people import Person
from domain.store import Unit
from domain.topics import LARGEST


@dataclass(frozen=True)
class Came:
    """A message that brought something with it, and who sent it; the conversation is locked."""

    house: House
    unit: Unit
    message: Message
    conversation: Conversation
    actor: Person


def not_seen(came: Came, attached: dict[str, object], alone: bool) -> bool:
    """Say what became of what came with the words; whether that is all there is to say."""
    house, size = came.house, attached.get("size")
    too_big = isinstance(size, int) and size > LARGEST
    if attached["kind"] == "voice" and not too_big:
        _to_be_heard(came)
        return alone
    said = house.words.say("sent_too_big" if too_big else f"sent_{attached['kind']}")
    _say(came, said, (Choice(house.words.say("button_human"), "human:life", once=False),))
    return alone


def _to_be_heard(came: Came) -> None:
    """Nobody here can write down what was said: a person listens to it."""
    house, key = came.house, came.message.key
    live = {ticket.queue for ticket in came.unit.tickets.live_of(came.conversation.id)}
    # Who waits for a doctor speaks to the doctor.
    cause = Cause("doctor" if live == {"doctor"} else "life", "voice")
    ticket = open_ticket(house, came.unit, came.conversation, came.actor, cause, key=f"{key}:voice")
    words, choices = desk_work.words_of_handing(house, ticket.queue)
    heard = house.words.say("sent_voice_closed" if choices else f"sent_voice_{ticket.queue}")
    _say(came, f"{heard}\n{words}" if choices else heard, tuple(choices))


def _say(came: Came, text: str, choices: tuple[Choice, ...]) -> None:
    put(
        came.unit,
        came.conversation,
        text,
        key=f"m{came.message.id}:attached",
        now=came.house.now(),
        choices=choices,
        reply_to=came.message.id,
    )
