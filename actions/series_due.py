"""What of plans of visits falls due: days that the calendar now knows, and the question whether to go on at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from actions import holidays
from actions.holidays import line, person, readers_of, tell_stuck, to_a_working_day
from actions.house import House
from actions.say import Choice, press
from actions.series import search_for
from actions.series_times import Search
from actions.visit_people import button, tell
from domain import products
from domain.bookings import BOOKED, Booking, Status
from domain.clock import local_day
from domain.conversations import Lane
from domain.quiet import Quiet
from domain.series import Series, SeriesState, SeriesVisit
from domain.store import Unit

# How many are served in one tick; the rest in the next.
_AT_ONCE = 50


@dataclass
class _Replanned:
    """What became of the provisional visits of one series: moved (booking, before, holiday), stuck, as they were."""

    moved: list[tuple[Booking, datetime, str]] = field(default_factory=list)
    stuck: list[tuple[Booking, str]] = field(default_factory=list)
    kept: int = 0


def next_due(house: House, unit: Unit) -> datetime | None:
    """When something of this file is due next. A calendar's new table is due at once."""
    found = unit.series.next_due()
    if unit.series.is_known(house.calendar.valid_through):
        return house.now()
    return Quiet(house.calendar).waking(found) if found is not None else None


def work_off(house: House) -> int:
    """One helping of what is due, each in a transaction of its own; returns how many."""
    with house.store.read() as unit:
        due = next_due(house, unit)
    if due is None or due > house.now():
        return holidays.work_off(house)
    done = 0
    while done < _AT_ONCE:
        with house.store.write() as unit:
            series = unit.series.now_known(house.calendar.valid_through)
            if series is None:
                break
            replan(house, unit, series)
            done += 1
    done += holidays.work_off(house)
    if Quiet(house.calendar).until(house.now()) is not None:
        return done
    with house.store.write() as unit:
        for series in unit.series.due(house.now(), _AT_ONCE):
            _renew(house, unit, series)
            done += 1
    return done


def replan(house: House, unit: Unit, series: Series) -> None:
    """Look at the visits of which it was not known whether they fall on a holiday; those that do are moved and told."""
    through = house.calendar.valid_through
    made = _Replanned()
    search = search_for(house, unit, series, person(unit, series.member_id))
    rows = unit.series.rows(series.id)
    taken = {local_day(b.begin) for _, b in rows if b is not None and b.status in (Status.HELD, *BOOKED)}
    for visit, booking in rows:
        if not visit.provisional or visit.day > through:
            continue
        visit.provisional = False
        if booking is None or booking.status not in BOOKED or booking.begin <= house.now():
            continue
        holiday = house.calendar.holiday_on(local_day(booking.begin))
        if holiday is None:
            made.kept += 1
        else:
            _move(house, unit, search, visit, booking, holiday, taken, made)
    unit.flush()
    _tell_replanned(house, unit, series, made)


def _move(
    house: House,
    unit: Unit,
    search: Search,
    visit: SeriesVisit,
    booking: Booking,
    holiday: str,
    taken: set[date],
    made: _Replanned,
) -> None:
    before = booking.begin
    if to_a_working_day(house, unit, search, booking, taken):
        day = local_day(booking.begin)
        visit.moved_from, visit.holiday, visit.day = visit.day, holiday, day
        visit.provisional = search.is_provisional(day)
        made.moved.append((booking, before, holiday))
    else:
        made.stuck.append((booking, holiday))


def _tell_replanned(house: House, unit: Unit, series: Series, made: _Replanned) -> None:
    word = house.words.say
    service = house.catalogue.service(series.service).name
    key = f"{series.id}:known:{house.calendar.valid_through}"
    for reader, who in readers_of(house, unit, series.member_id, series.booked_by):
        mine = f"{key}:{reader.id}"
        if made.moved:
            lines = "\n".join(
                line(house, booking, before, holiday) for booking, before, holiday in made.moved
            )
            choices = [button(house, "move", press("reschedule_booking"), once=False)]
            text = word("series_known_moved", who=who, service=service, lines=lines)
            tell(house, unit, reader, text, mine, choices, Lane.REMINDER)
        elif made.kept and not made.stuck:
            text = word("series_known", who=who, service=service, count=made.kept)
            tell(house, unit, reader, text, mine, lane=Lane.REMINDER)
        for booking, holiday in made.stuck:
            tell_stuck(house, unit, booking, holiday, (reader, who), f"{mine}:{booking.id}")


def _renew(house: House, unit: Unit, series: Series) -> None:
    """The last visit has been: ask whether to go on. A series that was moved on is asked about later."""
    product = products.load().get(series.product or "")
    bookings = [booking for _, booking in unit.series.rows(series.id) if booking is not None]
    last = max((b.end for b in bookings if b.status in (*BOOKED, Status.FULFILLED)), default=None)
    if last is not None and product is not None and last + timedelta(days=product.renew) > house.now():
        series.due_at = last + timedelta(days=product.renew)
        return
    series.due_at, series.state = None, SeriesState.OVER
    if last is None or product is None:
        return
    for reader, who in readers_of(house, unit, series.member_id, series.booked_by):
        facts = {"service": series.service, "channel": series.channel, "choice": f"product:{product.code}"}
        kinship = unit.people.kinship(series.member_id, reader.id)
        if kinship is not None and reader.id != series.member_id:
            facts["person"] = kinship.relation
        choices = [
            Choice(
                house.words.say("button_product_again", name=product.name), press("book_service", **facts)
            ),
            button(house, "human", press("request_human"), once=False),
            button(house, "not_now", press("thank")),
        ]
        text = house.words.say("series_renew", who=who, name=product.name)
        tell(house, unit, reader, text, f"{series.id}:renew:{reader.id}", choices, Lane.REMINDER)
