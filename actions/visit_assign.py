"""A visit comes to be with its firm booking: its row, when it is looked at first, and its history, which only grows."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from actions import visit_words
from actions.house import House
from actions.remind_visits import plan_visit
from domain.bookings import Booking
from domain.ids import new_id
from domain.store import Unit
from domain.visits import BEFORE, LATE_AFTER, Visit, VisitEvent, VisitState

# Nobody says that a site was visited; the elder is asked so long after the agreed end.
ASK_SITE_AFTER = timedelta(minutes=30)


def assign(house: House, unit: Unit, booking: Booking, *, alone: bool = True, first: bool = False) -> Visit:
    """The visit of a firm booking, made once; for a booking that was moved the ladder begins again.

    Where many are made at once and not one `alone`, whoever made them tells those who come. `first`: the booking was
    never firm before, so that nothing needs to be looked for.
    """
    visit = None if first else unit.visits.of_booking(booking.id)
    if visit is None:
        visit = Visit(
            id=new_id("vs"),
            booking_id=booking.id,
            state=VisitState.ASSIGNED,
            code=f"{secrets.randbelow(10**4):04}",
            created_at=house.now(),
            due_at=first_look(booking),
        )
        unit.visits.add(visit)
        unit.flush()
        note(house, unit, visit, "assigned", f"{visit.id}:assigned", booking.booked_by)
    if visit.state is VisitState.ON_THE_WAY and visit.staff_id != booking.staff_id:
        visit.go(VisitState.ASSIGNED)
        visit.staff_id = visit.on_the_way_at = visit.expected_at = None
    if visit.state in BEFORE:
        visit.due_at = first_look(booking)
    unit.flush()
    plan_visit(house, unit, booking, first=first)
    if alone:
        visit_words.tell_carer(house, unit, "visit_new_carer", booking, booking.staff_id)
    return visit


def first_look(booking: Booking) -> datetime:
    """When a visit of which nothing is heard is looked at: the ladder's first rung, or after the end at a site."""
    return booking.end + ASK_SITE_AFTER if booking.channel == "store" else booking.begin + LATE_AFTER[0]


def note(
    house: House,
    unit: Unit,
    visit: Visit,
    kind: str,
    key: str,
    actor_id: str | None,
    at: datetime | None = None,
    /,
    **detail: object,
) -> None:
    """Add a line to the history, which nobody can change."""
    now = house.now()
    line = VisitEvent(
        visit_id=visit.id,
        kind=kind,
        at=at or now,
        noted_at=now,
        actor_id=actor_id,
        key=key,
        detail={name: str(value) for name, value in detail.items() if value is not None},
    )
    unit.visits.add(line)
    unit.flush()
