"""What staff do in a topic of their group: buttons, commands and plain words, by the same actions as at the desk."""

from __future__ import annotations

import re
from dataclasses import dataclass

from actions import desk_work, hand_over
from actions.house import House
from actions.sent_files import Body
from actions.topic_card import unreachable
from domain.errors import NotAllowed, NotFound, OutOfDate, RuleBroken, WrongState
from domain.people import Person
from domain.store import Unit
from domain.tickets import Ticket, TicketState

_COMMAND = re.compile(r"/([a-z]{1,20})(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
_VERBS = ("claim", "release", "note", "transfer", "close", "done")
# Buttons that need words: pressed, they ask, and the reply to the question is what is meant.
ASKS = ("note", "transfer", "close")
_LONGEST = 2000
_OTHER = {"life": "doctor", "doctor": "life"}


@dataclass(frozen=True)
class Wish:
    """What somebody wants of a ticket. `key` is the door's own id of it, so that a repeat does it once."""

    verb: str
    words: str = ""
    key: str = ""
    files: tuple[Body, ...] = ()


def wish_of(house: House, text: str, asked: str | None, key: str, files: tuple[Body, ...] = ()) -> Wish:
    """What words in a topic mean; `asked` is the text of our own message that they reply to, if they do."""
    for verb in ASKS:
        if asked == house.words.say(f"topic_ask_{verb}"):
            return Wish(verb, text.strip()[:_LONGEST], key)
    command = _COMMAND.fullmatch(text.strip())
    if command is None:
        return Wish("reply", text.strip()[:_LONGEST], key, files)
    return Wish(command[1], (command[2] or "").strip()[:_LONGEST], key)


def do(house: House, unit: Unit, actor: Person, ticket_id: str, wish: Wish) -> str | None:
    """Do it; None, or what there is to say to the one who wished it."""
    _WORK[wish.verb](house, unit, actor, ticket_id, wish)
    ticket = unit.tickets.get(ticket_id)
    if wish.verb == "reply" and ticket is not None and unreachable(unit, ticket):
        return house.words.say("topic_unreachable")
    return None


def refusal(house: House, wish: Wish, error: RuleBroken | None = None) -> str | None:
    """Why a wish is not done, in a sentence; None where there is no reason against trying it."""
    say = house.words.say
    if error is None:
        if wish.verb != "reply" and wish.verb not in _VERBS:
            return say("topic_unknown_command")
        if wish.verb in ("note", "transfer", "close", "done") and not wish.words:
            return say("topic_need_words", verb=wish.verb)
        return None
    match error:
        case NotFound():
            return say("topic_gone")
        case NotAllowed():
            return say("topic_not_claimed" if wish.verb == "reply" else "topic_wrong")
        case WrongState() | OutOfDate():
            return say("topic_too_late")
    return say("topic_wrong")


def _claim(house: House, unit: Unit, actor: Person, ticket_id: str, wish: Wish) -> None:
    hand_over.claim(house, unit, actor, ticket_id)


def _release(house: House, unit: Unit, actor: Person, ticket_id: str, wish: Wish) -> None:
    desk_work.release(house, unit, actor, ticket_id)


def _note(house: House, unit: Unit, actor: Person, ticket_id: str, wish: Wish) -> None:
    desk_work.note(house, unit, actor, ticket_id, wish.words, key=wish.key)


def _transfer(house: House, unit: Unit, actor: Person, ticket_id: str, wish: Wish) -> None:
    ticket = hand_over.readable(unit, actor, ticket_id)
    desk_work.transfer(house, unit, actor, ticket_id, _OTHER[ticket.queue], wish.words)


def _close(house: House, unit: Unit, actor: Person, ticket_id: str, wish: Wish) -> None:
    hand_over.close(house, unit, actor, ticket_id, wish.words)


def _done(house: House, unit: Unit, actor: Person, ticket_id: str, wish: Wish) -> None:
    desk_work.resolve(house, unit, actor, ticket_id, wish.words)


def _reply(house: House, unit: Unit, actor: Person, ticket_id: str, wish: Wish) -> None:
    hand_over.reply(house, unit, actor, ticket_id, wish.words, wish.key, wish.files)


_WORK = {
    "claim": _claim,
    "release": _release,
    "note": _note,
    "transfer": _transfer,
    "close": _close,
    "done": _done,
    "reply": _reply,
}


def buttons(house: House, ticket: Ticket) -> list[tuple[str, str]]:
    """What may be pressed under a card in this state: title and verb."""
    say = house.words.say
    other = say(f"topic_queue_{_OTHER[ticket.queue]}")
    note = (say("topic_button_note"), "note")
    transfer = (say("topic_button_transfer", queue=other), "transfer")
    close = (say("topic_button_close"), "close")
    if ticket.state is TicketState.CLOSED:
        return [note]
    if ticket.state is TicketState.OPEN:
        return [(say("topic_button_claim"), "claim"), note, transfer]
    return [close, note, transfer, (say("topic_button_release"), "release")]
