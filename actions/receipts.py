"""A sign under a message (a thumb, a heart) says that it was seen; it is kept, and the other side learns it."""

from __future__ import annotations

from dataclasses import dataclass

from actions.house import House
from actions.in_hand import readable
from actions.ticket_clocks import record
from domain.conversations import Message
from domain.doors import Account
from domain.people import Person
from domain.store import Unit

# What a ticket's history calls it: the elder has seen a butler's words; a butler has seen the elder's.
SIGNS = ("seen", "looked")


@dataclass(frozen=True)
class Seen:
    """A word of the member's that a butler has seen, and the chat that it came from where it was one."""

    message: Message
    account: Account | None


def seen(house: House, unit: Unit, account: Account, external_id: str, emoji: str) -> None:
    """Note that somebody has put a sign under what was sent to them; what is not ours changes nothing."""
    delivery = unit.doors.delivered_as(account.id, external_id)
    message = unit.conversations.message(delivery.message_id) if delivery is not None else None
    if message is None or not _marked(house, message):
        return
    if message.author_id is None:
        return
    for ticket in unit.tickets.held_by(message.conversation_id, message.author_id):
        record(house, unit, ticket, "seen", account.person_id, emoji=emoji[:8], message=str(message.id))


def looked(house: House, unit: Unit, actor: Person, chat: str, number: int) -> Seen | None:
    """Note that a butler has put a sign under what a topic tells: the member's newest word up to there was seen.

    None where it was noted before, or nothing of the member's stands there. Raises NotFound for a ticket that is not
    the butler's to read.
    """
    post = unit.topics.post(chat, number)
    if post is None:
        return None
    ticket = readable(unit, actor, post.ticket_id)
    message = unit.topics.last_heard(ticket.conversation_id, post.message_id)
    if message is None or not _marked(house, message):
        return None
    record(house, unit, ticket, "looked", actor.id, message=str(message.id))
    account = message.payload.get("account")
    return Seen(message, unit.doors.account(str(account)) if account else None)


def _marked(house: House, message: Message) -> bool:
    """Mark it as seen; whether it was not yet."""
    if message.payload.get("seen"):
        return False
    message.payload = {**message.payload, "seen": house.now().isoformat()}
    return True
