"""What is looked for, and what every search for free times shares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from actions.house import House
from domain.bookings import Slot
from domain.catalogue import Service
from domain.clock import local_day
from domain.people import Person
from domain.providers import Offering
from domain.scores import weight
from domain.slots import Period, meets, starts, within
from domain.store import Unit
from domain.travel import Point

# Free slots by their beginning, one each; a search has several layers where some are to be preferred to others.
Layer = dict[datetime, Slot]
# What runs longer than a shift can hold: the shift says when it may begin.
_LONG = timedelta(hours=10)
_DAY = timedelta(days=1)
# How fast a carer gets about where no district says (km/h).
USUAL_SPEED = 15.0
# The note about a person that says of which gender their carers are to be.
CARER_GENDER = "carer_gender"


@dataclass(frozen=True)
class CarerWish:
    """Whom the elder would like to come: nobody else is looked for. None where it does not matter."""

    gender: str | None = None
    dialect: str | None = None

    def __bool__(self) -> bool:
        return self.gender is not None or self.dialect is not None


ANYBODY = CarerWish()


@dataclass(frozen=True)
class Ask:
    """What is looked for. `near` is the moment that was asked for, if one was; `without` a booking that moves.

    `shown` are moments that were offered before and not wanted, `not_staff` is somebody who is not to come.
    `notice` is how soon it may be, `furthest` how far ahead, where that is not as the service has it; `only_staff` is
    the one person who is looked for.
    """

    member: Person
    service: Service
    channel: str
    window: Period
    near: datetime | None = None
    without: str | None = None
    wish: CarerWish = ANYBODY
    shown: frozenset[datetime] = frozenset()
    not_staff: str | None = None
    notice: timedelta | None = None
    furthest: timedelta | None = None
    only_staff: str | None = None


class Look:
    """One look for free times: the window, the elder's own day, and who offers the service at which price."""

    def __init__(self, house: House, unit: Unit, ask: Ask, window: Period) -> None:
        self.unit, self.ask, self.window = unit, ask, window
        self.calendar = house.calendar
        self.length = timedelta(minutes=ask.service.minutes)
        assert ask.member.city_id is not None
        self.city_id = ask.member.city_id
        self.offerings: dict[str, Offering] = {}
        area = ask.member.district_id if ask.channel == "home" else None
        for offering in unit.providers.offerings(ask.service.code, self.city_id, ask.channel, area):
            self.offerings.setdefault(offering.provider_id, offering)
        self._providers = unit.providers.by_ids(list(self.offerings))
        self.around = (window[0] - _DAY, window[1] + self.length + _DAY)
        self._busy = (
            unit.bookings.busy_member(ask.member.id, *self.around, ask.without)
            if ask.service.occupies
            else []
        )

    @property
    def is_long(self) -> bool:
        return self.length > _LONG

    def weight(self, provider_id: str, day: date) -> float:
        """How much a provider weighs in the choice on a day; 0 offers nothing then."""
        return weight(self._providers[provider_id], day)

    def moments(self, periods: Iterable[Period], day: date | None = None) -> list[datetime]:
        """Beginnings in these working periods at which the elder is free: on the grid, and the one asked for.

        With a day, only those on it.
        """
        near, minutes = self.ask.near, 1 if self.is_long else self.ask.service.minutes
        found = set(starts(self.window, periods, minutes))
        if near is not None and self.window[0] <= near < self.window[1]:
            found.add(near)
        if day is not None and near is not None and local_day(near) != day:
            found.discard(near)
        free = (m for m in found - self.ask.shown if not meets((m, m + self.length), self._busy))
        return sorted(free)

    def fits(self, moment: datetime, periods: Sequence[Period]) -> bool:
        """Whether the service can begin at a moment of these working periods."""
        end = moment + (timedelta(minutes=1) if self.is_long else self.length)
        return within((moment, end), periods)


def home_of(unit: Unit, person: Person) -> Point | None:
    """Where somebody lives: their own point, else the middle of their district."""
    if person.lat is not None and person.lon is not None:
        return person.lat, person.lon
    district = unit.people.district(person.district_id) if person.district_id else None
    return (district.lat, district.lon) if district else None


def speed_of(unit: Unit, person: Person) -> float:
    """How fast a carer gets about where somebody lives (km/h)."""
    district = unit.people.district(person.district_id) if person.district_id else None
    return district.speed_kmh if district else USUAL_SPEED
