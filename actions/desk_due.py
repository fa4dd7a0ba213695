"""Tickets of which a moment has come: promises that were not kept, claimers who are silent, who is called next.

Any number of processes work side by side: each ticket in a transaction of its own, its conversation locked first.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog

from actions import alarm_family, complaints, hand_back, on_call, ticket_clocks
from actions.house import House
from actions.say import put
from actions.ticket_clocks import record
from domain.conversations import QUEUE, Conversation, Lane
from domain.desk import load
from domain.store import Unit
from domain.tickets import Clock, Priority, Ticket, TicketState

log = structlog.get_logger()
_BATCH = 200


def work_off(house: House) -> int:
    """Look at every ticket and complaint that is due now; returns how many were looked at."""
    done = complaints.work_off(house)
    failed: set[str] = set()
    while True:
        with house.store.read() as unit:
            found = [row for row in unit.tickets.due(house.now(), _BATCH) if row[0] not in failed]
        if not found:
            return done
        for ticket_id, conversation_id in found:
            try:
                with house.store.write() as unit:
                    done += int(_one(house, unit, ticket_id, conversation_id))
            except Exception as error:  # what is wrong with one keeps no other waiting
                log.error(
                    "ticket_not_worked_off", ticket=ticket_id, error=type(error).__name__, exc_info=error
                )
                failed.add(ticket_id)


def next_due(unit: Unit) -> datetime | None:
    """When something is due next."""
    moments = (unit.tickets.next_due(), unit.desks.next_due())
    return min((moment for moment in moments if moment is not None), default=None)


def _one(house: House, unit: Unit, ticket_id: str, conversation_id: str) -> bool:
    conversation = unit.conversations.locked(conversation_id)
    ticket, now = unit.tickets.locked(ticket_id), house.now()
    if ticket is None or ticket.due_at is None or ticket.due_at > now:
        return False  # another process has looked
    for clock in ticket.out(now):
        _missed(house, unit, ticket, clock)
    steps: tuple[tuple[str, Callable[[House, Unit, Ticket, Conversation], None]], ...] = (
        ("silent_at", _silent),
        ("call_at", _call),
        ("family_at", _family),
        ("until_at", _until),
    )
    for name, step in steps:
        moment: datetime | None = getattr(ticket, name)
        if moment is not None and moment <= now:
            setattr(ticket, name, None)
            step(house, unit, ticket, conversation)
    ticket.plan()
    unit.flush()
    return True


def _missed(house: House, unit: Unit, ticket: Ticket, clock: Clock) -> None:
    """A promise was not kept: the ticket climbs, the supervisor is warned, once for each clock."""
    ticket.missed = [*ticket.missed, str(clock)]
    # What is urgent climbs by its chain.
    if ticket.state is TicketState.OPEN and ticket.call_at is None:
        ticket.tier = min(ticket.tier + 1, load().last_tier)
    record(house, unit, ticket, "overdue", None, clock=str(clock), tier=str(ticket.tier))
    on_call.warn(house, unit, ticket, str(clock))


def _silent(house: House, unit: Unit, ticket: Ticket, conversation: Conversation) -> None:
    """The claimer has said nothing for too long: the next tier has it."""
    if ticket.state is not TicketState.CLAIMED:
        return
    lost_by = ticket.owner_id or ""
    ticket.go(TicketState.OPEN)
    ticket.owner_id = None
    ticket.tier = min(ticket.tier + 1, load().last_tier)
    record(house, unit, ticket, "lost", None, by=lost_by, tier=str(ticket.tier))
    if conversation.human_id == lost_by:
        conversation.hand_to(QUEUE)
    people = [p for p in on_call.on_duty(house, unit, ticket.queue, ticket.tier) if p.id != lost_by]
    on_call.alert(house, unit, ticket, people, "desk_silent", again=True)
    record(house, unit, ticket, "escalated", None, tier=str(ticket.tier))
    if ticket.priority is Priority.URGENT and (rung := load().rung_after(ticket.tier)) is not None:
        ticket.call_at = house.now() + rung.after
    put(
        unit,
        conversation,
        house.words.say("claimer_silent"),
        key=f"{ticket.id}:silent:{ticket.version}",
        now=house.now(),
        lane=Lane.HUMAN,
    )


def _call(house: House, unit: Unit, ticket: Ticket, _: Conversation) -> None:
    if ticket.state is TicketState.OPEN and (rung := load().rung_after(ticket.tier)) is not None:
        record(house, unit, ticket, "escalated", None, tier=str(rung.tier))
        on_call.call(house, unit, ticket, rung.tier)


def _family(house: House, unit: Unit, ticket: Ticket, _: Conversation) -> None:
    alarm_family.next_one(house, unit, ticket)


def _until(house: House, unit: Unit, ticket: Ticket, conversation: Conversation) -> None:
    """A wait is over: the claimer owes a word. What was resolved and not spoken of again is closed."""
    if ticket.state is TicketState.WAITING:
        ticket.go(TicketState.CLAIMED)
        record(house, unit, ticket, "woke", None)
        ticket_clocks.waits(house, ticket)
    elif ticket.state is TicketState.RESOLVED:
        hand_back.end(house, unit, ticket, conversation, None, ticket.outcome or "")
