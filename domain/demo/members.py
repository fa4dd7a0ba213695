"""The demo's plans, its members in families, and the demo people that DESIGN.md names."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from domain.benefits import Benefit
from domain.demo.alliance import DATA, DemoCity, Row
from domain.demo.names import given, surname
from domain.measures import small
from domain.people import Scope

PLANS = ("anxin", "shuxin", "yixin")
BORN = datetime(2026, 1, 1, tzinfo=UTC)
TERM = (date(2026, 1, 1), date(2036, 1, 1))
_CHILD_MAY = (Scope.SEE_PLAN, Scope.SEE_VISITS, Scope.BOOK, Scope.ALERTS)
# What a benefit says where its plan does not.
_NO_BENEFIT: Row = {each.name: None if each.default is MISSING else each.default for each in fields(Benefit)}
# Amounts that a plan writes in its unit.
_AMOUNTS = ("amount", "amount_each", "rollover_min", "rollover_max")


def plans() -> Iterator[tuple[str, Row]]:
    """The rows of plans and benefits."""
    with (DATA / "demo_plans.toml").open("rb") as file:
        for code, plan in tomllib.load(file).items():
            rules = {name: value for name, value in plan.items() if name != "benefits"}
            yield "plans", {"id": f"pl-{code}", "code": code, **rules}
            for benefit in plan["benefits"]:
                row = {
                    **_NO_BENEFIT,
                    "id": f"bf-{code}-{benefit['code']}",
                    "plan_id": f"pl-{code}",
                    **benefit,
                }
                amounts = {n: small(row["unit"], row[n]) for n in _AMOUNTS if row[n] is not None}
                yield "benefits", {**row, **amounts}


def person(person_id: str, name: str, **facts: Any) -> tuple[str, Row]:
    """A row of somebody; what is not said is not known."""
    row: Row = {
        "id": person_id,
        "name": name,
        "role": "member",
        "handle": None,
        "phone": None,
        "born_on": None,
        "gender": None,
        "city_id": None,
        "district_id": None,
        "address": None,
        "lat": None,
        "lon": None,
        "dialect": None,
        "address_as": None,
        "notes": {},
        "created_at": BORN,
    }
    return "persons", {**row, **facts}


def beside(lat: float, lon: float, number: int) -> tuple[float, float]:
    """A point within a kilometre or two of another, the same for the same number."""
    return round(lat + (number * 7919 % 1000 - 500) * 3e-5, 5), round(
        lon + (number * 6101 % 1000 - 500) * 4e-5, 5
    )


def _home(city: DemoCity, district: int, number: int) -> dict[str, float]:
    lat, lon = beside(city.districts[district][2], city.districts[district][3], number)
    return {"lat": lat, "lon": lon}


def kin(elder_id: str, relative_id: str, relation: str, rank: int = 1) -> tuple[str, Row]:
    return "kinships", {"elder_id": elder_id, "relative_id": relative_id, "relation": relation, "rank": rank}


def consent(elder_id: str, relative_id: str, scope: Scope) -> tuple[str, Row]:
    row = {"elder_id": elder_id, "relative_id": relative_id, "scope": scope, "granted_at": BORN}
    return "consents", {
        "id": f"cs-{elder_id}-{relative_id}-{scope}",
        **row,
        "expires_at": None,
        "revoked_at": None,
    }


def enrolment(person_id: str, plan: str, term: tuple[date, date] = TERM) -> tuple[str, Row]:
    row = {"person_id": person_id, "plan_id": f"pl-{plan}", "starts_on": term[0], "ends_before": term[1]}
    return "enrolments", {"id": f"en-{person_id}-{plan}", **row}


def assessed(person_id: str, level: int, day: date, since: int = 60, until: int = 300) -> tuple[str, Row]:
    """What an assessor found so many days before the seed's day, valid so many after it (GB/T 42195-2022)."""
    return (
        "assessments",
        {
            "id": f"as-{person_id}",
            "person_id": person_id,
            "level": level,
            "assessed_on": day - timedelta(days=since),
            "valid_until": day + timedelta(days=until),
            "assessor_id": "supervisor",
            "created_at": BORN,
        },
    )


def demo_people(cities: list[DemoCity], day: date) -> Iterator[tuple[str, Row]]:
    """王秀兰 and her son, an elder of another family, the butlers, the supervisor, a carer, the operator."""
    home, other = cities[0], cities[1]
    yield person(
        "wang-xiulan",
        "王秀兰",
        handle="wang-xiulan",
        phone="13800000001",
        born_on=date(1948, 5, 12),
        gender="female",
        city_id=home.id,
        district_id=home.districts[2][0],
        address=f"{home.name}{home.districts[2][1]}团结里3号楼2单元501",
        **_home(home, 2, 1),
        address_as="王阿姨",
        notes={
            "floor": "5楼",
            "stairs": "没有电梯",
            "opens": "自己开门",
            "hearing": "好",
            "allergies": "没有",
        },
    )
    yield person(
        "li-qiang",
        "李强",
        handle="li-qiang",
        phone="13800000002",
        born_on=date(1975, 9, 3),
        gender="male",
        city_id=home.id,
    )
    yield kin("wang-xiulan", "li-qiang", "mother")
    for scope in _CHILD_MAY:
        yield consent("wang-xiulan", "li-qiang", scope)
    yield enrolment("wang-xiulan", "anxin")
    yield person(
        "zhao-min",
        "赵敏",
        handle="zhao-min",
        phone="13800000003",
        born_on=date(1951, 2, 20),
        gender="female",
        city_id=other.id,
        district_id=other.districts[0][0],
        address=f"{other.name}{other.districts[0][1]}福民路18弄6号302",
        **_home(other, 0, 2),
        address_as="赵老师",
    )
    yield enrolment("zhao-min", "shuxin")
    yield assessed("wang-xiulan", 2, day)
    yield assessed("zhao-min", 1, day)
    for handle, name, role in (
        ("chen-jing", "陈静", "life"),
        ("sun-li", "孙莉", "life"),
        ("zhou-ning", "周宁", "doctor"),
        ("supervisor", "吴主管", "supervisor"),
        ("admin", "管理员", "admin"),
    ):
        yield person(handle, name, handle=handle, role=role)


def families(cities: list[DemoCity], members: int) -> Iterator[tuple[str, Row]]:
    """So many members in families: one elder or two, and now and then a child with some of the scopes."""
    rng, made = Random("members"), 0
    while made < members:
        city = cities[made % len(cities)]
        family = _family(rng, city, made, min(3, members - made))
        made += sum(table == "persons" for table, _ in family)
        yield from family


def _family(rng: Random, city: DemoCity, number: int, room: int) -> list[tuple[str, Row]]:
    district_id, district, lat, lon = rng.choice(city.districts)
    lat, lon = beside(lat, lon, number)
    address = (
        f"{city.name}{district}{rng.choice('福寿康宁和')}安里{rng.randint(1, 60)}号楼{rng.randint(101, 1808)}"
    )
    name = surname(rng)
    rows: list[tuple[str, Row]] = []
    elders: list[tuple[str, str]] = []
    for gender in ("female", "male")[: min(room, rng.choice((1, 1, 2)))]:
        own = f"m{number + len(elders):07}"
        elders.append((own, gender))
        rows.append(
            person(
                own,
                (name if gender == "male" else surname(rng)) + given(rng, gender, old=True),
                phone=f"139{number + len(elders):08}",
                born_on=date(rng.randint(1936, 1961), rng.randint(1, 12), rng.randint(1, 28)),
                gender=gender,
                city_id=city.id,
                district_id=district_id,
                address=address,
                lat=lat,
                lon=lon,
            )
        )
        rows.append(enrolment(own, rng.choice(PLANS)))
    if len(elders) == 2:
        rows += [kin(elders[0][0], elders[1][0], "spouse", 2), kin(elders[1][0], elders[0][0], "spouse", 2)]
    if room > len(elders) and rng.random() < 0.7:
        child, gender = f"m{number + len(elders):07}", rng.choice(("female", "male"))
        rows.append(
            person(
                child,
                name + given(rng, gender, old=False),
                phone=f"137{number + len(elders):08}",
                gender=gender,
                city_id=city.id,
            )
        )
        may = _CHILD_MAY[: rng.randint(1, len(_CHILD_MAY))]
        for elder, elder_gender in elders:
            rows.append(kin(elder, child, "mother" if elder_gender == "female" else "father"))
            rows += [consent(elder, child, scope) for scope in may]
    return rows
