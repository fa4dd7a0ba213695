"""A complaint's own path: our promises and the law's last day, told to the person; never closed without an outcome told."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from actions import on_call
from actions.hand_over import Cause, open_ticket
from actions.house import House
from actions.in_hand import in_hand
from actions.say import put
from actions.ticket_clocks import record
from domain.clock import local_day
from domain.conversations import Conversation, Lane
from domain.desk import load
from domain.errors import NotAllowed, RuleBroken, WrongState
from domain.people import Person
from domain.policy import may_run_desk
from domain.slots import at
from domain.store import Unit
from domain.tickets import Complaint, Priority, Ticket, TicketState
from nlu.zh.say import say_day

TOPIC = "complaint"
_KINDS = ("simple", "complex", "special")
_STEPS = ("called", "proposed", "extend")


class NoStep(RuleBroken):
    """There is no such step of a complaint, or it needs a reason."""

    code = "no_step"


def file(
    house: House,
    unit: Unit,
    conversation: Conversation,
    actor: Person,
    key: str,
    member: Person | None = None,
    task: dict[str, str] | None = None,
) -> tuple[Ticket, Complaint]:
    """Take a complaint down; a second word while it lives belongs to it."""
    cause = Cause("life", TOPIC, Priority.HIGH, task=task, member=member)
    ticket = open_ticket(house, unit, conversation, actor, cause, key=key)
    there = unit.desks.complaint(ticket.id)
    if there is not None:
        return ticket, there
    now, rules = house.now(), load().complaint
    working = load().time_of("life", house.calendar)
    made = Complaint(
        ticket_id=ticket.id,
        kind="simple",
        received_at=now,
        call_due=now + rules.call,
        propose_by=working.workdays_after(now, rules.propose_workdays),
        close_by=working.workdays_after(now, rules.close_workdays),
        decide_by=local_day(now) + timedelta(days=rules.legal["simple"]),
    )
    ticket.first_reply_due = working.add(now, rules.acknowledge)
    # A complaint has clocks of its own for its end.
    ticket.resolve_due = None
    ticket.plan()
    _plan(made)
    unit.desks.add(made)
    unit.flush()
    return ticket, made


def until_words(house: House, complaint: Complaint) -> str:
    """The law's last day as it is told, with its weekday."""
    return say_day(complaint.decide_by, house.today())


def step(
    house: House, unit: Unit, actor: Person, ticket_id: str, what: str, text: str, kind: str | None = None
) -> Complaint:
    """`called`: a person has spoken with them; `proposed`: what we offer, told; `extend`: it takes longer, told with the
    reason (`special` with the supervisor's agreement alone).

    Raises NotFound, NotAllowed, NoStep, WrongState.
    """
    ticket, conversation = in_hand(unit, actor, ticket_id)
    complaint = unit.desks.complaint(ticket.id)
    if complaint is None or what not in _STEPS or not text.strip():
        raise NoStep(what)
    if ticket.state is TicketState.CLOSED:
        raise WrongState("closed")
    if what == "extend":
        _extend(house, unit, actor, conversation, ticket, complaint, kind or "complex", text)
    elif ticket.owner_id != actor.id:
        raise NotAllowed("claim")
    elif what == "called":
        complaint.called_at = complaint.called_at or house.now()
    else:
        complaint.proposed_at = complaint.proposed_at or house.now()
        _say(house, unit, conversation, ticket, "complaint_proposed", "proposed", text=text)
    _plan(complaint)
    record(house, unit, ticket, "complaint", actor.id, step=what, text=text[:200])
    unit.flush()
    return complaint


def _extend(
    house: House,
    unit: Unit,
    actor: Person,
    conversation: Conversation,
    ticket: Ticket,
    complaint: Complaint,
    kind: str,
    why: str,
) -> None:
    if kind not in _KINDS or _KINDS.index(kind) <= _KINDS.index(complaint.kind):
        raise NoStep(kind)
    if kind == "special":
        may_run_desk(actor)
    days = load().complaint.legal[kind]
    complaint.kind, complaint.extended_why = kind, why
    complaint.decide_by = local_day(complaint.received_at) + timedelta(days=days)
    complaint.warned = [name for name in complaint.warned if name != "decide"]
    until = until_words(house, complaint)
    _say(house, unit, conversation, ticket, "complaint_extended", kind, text=why, until=until)


def _say(
    house: House, unit: Unit, conversation: Conversation, ticket: Ticket, name: str, part: str, **gaps: str
) -> None:
    text = house.words.say(name, number=ticket.number, **gaps)
    key = f"{ticket.id}:complaint:{part}:{ticket.version}"
    put(unit, conversation, text, key=key, now=house.now(), lane=Lane.HUMAN)


def _moments(complaint: Complaint) -> dict[str, datetime]:
    """What is still promised, with the moment at which it is late; days are included."""
    found = {}
    if complaint.called_at is None:
        found["call"] = complaint.call_due
    if complaint.proposed_at is None:
        found["propose"] = at(complaint.propose_by + timedelta(days=1), time(0))
    if complaint.told_at is None:
        found["close"] = at(complaint.close_by + timedelta(days=1), time(0))
        # The law's day is spoken of two days before it is over.
        found["decide"] = at(complaint.decide_by - timedelta(days=1), time(0))
    return found


def _plan(complaint: Complaint) -> None:
    late = [moment for name, moment in _moments(complaint).items() if name not in complaint.warned]
    complaint.due_at = min(late, default=None)


def work_off(house: House) -> int:
    """Warn the supervisor of what is late with complaints; returns how many were looked at."""
    with house.store.read() as unit:
        due = unit.desks.next_due()
    if due is None or due > house.now():
        return 0
    with house.store.write() as unit:
        found = unit.desks.due_complaints(house.now(), 100)
        for complaint in found:
            ticket = unit.tickets.get(complaint.ticket_id)
            assert ticket is not None
            late = [
                n for n, m in _moments(complaint).items() if m <= house.now() and n not in complaint.warned
            ]
            for name in late:
                record(house, unit, ticket, "overdue", None, clock=f"complaint_{name}")
                on_call.warn(house, unit, ticket, f"complaint_{name}")
            complaint.warned = [*complaint.warned, *late]
            _plan(complaint)
        return len(found)
