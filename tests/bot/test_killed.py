"""The worker killed with SIGKILL at random moments: nobody is missed, and what comes twice was in hand at a kill."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from actions.house import House
from domain.reminders import InstanceState, Outcome
from domain.store import Store
from tests.bot.killing import Broadcasts, Killed, Reminders, Source, Stage, run
from tests.botapi.remote import spawned


def sources() -> list[Source]:
    """Whatever has words for many: each is one more source of the same run."""
    found: list[Source] = [Reminders()]
    if find_spec("actions.broadcast") is not None:
        found.append(Broadcasts())
    return found


def killed(
    house: House,
    folder: Path,
    *,
    people: int,
    kills: int,
    workers: int,
) -> Killed:
    with spawned() as api:
        stage = Stage(house.store, house, api, folder, people)
        came = run(stage, sources(), kills=kills, workers=workers, seed=20261124)
    print(f"\n{house.store.engine.dialect.name}, {people} people, {workers} workers: {came.line()}")
    assert came.missed == []
    assert came.given_up.keys() <= {"blocked"}
    # Each that came twice without a cut connection was in hand at one of the kills: no more than those, at each.
    assert came.by_kills <= set().union(*came.in_hand)
    assert len(came.by_kills) <= sum(len(one) for one in came.in_hand)
    every_reminder_once(house.store, stage.people)
    return came


def every_reminder_once(store: Store, people: list[str]) -> None:
    """One row in the outbox each, whatever was killed meanwhile, and the next occurrence planned."""
    with store.read() as unit:
        for person in people:
            first, *more = unit.reminders.instances(f"r{person}")
            assert first.state is InstanceState.SENT
            assert [a.outcome for a in unit.reminders.attempts(first.id)] == [Outcome.SENT]
            assert [one.state for one in more] == [InstanceState.PENDING]


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_three_kills(house: House, tmp_path: Path) -> None:
    """The short one; PostgreSQL has the long one."""
    killed(house, tmp_path, people=200, kills=3, workers=1)


@pytest.mark.long
@pytest.mark.parametrize(("store", "workers"), [("sqlite", 1), ("postgresql", 3)], indirect=["store"])
def test_fifty_kills(house: House, tmp_path: Path, workers: int) -> None:
    came = killed(house, tmp_path, people=2_000, kills=50, workers=workers)
    assert came.kills == 50
