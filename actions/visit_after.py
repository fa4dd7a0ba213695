"""What follows a visit: the question how it was; verified after a day without objection, or a ticket for a coordinator."""

from __future__ import annotations

from actions.follow_up import plan_follow_up
from actions.hand_over import Cause, open_ticket
from actions.house import House
from actions.visit_people import elder_of, staff_of
from domain.bookings import Booking
from domain.people import Person
from domain.store import Unit
from domain.tickets import Priority
from domain.visits import OBJECTION, Visit

_GRAVE = (Priority.LOW, Priority.NORMAL, Priority.HIGH, Priority.URGENT)


def ended(house: House, unit: Unit, visit: Visit, booking: Booking, actor: Person) -> None:
    """What follows the end: verified after a day without objection, or a person looks at it."""
    assert visit.ended_at is not None
    plan_follow_up(house, unit, visit, booking)
    if visit.clean:
        visit.due_at = visit.ended_at + OBJECTION
        return
    visit.due_at = None
    ticket(
        house,
        unit,
        visit,
        booking,
        "visit_flagged",
        Priority.NORMAL,
        ",".join((*visit.flags, *visit.missing)),
    )


def ticket(
    house: House, unit: Unit, visit: Visit, booking: Booking, topic: str, priority: Priority, why: str
) -> None:
    """A coordinator's ticket about a visit; one at a time of each topic."""
    elder = elder_of(unit, booking)
    staff = staff_of(unit, visit, booking)
    task = {
        "visit": visit.id,
        "booking": booking.number,
        "service": booking.service,
        "begin": booking.begin.isoformat(),
        "staff": staff.name if staff is not None else "",
        "why": why,
    }
    cause = Cause("life", topic, priority, task=task, member=elder)
    conversation = unit.conversations.of(elder.id)
    made = open_ticket(house, unit, conversation, elder, cause, f"{visit.id}:{topic}:{why}"[:150])
    if _GRAVE.index(priority) > _GRAVE.index(made.priority):
        made.priority = priority
