"""「到了」: how it is known that somebody is there: a place with its accuracy, the elder's four digits, or nothing."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from actions.house import House
from actions.remind_visits import end_visit
from actions.visit_assign import note
from actions.visit_people import elder_of
from actions.visits import OPEN_AFTER, Report, noted, step
from domain import standards
from domain.bookings import Booking
from domain.people import Person
from domain.places import DISTRICT_RADIUS_M, Circle, Spot, judge_spot
from domain.sending import Reason
from domain.store import Unit
from domain.visits import CODE_TRIES, EARLIEST_IN, OVER, Flag, Method, TooSoon, Visit, VisitState


@dataclass(frozen=True)
class Arrival:
    """What came of 「到了」: `wrong_code` tells that the digits were not the elder's, with so many tries `left`."""

    visit: Visit
    wrong_code: bool = False
    left: int = CODE_TRIES


def arrive(
    house: House,
    unit: Unit,
    actor: Person,
    visit_id: str,
    report: Report,
    spot: Spot | None = None,
    code: str | None = None,
) -> Arrival:
    """Somebody is there, known by a place, the elder's four digits, or (flagged) by nothing.

    A wrong code is counted, so the caller must let the transaction be kept. Raises NotFound, WrongState, TooSoon.
    """
    work = step(house, unit, actor, visit_id, report)
    visit, booking = work.visit, work.booking
    if not work.fresh or visit.state in (VisitState.ARRIVED, VisitState.IN_SERVICE, *OVER):
        return Arrival(visit)
    if work.at < booking.begin - EARLIEST_IN:
        raise TooSoon(booking.begin.isoformat())
    right = _code_is_right(visit, code)
    if code is not None and not right and spot is None:
        visit.code_failures += 1
        key = f"{visit.id}:{report.key}"
        note(house, unit, visit, "wrong_code", key, actor.id, work.at, failures=visit.code_failures)
        return Arrival(visit, wrong_code=True, left=max(CODE_TRIES - visit.code_failures, 0))
    visit.go(VisitState.ARRIVED)
    visit.staff_id, visit.arrived_at = visit.staff_id or booking.staff_id, work.at
    _place(unit, visit, booking, spot, right=right)
    visit.due_at = booking.end + OPEN_AFTER
    end_visit(house, unit, booking, Reason.DONE)
    noted(
        house,
        unit,
        work,
        "arrived",
        method=visit.method,
        metres=visit.distance_m,
        accuracy=visit.accuracy_m,
        flags=",".join(visit.flags) or None,
    )
    return Arrival(visit)


def _code_is_right(visit: Visit, code: str | None) -> bool:
    usable = code is not None and visit.code_failures < CODE_TRIES
    return usable and hmac.compare_digest(str(code).strip().encode(), visit.code.encode())


def _place(unit: Unit, visit: Visit, booking: Booking, spot: Spot | None, *, right: bool) -> None:
    """How the place is known; the elder's own digits prove more than a telephone's place."""
    flags: list[Flag] = []
    if spot is not None:
        visit.distance_m, flags = judge_spot(circle_of(unit, booking), spot)
        visit.accuracy_m = spot.accuracy_m
    if booking.channel == "online":
        visit.method = Method.JOINED
        return
    if right:
        visit.method = Method.CODE
        return
    visit.method = Method.GPS if spot is not None and Flag.NO_PLACE not in flags else Method.NONE
    visit.flag(*(flags if spot is not None else [Flag.NO_PLACE]))


def circle_of(unit: Unit, booking: Booking) -> Circle | None:
    """Where a visit is to be: the site, the home where its coordinates are known, else the district's middle."""
    standard = standards.load()[booking.service]
    if booking.site_id is not None and (site := unit.providers.site(booking.site_id)) is not None:
        return Circle(site.lat, site.lon, standard.radius_m)
    elder = elder_of(unit, booking)
    if booking.address == elder.address:
        lat, lon = elder.notes.get("lat"), elder.notes.get("lon")
        if lat and lon:
            return Circle(float(lat), float(lon), standard.radius_m)
        if elder.lat is not None and elder.lon is not None:
            return Circle(elder.lat, elder.lon, standard.radius_m)
    district = unit.people.district(elder.district_id) if elder.district_id else None
    return Circle(district.lat, district.lon, DISTRICT_RADIUS_M) if district is not None else None
