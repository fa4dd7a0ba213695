"""The standard of each service, read from `data/standards.toml`: who, what before, what never, which steps, where.

Beside the catalogue (`catalogue.py`), which says what people are told; here stands what those who come are held to.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from domain.catalogue import DATA, Service
from domain.catalogue import load as load_catalogue

# How long an ability assessment is good for; sources say six or twelve months (DOMAIN §2.5), so it is a setting.
ASSESSMENT_VALID = timedelta(days=365)
_MUST = "*"


class Proof(StrEnum):
    """What proves that somebody was there: the circle round the home or the elder's code, the site, the call."""

    HOME = "home_circle_or_code"
    SITE = "site_circle"
    CALL = "call_joined"


_PROOF = {"home": Proof.HOME, "store": Proof.SITE, "online": Proof.CALL}


@dataclass(frozen=True)
class Item:
    """A line of a standard; without a `must` line a visit is looked at by a person."""

    text: str
    must: bool


@dataclass(frozen=True, kw_only=True)
class Standard:
    """What those who come are held to. `grades` are the grades that will do (empty: any), `years` of practice.

    `needs` are codes of what is to be known before (those that must be before it begins), `how` is for the elder.
    """

    service: str
    certificate: str
    grades: tuple[str, ...]
    years: int
    minutes: int
    occupies: bool
    radius_m: int
    how: str
    needs: tuple[Item, ...]
    never: tuple[str, ...]
    steps: tuple[Item, ...]
    records: tuple[str, ...]

    def proof(self, channel: str) -> Proof:
        """What counts as the place of a visit over this channel, and how it is verified."""
        return _PROOF[channel]

    def unknown(self, notes: Mapping[str, str], day: date) -> list[str]:
        """The codes of what must be known and is not, as of a day."""
        return [need.text for need in self.needs if need.must and known(need.text, notes, day) is None]

    def left_out(self, done: list[int]) -> list[int]:
        """The numbers (from 1) of the steps that must be done and were not."""
        return [n for n, step in enumerate(self.steps, 1) if step.must and n not in done]


def known(need: str, notes: Mapping[str, str], day: date) -> str | None:
    """What is known of a need from the elder's facts; an assessment only while it is valid."""
    found = notes.get(need)
    if found and need == "ability_assessment":
        try:
            return found if date.fromisoformat(found[:10]) + ASSESSMENT_VALID > day else None
        except ValueError:
            return None
    return found or None


def qualifies(standard: Standard, grade: str | None, practised_since: date | None, day: date) -> bool:
    """Whether a certificate's grade and the years of practice are enough on a day."""
    if standard.grades and grade not in standard.grades:
        return False
    return standard.years == 0 or (
        practised_since is not None and day.year - practised_since.year >= standard.years
    )


@cache
def ladders() -> Mapping[str, list[str]]:
    """The grades of each kind of certificate that has grades, the lowest first."""
    with (DATA / "standards.toml").open("rb") as file:
        found: dict[str, list[str]] = tomllib.load(file)["grades"]
    return found


@cache
def load() -> Mapping[str, Standard]:
    """Every service's standard by its code. Raises ValueError where one is missing or names a grade that is none."""
    with (DATA / "standards.toml").open("rb") as file:
        rows = tomllib.load(file)
    ladders: dict[str, list[str]] = rows.pop("grades")
    services = load_catalogue().services
    if rows.keys() != services.keys():
        raise ValueError(f"standards.toml: {sorted(rows.keys() ^ services.keys())}")
    return {code: _standard(services[code], row, ladders) for code, row in rows.items()}


def _standard(service: Service, row: dict[str, object], ladders: dict[str, list[str]]) -> Standard:
    grade, ladder = row.get("grade"), ladders.get(service.certificate, [])
    if grade is not None and grade not in ladder:
        raise ValueError(f"standards.toml: {service.code}: {grade}")
    return Standard(
        service=service.code,
        certificate=service.certificate,
        grades=tuple(ladder[ladder.index(str(grade)) :]) if grade is not None else (),
        years=int(str(row.get("years", 0))),
        minutes=service.minutes,
        occupies=service.occupies,
        radius_m=int(str(row["radius_m"])),
        how=str(row["how"]),
        needs=_items(row["needs"]),
        never=tuple(map(str, _list(row["never"]))),
        steps=_items(row["steps"]),
        records=tuple(map(str, _list(row["records"]))),
    )


def _items(rows: object) -> tuple[Item, ...]:
    return tuple(Item(str(text).removeprefix(_MUST), str(text).startswith(_MUST)) for text in _list(rows))


def _list(rows: object) -> list[object]:
    assert isinstance(rows, list)
    return rows
