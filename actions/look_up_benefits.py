"""What somebody is entitled to, and whether a benefit carries a wish."""

from __future__ import annotations

from datetime import date

from actions.enrol import grant_due
from actions.house import House
from domain.benefits import Entitlement, Verdict, Wish, judge
from domain.people import Person
from domain.store import Unit


def entitlements_of(house: House, unit: Unit, person: Person, day: date | None = None) -> list[Entitlement]:
    """What this person may use as of a day (today where none is said), granted first where it is due."""
    day = day or house.today()
    grant_due(house, unit, person, day)
    return unit.benefits.entitlements(person.id, min(day, house.today()))


def judge_wish(
    house: House,
    unit: Unit,
    person: Person,
    service: str,
    channel: str,
    day: date,
    *,
    without: str | None = None,
) -> Verdict:
    """Whether a benefit carries this service on this day; `without` leaves out the booking that is being moved."""
    items = entitlements_of(house, unit, person, day)
    wish = Wish(service=service, channel=channel, city=person.city_id, day=day, age=person.age_on(day))
    return judge(items, wish, unit.benefits.last_uses(person.id, without))
