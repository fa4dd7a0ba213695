"""A sign under a message (a thumb, a heart) says that it was seen; it is kept, and the butler who wrote it learns it."""

from __future__ import annotations

from actions.house import House
from actions.ticket_clocks import record
from domain.doors import Account
from domain.store import Unit


def seen(house: House, unit: Unit, account: Account, external_id: str, emoji: str) -> None:
    """Note that somebody has put a sign under what was sent to them; what is not ours changes nothing."""
    delivery = unit.doors.delivered_as(account.id, external_id)
    message = unit.conversations.message(delivery.message_id) if delivery is not None else None
    if message is None or message.payload.get("seen"):
        return
    message.payload = {**message.payload, "seen": house.now().isoformat()}
    if message.author_id is None:
        return
    for ticket in unit.tickets.held_by(message.conversation_id, message.author_id):
        record(house, unit, ticket, "seen", account.person_id, emoji=emoji[:8], message=str(message.id))
