"""What falls due is worked off whatever else fails; what failed is in `/healthz` until it goes well."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from actions import desk_due, visit_due
from actions.house import House
from actions.remind_personal import Wish
from actions.visit_due import work_off
from bot.checkup import findings
from bot.parts import Parts
from bot.settings import Settings
from bot.ticking import tick
from bot.wiring import wire
from domain.clock import FixedClock
from domain.reminders import InstanceState
from domain.store import Unit
from domain.visits import Visit
from tests.actions.reminded import remind_of
from tests.actions.visiting import START, add_carers, booked, heard, read


def broken(_: House) -> int:
    raise RuntimeError("a row that nobody can read")


broken.__module__ = "actions.desk_due"


@pytest.fixture
def parts(house: House, tmp_path: Path) -> Parts:
    settings = Settings(home=tmp_path, secret="x" * 32, rasa_url="http://127.0.0.1:9")
    return wire(settings, house, dialogue=False)


def test_what_fails_keeps_nothing_else_waiting(
    parts: Parts, house: House, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with house.store.write() as unit:
        unit.conversations.of("mei")
    rule_id = remind_of(house, Wish("关火", once=clock.now() + timedelta(minutes=30)))
    clock.advance(timedelta(minutes=30))
    with monkeypatch.context() as broken_desk:
        broken_desk.setattr(desk_due, "work_off", broken)
        with pytest.raises(ExceptionGroup):
            asyncio.run(tick(parts))

    assert heard(house, "mei") == ["到时候了：关火。"]
    with house.store.read() as unit:
        assert [one.state for one in unit.reminders.instances(rule_id)] == [InstanceState.SENT]
    assert asyncio.run(parts.health())["due"] == "desk_due: RuntimeError"

    asyncio.run(tick(parts))

    assert asyncio.run(parts.health())["due"] == "ok"


def test_one_visit_that_cannot_be_looked_at_keeps_no_other(
    house: House, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_carers(house, second=True)
    bad, good = (booked(house, at=START + timedelta(hours=hours), key=f"{hours}") for hours in (-5, 0))
    look = visit_due.look

    def looked(house: House, unit: Unit, visit: Visit) -> None:
        if visit.id == bad:
            raise LookupError(visit.id)
        look(house, unit, visit)

    monkeypatch.setattr(visit_due, "look", looked)
    clock.moment = START + timedelta(minutes=16)

    assert work_off(house) == 2
    visit, booking = read(house, good)
    assert visit.late_rung(booking.begin) == 1
    assert read(house, bad)[0].due_at == clock.now() + timedelta(minutes=10)


def test_a_process_that_works_off_nothing_says_nothing_of_it(parts: Parts) -> None:
    assert "due" not in asyncio.run(parts.health())


def test_what_nobody_works_off_is_told_by_the_doctor(
    house: House, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remind_of(house, Wish("关火", once=clock.now() + timedelta(minutes=30)))
    monkeypatch.setattr("bot.checkup.house", lambda *_: house)
    settings = Settings(
        home=tmp_path, database_url=house.store.engine.url.render_as_string(hide_password=False)
    )
    clock.advance(timedelta(minutes=35))
    in_time = [what for _, what, _ in findings(settings)]
    clock.advance(timedelta(minutes=25))
    late = [what for good, what, _ in findings(settings) if not good]

    assert "no due work is late" in in_time
    assert "due work is late: reminders since 11-24 10:30" in late
