"""The times of a plan of visits: for each a free one, with the same person and at the same hour where that can be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from actions.find_times import Ask, find_times
from actions.house import House
from actions.looking import ANYBODY, CarerWish
from domain.bookings import BOOKED, Slot, Status
from domain.clock import local, local_day
from domain.people import Person
from domain.products import Product
from domain.series import (
    FURTHEST,
    Hours,
    Occurrence,
    Part,
    Rule,
    SeriesVisit,
    days_of,
    planned,
    read_hours,
    read_rule,
    read_start,
)
from domain.slots import Period, at
from domain.store import Unit

Found = tuple[SeriesVisit, Slot | None]
# What runs around the clock has its days in a row; those on which nobody can come are left out, and no more than so many.
_AROUND_THE_CLOCK, _RESTS = 1440, 12
# So many people are tried as the one who comes every time.
_TRIES = 3
# So many days are looked at for one on which a plan for every day could begin.
_NEARBY_START = 14
_FRIDAY = 4
# How far from its day another time is offered for a visit.
_NEARBY = (0, 1, -1, 2, -2, 3, 4, 5, 6)


class Search:
    """One search for the times of a series: what is wished, and who comes at which hour as far as that is known."""

    def __init__(
        self,
        house: House,
        unit: Unit,
        member: Person,
        service: str,
        channel: str,
        rule: str,
        wish: CarerWish = ANYBODY,
        product: Product | None = None,
        *,
        series_id: str = "",
    ) -> None:
        self._house, self._unit, self._member, self._wish = house, unit, member, wish
        self._service, self._channel, self._product, self._id = service, channel, product, series_id
        self.rule, self.hours, self._start = read_rule(rule), read_hours(rule), read_start(rule)

    @property
    def rests(self) -> bool:
        """Whether nobody works at this on official holidays."""
        return self._channel == "store" or not self._house.catalogue.service(self._service).on_holidays

    def is_provisional(self, day: date) -> bool:
        """Whether it is not known yet if this day is off."""
        return self.rests and not self._house.calendar.knows(day)

    def first_day(self) -> date:
        """The first day on which a visit could begin: as wished, not before tomorrow nor within the service's notice."""
        day = self._house.today() + timedelta(days=1)
        soonest = self._house.now() + self._house.catalogue.service(self._service).notice
        while self.hours.window(day)[1] <= soonest:
            day += timedelta(days=1)
        return max(day, self._start or day)

    def all(self) -> list[Found]:
        """Every visit of the plan with its time, or without one where there is none."""
        if (
            self._house.catalogue.service(self._service).minutes >= _AROUND_THE_CLOCK
            and self.rule.freq == "DAILY"
        ):
            return self._in_a_row()
        days = planned(self.rule, self.first_day(), self._house.calendar, on_holidays=not self.rests)
        days.sort(key=lambda one: one.day)
        visits = [self._visit(number, len(days), one) for number, one in enumerate(days)]
        found = self._with(visits, {})
        # Whoever comes first may be off on the other days: once more with each of the others, for fewer faces.
        tries = [found, *(self._with(visits, who) for who in _others(found))]
        return min(tries, key=lambda each: (_missing(each), _faces(each)))

    def _visit(self, number: int, of: int, one: Occurrence) -> SeriesVisit:
        part = self._product.part(number, of) if self._product else Part.VISIT
        return SeriesVisit(
            series_id=self._id,
            ordinal=number + 1,
            part=part,
            service=self._product.service_of(part) if self._product else self._service,
            day=one.day,
            provisional=not one.is_known,
            moved_from=one.moved_from,
            holiday=one.holiday,
        )

    def _with(self, visits: Sequence[SeriesVisit], staff: dict[str, str]) -> list[Found]:
        """A time for each; `staff` says who is to come for which service, else whoever comes first goes on coming."""
        who, clock, found = dict(staff), dict[str, time](), list[Found]()
        for visit in visits:
            slot = self.one(visit.service, visit.day, clock.get(visit.service), who.get(visit.service))
            if slot is not None:
                clock.setdefault(visit.service, local(slot.begin).time())
                if slot.staff_id is not None:
                    who.setdefault(visit.service, slot.staff_id)
            found.append((visit, slot))
        return found

    def _in_a_row(self) -> list[Found]:
        """Days one after the other, without those on which nobody can come (who lives in has a day off a week)."""
        found: list[Found] = []
        day, rests = self.first_day(), 0
        who, clock = dict[str, str](), dict[str, time]()
        while len(found) < self.rule.number:
            visit = self._visit(
                len(found), self.rule.number, Occurrence(day, is_known=not self.is_provisional(day))
            )
            slot = self.one(visit.service, day, clock.get(visit.service), who.get(visit.service))
            day += timedelta(days=1)
            if self.rule.until is not None and visit.day > self.rule.until:
                break
            if slot is None and rests < _RESTS:
                rests += 1
                continue
            if slot is not None:
                clock.setdefault(visit.service, local(slot.begin).time())
                if slot.staff_id is not None:
                    who.setdefault(visit.service, slot.staff_id)
            found.append((visit, slot))
        return found

    def one(
        self,
        service: str,
        day: date,
        clock: time | None = None,
        who: str | None = None,
        *,
        any_hour: bool = False,
    ) -> Slot | None:
        """A time on a day: with this person at this hour, else with them, else at the hour, else any.

        `any_hour` looks beyond the hours that were wished, for a day that was not.
        """
        begin, end = (Hours() if any_hour else self.hours).window(day)
        near = at(day, clock) if clock is not None else None
        if near is not None and not begin <= near < end:
            near = None
        for only in dict.fromkeys((who, None)):
            found = find_times(self._house, self._unit, self.ask(service, (begin, end), near, only), 1)
            if found:
                return found[0]
        return None

    def ask(self, service: str, window: Period, near: datetime | None = None, only: str | None = None) -> Ask:
        """What is looked for in a window, as the whole series is wished."""
        return Ask(
            self._member,
            self._house.catalogue.service(service),
            self._channel,
            window,
            near,
            wish=self._wish,
            furthest=FURTHEST,
            only_staff=only,
        )

    def other_days(self, limit: int = 3) -> list[Rule]:
        """The same weekly rule on other days of the week, those that have a time in their first week; working days first."""
        if self.rule.freq != "WEEKLY" or not self.rule.weekdays or self.rule.interval > 1:
            return []
        shifted = [
            replace(self.rule, weekdays=tuple(sorted((day + by) % 7 for day in self.rule.weekdays)))
            for by in range(7)
        ]
        shifted.sort(key=lambda rule: max(rule.weekdays) > _FRIDAY)
        found = []
        for rule in shifted:
            week = days_of(replace(rule, count=len(rule.weekdays)), self.first_day())
            if all(self.one(self._service, day) is not None for day in week):
                found.append(rule)
            if len(found) == limit:
                break
        return found

    def first_days(self, limit: int = 3) -> list[date]:
        """The first days on which it could begin."""
        found, day = list[date](), self.first_day()
        for number in range(_NEARBY_START):
            if self.one(self._service, day + timedelta(days=number)) is not None:
                found.append(day + timedelta(days=number))
            if len(found) == limit:
                break
        return found

    def offers(self, visit: SeriesVisit, limit: int = 3) -> list[Slot]:
        """Other times for one visit: on its day, else on days near it that no other visit has."""
        taken, clock = self._taken(visit)
        found: list[Slot] = []
        for day in self._days_near(visit.day, taken):
            whole = (at(day, time(0)), at(day, time(0)) + timedelta(days=1))
            near = at(day, clock) if clock is not None else None
            many = min(2, limit - len(found)) if day == visit.day else 1
            found += find_times(self._house, self._unit, self.ask(visit.service, whole, near, None), many)
            if len(found) >= limit:
                break
        return sorted(found, key=lambda slot: slot.begin)

    def _taken(self, visit: SeriesVisit) -> tuple[set[date], time | None]:
        """The days of the other visits, and the hour at which most of the visits begin."""
        rows = self._unit.series.rows(self._id)
        standing = [b for _, b in rows if b is not None and b.status in (Status.HELD, *BOOKED)]
        taken = {other.day for other, _ in rows if other.ordinal != visit.ordinal and not other.skipped}
        taken |= {local_day(b.begin) for b in standing if b.id != visit.booking_id}
        clocks = Counter(local(b.begin).time() for b in standing)
        usual = clocks.most_common(1)[0][0] if clocks else None
        return taken, self.hours.exact or usual or (self.hours.begin if self.hours != Hours() else None)

    def _days_near(self, day: date, taken: set[date]) -> Iterator[date]:
        for away in _NEARBY:
            near = day + timedelta(days=away)
            if near > self._house.today() and (away == 0 or near not in taken):
                yield near


def _others(found: Sequence[Found]) -> list[dict[str, str]]:
    """By service who else could come, where more than one does; the most frequent first, and few of them."""
    counts: dict[str, Counter[str]] = {}
    for visit, slot in found:
        if slot is not None and slot.staff_id is not None:
            counts.setdefault(visit.service, Counter())[slot.staff_id] += 1
    ranked = {service: [who for who, _ in count.most_common(_TRIES)] for service, count in counts.items()}
    most = max((len(names) for names in ranked.values()), default=0)
    if most < 2:
        return []
    return [{service: names[n] for service, names in ranked.items() if n < len(names)} for n in range(most)]


def _faces(found: Sequence[Found]) -> int:
    return len({(visit.service, slot.staff_id) for visit, slot in found if slot and slot.staff_id})


def _missing(found: Sequence[Found]) -> int:
    return sum(slot is None for _, slot in found)
