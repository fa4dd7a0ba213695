"""What somebody is entitled to, and whether a benefit carries a wish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType

from actions.enrol import grant_due
from actions.house import House
from domain.benefits import Entitlement
from domain.judging import Verdict, Wish, judge
from domain.people import Person
from domain.store import Unit

# A benefit that ended so long ago is still named as the reason of a no.
_REMEMBERED = timedelta(days=60)


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
    price_cents: int | None = None,
    beside: Mapping[str, Sequence[date]] = MappingProxyType({}),
) -> Verdict:
    """Whether a benefit carries this service on this day; `without` leaves out the booking that is being moved.

    `beside` are days on which benefits (by id) are to be used by what is held together with this. Without a price it is what the service costs at least where the person lives.
    """
    grant_due(house, unit, person, day)
    items = unit.benefits.entitlements(person.id, min(day, house.today()) - _REMEMBERED)
    fitting = [item for item in items if service in item.benefit.services]
    wish = Wish(
        service=service,
        channel=channel,
        city=person.city_id,
        day=day,
        age=person.age_on(day),
        born_on=person.born_on,
        assessment=unit.benefits.assessment(person.id, day) if _asks_ability(fitting) else None,
        minutes=house.catalogue.service(service).minutes,
        price_cents=_price(unit, person, service, channel, fitting) if price_cents is None else price_cents,
    )
    uses = unit.benefits.uses(person.id, day, without) if any(i.benefit.gap_days for i in fitting) else {}
    if beside:
        uses = {key: [*uses.get(key, ()), *beside.get(key, ())] for key in {*uses, *beside}}
    running = any(item.grant.ends_before > day for item in fitting)
    per_case = not running and _would_need_a_case(house, unit, person, service)
    return judge(fitting, wish, uses, per_case)


def _asks_ability(items: list[Entitlement]) -> bool:
    return any(
        i.benefit.needs_assessment or i.benefit.min_ability is not None or i.benefit.max_ability is not None
        for i in items
    )


def _price(unit: Unit, person: Person, service: str, channel: str, items: list[Entitlement]) -> int:
    """Only benefits in money, and those with a part to be paid, ask what it costs."""
    if not any(i.benefit.unit == "cny" or i.benefit.copay_percent for i in items):
        return 0
    offers = unit.providers.offerings(service, person.city_id, channel)
    return min((offer.price_cents for offer in offers), default=0)


def _would_need_a_case(house: House, unit: Unit, person: Person, service: str) -> bool:
    today = house.today()
    plans = [e.plan_id for e, _ in unit.benefits.enrolments(person.id) if e.ends_before > today]
    return bool(plans) and any(
        benefit.period == "case" and service in benefit.services
        for benefit in unit.benefits.benefits_of(*plans)
    )
