"""Every refusal happens to some member of the demo world, on the day it was laid and for a service of theirs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from actions.house import House
from actions.look_up_benefits import judge_wish
from actions.refusals import explain
from actions.words import load as load_words
from bot.seeding import seed
from domain.calendar import load as load_calendar
from domain.catalogue import load as load_catalogue
from domain.clock import FixedClock
from domain.demo.showcase import FAMILIES, SHOWN
from domain.judging import Refusal
from domain.store import Store
from domain.store.migrate import upgrade
from tests.conftest import NOW


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> House:
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.db'}")
    upgrade(store)
    seed(store, 60, NOW.date())
    return House(store, FixedClock(NOW), load_calendar(), load_catalogue(), load_words())


def refusals(house: House, person_id: str) -> dict[Refusal, tuple[str, str]]:
    """Every code that this member meets over all services, with both sentences."""
    found: dict[Refusal, tuple[str, str]] = {}
    with house.store.write() as unit:
        person = unit.people.get(person_id)
        assert person is not None
        for service in house.catalogue.services.values():
            for channel in service.channels:
                day = house.today() + timedelta(days=1)
                verdict = judge_wish(house, unit, person, service.code, channel, day)
                if verdict.refusal is not None:
                    told = explain(house, unit, person, person, service, verdict)
                    found[verdict.refusal] = (told.for_elder, told.for_child)
    return found


@pytest.mark.parametrize("code", list(Refusal))
def test_every_refusal_happens_to_a_member_of_the_demo_world(demo: House, code: Refusal) -> None:
    met = refusals(demo, f"show-{code.replace('_', '-')}")

    assert code in met
    for sentence in met[code]:
        assert sentence.endswith("。")
        assert "{" not in sentence


def test_there_is_one_member_for_each_code() -> None:
    assert sorted([s.code for s in SHOWN] + [f[0] for f in FAMILIES]) == sorted(Refusal)


@pytest.mark.parametrize("code", list(Refusal))
def test_a_refusal_leads_on(demo: House, code: Refusal) -> None:
    """There is always a next step, and a day where one is known."""
    with demo.store.write() as unit:
        person = unit.people.get(f"show-{code.replace('_', '-')}")
        assert person is not None
        for service in demo.catalogue.services.values():
            for channel in service.channels:
                verdict = judge_wish(
                    demo, unit, person, service.code, channel, demo.today() + timedelta(days=1)
                )
                if verdict.refusal is code:
                    told = explain(demo, unit, person, person, service, verdict)
                    assert told.steps
                    assert verdict.changes_on is None or verdict.changes_on > demo.today()


def test_the_demo_world_fits_both_databases(store: Store) -> None:
    """SQLite takes an id of any length, PostgreSQL forty characters."""
    seed(store, 30, NOW.date())

    with store.read() as unit:
        assert unit.people.get("show-own-share-wife") is not None


def test_the_seed_stays_the_same_and_its_ledger_agrees(demo: House, tmp_path: Path) -> None:
    from bot.seeding import world
    from domain.benefits import balance_of

    assert list(world(60, NOW.date())) == list(world(60, NOW.date()))
    with demo.store.read() as unit:
        for person in ("wang-xiulan", "show-own-share", "show-too-soon", "show-not-enough"):
            for item in unit.benefits.entitlements(person, NOW.date()):
                told = balance_of(item.grant, unit.benefits.entries(item.grant.id))
                assert (told.allowed, told.held, told.used) == (
                    item.balance.allowed,
                    item.balance.held,
                    item.balance.used,
                )
