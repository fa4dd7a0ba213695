"""How what took place was liked, reckoned by both databases; the table's parts, the CSV and the page."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from itertools import count

import pytest
from defusedxml.ElementTree import fromstring

from actions.house import House
from actions.report import satisfaction
from bot.report_lines import as_csv
from bot.report_page import page
from domain.bookings import Booking, Status
from domain.errors import NotFound
from domain.people import Person, Role
from domain.providers import Provider
from domain.reports import Satisfaction, SatisfactionBy
from domain.store import Unit
from domain.surveys import Survey, SurveyKind
from domain.tickets import Priority, Ticket, TicketState
from domain.visits import Visit, VisitState
from tests.actions.visiting import who
from tests.conftest import NOW

DAY = NOW.replace(day=20, hour=9)
FIRST, LAST = DAY.date(), DAY.date() + timedelta(days=4)
_numbers = count(1)


def visited(
    unit: Unit,
    *scores: int | None,
    begin: datetime = DAY,
    provider: str = "p1",
    staff: str | None = "s1",
    state: VisitState = VisitState.VERIFIED,
    unasked: int | None = None,
    complaint: str | None = None,
) -> None:
    """A visit with what 刘梅, 何欢 … answered when they were asked; `unasked` is what somebody said by herself."""
    number = next(_numbers)
    one = Booking(
        id=f"b{number}",
        number=f"N{number}",
        member_id="mei",
        booked_by="huan",
        service="assisted_bathing" if provider == "p1" else "health_checkup",
        channel="home",
        status=Status.FULFILLED,
        begin=begin,
        end=begin + timedelta(hours=1),
        key=f"k{number}",
        created_at=NOW,
        provider_id=provider,
        occupies_member=False,
    )
    unit.bookings.add(one)
    unit.flush()
    unit.visits.add(
        Visit(id=f"v{number}", booking_id=one.id, state=state, code="1234", created_at=NOW, staff_id=staff)
    )
    asked = [(score, NOW) for score in scores] + ([(unasked, None)] if unasked is not None else [])
    for person, (score, at) in zip(("mei", "huan", "stranger"), asked, strict=False):
        unit.surveys.add(
            Survey(
                id=f"sv{number}{person}",
                kind=SurveyKind.VISIT,
                subject=f"visit:{one.id}",
                person_id=person,
                member_id="mei",
                created_at=NOW,
                booking_id=one.id,
                asked_at=at,
                score=score,
                scored_at=NOW if score is not None else None,
            )
        )
    if complaint is not None:
        complained(unit, complaint, one.number)
    unit.flush()


def complained(unit: Unit, topic: str, booking: str | None = None, *, closed: bool = False) -> None:
    number = next(_numbers)
    unit.tickets.add(
        Ticket(
            id=f"tk{number}",
            number=f"T{number}",
            member_id="mei",
            conversation_id=unit.conversations.of("mei").id,
            queue="life",
            topic=topic,
            priority=Priority.HIGH,
            state=TicketState.CLOSED if closed else TicketState.OPEN,
            opened_at=DAY,
            first_reply_due=DAY,
            key=f"tk{number}",
            opened_by="mei",
            card={"task": {"booking": booking}} if booking else {"task": None},
        )
    )


def recommends(unit: Unit, person: str, score: int, at: datetime = DAY) -> None:
    unit.surveys.add(
        Survey(
            id=f"rc{next(_numbers)}",
            kind=SurveyKind.RECOMMEND,
            subject=f"recommend:{at.date()}",
            person_id=person,
            member_id=person,
            created_at=at,
            asked_at=at,
            score=score,
            scored_at=at,
        )
    )


@pytest.fixture
def told(house: House) -> House:
    """Visits of two providers, in two months, liked and not."""
    with house.store.write() as unit:
        unit.providers.add(Provider(id="p2", code="<b>p2", name="=另一家 & <script>"))
        unit.flush()
        visited(unit, 5, 4)
        visited(unit, 2, None, complaint="low_rating")
        visited(unit, None)
        visited(unit, unasked=3)
        visited(unit, 5, provider="p2", staff=None)
        # None of these took place, or is within the days.
        visited(unit, 1, state=VisitState.NOT_POSSIBLE)
        visited(unit, 1, begin=DAY - timedelta(days=1))
        visited(unit, 1, begin=DAY + timedelta(days=5))
        complained(unit, "complaint")
        complained(unit, "complaint", closed=True)
        complained(unit, "health")
        recommends(unit, "mei", 10)
        recommends(unit, "huan", 6)
        recommends(unit, "stranger", 8)
        recommends(unit, "life1", 0, DAY - timedelta(days=300))
    return house


def test_each_figure_of_a_line(told: House) -> None:
    with told.store.read() as unit:
        report = satisfaction(told, unit, None, SatisfactionBy.PROVIDER, FIRST, LAST)

    one, other, unknown = report.lines
    assert one == Satisfaction(
        key="p1",
        name="试城护理",
        visits=4,
        asked=5,
        answered=3,
        rated=4,
        stars=14,
        good=2,
        recommended=2,
        promoters=1,
        detractors=1,
        complaints=1,
    )
    assert (one.response_rate, one.mean, one.good_rate, one.recommendation) == (3 / 5, 3.5, 0.5, 0.0)
    assert (other.visits, other.mean, other.recommendation, other.complaints) == (1, 5.0, 100.0, 0)
    # Told about no visit: it is nobody's, and is not lost.
    assert (unknown.name, unknown.visits, unknown.mean, unknown.complaints) == ("不详", 0, None, 1)
    assert (report.total.visits, report.total.asked, report.total.answered) == (5, 6, 4)
    assert (report.total.recommended, report.total.recommendation, report.total.complaints) == (3, 0.0, 2)


@pytest.mark.parametrize(
    ("by", "names"),
    [
        (SatisfactionBy.SERVICE, ["助浴", "体检", "不详"]),
        (SatisfactionBy.CITY, ["试城"]),
        (SatisfactionBy.CARER, ["高师傅", "不详"]),
        (SatisfactionBy.MONTH, ["2026-11"]),
    ],
)
def test_by_everything_that_it_can_be_told_by(told: House, by: SatisfactionBy, names: list[str]) -> None:
    with told.store.read() as unit:
        report = satisfaction(told, unit, None, by, FIRST, LAST)

    assert [line.name for line in report.lines] == names
    assert report.total.visits == 5
    assert report.total.complaints == 2


def test_months_are_those_of_shanghai_and_in_order(house: House) -> None:
    with house.store.write() as unit:
        # An hour past midnight on the first of November here is October in UTC.
        visited(unit, 5, begin=NOW.replace(month=11, day=1, hour=1))
        visited(unit, 3, begin=NOW.replace(month=10, day=31, hour=23))
        visited(unit, 3, begin=NOW.replace(month=10, day=1, hour=0))
    with house.store.read() as unit:
        first, last = NOW.date().replace(month=10, day=1), NOW.date()
        report = satisfaction(house, unit, None, SatisfactionBy.MONTH, first, last)

    assert [(line.key, line.visits, line.mean) for line in report.lines] == [
        ("2026-10", 2, 3.0),
        ("2026-11", 1, 5.0),
    ]


@pytest.mark.parametrize("reader", ["mei", "huan", "life1", "doc1"])
def test_a_report_does_not_exist_for_others(house: House, reader: str) -> None:
    with house.store.read() as unit, pytest.raises(NotFound):
        satisfaction(house, unit, who(unit, reader), SatisfactionBy.CITY)


def test_supervisors_read_it_and_nothing_is_said_of_nothing(house: House) -> None:
    with house.store.read() as unit:
        reader = Person(id="x", name="x", role=Role.SUPERVISOR)
        report = satisfaction(house, unit, reader, SatisfactionBy.CITY)

    assert report.lines == []
    assert "这段时间没有做成的服务" in page(report, house.words)


def test_the_csv_has_every_line_and_no_formula(told: House) -> None:
    with told.store.read() as unit:
        report = satisfaction(told, unit, None, SatisfactionBy.PROVIDER, FIRST, LAST)

    lines = list(csv.DictReader(io.StringIO(as_csv(report).removeprefix("\ufeff"))))

    assert [(line["name"], line["visits"], line["mean"], line["response_rate"]) for line in lines] == [
        ("试城护理", "4", "3.5", "0.6"),
        ("'=另一家 & <script>", "1", "5.0", "1.0"),
        ("不详", "0", "", ""),
    ]


def test_the_page_needs_no_other_host_and_runs_nothing(told: House) -> None:
    with told.store.read() as unit:
        made = page(satisfaction(told, unit, None, SatisfactionBy.PROVIDER, FIRST, LAST), told.words)

    assert "满意度报表 · 按机构" in made
    assert "<script" not in made
    assert "http:" not in made
    assert "https:" not in made
    body = made[made.index("<body>") : made.index("</html>")]
    bars = [float(e.get("width", 0)) for e in fromstring(body).iter("rect") if e.get("class") != "back"]
    assert len(bars) == 5 * 3
    assert all(0 <= width <= 250 for width in bars)
