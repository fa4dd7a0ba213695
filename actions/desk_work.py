"""What a butler does with a ticket beside claiming, answering and closing: notes, the other butler, waiting, done?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from actions import card, hand_back, hand_over, on_call, ticket_clocks
from actions.house import House
from actions.in_hand import in_hand, private_to, readable
from actions.say import Choice, put
from actions.ticket_clocks import record
from domain.conversations import QUEUE, Conversation, Lane
from domain.desk import QUEUES, load
from domain.errors import NotAllowed, RuleBroken, WrongState
from domain.ids import new_id
from domain.people import Person
from domain.policy import audiences_of, may_end, may_note
from domain.store import Unit
from domain.tickets import LIVE, Audience, Note, Priority, Ticket, TicketState
from nlu.zh.say import say_when

# Nobody is left waiting longer than this without a word.
LONGEST_WAIT = timedelta(days=14)


class BadWish(RuleBroken):
    """What was asked for makes no sense: the same queue, a moment that is past."""

    code = "bad_wish"


def note(
    house: House,
    unit: Unit,
    actor: Person,
    ticket_id: str,
    text: str,
    audience: Audience | None = None,
    key: str | None = None,
) -> Note:
    """A private note; at the doctor's desk it is for doctors where nothing else is said. Raises NotFound, NotAllowed."""
    ticket = readable(unit, actor, ticket_id)
    key = f"{ticket.id}:{actor.id}:note:{key or new_id('nt')}"
    there = unit.desks.note_by_key(key)
    if there is not None:
        return there
    meant = audience or (Audience.DOCTOR if ticket.queue == "doctor" else Audience.ALL)
    may_note(actor, meant)
    made = Note(ticket_id=ticket.id, author_id=actor.id, audience=meant, text=text, key=key, at=house.now())
    unit.desks.add(made)
    record(house, unit, ticket, "note", actor.id, audience=str(meant))
    unit.flush()
    return made


def notes(unit: Unit, actor: Person, ticket_id: str) -> Sequence[Note]:
    """The notes that this person may read. Raises NotFound."""
    return unit.desks.notes(readable(unit, actor, ticket_id).id, audiences_of(actor))


def release(house: House, unit: Unit, actor: Person, ticket_id: str) -> Ticket:
    """Give it back to the queue; the AI goes on keeping company. Raises NotFound, NotAllowed, WrongState."""
    ticket, conversation = in_hand(unit, actor, ticket_id)
    may_end(actor, ticket.owner_id)
    _let_go(unit, ticket, conversation)
    ticket_clocks.start(house, ticket)
    record(house, unit, ticket, "released", actor.id)
    unit.flush()
    return ticket


def transfer(house: House, unit: Unit, actor: Person, ticket_id: str, queue: str, reason: str) -> Ticket:
    """To the other butler, with the reason as a note: the thread stays, the clocks run by that desk from now. The card
    is built anew for those who read it there; what a doctor wrote or guessed by does not go along.

    Raises NotFound, NotAllowed, WrongState, BadWish.
    """
    ticket, conversation = in_hand(unit, actor, ticket_id)
    may_end(actor, ticket.owner_id)
    if queue not in QUEUES or queue == ticket.queue:
        raise BadWish(queue)
    if ticket.state not in LIVE:
        raise WrongState(ticket.state)
    if ticket.state is TicketState.OPEN:
        ticket.version += 1
    else:
        _let_go(unit, ticket, conversation)
    ticket.queue, ticket.tier, ticket.outcome = queue, 1, None
    ticket.card = {**ticket.card, "mood": None}
    ticket.card = card.fresh(house, unit, ticket)
    ticket.waiting_since = ticket.waiting_since or house.now()
    ticket_clocks.start(house, ticket)
    unit.desks.add(
        Note(
            ticket_id=ticket.id,
            author_id=actor.id,
            audience=Audience.ALL,
            text=reason,
            key=f"{ticket.id}:transfer:{ticket.version}",
            at=house.now(),
        )
    )
    record(house, unit, ticket, "transferred", actor.id, queue=queue, reason=reason[:200])
    if ticket.priority is Priority.URGENT:
        on_call.call(house, unit, ticket, 1)
    put(
        unit,
        conversation,
        house.words.say(f"transferred_{queue}"),
        key=f"{ticket.id}:transferred:{ticket.version}",
        now=house.now(),
        lane=Lane.HUMAN,
    )
    unit.flush()
    return ticket


def _let_go(unit: Unit, ticket: Ticket, conversation: Conversation) -> None:
    """Nobody's any more; the conversation is the queue's where its claimer spoke. Raises WrongState."""
    owner = ticket.owner_id
    ticket.go(TicketState.OPEN)
    ticket.owner_id = None
    if (
        owner is not None
        and conversation.human_id == owner
        and not unit.tickets.held_by(conversation.id, owner)
    ):
        conversation.hand_to(QUEUE)
    unit.flush()


def wait(house: House, unit: Unit, actor: Person, ticket_id: str, until: datetime, reason: str) -> Ticket:
    """Put off until a moment, or until the elder's next word; then the claimer owes a word.

    Raises NotFound, NotAllowed, WrongState, BadWish.
    """
    ticket, _ = in_hand(unit, actor, ticket_id)
    if ticket.owner_id != actor.id:
        raise NotAllowed("claim")
    if not house.now() < until <= house.now() + LONGEST_WAIT:
        raise BadWish("until")
    ticket.go(TicketState.WAITING)
    ticket.until_at = until
    ticket.plan()
    record(house, unit, ticket, "waiting", actor.id, until=until.isoformat(), reason=reason[:200])
    unit.flush()
    return ticket


def resolve(house: House, unit: Unit, actor: Person, ticket_id: str, outcome: str) -> Ticket:
    """Say what came of it and ask whether it is done; the claimer stays a while, and a no goes on with it.

    Raises NotFound, NotAllowed, WrongState.
    """
    ticket, conversation = in_hand(unit, actor, ticket_id)
    if ticket.state is TicketState.RESOLVED:
        return ticket
    if ticket.owner_id != actor.id or conversation.human_id != actor.id:
        raise NotAllowed("claim")
    ticket.go(TicketState.RESOLVED)
    now = house.now()
    ticket.resolved_at, ticket.outcome, ticket.until_at = now, outcome, now + load().settle
    ticket_clocks.replied(house, ticket)
    record(house, unit, ticket, "resolved", actor.id, outcome=outcome)
    name = "complaint_outcome" if ticket.topic == "complaint" else "resolved"
    put(
        unit,
        conversation,
        house.words.say(name, outcome=outcome, number=ticket.number),
        key=f"{ticket.id}:resolved:{ticket.version}",
        now=now,
        choices=(
            Choice(house.words.say("button_all_done"), f"all_done:{ticket.id}"),
            Choice(house.words.say("button_not_done"), f"not_done:{ticket.id}"),
        ),
        lane=Lane.HUMAN,
        extra=private_to(ticket),
    )
    complaint = unit.desks.complaint(ticket.id)
    if complaint is not None:
        complaint.told_at, complaint.due_at = now, None
    unit.flush()
    return ticket


def reopen(house: House, unit: Unit, actor: Person, ticket_id: str, reason: str) -> Ticket:
    """A butler sees that it was not done after all. Raises NotFound, WrongState."""
    ticket, conversation = in_hand(unit, actor, ticket_id)
    if ticket.state is TicketState.RESOLVED:
        may_end(actor, ticket.owner_id)
    if ticket.state not in (TicketState.RESOLVED, TicketState.CLOSED):
        raise WrongState(ticket.state)
    owner = ticket.owner_id
    hand_over.open_again(house, unit, conversation, ticket, actor.id, reason[:200])
    if (
        owner is not None
        and conversation.human_id == owner
        and not unit.tickets.held_by(conversation.id, owner)
    ):
        conversation.hand_to(QUEUE)
    return ticket


def answered(house: House, unit: Unit, conversation: Conversation, ticket_id: str, *, done: bool) -> str:
    """The member's answer to "is it done?": the name of the sentence that follows, empty where the person goes on."""
    ticket = unit.tickets.get(ticket_id)
    if ticket is None or ticket.conversation_id != conversation.id or ticket.state in LIVE:
        return "button_pressed"
    person_id = conversation.person_id
    if done:
        if ticket.state is TicketState.RESOLVED:
            hand_back.end(house, unit, ticket, conversation, person_id, ticket.outcome or "")
        return "all_done"
    if ticket.state is TicketState.RESOLVED:
        ticket.go(TicketState.CLAIMED)
        ticket.reopened += 1
        record(house, unit, ticket, "reopened", person_id, why="not done")
        ticket_clocks.waits(house, ticket)
        return ""
    hand_over.open_again(house, unit, conversation, ticket, person_id, "not done")
    return f"handed_over_{ticket.queue}"


def words_of_handing(house: House, role: str) -> tuple[str, tuple[Choice, ...]]:
    """What somebody is told who asks for a person: that one comes; or when the desk opens, and how to call for help."""
    working = load().time_of(role, house.calendar)
    if working.is_open(house.now()):
        return house.words.say(f"handed_over_{role}"), ()
    opens = say_when(working.opens(house.now()), house.now())
    urgent = Choice(house.words.say("button_urgent"), f"urgent:{role}")
    return house.words.say("handed_over_closed", opens=opens), (urgent,)


def urgent(house: House, unit: Unit, conversation: Conversation, actor: Person, role: str) -> bool:
    """「我有急事」 while the desk is closed: the person on call is called. False where there is no ticket for it."""
    live = [t for t in unit.tickets.live_of(conversation.id, role) if t.state is TicketState.OPEN]
    if not live:
        return False
    hand_over.raise_to(house, unit, live[0], Priority.URGENT, actor)
    unit.flush()
    return True
