"""Holding the visits of a plan: their time, one after the other, and then what each takes of a benefit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from actions.house import House
from actions.look_up_benefits import judge_wish
from actions.placing import place
from actions.settle import hold_draws
from domain.bookings import HOLD_FOR, Booking, Slot, Status
from domain.clock import local_day
from domain.errors import Exhausted, Taken
from domain.ids import new_id, new_number
from domain.people import Person
from domain.series import Series, SeriesVisit
from domain.store import Unit


def lock(unit: Unit, slots: Iterable[Slot]) -> None:
    """Keep the people and rooms of these times from others, in one order."""
    wanted = list(slots)
    unit.providers.lock_all(
        [slot.staff_id for slot in wanted if slot.staff_id], [slot.room_id for slot in wanted if slot.room_id]
    )


def hold_visit(house: House, unit: Unit, series: Series, visit: SeriesVisit, slot: Slot) -> bool:
    """Hold the time of one visit; False where somebody else took it in between. Its benefit comes after."""
    booking = Booking(
        id=new_id("bk"),
        number=new_number(),
        member_id=series.member_id,
        booked_by=series.booked_by,
        service=visit.service,
        channel=series.channel,
        status=Status.HELD,
        begin=slot.begin,
        end=slot.end,
        key=f"{series.id}:{visit.ordinal}:{slot.begin.isoformat()}:{new_id('k', 4)}",
        created_at=house.now(),
        provider_id=slot.provider_id,
        price_cents=slot.price_cents,
        occupies_member=house.catalogue.service(visit.service).occupies,
        hold_until=house.now() + HOLD_FOR,
    )
    try:
        with unit.attempt():
            place(house, unit, booking, slot)
            unit.bookings.add(booking)
            unit.flush()
    except Taken:
        return False
    visit.booking_id = booking.id
    unit.flush()
    return True


def draw(house: House, unit: Unit, series: Series) -> None:
    """Hold the benefit of each visit that has a time and none yet, in the order of the days."""
    member = unit.people.get(series.member_id)
    assert member is not None
    used: dict[str, list[date]] = defaultdict(list)
    rows = [(visit, booking) for visit, booking in unit.series.rows(series.id) if booking is not None]
    for _, booking in rows:
        if booking.grant_id is not None:
            used[unit.benefits.grant(booking.grant_id).benefit_id].append(local_day(booking.begin))
    for visit, booking in sorted(rows, key=lambda row: row[1].begin):
        if booking.grant_id is None and booking.status is Status.HELD:
            _draw_one(house, unit, series, member, visit, booking, used)
    unit.flush()


def _draw_one(
    house: House,
    unit: Unit,
    series: Series,
    member: Person,
    visit: SeriesVisit,
    booking: Booking,
    used: dict[str, list[date]],
) -> None:
    day = local_day(booking.begin)
    verdict = judge_wish(
        house,
        unit,
        member,
        visit.service,
        series.channel,
        day,
        price_cents=booking.price_cents,
        beside=used,
    )
    refusal = str(verdict.refusal)
    if verdict.entitlement is not None:
        try:
            with unit.attempt():
                booking.grant_id = verdict.entitlement.grant.id
                booking.amount = sum(draw.amount for draw in verdict.draws) or 1
                booking.price_cents = verdict.own_cents
                unit.flush()
                hold_draws(house, unit, booking, verdict.draws, f"hold:{booking.id}", series.booked_by)
        except Exhausted:
            refusal = "none_left"
        else:
            used[verdict.entitlement.benefit.id].append(day)
            return
    visit.refusal = None if series.self_pay else refusal
