"""Others who book beside the one whose dialogue is played: they take whole days, and give times up."""

from __future__ import annotations

from datetime import datetime, timedelta

from actions.book import Order, cancel, confirm, hold
from actions.find_times import Ask, find_times
from domain.clock import SHANGHAI
from domain.people import Person
from domain.store import Unit
from tests.live.conftest import Butler


class Neighbours:
    """One person in the same house for all of them; meals aside, that is a busy one."""

    def __init__(self, butler: Butler, elder: Person) -> None:
        self.butler, self.elder, self.taken, self._made = butler, elder, dict[str, str](), 0

    def fill(self, what: dict[str, str]) -> None:
        """Take every free time of a service on a day, or the one at a moment."""
        house = self.butler.parts.house
        day = datetime.fromisoformat(what["day"]).replace(tzinfo=SHANGHAI)
        service = house.catalogue.service(what["service"])
        channel = what.get("channel", service.channels[0])
        moment = day.replace(hour=int(what["hour"])) if "hour" in what else None
        window = (day, day + timedelta(days=1))
        with house.store.write() as unit:
            while True:
                own = self._somebody(unit)
                found = find_times(house, unit, Ask(own, service, channel, window, moment), 1)
                found = [slot for slot in found if moment is None or slot.begin == moment]
                if not found:
                    return
                order = Order(own, own, service, channel, found[0], self_pay=True)
                made, _ = hold(house, unit, order, f"{own.id}:{found[0].begin}")
                assert made is not None
                confirm(house, unit, own, made.id)
                self.taken[made.id] = own.id

    def _somebody(self, unit: Unit) -> Person:
        self._made += 1
        made = Person(
            id=f"{self.elder.id}-n{self._made}",
            name="邻居",
            city_id=self.elder.city_id,
            district_id=self.elder.district_id,
        )
        unit.people.add(made)
        unit.flush()
        return made

    def give_up(self, hour: int) -> None:
        """One who begins at this hour does not need it after all."""
        house = self.butler.parts.house
        with house.store.write() as unit:
            for booking_id, own in self.taken.items():
                booking, person = unit.bookings.get(booking_id), unit.people.get(own)
                assert booking is not None
                assert person is not None
                if booking.begin.astimezone(SHANGHAI).hour == hour:
                    cancel(house, unit, person, booking_id)
                    return
        raise AssertionError(f"nobody begins at {hour}")
