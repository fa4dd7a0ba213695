"""A danger's alerts to the family: in the elder's order, one after the other, until somebody has seen it."""

from __future__ import annotations

from collections.abc import Sequence

from actions import on_call
from actions.house import House
from actions.say import put
from actions.ticket_clocks import record
from domain.conversations import Lane
from domain.desk import load
from domain.people import Consent, ConsentUse, Person, Role, Scope
from domain.policy import may_alert
from domain.store import Unit
from domain.tickets import Alert, Ticket, TicketState


def next_one(house: House, unit: Unit, ticket: Ticket) -> Person | None:
    """Tell the next of the family who may be told, and note when the one after is; None where nobody is left.

    Nobody more is told once one of them has seen it.
    """
    ticket.family_at = None
    alerts = unit.tickets.alerts(ticket.id)
    told = {alert.recipient_id for alert in alerts}
    conversation = unit.conversations.get(ticket.conversation_id)
    actor = unit.people.get(conversation.person_id) if conversation is not None else None
    if actor is None or ticket.state is TicketState.CLOSED or _seen(unit, alerts):
        ticket.plan()
        return None
    category = ticket.topic.partition(":")[0]
    for _, relative in unit.people.relatives_of(actor.id):
        if relative.id in told or relative.died_on is not None:
            continue
        consent = unit.people.consents(actor.id, relative.id, house.now()).get(Scope.ALERTS)
        if _tell(house, unit, ticket, actor, relative, category, consent):
            ticket.family_at = house.now() + load().family_next
            ticket.plan()
            return relative
    _nobody_left(house, unit, ticket, actor, alerts)
    ticket.plan()
    return None


def _seen(unit: Unit, alerts: Sequence[Alert]) -> bool:
    return any(
        alert.acknowledged_at is not None
        and (person := unit.people.get(alert.recipient_id)) is not None
        and person.role is Role.MEMBER
        for alert in alerts
    )


def _tell(
    house: House,
    unit: Unit,
    ticket: Ticket,
    actor: Person,
    relative: Person,
    category: str,
    consent: Consent | None,
) -> bool:
    basis = may_alert(category, consent)
    if basis is None:
        return False
    unit.people.add(
        ConsentUse(
            elder_id=actor.id,
            actor_id=relative.id,
            scope=Scope.ALERTS,
            action=f"alert:{category}",
            basis=f"{basis}:{consent.id}" if consent else str(basis),
            at=house.now(),
        )
    )
    on_call.say_alert(
        house,
        unit,
        ticket,
        relative,
        on_call.danger_words(house, unit, ticket),
        on_call.alert_key(ticket, relative),
    )
    record(house, unit, ticket, "called", None, family=relative.id)
    return True


def _nobody_left(house: House, unit: Unit, ticket: Ticket, actor: Person, alerts: Sequence[Alert]) -> None:
    """The family is through and nobody has answered: the elder is told the truth, once, and who is being called."""
    family = [
        a for a in alerts if (p := unit.people.get(a.recipient_id)) is not None and p.role is Role.MEMBER
    ]
    if may_alert(ticket.topic.partition(":")[0], None) is None or unit.people.elders_of(actor.id):
        return  # of a scam nobody need be told; and who cries for a parent is the family
    name = "alert_nobody" if family else "alert_no_family"
    conversation = unit.conversations.get(ticket.conversation_id)
    assert conversation is not None
    put(
        unit,
        conversation,
        house.words.say(name),
        key=f"{ticket.id}:nobody_left",
        now=house.now(),
        lane=Lane.LIVE,
    )


def failed(house: House, unit: Unit, message_key: str) -> None:
    """An alert could not be delivered at the first try: it goes on being tried, and the next one is told at once."""
    for alert in unit.tickets.alerts_of([message_key]):
        ticket = unit.tickets.get(alert.ticket_id)
        if ticket is None or alert.failed_at is not None or alert.delivered_at is not None:
            continue
        alert.failed_at = house.now()
        record(house, unit, ticket, "alert_failed", None, recipient=alert.recipient_id)
        if _is_family(unit, alert):
            next_one(house, unit, ticket)
        elif (rung := load().rung_after(ticket.tier)) is not None and ticket.state is TicketState.OPEN:
            on_call.call(house, unit, ticket, rung.tier)


def _is_family(unit: Unit, alert: Alert) -> bool:
    person = unit.people.get(alert.recipient_id)
    return person is not None and person.role is Role.MEMBER
