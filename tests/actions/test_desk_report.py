"""How the desks did: counts and times by queue, person and hour, the table's parts, the CSV and the page."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from actions import hand_over
from actions.desk_report import desk
from actions.house import House
from actions.report import BadPeriod, Report
from bot.report_lines import as_csv, minutes
from bot.report_page import page
from domain.clock import FixedClock
from domain.desk_report import DeskBy, DeskLine
from domain.errors import NotFound
from domain.tickets import Priority
from tests.actions.care import who
from tests.actions.desks import act, later, opened, reply
from tests.conftest import NOW


@pytest.fixture
def told(house: House, clock: FixedClock) -> House:
    """At ten: one answered after 10 minutes and closed after 30, one that nobody took, one for the doctor after 2."""
    clock.moment = NOW.replace(hour=10, minute=0)
    quick, doctors = opened(house), opened(house, "health", "doctor", by="stranger")
    act(house, hand_over.claim, "doc1", doctors)
    later(house, clock, 2)
    reply(house, "doc1", doctors)
    later(house, clock, 8)
    act(house, hand_over.claim, "life1", quick)
    reply(house, "life1", quick)
    later(house, clock, 20)
    act(house, hand_over.close, "life1", quick, "办好了")
    clock.moment = NOW.replace(hour=11, minute=0)
    opened(house, "late_visit", priority=Priority.HIGH, by="huan")
    later(house, clock, 90)
    return house


def read(house: House, by: DeskBy, reader: str | None = None) -> Report[DeskLine]:
    with house.store.read() as unit:
        return desk(house, unit, None if reader is None else who(unit, reader), by)


def test_by_queue(told: House) -> None:
    found = read(told, DeskBy.QUEUE)
    doctor, life = found.lines

    assert [line.name for line in found.lines] == ["医生管家", "生活管家"]
    assert (doctor.opened, doctor.answered, doctor.first_reply, doctor.waiting) == (1, 1, 2.0, 1)
    assert (life.opened, life.answered, life.first_reply, life.waiting) == (2, 1, 10.0, 1)
    assert (life.resolved, life.resolution) == (1, 30.0)
    assert (life.first_in_time, life.first_late, life.first_in_time_rate) == (1, 1, 0.5)
    assert (found.total.opened, found.total.waiting, found.total.first_reply) == (3, 2, 2.0)


def test_by_person_and_by_hour(told: House) -> None:
    people = {line.name: line.opened for line in read(told, DeskBy.PERSON).lines}
    hours = {line.name: line.opened for line in read(told, DeskBy.HOUR).lines}

    assert hours == {"10点": 2, "11点": 1}
    assert sum(people.values()) == 3
    assert people["没人接"] == 1


def test_lunch_is_no_waiting(house: House, clock: FixedClock) -> None:
    """Five minutes before the desk's lunch, thirty after it."""
    clock.moment = NOW.replace(hour=11, minute=55)
    one = opened(house)
    clock.moment = NOW.replace(hour=14, minute=0)
    act(house, hand_over.claim, "life1", one)
    reply(house, "life1", one)

    (line,) = read(house, DeskBy.QUEUE).lines

    assert line.first_reply == 35.0


def test_the_csv_and_the_page_show_the_same(told: House) -> None:
    found = read(told, DeskBy.QUEUE)
    rows = list(csv.DictReader(io.StringIO(as_csv(found).removeprefix("\ufeff"))))
    made = page(found, told.words)

    assert [(row["name"], row["opened"], row["first_reply"]) for row in rows] == [
        ("医生管家", "1", "2.0"),
        ("生活管家", "2", "10.0"),
    ]
    assert "<script" not in made
    for words in ("工单报表", "首次回复（分钟，中位）", "没回话被转走", "50.0%"):
        assert words in made


def test_nothing_to_report(house: House) -> None:
    found = read(house, DeskBy.HOUR)
    assert found.lines == []
    assert "这段时间没有工单" in page(found, house.words)


@pytest.mark.parametrize("reader", ["mei", "huan", "life1", "doc1"])
def test_it_does_not_exist_for_others(house: House, reader: str) -> None:
    with pytest.raises(NotFound):
        read(house, DeskBy.QUEUE, reader)


def test_a_period_that_is_none(house: House) -> None:
    with house.store.read() as unit, pytest.raises(BadPeriod):
        desk(house, unit, None, DeskBy.QUEUE, NOW.date(), NOW.date() - timedelta(days=1))


@pytest.mark.parametrize(("value", "shown"), [(None, "—"), (4.0, "4.0"), (119.9, "119.9"), (150.0, "2.5h")])
def test_minutes_are_hours_from_two_on(value: float | None, shown: str) -> None:
    assert minutes(value) == shown
