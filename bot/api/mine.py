"""What belongs to the token's owner, and to the elders whose consent reaches that far (`?for=MEMBER`)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from actions.family import permit
from actions.look_up_benefits import entitlements_of
from bot.api import shapes
from bot.api.access import Owner, Ports
from domain.errors import NotFound
from domain.people import Person, Scope
from domain.policy import may_see_booking
from domain.store import Unit

router = APIRouter(prefix="/api/v1/me", tags=["me"])
For = Annotated[str | None, Query(alias="for", description="a relative's id or handle")]


def subject(unit: Unit, owner: Person, wanted: str | None) -> Person:
    """Whom it is about: the owner, or who is named by id or handle. Raises NotFound."""
    if wanted is None:
        return owner
    found = unit.people.get(wanted) or unit.people.by_handle(wanted)
    if found is None:
        raise NotFound(wanted)
    return found


@router.get("")
def me(person: Owner, parts: Ports) -> shapes.PersonOut:
    """The token's owner."""
    with parts.house.store.read() as unit:
        return shapes.person(unit, person)


@router.get("/entitlements")
def entitlements(person: Owner, parts: Ports, wanted: For = None) -> shapes.Page[shapes.EntitlementOut]:
    """What may be used, with what is left of it."""
    with parts.house.store.write() as unit:
        member = subject(unit, person, wanted)
        permit(parts.house, unit, person, member.id, Scope.SEE_PLAN, "api:entitlements")
        items = entitlements_of(parts.house, unit, member)
        return shapes.Page(items=[shapes.entitlement(item, member.id) for item in items])


@router.get("/bookings")
def bookings(
    person: Owner,
    parts: Ports,
    wanted: For = None,
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> shapes.Page[shapes.BookingOut]:
    """All bookings by time, those over and dropped too."""
    with parts.house.store.write() as unit:
        member = subject(unit, person, wanted)
        reach = permit(parts.house, unit, person, member.id, Scope.SEE_VISITS, "api:bookings")
        found = list(unit.bookings.of(member.id, after=after, limit=limit))
        seen = [b for b in found if may_see_booking(reach.basis, private=b.private)]
        following = found[-1].id if len(found) == limit else None
        return shapes.Page(items=[shapes.booking(b) for b in seen], next=following)
