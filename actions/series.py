"""Plans of visits: a free time for each, all held in one transaction, what is in the way named, one yes for all.

Each visit of a plan is a booking like any other: it can be moved or dropped alone. Locks are taken in one order (people
and rooms sorted, then their time, then the benefits), so that plans which want the same people wait for each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from actions import needs
from actions.book import confirm, release, take_again
from actions.end_booking import Ended, cancel_booking
from actions.family import permit, permit_item
from actions.house import House
from actions.looking import ANYBODY, CarerWish
from actions.series_holding import draw, hold_visit, lock
from actions.series_telling import tell_carers, tell_dropped
from actions.series_times import Search
from domain import products
from domain.bookings import Slot, Status
from domain.catalogue import Service
from domain.clock import local_day
from domain.errors import Exhausted, NotFound, Taken, WrongState
from domain.ids import new_id
from domain.people import Person, Scope
from domain.products import Product
from domain.series import Series, SeriesState, SeriesVisit
from domain.store import Unit
from domain.store.series import Row


@dataclass(frozen=True)
class Wanted:
    """Who wants which plan of visits for whom. `rule` is the text of a rule with its hours and number."""

    actor: Person
    member: Person
    service: Service
    channel: str
    rule: str
    wish: CarerWish = ANYBODY
    self_pay: bool = False
    product: Product | None = None


def plan(house: House, unit: Unit, wanted: Wanted, key: str) -> Series:
    """Find a time for each visit and hold it with its benefit, for as long as a single hold.

    A visit for which there is no time has no booking, one that no benefit carries has a refusal: each of them is open
    until somebody says what is to become of it. Raises NotReady where something must be there before, NotAllowed or
    NotFound where the actor may not book.
    """
    permit(house, unit, wanted.actor, wanted.member.id, Scope.BOOK, f"series:{wanted.service.code}")
    done = unit.series.by_key(key)
    if done is not None:
        return done
    series = Series(
        id=new_id("sr"),
        key=key,
        member_id=wanted.member.id,
        booked_by=wanted.actor.id,
        service=wanted.service.code,
        channel=wanted.channel,
        rule=wanted.rule,
        created_at=house.now(),
        product=wanted.product.code if wanted.product else None,
        self_pay=wanted.self_pay,
        wishes={name: value for name, value in asdict(wanted.wish).items() if value is not None},
    )
    found = search_for(house, unit, series, wanted.member).all()
    if found:
        # What a plan begins with is to be there for its first visit; an assessment that it begins with is there for the rest.
        needs.check(house, unit, wanted.member, found[0][0].service, found[0][0].day)
    unit.series.add(series)
    unit.flush()
    unit.series.add(*(visit for visit, _ in found))
    unit.flush()
    lock(unit, [slot for _, slot in found if slot is not None])
    for visit, slot in found:
        if slot is not None:
            hold_visit(house, unit, series, visit, slot)
    draw(house, unit, series)
    return series


def search_for(house: House, unit: Unit, series: Series, member: Person) -> Search:
    """The search for a series' times, as it was wished for."""
    wish = CarerWish(series.wishes.get("gender"), series.wishes.get("dialect"))
    product = products.load().get(series.product or "")
    return Search(
        house, unit, member, series.service, series.channel, series.rule, wish, product, series_id=series.id
    )


def open_visits(unit: Unit, series_id: str) -> list[Row]:
    """The visits about which something must still be said, in their order."""
    return [(visit, booking) for visit, booking in unit.series.rows(series_id) if visit.is_open]


def take(house: House, unit: Unit, actor: Person, series_id: str, ordinal: int, slot: Slot) -> Series:
    """Hold another time for one visit of a series that is read back. Raises Taken, NotFound, NotAllowed, WrongState."""
    series = _own(house, unit, actor, series_id)
    visit = _visit(unit, series, ordinal)
    if series.state is not SeriesState.HELD:
        raise WrongState(str(series.state))
    if visit.booking_id is not None:
        release(house, unit, visit.booking_id)
        visit.booking_id = None
    lock(unit, [slot])
    if not hold_visit(house, unit, series, visit, slot):
        raise Taken("time")
    visit.day, visit.holiday, visit.moved_from = local_day(slot.begin), None, None
    visit.provisional = search_for(house, unit, series, _member(unit, series)).is_provisional(visit.day)
    visit.refusal = None
    draw(house, unit, series)
    return series


def skip(house: House, unit: Unit, actor: Person, series_id: str, ordinals: Sequence[int]) -> Series:
    """Do without some visits of a series that is read back. Raises NotFound, NotAllowed."""
    series = _own(house, unit, actor, series_id)
    for ordinal in ordinals:
        visit = _visit(unit, series, ordinal)
        if visit.booking_id is not None:
            release(house, unit, visit.booking_id)
        visit.skipped, visit.booking_id, visit.refusal = True, None, None
    _set_parts(unit, series)
    unit.flush()
    return series


def _set_parts(unit: Unit, series: Series) -> None:
    """A care product that has become shorter still begins with its assessment and ends with its review."""
    product = products.load().get(series.product or "")
    if product is None:
        return
    left = [visit for visit, _ in unit.series.rows(series.id) if not visit.skipped]
    for number, visit in enumerate(left):
        part = product.part(number, len(left))
        if product.service_of(part) == visit.service:
            visit.part = part


def pay_for_rest(house: House, unit: Unit, actor: Person, series_id: str) -> Series:
    """The visits that no benefit carries are paid for by the member. Raises NotFound, NotAllowed."""
    series = _own(house, unit, actor, series_id)
    for visit, _ in unit.series.rows(series.id):
        visit.refusal = None
    series.self_pay = True
    unit.flush()
    return series


def let_go(house: House, unit: Unit, series_id: str) -> None:
    """Let every hold of a series go that was not confirmed; a confirmed one is left as it is."""
    series = unit.series.locked(series_id)
    if series is None or series.state is not SeriesState.HELD:
        return
    series.state = SeriesState.DROPPED
    for _, booking in unit.series.rows(series.id):
        if booking is not None:
            release(house, unit, booking.id)
    unit.flush()


def hold_again(house: House, unit: Unit, actor: Person, series_id: str) -> bool:
    """Take every time again whose hold lapsed; True where nothing is open, so that a yes makes all of it firm.

    A time that somebody else has by now leaves its visit open, like any other for which there is no time.
    """
    series = _own(house, unit, actor, series_id)
    rows = [(visit, booking) for visit, booking in unit.series.rows(series.id) if booking is not None]
    unit.providers.lock_all(
        [booking.staff_id for _, booking in rows if booking.staff_id],
        [booking.room_id for _, booking in rows if booking.room_id],
    )
    for visit, booking in rows:
        if booking.status is not Status.LAPSED:
            continue
        try:
            with unit.attempt():
                take_again(house, unit, actor, booking)
        except (Taken, Exhausted, WrongState):
            visit.booking_id = None
    unit.flush()
    return not open_visits(unit, series.id)


def confirm_all(house: House, unit: Unit, actor: Person, series_id: str) -> Series:
    """Make every visit a firm booking, all or none. A second time changes nothing.

    Raises Taken where a time is gone meanwhile or something is still open, NotFound, NotAllowed, WrongState.
    """
    series = _own(house, unit, actor, series_id)
    if series.state is SeriesState.STANDING:
        return series
    if series.state is not SeriesState.HELD:
        raise WrongState(str(series.state))
    if not hold_again(house, unit, actor, series.id):
        raise Taken("time")
    firm = [
        confirm(house, unit, actor, booking.id, alone=False)
        for _, booking in unit.series.rows(series.id)
        if booking is not None
    ]
    if not firm:
        raise WrongState("empty")
    series.state = SeriesState.STANDING
    product = products.load().get(series.product or "")
    if product is not None:
        series.due_at = max(booking.end for booking in firm) + timedelta(days=product.renew)
    unit.flush()
    tell_carers(house, unit, series, firm)
    return series


def drop_rest(house: House, unit: Unit, actor: Person, series_id: str) -> list[Ended]:
    """Drop every visit that is still to come; what each held of a benefit comes back by the plan's rules.

    The others hear of it once.

    Raises NotFound, NotAllowed where the consent does not reach a cancellation.
    """
    series = _own(house, unit, actor, series_id, Scope.CANCEL)
    coming = unit.series.standing(series.id, house.now())
    done = [cancel_booking(house, unit, actor, booking.id, alone=False) for booking in coming]
    series.state, series.due_at = SeriesState.DROPPED, None
    unit.flush()
    if coming:
        tell_dropped(house, unit, actor, series, coming)
    return done


def _own(house: House, unit: Unit, actor: Person, series_id: str, scope: Scope = Scope.BOOK) -> Series:
    series = unit.series.locked(series_id)
    if series is None:
        raise NotFound(series_id)
    private = any(b.private for _, b in unit.series.rows(series.id) if b is not None)
    permit_item(
        house,
        unit,
        actor,
        series.member_id,
        scope,
        f"series:{series.service}",
        item=series_id,
        private=private,
    )
    return series


def _visit(unit: Unit, series: Series, ordinal: int) -> SeriesVisit:
    for visit, _ in unit.series.rows(series.id):
        if visit.ordinal == ordinal:
            return visit
    raise NotFound(f"{series.id}:{ordinal}")


def _member(unit: Unit, series: Series) -> Person:
    member = unit.people.get(series.member_id)
    assert member is not None
    return member
