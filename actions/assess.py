"""Writing down how able somebody is. A person finds it, certified for that; no program ever does."""

from __future__ import annotations

from datetime import date

from actions.house import House
from domain.benefits import Assessment
from domain.errors import NotAllowed, NotFound, WrongState
from domain.ids import new_id
from domain.people import Person, Role
from domain.store import Unit

_CERTIFICATE = "assessor"


def record(
    house: House, unit: Unit, actor: Person, member: Person, level: int, assessed_on: date, valid_until: date
) -> Assessment:
    """Store a finding (GB/T 42195-2022, 0 to 4) valid through a day; the same finding again is the first one.

    Raises NotFound for a member and for whoever else has no members to look after, NotAllowed for butlers who are not
    certified on that day (a supervisor may write down what an outside assessor found), WrongState for days that cannot
    be.
    """
    certified = unit.providers.is_certified(actor.id, _CERTIFICATE, assessed_on)
    if actor.role is Role.MEMBER or not (certified or actor.role.is_butler):
        raise NotFound(member.id)
    if actor.role is not Role.SUPERVISOR and not certified:
        raise NotAllowed(_CERTIFICATE)
    if not assessed_on <= min(valid_until, house.today()):
        raise WrongState("days")
    known = unit.benefits.assessment(member.id, assessed_on)
    if known is not None and (known.assessed_on, known.level, known.valid_until) == (
        assessed_on,
        level,
        valid_until,
    ):
        return known
    kept = Assessment(
        id=new_id("as"),
        person_id=member.id,
        level=level,
        assessed_on=assessed_on,
        valid_until=valid_until,
        assessor_id=actor.id,
        created_at=house.now(),
    )
    unit.benefits.add(kept)
    unit.flush()
    return kept
