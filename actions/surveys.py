"""What was asked and answered, for those who may read it: who was asked, the family as far as consent goes, butlers."""

from __future__ import annotations

from actions.family import permit
from actions.house import House
from domain.bookings import Booking
from domain.people import Person, Scope
from domain.policy import may_see_booking
from domain.store import Unit
from domain.surveys import Survey

Row = tuple[Survey, Booking | None]


def mine(unit: Unit, actor: Person, after: str | None, limit: int) -> list[Row]:
    """What the actor was asked, or said, newest first."""
    return unit.surveys.page(person_id=actor.id, after=after, limit=limit)


def about(
    house: House, unit: Unit, actor: Person, member: Person, after: str | None, limit: int
) -> tuple[list[Row], str | None]:
    """What was asked about a member's visits, and where the next page begins; visits kept private are left out.

    Raises NotFound, NotAllowed.
    """
    reach = permit(house, unit, actor, member.id, Scope.SEE_VISITS, "api:surveys")
    found = unit.surveys.page(member_id=member.id, after=after, limit=limit)
    following = found[-1][0].id if len(found) == limit else None
    seen = [
        (survey, booking)
        for survey, booking in found
        # Whether somebody recommends us is about no visit, and nobody's but theirs.
        if survey.person_id == actor.id
        or (booking is not None and may_see_booking(reach.basis, private=booking.private))
    ]
    return seen, following


def own_words(survey: Survey, reader: Person) -> bool:
    """Whether the reader sees what was said: their own, and staff whose work it is; the family sees the score alone."""
    return survey.person_id == reader.id or reader.role.is_butler
