"""Free times of certified people on shift, online or at homes with the way between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from actions.crew import Crew
from actions.looking import Layer, Look, home_of, speed_of
from domain import standards
from domain.bookings import Slot
from domain.clock import local_day
from domain.providers import Carer
from domain.scores import carer_weight
from domain.slots import Period, meets
from domain.travel import Journey
from nlu.zh.carers import tongue

_DAY = timedelta(days=1)
# So many are looked at first; whoever comes after them in the order is read only where these are not enough.
_FIRST_CREW, _ENOUGH = 24, 3


class StaffTimes:
    """Who could come or answer, in the order in which they are preferred, and when they are free."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self.layers: list[Layer] = [{}]
        self._is_home = look.ask.channel == "home"
        self._here = home_of(look.unit, look.ask.member)
        self._speed = speed_of(look.unit, look.ask.member)
        self._crews = [Crew(look, carers) for carers in _in_crews(self._ranked())]

    def _ranked(self) -> list[Carer]:
        """Who speaks as the elder does, who came the last time, whose provider stands best, who is liked best, who has
        least to do."""
        look, unit, ask = self.look, self.look.unit, self.look.ask
        if self._is_home and self._here is None:
            return []
        first_day = local_day(look.window[0])
        found = unit.providers.carers(
            list(look.offerings),
            ask.service.certificate,
            (first_day, local_day(look.window[1])),
            (look.window[0] - _DAY, look.window[0] + 7 * _DAY),
            district_id=ask.member.district_id if self._is_home else None,
            gender=ask.wish.gender,
            standard=standards.load()[ask.service.code],
        )
        found = [carer for carer in found if carer.id != ask.not_staff]
        if ask.only_staff is not None:
            found = [carer for carer in found if carer.id == ask.only_staff]
        if ask.wish.dialect is not None:
            found = [carer for carer in found if ask.wish.dialect in carer.dialects]
        last = unit.bookings.last_carer(ask.member.id, ask.service.code, look.window[1])
        own = tongue(ask.member.dialect)
        return sorted(
            found,
            key=lambda c: (
                own is not None and own not in c.dialects,
                c.id != last,
                -look.weight(c.provider_id, first_day),
                -carer_weight(c.rating),
                c.load,
                c.id,
            ),
        )

    def at(self, moment: datetime) -> Slot | None:
        """The slot at this very moment, if there is one."""
        if not (self.look.window[0] <= moment < self.look.window[1]) or moment not in self.look.moments(()):
            return None
        day = local_day(moment)
        for crew in self._crews:
            crew.read([day])
            if (slot := self._first(crew, moment, crew.working(day))) is not None:
                return slot
        return None

    def look_at(self, days: Sequence[date]) -> None:
        """Find what is free on these days."""
        for day in days:
            for crew in self._crews:
                crew.read(days)
                if self._look_at(crew, day):
                    break

    def _look_at(self, crew: Crew, day: date) -> bool:
        """Find what this crew has free on a day; whether that leaves no hole for the next crew to fill."""
        working = crew.working(day)
        periods = {period for _, open_periods in working for period in open_periods}
        free, moments = self.layers[0], self.look.moments(periods, day)
        for moment in moments:
            if moment not in free and (slot := self._first(crew, moment, working)) is not None:
                free[moment] = slot
        return len(moments) >= _ENOUGH and all(moment in free for moment in moments)

    def _first(
        self, crew: Crew, moment: datetime, working: Sequence[tuple[Carer, list[Period]]]
    ) -> Slot | None:
        for carer, periods in working:
            if self.look.fits(moment, periods) and (slot := self._slot(crew, carer, moment)) is not None:
                return slot
        return None

    def _slot(self, crew: Crew, carer: Carer, begin: datetime) -> Slot | None:
        end = begin + self.look.length
        whole = self._whole(crew, carer, begin, end)
        if whole is None or meets(whole, crew.away(carer)):
            return None
        return Slot(
            begin=begin,
            end=end,
            provider_id=carer.provider_id,
            staff_id=carer.id,
            staff_from=whole[0],
            staff_until=whole[1],
            price_cents=self.look.offerings[carer.provider_id].price_cents,
        )

    def _whole(self, crew: Crew, carer: Carer, begin: datetime, end: datetime) -> Period | None:
        """What the service takes of the carer's time, the way included; None where they are taken."""
        stops = crew.stops(carer, begin, end)
        if self._is_home:
            assert self._here is not None
            return Journey(carer.base, self._here, self._speed).around(begin, end, stops)
        return None if any(stop.since < end and stop.until > begin for stop in stops) else (begin, end)


def _in_crews(carers: Sequence[Carer]) -> Iterator[Sequence[Carer]]:
    size = _FIRST_CREW
    while carers:
        yield carers[:size]
        carers, size = carers[size:], size * 2
