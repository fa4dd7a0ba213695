"""A danger's alerts to the family: in the elder's order, one after the other, until somebody has seen it."""

from __future__ import annotations

from collections.abc import Sequence

from actions import on_call
from actions.alarm_say import category_of, first_of_family, marked, tell, told_family, who_cried
from actions.house import House
from actions.incident import note
from actions.ticket_clocks import record
from domain import alert_policy
from domain.desk import load
from domain.incidents import Happened
from domain.people import ConsentUse, Person, Role, Scope
from domain.policy import Basis, may_alert
from domain.store import Unit
from domain.tickets import Alert, Ticket, TicketState


def next_one(house: House, unit: Unit, ticket: Ticket) -> Person | None:
    """Tell the next of the family who may be told, and note when the one after is; None where nobody is left.

    Nobody more is told once one of them has seen it.
    """
    ticket.family_at = None
    alerts = unit.tickets.alerts(ticket.id)
    told = {alert.recipient_id: alert for alert in alerts}
    actor = who_cried(unit, ticket)
    if actor is None or ticket.state is TicketState.CLOSED or _seen(unit, alerts):
        ticket.plan()
        return None
    category, before = category_of(ticket), None
    for _, relative in unit.people.relatives_of(actor.id):
        before = told.get(relative.id, before)
        if relative.id in told or relative.died_on is not None:
            continue
        found = ground(house, unit, category, actor, relative)
        if found is not None:
            _say_next(house, unit, ticket, before, relative, found)
            _alert(house, unit, ticket, actor, relative, found)
            ticket.family_at = house.now() + load().family_next
            ticket.plan()
            return relative
    _nobody_left(house, unit, ticket, actor, alerts)
    ticket.plan()
    return None


def ground(house: House, unit: Unit, category: str, actor: Person, relative: Person) -> str | None:
    """On what ground a relative is told of a danger, as the log of use keeps it; None where they are not."""
    consent = unit.people.consents(actor.id, relative.id, house.now()).get(Scope.ALERTS)
    basis = may_alert(category, consent)
    return f"{basis}:{consent.id}" if basis is not None and consent is not None else basis


def log_use(house: House, unit: Unit, ticket: Ticket, actor: Person, relative: Person, basis: str) -> None:
    """What was told to a relative stands in the elder's log of use."""
    unit.people.add(
        ConsentUse(
            elder_id=actor.id,
            actor_id=relative.id,
            scope=Scope.ALERTS,
            action=f"alert:{category_of(ticket)}",
            basis=basis,
            at=house.now(),
        )
    )


def _seen(unit: Unit, alerts: Sequence[Alert]) -> bool:
    return any(
        alert.acknowledged_at is not None
        and (person := unit.people.get(alert.recipient_id)) is not None
        and person.role is Role.MEMBER
        for alert in alerts
    )


def _alert(house: House, unit: Unit, ticket: Ticket, actor: Person, relative: Person, basis: str) -> None:
    log_use(house, unit, ticket, actor, relative, basis)
    on_call.say_alert(
        house,
        unit,
        ticket,
        relative,
        on_call.danger_words(house, unit, ticket),
        on_call.alert_key(ticket, relative),
    )
    record(house, unit, ticket, "called", None, family=relative.id)


def _say_next(
    house: House, unit: Unit, ticket: Ticket, before: Alert | None, relative: Person, basis: str
) -> None:
    """What became of the last one, and who is told now: against the elder's no it is said, and on record, that it is."""
    said = [_of_last(house, unit, before)] if before is not None else []
    if basis == Basis.EMERGENCY:
        note(house, unit, ticket, Happened.OVERRIDE, relative.id, policy=alert_policy.load().cite("override"))
        said.append(house.words.say("alert_override", name=relative.name))
    elif before is not None:
        said.append(house.words.say("alert_next", name=relative.name))
    conversation = unit.conversations.get(ticket.conversation_id)
    speaks = conversation is not None and conversation.human_id is not None
    # A person who speaks tells it in their own words; that a no did not hold is said all the same.
    if said and (basis == Basis.EMERGENCY or not speaks):
        tell(house, unit, ticket, marked(ticket, "".join(said)), f"{ticket.id}:next:{relative.id}")


def _of_last(house: House, unit: Unit, alert: Alert) -> str:
    person = unit.people.get(alert.recipient_id)
    known = "failed" if alert.failed_at else "silent" if alert.delivered_at else "sending"
    return house.words.say(f"alert_last_{known}", name=person.name if person is not None else "")


def tell_asked(house: House, unit: Unit, ticket: Ticket) -> Person | None:
    """The elder was asked and said yes, for this once: the first of the family is told."""
    actor, relative = who_cried(unit, ticket), first_of_family(unit, ticket)
    if actor is None or relative is None or told_family(unit, ticket):
        return None
    _alert(house, unit, ticket, actor, relative, str(Basis.ASKED))
    unit.flush()
    return relative


def _nobody_left(house: House, unit: Unit, ticket: Ticket, actor: Person, alerts: Sequence[Alert]) -> None:
    """The family is through and nobody has answered: the elder is told the truth, once, and who is being called."""
    if may_alert(category_of(ticket), None) is None or unit.people.elders_of(actor.id):
        return  # of a scam nobody need be told; and who cries for a parent is the family
    family = any(_is_family(unit, alert) for alert in alerts)
    words = house.words.say("alert_nobody" if family else "alert_no_family")
    tell(house, unit, ticket, marked(ticket, words), f"{ticket.id}:nobody_left")


def failed(house: House, unit: Unit, message_key: str) -> None:
    """An alert could not be delivered at the first try: it goes on being tried, and the next one is told at once."""
    for alert in unit.tickets.alerts_of([message_key]):
        ticket = unit.tickets.get(alert.ticket_id)
        if ticket is None or alert.failed_at is not None or alert.delivered_at is not None:
            continue
        alert.failed_at = house.now()
        record(house, unit, ticket, "alert_failed", None, recipient=alert.recipient_id)
        note(house, unit, ticket, Happened.FAILED, alert.recipient_id)
        if _is_family(unit, alert):
            if next_one(house, unit, ticket) is None and category_of(ticket) == "fraud":
                words = f"{_of_last(house, unit, alert)}{house.words.say('alert_call_yourself')}"
                tell(
                    house,
                    unit,
                    ticket,
                    marked(ticket, words),
                    f"{ticket.id}:not_reached:{alert.recipient_id}",
                )
        elif (rung := load().rung_after(ticket.tier)) is not None and ticket.state is TicketState.OPEN:
            on_call.call(house, unit, ticket, rung.tier)


def _is_family(unit: Unit, alert: Alert) -> bool:
    person = unit.people.get(alert.recipient_id)
    return person is not None and person.role is Role.MEMBER
