"""The weekly shifts of the desks, as the supervisor sets them."""

from __future__ import annotations

from collections.abc import Sequence

from domain.desk import Duty
from domain.errors import NotFound
from domain.people import Person
from domain.policy import may_run_desk
from domain.store import Unit


def set_shifts(unit: Unit, actor: Person, person_id: str, rows: Sequence[Duty]) -> Sequence[Duty]:
    """Put somebody's shifts in place of those that were. Raises NotAllowed, NotFound for who is no butler."""
    may_run_desk(actor)
    person = unit.people.get(person_id)
    if person is None or not person.role.is_butler:
        raise NotFound(person_id)
    unit.desks.end_duties(person_id)
    unit.desks.add(*rows)
    unit.flush()
    return [duty for duty in unit.desks.duties() if duty.person_id == person_id]
