"""What of plans of visits falls due: days that the calendar now knows, and the question whether to go on at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from actions.book import place_anew
from actions.family import KIN
from actions.house import House
from actions.replan import choices_of, offers
from actions.say import Choice, press
from actions.series import search_for
from actions.series_times import Search
from actions.visit_after import ticket
from actions.visit_people import button, tell
from domain import products
from domain.bookings import BOOKED, Booking, Slot, Status
from domain.clock import local, local_day
from domain.conversations import Lane
from domain.errors import Exhausted, Taken
from domain.judging import NotCarried
from domain.people import Person, Scope
from domain.series import Series, SeriesState, SeriesVisit, moved_on
from domain.store import Unit
from domain.tickets import Priority
from domain.waiting import waking
from nlu.zh.say import say_when

# How many are served in one tick; the rest in the next.
_AT_ONCE = 50
# So far behind a holiday a time is looked for.
_DAYS_AFTER = 7


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
    return waking(found) if found is not None else None


def work_off(house: House) -> int:
    """One helping of what is due, each in a transaction of its own; returns how many."""
    with house.store.read() as unit:
        due = next_due(house, unit)
    if due is None or due > house.now():
        return 0
    done = 0
    while done < _AT_ONCE:
        with house.store.write() as unit:
            series = unit.series.now_known(house.calendar.valid_through)
            if series is None:
                break
            replan(house, unit, series)
            done += 1
    if waking(house.now()) != house.now():
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
    search = search_for(house, unit, series, _person(unit, series.member_id))
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
            _move(house, unit, series, search, visit, booking, holiday, taken, made)
    unit.flush()
    _tell_replanned(house, unit, series, made)


def _move(
    house: House,
    unit: Unit,
    series: Series,
    search: Search,
    visit: SeriesVisit,
    booking: Booking,
    holiday: str,
    taken: set[date],
    made: _Replanned,
) -> None:
    """To the first working day after it on which there is a time, at the same hour with the same person if they can."""
    before, day = booking.begin, local_day(booking.begin)
    for _ in range(_DAYS_AFTER):
        day = moved_on(day, taken, house.calendar)
        slot = _slot(search, visit, booking, day)
        if slot is not None and _placed(house, unit, series, booking, slot):
            visit.moved_from, visit.holiday, visit.day = visit.day, holiday, day
            visit.provisional = search.is_provisional(day)
            taken.add(day)
            made.moved.append((booking, before, holiday))
            return
        day += timedelta(days=1)
    made.stuck.append((booking, holiday))


def _slot(search: Search, visit: SeriesVisit, booking: Booking, day: date) -> Slot | None:
    return search.one(visit.service, day, local(booking.begin).time(), booking.staff_id, any_hour=True)


def _placed(house: House, unit: Unit, series: Series, booking: Booking, slot: Slot) -> bool:
    try:
        with unit.attempt():
            place_anew(house, unit, _person(unit, series.booked_by), booking, slot)
    except (Taken, Exhausted, NotCarried):
        return False
    return True


def _person(unit: Unit, person_id: str) -> Person:
    found = unit.people.get(person_id)
    assert found is not None
    return found


def _readers(house: House, unit: Unit, series: Series) -> list[tuple[Person, str]]:
    """The elder, and whoever booked it while they may still see visits; with how the elder is called to them."""
    elder, booker = _person(unit, series.member_id), _person(unit, series.booked_by)
    found = [(elder, house.words.say("series_who_own"))]
    if booker.id != elder.id:
        kinship = unit.people.kinship(elder.id, booker.id)
        if kinship and Scope.SEE_VISITS in unit.people.consents(elder.id, booker.id, house.now()):
            found.append((booker, KIN.get(kinship.relation, elder.name)))
    return found


def _tell_replanned(house: House, unit: Unit, series: Series, made: _Replanned) -> None:
    word, now = house.words.say, house.now()
    service = house.catalogue.service(series.service).name
    key = f"{series.id}:known:{house.calendar.valid_through}"
    for reader, who in _readers(house, unit, series):
        mine = f"{key}:{reader.id}"
        if made.moved:
            lines = "\n".join(
                word(
                    "series_known_line",
                    before=say_when(before, now),
                    holiday=holiday,
                    when=say_when(booking.begin, now),
                )
                for booking, before, holiday in made.moved
            )
            choices = [button(house, "move", press("reschedule_booking"), once=False)]
            text = word("series_known_moved", who=who, service=service, lines=lines)
            tell(house, unit, reader, text, mine, choices, Lane.REMINDER)
        elif made.kept and not made.stuck:
            text = word("series_known", who=who, service=service, count=made.kept)
            tell(house, unit, reader, text, mine, lane=Lane.REMINDER)
        for booking, holiday in made.stuck:
            _tell_stuck(house, unit, booking, holiday, (reader, who, service), f"{mine}:{booking.id}")


def _tell_stuck(
    house: House, unit: Unit, booking: Booking, holiday: str, told: tuple[Person, str, str], key: str
) -> None:
    reader, who, service = told
    text = house.words.say(
        "series_known_stuck",
        who=who,
        service=service,
        before=say_when(booking.begin, house.now()),
        holiday=holiday,
    )
    tell(house, unit, reader, text, key, choices_of(house, booking, offers(house, unit, booking)))
    visit = unit.visits.of_booking(booking.id)
    if visit is not None:
        ticket(house, unit, visit, booking, "replan", Priority.NORMAL, "holiday")


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
    for reader, who in _readers(house, unit, series):
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
