"""What is heard of a provider goes into its counts; one that falls below the mark is suspended, and a person told."""

from __future__ import annotations

from actions.hand_over import Cause, open_ticket
from actions.house import House
from domain.bookings import Booking
from domain.people import Person, Role
from domain.providers import Provider
from domain.scores import score, to_be_suspended
from domain.store import Unit
from domain.tickets import Priority


def came(house: House, unit: Unit, booking: Booking, *, in_time: bool) -> None:
    """A visit began, in time or late."""
    provider = unit.providers.locked(booking.provider_id)
    provider.visits_count += 1
    provider.visits_in_time += int(in_time)
    _weigh(house, unit, provider)


def rated(house: House, unit: Unit, booking: Booking, rating: int, before: int | None = None) -> None:
    """The elder or the family gave one to five; `before` is what the same person had given, if they change it."""
    more, once = rating - (before or 0), int(before is None)
    provider = unit.providers.locked(booking.provider_id)
    provider.rating_sum += more
    provider.rating_count += once
    visit = unit.visits.of_booking(booking.id)
    staff_id = (visit.staff_id if visit is not None else None) or booking.staff_id
    if staff_id is not None:
        unit.providers.rate_staff(staff_id, more, once)
    _weigh(house, unit, provider)


def _weigh(house: House, unit: Unit, provider: Provider) -> None:
    if not to_be_suspended(provider):
        return
    provider.status = "suspended"
    unit.flush()
    task = {"provider": provider.code, "score": f"{score(provider):.2f}"}
    tell_supervisor(house, unit, "provider_suspended", f"suspended:{provider.id}:{house.today()}", task)


def tell_supervisor(house: House, unit: Unit, topic: str, key: str, task: dict[str, str]) -> None:
    """A ticket for the supervisor about the alliance itself; there is no elder behind it."""
    supervisor: Person | None = next(iter(unit.people.with_roles(Role.SUPERVISOR)), None)
    if supervisor is None:
        return
    conversation = unit.conversations.of(supervisor.id)
    cause = Cause("life", topic, Priority.NORMAL, task=task, member=supervisor)
    open_ticket(house, unit, conversation, supervisor, cause, key)
