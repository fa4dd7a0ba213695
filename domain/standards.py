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
_ASSESSMENT = "ability_assessment"


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

    def unknown(self, known: Mapping[str, str]) -> list[str]:
        """The codes of what must be known and is not; `known` are the elder's `facts` on that day."""
        return [need.text for need in self.needs if need.must and not known.get(need.text)]

    @property
    def keeps(self) -> bool:
        """Whether something of it must be there before anything is booked."""
        return any(need.must and need.text in met()["kept"] for need in self.needs)

    def lacking(self, known: Mapping[str, str]) -> list[str]:
        """The codes of what must be there before anything is booked, for we keep it ourselves, and is not."""
        return [need for need in self.unknown(known) if need in met()["kept"]]

    def to_have_ready(self, known: Mapping[str, str]) -> list[str]:
        """The codes of what the elder is to have at hand on the day."""
        return [need for need in self.unknown(known) if need in met()["at_hand"]]

    def left_out(self, done: list[int]) -> list[int]:
        """The numbers (from 1) of the steps that must be done and were not."""
        return [n for n, step in enumerate(self.steps, 1) if step.must and n not in done]


def facts(
    notes: Mapping[str, str], day: date, valid_until: date | None = None, phone: str | None = None
) -> dict[str, str]:
    """What is known of an elder on a day: the notes, an assessment only while it is valid, a number to call.

    `valid_until` is the last day of the assessment that we keep; else one that is noted with its day counts for a year.
    """
    found = dict(notes)
    noted = found.pop(_ASSESSMENT, None)
    if valid_until is not None and valid_until >= day:
        found[_ASSESSMENT] = valid_until.isoformat()
    elif noted is not None and _still_valid(noted, day):
        found[_ASSESSMENT] = noted
    if phone:
        found.setdefault("callback_number", phone)
    return found


def _still_valid(noted: str, day: date) -> bool:
    try:
        return date.fromisoformat(noted[:10]) + ASSESSMENT_VALID > day
    except ValueError:
        return False


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
def met() -> Mapping[str, list[str]]:
    """How what must be known is met: codes that are `kept` by us, and those the elder has `at_hand`."""
    with (DATA / "standards.toml").open("rb") as file:
        found: dict[str, list[str]] = tomllib.load(file)["met"]
    return found


def how_met(need: Item) -> str:
    """`kept` by us before it is booked, `at_hand` on the day, or `asked` at the door."""
    if not need.must:
        return "asked"
    return next((how for how, codes in met().items() if need.text in codes), "asked")


@cache
def load() -> Mapping[str, Standard]:
    """Every service's standard by its code. Raises ValueError where one is missing or names a grade that is none."""
    with (DATA / "standards.toml").open("rb") as file:
        rows = tomllib.load(file)
    ladders: dict[str, list[str]] = rows.pop("grades")
    del rows["met"]
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
