"""The 33 services over ten scenarios and three channels, read from `data/services.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
CHANNELS = ("store", "online", "home")
SCENARIOS = (
    "medical",
    "food",
    "housing",
    "mobility",
    "finance",
    "rehab",
    "daily_care",
    "leisure",
    "nursing",
    "safety",
)


@dataclass(frozen=True, kw_only=True)
class Service:
    """A service and its standard. `minutes` is how long it takes, `certificate` who may do it.

    `occupies` says whether the elder is busy meanwhile: a meal or housekeeping leaves them free. `notice_minutes` is
    how long before it has to be booked, `furthest_days` how far ahead it can be, `on_holidays` whether it goes on then.
    """

    code: str
    name: str
    channels: tuple[str, ...]
    scenario: str
    butler: str
    certificate: str
    minutes: int
    occupies: bool
    about: str
    who: str
    prepare: str
    never: str
    notice_minutes: int = 120
    furthest_days: int = 60
    on_holidays: bool = False

    @property
    def notice(self) -> timedelta:
        """How long before it begins it has to be booked."""
        return timedelta(minutes=self.notice_minutes)

    @property
    def furthest(self) -> timedelta:
        """How far ahead it can be booked."""
        return timedelta(days=self.furthest_days)


@dataclass(frozen=True)
class Catalogue:
    """All services by code."""

    services: Mapping[str, Service]

    def service(self, code: str) -> Service:
        """Raises KeyError for a code that the catalogue does not have."""
        return self.services[code]

    def find(self, code: str | None) -> Service | None:
        return self.services.get(code) if code else None


@cache
def load() -> Catalogue:
    """The catalogue as it is shipped. Raises ValueError for a channel or scenario that is none."""
    with (DATA / "services.toml").open("rb") as file:
        rows = tomllib.load(file)
    services = {}
    for code, row in rows.items():
        service = Service(code=code, **{**row, "channels": tuple(row["channels"])})
        if not set(service.channels) <= set(CHANNELS) or service.scenario not in SCENARIOS:
            raise ValueError(f"services.toml: {code}")
        services[code] = service
    return Catalogue(services)
