"""What came of what was booked, reckoned by both databases; who may read it; the table, the CSV and the page."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from itertools import count

import pytest
from defusedxml.ElementTree import fromstring

from actions.house import House
from actions.report import BadPeriod, fulfilment
from bot.report_lines import as_csv
from bot.report_page import page
from domain.bookings import Booking, Status
from domain.endings import Ending
from domain.errors import NotFound
from domain.people import Person, Role
from domain.providers import Offering, Provider
from domain.reports import By, Fulfilment
from domain.store import Unit
from domain.surveys import Survey, SurveyKind
from domain.visits import Visit, VisitState
from tests.actions.visiting import who
from tests.conftest import NOW

DAY = NOW.replace(day=20, hour=9)
_numbers = count(1)


def book(
    unit: Unit,
    status: Status,
    *,
    begin: datetime = DAY,
    provider: str = "p1",
    reason: str | None = None,
    late: timedelta | None = None,
    state: VisitState | None = None,
    ratings: tuple[int, ...] = (),
) -> None:
    """A booking as it stands at its end, with its visit and what was said of it."""
    number = next(_numbers)
    one = Booking(
        id=f"b{number}",
        number=f"N{number}",
        member_id="mei",
        booked_by="huan",
        service="assisted_bathing" if provider == "p1" else "health_checkup",
        channel="home",
        status=status,
        begin=begin,
        end=begin + timedelta(hours=1),
        key=f"k{number}",
        created_at=NOW,
        provider_id=provider,
        occupies_member=False,
        hold_until=NOW,
        cancel_reason=reason,
    )
    unit.bookings.add(one)
    unit.flush()
    if state is not None:
        arrived = begin + late if late is not None else None
        unit.visits.add(
            Visit(
                id=f"v{number}",
                booking_id=one.id,
                state=state,
                code="1234",
                created_at=NOW,
                arrived_at=arrived,
            )
        )
    for person, rating in zip(("mei", "huan"), ratings, strict=False):
        unit.surveys.add(
            Survey(
                id=f"sv{number}{person}",
                kind=SurveyKind.VISIT,
                subject=f"visit:{one.id}",
                person_id=person,
                member_id="mei",
                created_at=NOW,
                booking_id=one.id,
                score=rating,
                scored_at=NOW,
            )
        )


@pytest.fixture
def told(house: House) -> House:
    """Bookings that ended in every way."""
    minutes = timedelta(minutes=1)
    with house.store.write() as unit:
        unit.providers.add(Provider(id="p2", code="<b>p2", name="=另一家 & <script>"))
        unit.flush()
        unit.providers.add(
            Offering(
                id="o9",
                provider_id="p2",
                service="health_checkup",
                channel="store",
                city_id="c1",
                price_cents=1,
            )
        )
        done, verified = VisitState.DONE, VisitState.VERIFIED
        book(unit, Status.FULFILLED, late=15 * minutes, state=verified, ratings=(5, 3))
        book(unit, Status.FULFILLED, late=16 * minutes, state=verified, ratings=(2,))
        book(unit, Status.CONFIRMED, late=-5 * minutes, state=done)
        book(unit, Status.NO_SHOW, reason=Ending.ELDER_NO_SHOW, state=VisitState.NOT_POSSIBLE)
        book(unit, Status.FAILED, reason=Ending.PROVIDER_NO_SHOW, state=VisitState.NOT_POSSIBLE)
        book(unit, Status.FAILED, reason=Ending.WEATHER)
        book(unit, Status.CANCELLED, reason=Ending.TIMELY)
        # None of these was ever firm, or is within the days.
        book(unit, Status.CANCELLED, reason="not_confirmed")
        book(unit, Status.HELD)
        book(unit, Status.LAPSED, reason="lapsed")
        book(
            unit, Status.CONFIRMED, begin=datetime.combine(date(2026, 11, 9), datetime.max.time(), NOW.tzinfo)
        )
        book(unit, Status.CONFIRMED, begin=NOW.replace(day=21, hour=0, minute=0))
        book(unit, Status.CONFIRMED, provider="p2", begin=NOW.replace(day=10, hour=0, minute=0))
    return house


FIRST, LAST = date(2026, 11, 10), date(2026, 11, 20)


def test_every_way_in_which_a_booking_ends_is_counted_once(told: House) -> None:
    with told.store.read() as unit:
        report = fulfilment(told, unit, None, By.PROVIDER, FIRST, LAST)

    one, other = report.lines
    assert one == Fulfilment(
        key="p1",
        name="试城护理",
        booked=7,
        cancelled=1,
        came=3,
        verified=2,
        late=1,
        nobody_home=1,
        nobody_came=1,
        failed=1,
        rated=2,
        rating=3.0,
    )
    assert (one.verified_rate, one.late_rate, one.no_show_rate) == (2 / 6, 1 / 3, 2 / 6)
    assert (other.booked, other.rating, other.late_rate) == (1, None, None)
    assert other.ahead == 0
    assert (report.total.booked, report.total.rating, report.total.rated) == (8, 3.0, 2)


@pytest.mark.parametrize(
    ("by", "names"), [(By.SERVICE, ["助浴", "体检"]), (By.CITY, ["试城"]), (By.PROVIDER, None)]
)
def test_by_service_and_city(told: House, by: By, names: list[str] | None) -> None:
    with told.store.read() as unit:
        report = fulfilment(told, unit, None, by, FIRST, LAST)

    assert sum(line.booked for line in report.lines) == 8
    assert names is None or [line.name for line in report.lines] == names


def test_without_days_it_is_the_last_thirty(told: House) -> None:
    with told.store.read() as unit:
        report = fulfilment(told, unit, None, By.CITY)

    assert (report.first, report.last, report.total.booked) == (date(2026, 10, 26), date(2026, 11, 24), 10)


def test_what_is_still_to_come_is_in_no_rate(told: House) -> None:
    with told.store.write() as unit:
        book(unit, Status.CONFIRMED, begin=NOW + timedelta(hours=1))
        (line,) = fulfilment(told, unit, None, By.CITY, NOW.date(), NOW.date()).lines

    assert (line.booked, line.ahead, line.verified_rate, line.no_show_rate) == (1, 1, None, None)


@pytest.mark.parametrize(
    ("first", "last"), [(LAST, FIRST), (date(1900, 1, 1), LAST), (date(9999, 12, 1), date(9999, 12, 31))]
)
def test_a_period_that_is_none(house: House, first: date, last: date) -> None:
    with house.store.read() as unit, pytest.raises(BadPeriod):
        fulfilment(house, unit, None, By.CITY, first, last)


@pytest.mark.parametrize("reader", ["mei", "huan", "life1", "doc1"])
def test_a_report_does_not_exist_for_others(house: House, reader: str) -> None:
    with house.store.read() as unit, pytest.raises(NotFound):
        fulfilment(house, unit, who(unit, reader), By.CITY)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMIN])
def test_supervisors_and_the_operator_read_it(house: House, role: Role) -> None:
    with house.store.read() as unit:
        report = fulfilment(house, unit, Person(id="x", name="x", role=role), By.CITY)

    assert report.lines == []
    assert "这段时间没有预约" in page(report, house.words)


def test_the_csv_has_every_line_and_no_formula(told: House) -> None:
    with told.store.read() as unit:
        report = fulfilment(told, unit, None, By.PROVIDER, FIRST, LAST)

    lines = list(csv.DictReader(io.StringIO(as_csv(report).removeprefix("\ufeff"))))

    assert [(line["name"], line["booked"], line["rating"]) for line in lines] == [
        ("试城护理", "7", "3.0"),
        ("'=另一家 & <script>", "1", ""),
    ]
    assert lines[0]["verified_rate"] == "0.3333"


def test_the_page_needs_no_other_host_and_runs_nothing(told: House) -> None:
    with told.store.read() as unit:
        made = page(fulfilment(told, unit, None, By.PROVIDER, FIRST, LAST), told.words)

    assert "<script" not in made
    assert "http:" not in made
    assert "https:" not in made
    assert "33.3%" in made
    # Well formed but for what HTML leaves open.
    body = made[made.index("<body>") : made.index("</html>")]
    bars = [e for e in fromstring(body).iter("rect") if e.get("class") != "back"]
    assert len(bars) == 5 * 2
