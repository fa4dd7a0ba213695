"""What happens to a booking between two turns of a dialogue, written as `<…>` where a person would speak.

What is heard then is what was told of the butler's own accord. Everything is put back when the dialogue ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

from actions import broadcast_send, certificates, holidays, series_due, visit_due
from actions.house import House
from actions.visit_arrival import arrive
from actions.visits import Report, begin, cannot, finish, on_the_way
from domain import standards
from domain.bookings import BOOKED, Booking
from domain.calendar import Calendar
from domain.calendar import load as load_calendar
from domain.clock import local, local_day
from domain.ids import new_id
from domain.places import Spot
from domain.visits import Impossible, Visit
from tests.conftest import NOW
from tests.crowd import broadcast_to
from tests.live.desk_happenings import DESK

if TYPE_CHECKING:
    from tests.live.talk import Stage


class Scene:
    """The elder's next booking and its visit."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.butler = stage, stage.butler
        self.house, self.clock = stage.butler.parts.house, stage.butler.clock

    def booking(self) -> tuple[Visit, Booking]:
        with self.house.store.read() as unit:
            found = [b for b in unit.bookings.of(self.stage.elder.id) if b.status in BOOKED]
            visit = unit.visits.of_booking(found[0].id)
            assert visit is not None
            return visit, found[0]

    def step(self, act: Callable[..., object], *more: object) -> None:
        """A coordinator reports in the carer's place: most of the demo's carers have no account."""
        visit, _ = self.booking()
        with self.house.store.write() as unit:
            act(self.house, unit, unit.people.get("chen-jing"), visit.id, Report(new_id("h")), *more)


def _late(minutes: int) -> Callable[[Scene], None]:
    def happen(scene: Scene) -> None:
        scene.clock.moment = scene.booking()[1].begin + timedelta(minutes=minutes)
        visit_due.work_off(scene.house)

    return happen


def _sets_out(scene: Scene) -> None:
    scene.clock.moment = scene.booking()[1].begin - timedelta(minutes=25)
    scene.step(on_the_way)


def _arrives(scene: Scene) -> None:
    _, booking = scene.booking()
    scene.clock.moment = booking.begin
    with scene.house.store.read() as unit:
        district = unit.people.district(scene.stage.elder.district_id or "")
        assert district is not None
    scene.step(arrive, Spot(district.lat, district.lon, 10))


def _begins(scene: Scene) -> None:
    scene.clock.advance(timedelta(minutes=5))
    needs = standards.load()[scene.booking()[1].service].needs
    scene.step(begin, [need.text for need in needs])


def _ends(scene: Scene) -> None:
    _, booking = scene.booking()
    scene.clock.moment = booking.end
    scene.step(finish, list(range(1, len(standards.load()[booking.service].steps) + 1)))


def _is_ill(scene: Scene) -> None:
    scene.step(cannot, Impossible.CARER_ILL)


def _nobody_opens(scene: Scene) -> None:
    scene.clock.moment = scene.booking()[1].begin + timedelta(minutes=5)
    scene.step(cannot, Impossible.NOBODY_HOME)


def _lapses(scene: Scene) -> None:
    _, booking = scene.booking()
    day = local_day(booking.begin) - timedelta(days=1)
    with scene.butler.store.engine.begin() as connection:
        connection.execute(
            text("UPDATE certificates SET valid_until = :day WHERE staff_id = :staff"),
            {"day": day.isoformat(), "staff": booking.staff_id},
        )
    certificates.sweep(scene.house)


def _table_comes(scene: Scene) -> None:
    """Made up for the dialogue: the real one is announced each November."""
    holidays.work_off(scene.house)
    known = scene.house.calendar
    spans = {**known.spans, (2027, "元旦"): (date(2027, 1, 1), date(2027, 1, 4))}
    _set_calendar(scene.house, replace(known, spans=spans, valid_through=date(2027, 12, 31)))
    series_due.work_off(scene.house)


def _set_calendar(house: House, calendar: Calendar) -> None:
    object.__setattr__(house, "calendar", calendar)


def _course_ends(scene: Scene) -> None:
    """The day after the last visit, by day."""
    with scene.house.store.read() as unit:
        last = max(b.end for b in unit.bookings.of(scene.stage.elder.id) if b.status in BOOKED)
    scene.clock.moment = local(last + timedelta(days=1)).replace(hour=15)
    series_due.work_off(scene.house)


def _told_to_many(words: str) -> Callable[[Scene], None]:
    """A broadcast, which this elder is among."""

    def happen(scene: Scene) -> None:
        broadcast_to(scene.house, [scene.stage.elder.id], words)
        broadcast_send.work_off(scene.house)

    return happen


HAPPENINGS: dict[str, Callable[[Scene], None]] = {
    **DESK,
    "晚了15分钟": _late(15),
    "晚了30分钟": _late(30),
    "晚了60分钟": _late(60),
    "师傅出发": _sets_out,
    "师傅到了": _arrives,
    "师傅开始": _begins,
    "师傅做完": _ends,
    "师傅病了": _is_ill,
    "明年的放假安排出来了": _table_comes,
    "疗程做完了": _course_ends,
    "没人开门": _nobody_opens,
    "群发：讲座": _told_to_many("星期六上午九点，社区有健康讲座，欢迎来听。"),
    "群发：助浴": _told_to_many("天冷了，在家洗澡不方便，可以约师傅上门助浴。"),
    "师傅的证书前一天到期": _lapses,
}


def happen(stage: Stage, name: str) -> None:
    """Let it happen."""
    HAPPENINGS[name](Scene(stage))


def put_back(stage: Stage) -> None:
    """The clock, the calendar, the certificates and the absences as they were."""
    stage.butler.clock.moment = NOW
    _set_calendar(stage.butler.parts.house, load_calendar())
    with stage.butler.store.engine.begin() as connection:
        connection.execute(text("DELETE FROM facts WHERE key = 'holidays_through'"))
        connection.execute(text("DELETE FROM sweeps WHERE name LIKE 'holidays_through%'"))
        connection.execute(text("DELETE FROM absences WHERE reason = 'ill'"))
        connection.execute(
            text("UPDATE certificates SET valid_until = '2035-12-31' WHERE staff_id LIKE 'sf-110000-%'")
        )
